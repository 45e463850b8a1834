import type pg from 'pg';
import type { DataSource } from 'typeorm';
import type { AgreementTerms, ProposalDetail, Role } from '#contracts';
import { AppError, Log, poolOf, type RpcClient } from '#service';
import * as agreements from '../agreements/agreement-acts.js';
import { makeCloseAgreement, recordClosingStep } from '../agreements/closing-acts.js';
import { Configurator } from '../agreements/configurator.js';
import * as clients from '../clients/client-acts.js';
import { liftStop, stopInstitution } from '../institutions/institution-acts.js';
import { sha256, type ActsFixture } from '../operators/acts-fixture.js';
import * as operators from '../operators/operator-acts.js';
import type { Act } from './act.js';
import {
  Paper,
  type Application,
  type Pending,
  type Person,
  type Pks,
  type Who,
  type Wish,
} from './acts-properties-model.js';
import type { AdminActor } from './admin-record.js';
import { Administration } from './administration.service.js';
import { proposableActs } from './administration-providers.js';
import { Proposals } from './proposals.service.js';
import { Steward } from './steward.js';

const dayMs = 86_400_000;
const outside = {
  call: async () => ({ destroyedKeyIds: [], waiting: 0, dead: 0, packed: 0 }),
} as unknown as RpcClient;

type AgreementStep =
  | { kind: 'create-agreement' }
  | { kind: 'propose-version'; pick: number; by: number; from: number; lead: number; days: number; quota: number }
  | { kind: 'sptjm'; pick: number; by: number; signed: number }
  | { kind: 'propose-close'; pick: number; by: number }
  | { kind: 'terminate'; pick: number; by: number }
  | { kind: 'closing-step'; pick: number; step: number };

type PersonStep =
  | { kind: 'create-person'; from: number; nda: number | null }
  | { kind: 'nda'; pick: number; by: number; signed: number }
  | { kind: 'revoke-person'; pick: number; by: number }
  | { kind: 'propose-person'; pick: number; by: number; from: number; days: number | null }
  | { kind: 'change-holder'; pick: number; by: number; from: number; nda: number | null }
  | { kind: 'limit-person'; pick: number; by: number; until: number | null };

type ApplicationStep =
  | { kind: 'create-application'; by: number; expires: number | null; answering: number | null }
  | { kind: 'revoke-application'; pick: number; by: number }
  | { kind: 'propose-application'; pick: number; by: number; expires: number | null }
  | { kind: 'limit-application'; pick: number; by: number; expires: number | null };

/**
 * Something that is tried. Days count from the day on which it is; `pick` and `by` are taken modulo those that there are,
 * -1 is the last.
 */
export type Step =
  | ({ on: 'agreement' } & AgreementStep)
  | ({ on: 'person' } & PersonStep)
  | ({ on: 'application' } & ApplicationStep)
  | { on: 'office'; kind: 'stop' | 'propose-lift'; by: number }
  | { on: 'office'; kind: 'decide'; oldest: boolean; how: 'approve' | 'reject' | 'withdraw'; by: number }
  | { on: 'office'; kind: 'clock'; minutes: number }
  | { on: 'office'; kind: 'steward' };

/** Every application is compared with every person, so that few will do. */
const mostPeople = 4;
const mostApplications = 2;

const steps = ['DATA_BALIKAN_DELIVERED', 'SAM_RETURNED', 'FINAL_REPORT'] as const;

/** A kecamatan of its own for one run, and beside it the paper that is told of all that succeeded. */
export class Office {
  private made = 0;
  private readonly administration: Administration;
  private readonly proposals: Proposals;
  private readonly configurator: Configurator;
  private readonly steward: Steward;
  private readonly pool: pg.Pool;

  private constructor(
    private readonly fixture: ActsFixture,
    readonly id: string,
    private readonly name: string,
    private readonly officials: NonNullable<Who>[],
    readonly paper: Paper,
  ) {
    const source: DataSource = fixture.source;
    const log = Log.create('test', 'error');
    this.pool = poolOf(source);
    this.administration = new Administration(source);
    this.proposals = new Proposals(this.administration, proposableActs(outside));
    this.configurator = new Configurator(this.pool, outside, log);
    this.steward = new Steward(source, this.configurator, log, 0);
  }

