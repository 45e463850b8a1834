import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import {
  nikMessages,
  readNik,
  rowFaults,
  type BalikanAccepted,
  type BalikanActor,
  type BalikanSubmission,
  type RpcInput,
  type submitBalikan,
} from '#contracts';
import { canonicalJson } from '#evidence';
import { AppError, type Call } from '#service';
import { compilePattern } from '../batches/register-pattern.js';
import { inTransaction } from '#service';
import { Destinations } from '../destinations/destinations.js';
import { AccessedPeople } from '../people/accessed-people.js';
import { PersonVault, type OpenVault } from '../people/person-vault.js';
import { recordContext } from '../people/record-context.js';
import { correct } from './corrections.js';
import { IdempotencyKeys, type UsedKey } from './idempotency-keys.js';
import { chooseLookUps } from './look-up-choice.js';
import { findAccess, firstDayOf, openAgreements, type Access, type OpenAgreement } from './owing-agreements.js';
import { RecordRepository, type NewRecord } from './record.repository.js';
import { registerKey } from './register-key.js';
import { ruleIssues, saysTheSame, textIssues, tidy, type Issue } from './submission-rules.js';

/** Time kept back from the caller's deadline for the insertion and the answer, milliseconds. */
const reserveForAnswerMs = 500;

type Submit = RpcInput<typeof submitBalikan>;

/** One record by form or web service: accepted means committed, and the same once more is harmless. */
@Injectable()
export class Submissions {
  constructor(
    @Inject(pg.Pool) private readonly pool: pg.Pool,
    private readonly records: RecordRepository,
    private readonly keys: IdempotencyKeys,
    private readonly vault: PersonVault,
    private readonly accessed: AccessedPeople,
    private readonly destinations: Destinations,
  ) {}

  /**
   * @throws {AppError} NIK_INVALID, REQUEST_INVALID, PERSON_NOT_ACCESSED, RECORD_DIFFERS, IDEMPOTENCY_KEY_REUSED,
   *   AGREEMENT_CLOSED; what {@link AccessedPeople.find} throws. Then nothing is accepted and the key stays free.
   */
  async submit({ actor, submission: given, source, idempotencyKey }: Submit, call: Call): Promise<BalikanAccepted> {
    const reading = readNik(given.nik);
    if (!reading.ok)
      throw new AppError('NIK_INVALID', { issues: [{ path: 'nik', message: nikMessages[reading.fault] }] });
    const { nik } = reading;
    const submission = tidy(given);
    refuse(textIssues(submission));
    const agreements = await openAgreements(this.vault, actor);
    const key =
      idempotencyKey === undefined ? undefined : usedKey(agreements[0].vault, actor, nik, submission, idempotencyKey);
    const known = key && (await this.findKnown(key));
    if (known) return known;

    await this.checkRules(actor.institutionId, agreements, submission);
    const { agreement, candidates } = await this.findAccess(actor, agreements, { ...submission, nik }, call);
    const { vault } = agreement;
    const id = uuidv7();
    const record: Omit<NewRecord, 'verificationId'> = {
      id,
      actor,
      agreement,
      submission,
      source,
      personHmac: vault.hmac('person', nik),
      sealedNik: vault.seal(nik, recordContext(id)),
      keyId: vault.keyId,
      salt: randomBytes(32),
    };
    const accepted = await this.accept(record, candidates, key);
    return accepted ?? (await this.getKnown(key));
  }

  private async checkRules(
    institutionId: string,
    agreements: readonly OpenAgreement[],
    submission: BalikanSubmission,
  ): Promise<void> {
    const [today, destination] = await Promise.all([this.records.today(), this.destinations.find(institutionId)]);
    const pattern = destination?.registerPattern;
    const fits = pattern === undefined ? () => true : compilePattern(pattern);
    refuse(ruleIssues(submission, { today, validFrom: firstDayOf(agreements), fits }));
  }

  private async findAccess(
    { institutionId }: BalikanActor,
    agreements: readonly OpenAgreement[],
    { nik, nomorRegister, tanggal, verificationId }: BalikanSubmission,
    { deadlineAt }: Call,
  ): Promise<Access> {
    const person = { nik, verificationId: verificationId ?? null, reference: nomorRegister, tanggal };
    const of = { institutionId, agreements };
    const [access] = await findAccess(this.accessed, of, [person], deadlineAt - reserveForAnswerMs);
    if (access === 'DATE_TOO_EARLY') refuse([{ path: 'tanggal', message: rowFaults.DATE_TOO_EARLY }]);
    if (typeof access !== 'object') throw new AppError('PERSON_NOT_ACCESSED');
    return access;
  }

  /** Record and key in one transaction. Undefined where another request with this key came first. */
  private async accept(
    given: Omit<NewRecord, 'verificationId'>,
    candidates: Access['candidates'],
    key: UsedKey | undefined,
  ): Promise<BalikanAccepted | undefined> {
    return inTransaction(this.pool, async (client) => {
      // the key first: requests with the same one wait here, before they have a record that others wait for
      if (key && !(await this.keys.take(client, key, given.id))) return undefined;
      const { actor, agreement, personHmac, submission } = given;
      const choice = { ...agreement, personHmac, registerKey: registerKey(submission.nomorRegister), candidates };
      const [verificationId = candidates[0]] = await chooseLookUps(client, actor.institutionId, [choice]);
      const record = { ...given, verificationId };
      const inserted = await this.records.insert(client, record);
      const same = await this.records.getSame(client, record);
      if (inserted) return { alreadyThere: false, corrected: false, record: same };
      if (key) await this.keys.point(client, key, same.id);
      if (saysTheSame(same, submission)) return { alreadyThere: true, corrected: false, record: same };
      const corrected = await correct(client, [{ ...submission, id: same.id }]);
      if (corrected.length === 0) throw new AppError('RECORD_DIFFERS');
      return { alreadyThere: false, corrected: true, record: await this.records.getSame(client, record) };
    });
  }

  private async findKnown(key: UsedKey): Promise<BalikanAccepted | undefined> {
    const known = await this.keys.find(key);
    if (!known) return undefined;
    if (!known.requestHmac.equals(key.requestHmac)) throw new AppError('IDEMPOTENCY_KEY_REUSED');
    const record = await this.records.find(key.institutionId, known.recordId);
    return record && { alreadyThere: true, corrected: false, record };
  }

  private async getKnown(key: UsedKey | undefined): Promise<BalikanAccepted> {
    const known = key && (await this.findKnown(key));
    if (!known) throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 1 });
    return known;
  }
}

function refuse(issues: Issue[]): void {
  if (issues.length > 0) throw new AppError('REQUEST_INVALID', { issues });
}

function usedKey(
  vault: OpenVault,
  { institutionId, clientId }: BalikanActor,
  nik: string,
  submission: BalikanSubmission,
  idempotencyKey: string,
): UsedKey {
  const { nomorRegister, namaUsaha, jenisUsaha, kbli = null, tanggal, verificationId = null } = submission;
  const request = canonicalJson({ nik, nomorRegister, namaUsaha, jenisUsaha, kbli, tanggal, verificationId });
  return {
    institutionId,
    clientId,
    keyHmac: vault.hmac('idempotency-key', `${clientId}\0${idempotencyKey}`),
    requestHmac: vault.hmac('request', request),
  };
}
