import type { ReportedLeaf } from '#evidence';
import type { Register } from '#contracts';
import type { Contradiction } from './contradictions.js';
import type { Content, Opened } from './particulars.js';

interface Act {
  act: string;
  /** What was put on file; nothing when the particulars are not in the kit. */
  after: Content | undefined;
  /** Whoever declared the register must have known of it. */
  isKnown: boolean;
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

/** Acts whose particulars prove a row of the register; of all others a kit needs the leaf alone. */
export const registerActs: readonly string[] = [
  ...['agreement.add-version', 'agreement.record-sptjm', 'agreement.terminate'],
  ...['operator.create', 'operator.record-nda', 'operator.change-office-holder', 'reader.register', 'reader.revoke'],
  ...['sam.request', 'sam.record-personalisation', 'sam.activate', 'sam.return-configuration', 'sam.deactivate'],
];

/** The last one first: act, and the states in which it is told. */
const endsOfSam: readonly ['RETURNED' | 'DEACTIVATED', string, readonly string[]][] = [
  ['DEACTIVATED', 'sam.deactivate', ['DEACTIVATED']],
  ['RETURNED', 'sam.return-configuration', ['RETURNED', 'DEACTIVATED']],
];

/** What acts of administration have put on file, as the gateway writes them; an import does it by the same acts. */
export class RegisterActs {
  private readonly bySubject = new Map<string, Act[]>();
  private readonly changes: Act[] = [];

  /** `isKnown`: it stands below the checkpoint of the report, and is not of its last moments. */
  add(leaf: ReportedLeaf, opened: Opened, isKnown: boolean): void {
    if (leaf.type !== 'ADMINISTRATION' || leaf.subject === null) return;
    const after = opened.state === 'OPENED' ? objectOf(opened.content.after) : undefined;
    const act = { act: leaf.act, after, isKnown };
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

  /** What the log knows and the register does not tell: what has ended, and what was left out. By names of acts, but for versions. */
  contradictions({ agreements, readers, sams }: Register): { path: string; label: string; kind: Contradiction }[] {
    return [
      ...agreements.flatMap(({ id, number: label, terminatedAt, versions }, at) => {
        const path = `register.agreements[${at}]`;
        const told = versions.map(({ version }) => version);
        const hidden = this.known(id, 'agreement.add-version')
          .map(({ after }) => after?.version)
          .filter((version) => typeof version === 'number' && !told.includes(version))
          .map((version) => {
            return { path: `${path}.versions`, label: `${label} (${String(version)})`, kind: 'LEFT_OUT' as const };
          });
        const isHidden = terminatedAt === null && this.known(id, 'agreement.terminate').length > 0;
        return [...(isHidden ? [{ path: `${path}.terminatedAt`, label, kind: 'TERMINATED' as const }] : []), ...hidden];
      }),
      ...readers.flatMap(({ id, serial: label, state }, at) => {
        const isHidden = state !== 'REVOKED' && this.known(id, 'reader.revoke').length > 0;
        return isHidden ? [{ path: `register.readers[${at}].state`, label, kind: 'REVOKED' as const }] : [];
      }),
      ...sams.flatMap(({ id, sifilmaNumber: label, state }, at) => {
        const kind = endsOfSam.find(([, act, told]) => !told.includes(state) && this.known(id, act).length > 0)?.[0];
        return kind ? [{ path: `register.sams[${at}].state`, label, kind }] : [];
      }),
      ...this.leftOut('register.agreements', 'agreement.create', agreements),
      ...this.leftOut('register.readers', 'reader.register', readers),
      ...this.leftOut('register.sams', 'sam.request', sams),
    ];
  }

  private leftOut(path: string, name: string, rows: readonly { id: string }[]) {
    const told = new Set(rows.map(({ id }) => id));
    const hidden = [...this.bySubject.keys()].filter((id) => !told.has(id) && this.known(id, name).length > 0);
    return hidden.map((label) => ({ path, label, kind: 'LEFT_OUT' as const }));
  }

  private known(subject: string, name: string): Act[] {
    return (this.bySubject.get(subject) ?? []).filter(({ act, isKnown }) => isKnown && act === name);
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