  /** With two admins, a Camat and an evaluator, who stay. */
  static async open(fixture: ActsFixture, number: number, now: number): Promise<Office> {
    const name = `k${number}`;
    await fixture.database.setAccessClock({ at: new Date(now).toISOString() });
    const [made] = await fixture.sql<{ id: string }>(
      'INSERT INTO access.institution (name, region_code) VALUES ($1, $2) RETURNING id',
      [name, `33.98.1${number}`],
    );
    const id = made?.id ?? '';
    // all of them with an NDA; the Camat looks up, too
    const officials = await fixture.sql<NonNullable<Who>>(
      `WITH made AS (
         INSERT INTO access.operator (institution_id, user_id_lokal, full_name, role, active_from)
         SELECT home::uuid, $1 || role || number, 'Pejabat Uji', role, '2026-01-01'
         FROM (VALUES (1, $2, 'admin'), (2, $2, 'admin'), (3, $2, 'camat'), (4, $3, 'evaluator')) AS t (number, home, role)
         RETURNING id, role
       ), pledged AS (
         INSERT INTO access.nda (operator_id, number, signed_on, document_sha256)
         SELECT id, 'NDA', '2026-01-01', $4 FROM made
       ) SELECT id, role FROM made ORDER BY id`,
      [name, id, fixture.disdukcapil, sha256],
    );
    const paper = new Paper(now);
    const nda = [{ assignment: 1, signedOn: '2026-01-01' }];
    const begun = { from: '2026-01-01', until: null, revoked: false, assignment: 1, nda };
    paper.people.push({ id: camatOf(officials), ...begun });
    return new Office(fixture, id, name, officials, paper);
  }

  /** @returns whether it was done; a refusal is as good, whatever else is thrown is not */
  async try(step: Step): Promise<boolean> {
    try {
      return await this.take(step);
    } catch (error) {
      if (error instanceof AppError && error.definition.status < 500) return false;
      throw error;
    }
  }

  /** @returns false when there is nothing to do it with */
  private async take(step: Step): Promise<boolean> {
    if (step.on === 'agreement') return this.takeAgreement(step);
    if (step.on === 'person') return this.takePerson(step);
    if (step.on === 'application') return this.takeApplication(step);
    if (step.kind === 'decide') return this.decide(step);
    if (step.kind === 'steward') return this.round();
    if (step.kind === 'clock') {
      this.paper.goOn(step.minutes * 60_000);
      await this.fixture.database.setAccessClock({ at: new Date(this.paper.now).toISOString() });
      return false;
    }
    const by = this.official(step.by);
    if (step.kind === 'propose-lift') return this.propose(liftStop, by, {}, { kind: 'lift' });
    await this.do(stopInstitution, by, { why: 'uji' });
    this.paper.stop(by?.role ?? 'admin');
    return true;
  }

  private async takeAgreement(step: AgreementStep): Promise<boolean> {
    const { paper } = this;
    if (step.kind === 'create-agreement') {
      const { id } = await this.do(agreements.createAgreement, this.official(0), { number: this.next() });
      const begun = { ended: false, closing: false, closed: false };
      paper.agreements.push({ id, versions: [], sptjm: [], steps: new Set(), ...begun });
      return true;
    }
    const one = pick<Pks>(paper.agreements, step.pick);
    if (!one) return false;
    const agreementId = one.id;
    if (step.kind === 'propose-version') {
      const terms = this.termsOf(step);
      const wish = { kind: 'version' as const, agreement: agreementId, terms };
      return this.propose(agreements.addAgreementVersion, this.official(step.by), { agreementId, terms }, wish);
    }
    if (step.kind === 'propose-close') {
      const wish = { kind: 'close' as const, agreement: agreementId };
      return this.propose(makeCloseAgreement(outside), this.official(step.by), { agreementId }, wish);
    }
    if (step.kind === 'sptjm') {
      const signedOn = paper.day(step.signed);
      const sptjm = { number: 'SPTJM', signedOn, documentSha256: sha256 };
      await this.do(agreements.recordSptjm, this.anybody(step.by), { agreementId, sptjm });
      one.sptjm.push(signedOn);
    } else if (step.kind === 'terminate') {
      const input = { agreementId, letterNumber: '1', why: 'uji' };
      await this.do(agreements.terminateAgreement, this.official(step.by), input);
      paper.terminate(one);
    } else {
      const name = steps[step.step % steps.length] ?? 'FINAL_REPORT';
      await this.do(recordClosingStep, this.official(0), { agreementId, step: name, applicable: false, note: 'uji' });
      paper.step(one, name);
    }
    return true;
  }

