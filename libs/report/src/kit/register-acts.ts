import type { ReportedLeaf } from '#evidence';
import type { Register } from '#contracts';
import type { Content, Opened } from './particulars.js';

interface Act {
  act: string;
  /** What was put on file; nothing when the particulars are not in the kit. */
  after: Content | undefined;
  isCounted: boolean;
}

/** NOT_OPENED: there is an act that may have done it, and its particulars are not in the kit. */
export type Standing = 'PROVEN' | 'NOT_OPENED' | 'MISSING';

export interface RegisterRow {
  /** `register.people[3].nda` */
  path: string;
  /** What it is called: a number, a serial. */
  label: string;
  standing: Standing;
}

const stepOfSam: Record<string, string | undefined> = {
  PERSONALISED: 'sam.record-personalisation',
  ACTIVE: 'sam.activate',
  RETURNED: 'sam.return-configuration',
  DEACTIVATED: 'sam.deactivate',
};

/** What acts of administration have put on file, as the gateway writes them; an import does it by the same acts. */
export class RegisterActs {
  private readonly bySubject = new Map<string, Act[]>();
  private readonly changes: Act[] = [];

  /** `isCounted`: it stands below the checkpoint of the report. */
  add(leaf: ReportedLeaf, opened: Opened, isCounted: boolean): void {
    if (leaf.type !== 'ADMINISTRATION' || leaf.subject === null) return;
    const after = opened.state === 'OPENED' ? objectOf(opened.content.after) : undefined;
    const act = { act: leaf.act, after, isCounted };
    if (leaf.act === 'operator.change-office-holder') this.changes.push(act);
    const known = this.bySubject.get(leaf.subject);
    if (known) known.push(act);
    else this.bySubject.set(leaf.subject, [act]);
  }

  /** Every row that an act must have put on file. */
  rows({ agreements, people, readers, sams }: Register): RegisterRow[] {
    return [
      ...people.flatMap(({ id, nda }, at) => {
        if (nda === null) return [];
        return [{ path: `register.people[${at}].nda`, label: `NDA ${nda.number}`, standing: this.nda(id, nda) }];
      }),
      ...agreements.flatMap((agreement, at) => this.ofAgreement(agreement, `register.agreements[${at}]`)),
      ...readers.map(({ id, serial, state }, at) => {
        const registered = this.find(id, ['reader.register'], (after) => after.serial === serial);
        const revoked = state === 'REVOKED' ? this.find(id, ['reader.revoke'], () => true) : 'PROVEN';
        return { path: `register.readers[${at}]`, label: serial, standing: worse(registered, revoked) };
      }),
      ...sams.map(({ id, sifilmaNumber, state }, at) => {
        const requested = this.find(id, ['sam.request'], (after) => after.sifilmaNumber === sifilmaNumber);
        const act = stepOfSam[state];
        const step = act === undefined ? 'PROVEN' : this.find(id, [act], () => true);
        return { path: `register.sams[${at}]`, label: sifilmaNumber, standing: worse(requested, step) };
      }),
    ];
  }

  /** Agreements that the log says were terminated before the checkpoint, while the register does not. */
  hiddenTerminations({ agreements }: Register): { path: string; label: string }[] {
    return agreements.flatMap(({ id, number, terminatedAt }, at) => {
      const ended = (this.bySubject.get(id) ?? []).some(
        ({ act, isCounted }) => isCounted && act === 'agreement.terminate',
      );
      return ended && terminatedAt === null ? [{ path: `register.agreements[${at}].terminatedAt`, label: number }] : [];
    });
  }

  private ofAgreement(
    { id, number, versions, sptjm, terminatedAt }: Register['agreements'][number],
    path: string,
  ): RegisterRow[] {
    const rows: RegisterRow[] = versions.map((version, at) => ({
      ...{ path: `${path}.versions[${at}]`, label: `${number} (${version.version})` },
      standing: this.find(id, ['agreement.add-version'], (after) => {
        const terms = objectOf(after.terms);
        const same = (['effectiveFrom', 'validFrom', 'validUntil', 'dailyQuota'] as const).every(
          (key) => terms?.[key] === version[key],
        );
        return after.version === version.version && same;
      }),
    }));
    for (const [at, statement] of sptjm.entries())
      rows.push({
        ...{ path: `${path}.sptjm[${at}]`, label: `SPTJM ${statement.number}` },
        standing: this.find(id, ['agreement.record-sptjm'], (after) => says(after, statement)),
      });
    if (terminatedAt !== null)
      rows.push({
        ...{ path: `${path}.terminatedAt`, label: number },
        standing: this.find(id, ['agreement.terminate'], () => true),
      });
    return rows;
  }

  private nda(person: string, nda: { number: string; signedOn: string }): Standing {
    const recorded = this.find(person, ['operator.record-nda'], (after) => says(after, nda));
    const created = this.find(person, ['operator.create'], (after) => says(objectOf(after.nda), nda));
    return better(recorded, created, this.succession(person));
  }

  /** The act names the successor, and not the NDA that came with him. */
  private succession(person: string): Standing {
    if (this.changes.some(({ after }) => after?.successor === person)) return 'PROVEN';
    return this.changes.some(({ after }) => after === undefined) ? 'NOT_OPENED' : 'MISSING';
  }

  private find(subject: string, names: readonly string[], fits: (after: Content) => boolean): Standing {
    const acts = (this.bySubject.get(subject) ?? []).filter(({ act }) => names.includes(act));
    if (acts.some(({ after }) => after !== undefined && fits(after))) return 'PROVEN';
    return acts.some(({ after }) => after === undefined) ? 'NOT_OPENED' : 'MISSING';
  }
}

function says(after: Content | undefined, statement: { number: string; signedOn: string }): boolean {
  return after?.number === statement.number && after.signedOn === statement.signedOn;
}

function objectOf(value: unknown): Content | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Content) : undefined;
}

const order: readonly Standing[] = ['PROVEN', 'NOT_OPENED', 'MISSING'];

function better(...standings: Standing[]): Standing {
  return order.find((one) => standings.includes(one))!;
}

function worse(...standings: Standing[]): Standing {
  return order.findLast((one) => standings.includes(one))!;
}