  private async takePerson(step: PersonStep): Promise<boolean> {
    const { paper } = this;
    const made = operators.makeOperatorActs(this.fixture.sealing);
    if ((step.kind === 'create-person' || step.kind === 'change-holder') && paper.people.length >= mostPeople)
      return false;
    if (step.kind === 'create-person') {
      const person = this.person(step, 'operator');
      const { id } = await this.do(made.createOperator, this.official(0), { operator: person.record });
      paper.people.push({ ...person.paper, id });
      return true;
    }
    const one = pick<Person>(paper.people, step.pick);
    if (!one) return false;
    const operatorId = one.id;
    if (step.kind === 'propose-person') {
      const activeFrom = paper.day(step.from);
      const until = step.days === null ? null : paper.day(step.from + step.days);
      const input = { operatorId, activeFrom, ...(until === null ? {} : { activeUntil: until }) };
      const wish = { kind: 'person' as const, person: operatorId, from: activeFrom, until };
      return this.propose(operators.reactivateOperator, this.official(step.by), input, wish);
    }
    if (step.kind === 'nda') {
      const signedOn = paper.day(step.signed);
      const nda = { number: 'NDA', signedOn, documentSha256: sha256 };
      await this.do(operators.recordNda, this.anybody(step.by), { operatorId, nda });
      paper.pledge(one, signedOn);
    } else if (step.kind === 'revoke-person') {
      await this.do(operators.revokeOperator, this.official(step.by), { operatorId, why: 'uji' });
      one.revoked = true;
    } else if (step.kind === 'limit-person') {
      const activeUntil = step.until === null ? null : paper.day(step.until);
      await this.do(operators.updateOperator, this.official(step.by), { operatorId, activeUntil });
      paper.limit(one, activeUntil);
    } else {
      const successor = this.person(step, operatorId === camatOf(this.officials) ? 'camat' : 'operator');
      const letter = { letterNumber: '1', letterDate: paper.today, documentSha256: sha256 };
      const input = { leaver: operatorId, successor: successor.record, from: paper.day(step.from), ...letter };
      const result = await this.do(made.changeOfficeHolder, this.official(step.by), input);
      paper.replace(one, input.from);
      paper.people.push({ ...successor.paper, id: result.successor.id });
    }
    return true;
  }

  private async takeApplication(step: ApplicationStep): Promise<boolean> {
    const { paper } = this;
    const days = 'expires' in step ? step.expires : null;
    const expires = days === null ? null : paper.now + days * dayMs;
    const expiresAt = expires === null ? null : new Date(expires).toISOString();
    if (step.kind === 'create-application') {
      if (paper.applications.length >= mostApplications) return false;
      const id = this.next();
      const answering = step.answering === null ? undefined : pick<Person>(paper.people, step.answering)?.id;
      const input = {
        id,
        name: 'Aplikasi',
        scopes: ['verifications:write' as const],
        ...(expiresAt === null ? {} : { expiresAt }),
        ...(answering === undefined ? {} : { defaultOperator: await this.localId(answering) }),
      };
      await this.do(clients.createClient, this.anybody(step.by), input);
      paper.applications.push({ id, expires, revoked: false, answering: answering ?? null });
      return true;
    }
    const one = pick<Application>(paper.applications, step.pick);
    if (!one) return false;
    const clientId = one.id;
    if (step.kind === 'propose-application') {
      const input = { clientId, ...(expiresAt === null ? {} : { expiresAt }) };
      const wish = { kind: 'application' as const, application: clientId, expires: expires ?? undefined };
      return this.propose(clients.reactivateClient, this.official(step.by), input, wish);
    }
    if (step.kind === 'revoke-application') {
      await this.do(clients.revokeClient, this.official(step.by), { clientId, why: 'uji' });
      one.revoked = true;
    } else {
      await this.do(clients.updateClient, this.anybody(step.by), { clientId, expiresAt });
      paper.expire(one, expires);
    }
    return true;
  }

  private async decide({ oldest, how, by }: Step & { kind: 'decide' }): Promise<boolean> {
    const pending = this.paper.pending.at(oldest ? 0 : -1);
    if (!pending) return false;
    const who = by === proposer ? pending.by : this.anybody(by);
    const actor = this.actor(who);
    if (how !== 'approve') {
      const decision = how === 'reject' ? 'rejected' : 'withdrawn';
      await this.proposals.turnDown(actor, this.id, pending.id, decision, 'uji');
      this.paper.settle(pending);
      return true;
    }
    await this.proposals.approve(actor, this.id, pending.id, 'uji');
    this.paper.approve(pending, who);
    await this.configurator.bringAll(this.id);
    return true;
  }

  /** Closing begins for what has ended, and for nothing else. */
  private async round(): Promise<boolean> {
    await this.steward.round();
    const { rows } = await this.pool.query<{ id: string }>(
      'SELECT id FROM access.agreement WHERE institution_id = $1 AND closing_at IS NOT NULL',
      [this.id],
    );
    for (const one of this.paper.agreements) {
      if (one.closing) continue;
      if (rows.some(({ id }) => id === one.id)) this.paper.beginClosing(one);
      else if (one.ended) throw new Error('what has ended does not close by itself');
    }
    return false;
  }

  private async propose<I>(act: Act<I>, by: Who, input: I, wish: Wish): Promise<boolean> {
    const { id, expiresAt }: ProposalDetail = await this.administration.propose(
      act,
      this.actor(by),
      this.id,
      input,
      'uji',
    );
    const pending: Pending = { id, by, until: Date.parse(expiresAt), wish };
    this.paper.pending.push(pending);
    return true;
  }

  private do<I, R>(act: Act<I, R>, by: Who, input: I): Promise<R> {
    return this.administration.perform(act, this.actor(by), this.id, input, 'uji');
  }

  private actor(who: Who): AdminActor {
    if (!who) return { kind: 'command-line' };
    const institutionId = who.role === 'evaluator' ? this.fixture.disdukcapil : this.id;
    return { kind: 'person', operatorId: who.id, role: who.role, institutionId };
  }

  private official(by: number): Who {
    return pick(this.officials, by) ?? null;
  }

  /** One more than the officials: the machine. */
  private anybody(by: number): Who {
    return pick<Who>([...this.officials, null], by) ?? null;
  }

  private next(): string {
    this.made += 1;
    return `${this.name}-${this.made}`;
  }

  private person({ from, nda }: { from: number; nda: number | null }, role: Role) {
    const activeFrom = this.paper.day(from);
    const signedOn = nda === null ? null : this.paper.day(nda);
    const pledge = signedOn === null ? {} : { nda: { number: 'NDA', signedOn, documentSha256: sha256 } };
    const pledged = signedOn === null ? [] : [{ assignment: 1, signedOn }];
    return {
      record: { userIdLokal: this.next(), role, fullName: 'Orang Uji', activeFrom, ...pledge },
      paper: { from: activeFrom, until: null, revoked: false, assignment: 1, nda: pledged },
    };
  }

  private async localId(person: string): Promise<string> {
    const { rows } = await this.pool.query<{ name: string }>(
      'SELECT user_id_lokal AS name FROM access.operator WHERE id = $1',
      [person],
    );
    return rows[0]?.name ?? '';
  }

  private termsOf({ from, lead, days, quota }: AgreementStep & { kind: 'propose-version' }): AgreementTerms {
    return {
      effectiveFrom: this.paper.day(from),
      validFrom: this.paper.day(from - lead),
      validUntil: this.paper.day(from + days),
      elements: ['nik', 'namaLengkap'],
      modes: ['LOOKUP'],
      dailyQuota: quota,
      networks: ['10.0.0.0/8'],
    };
  }
}

/** Who decides: the number of one of the officials or of the machine, or this. */
export const proposer = 5;
export const camat = 2;
export const evaluator = 3;
export const machine = 4;

const camatOf = (officials: NonNullable<Who>[]): string => officials.find(({ role }) => role === 'camat')?.id ?? '';

function pick<T>(from: readonly T[], at: number): T | undefined {
  return from.at(at % Math.max(1, from.length));
}
