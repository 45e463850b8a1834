import { randomBytes } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { uuidv7 } from 'uuidv7';
import { recordContext } from '../people/record-context.js';
import { correct } from '../records/corrections.js';
import { chooseLookUps, type Choice } from '../records/look-up-choice.js';
import type { Access, OpenAgreement } from '../records/owing-agreements.js';
import type { HeldBatch } from './batch-queue.js';
import type { Candidate } from './row-check.js';

/** A row that is right by itself, with the look-ups that prove its person (O-07). */
export interface ProvenRow {
  candidate: Candidate;
  access: Access;
}

/** A row whose record was there before. */
export interface Present {
  /** Place in the chunk. */
  index: number;
  /** Of the record. */
  id: string;
  differs: boolean;
  /** It stands in another row of this very file. */
  inThisFile: boolean;
}

const hmacBytes = 32;
const saltBytes = 32;
/** 16 digits in a sealed box. */
const sealedBytes = 44;
const secretBytes = hmacBytes + saltBytes + sealedBytes;
/** A transaction that is idle for so long says something, milliseconds: the database ends one after 15 s. */
const wakeAfterMs = 4_000;

/** What cannot be written into a list of PostgreSQL's as it is. */
const special = /[\\"]/;
const quoted = (text: string): string => (special.test(text) ? text.replace(/[\\"]/g, '\\$&') : text);
const listOf = (texts: readonly (string | null)[]): string =>
  `{${texts.map((text) => (text === null ? 'NULL' : `"${quoted(text)}"`)).join(',')}}`;

// $1 and $2: key and id of each agreement, to which `agreement` points
const given = `unnest($5::uuid[], $6::text[], $7::text[], $8::date[], $9::text[], $10::text[], $11::text[], $12::text[], $13::int[])
  WITH ORDINALITY AS given (id, register_number, register_key, register_date, business_name, business_type, kbli_code,
    kbli_version, agreement, place)`;
const secret = (offset: number, length: number) =>
  `substring($4::bytea FROM ((place - 1) * ${secretBytes})::int + ${offset + 1} FOR ${length})`;

const insertion = `
  INSERT INTO balikan.record (id, institution_id, agreement_id, agreement_version_id, person_hmac, sealed_nik, key_id,
    register_number, register_key, register_date, business_name, business_type, kbli_code, kbli_version, verification_id,
    source, batch_id, client_id, operator_id, accepted_at, salt, due_at)
  SELECT id, $14::uuid, ($2::uuid[])[agreement], ($15::uuid[])[agreement], ${secret(0, hmacBytes)},
    ${secret(hmacBytes + saltBytes, sealedBytes)}, ($1::text[])[agreement], register_number, register_key, register_date,
    business_name, business_type, kbli_code, kbli_version, ($18::uuid[])[place],
    'UPLOAD', $3, $16, $17::uuid, now, ${secret(hmacBytes, saltBytes)}, now
  FROM ${given}, balikan.clock() AS now
  ON CONFLICT ON CONSTRAINT record_once DO NOTHING`;

const comparison = `
  SELECT place::int - 1 AS index, known.id, known.batch_id IS NOT DISTINCT FROM $3 AS "inThisFile",
    (known.register_date, known.business_name, known.business_type, known.kbli_code, known.kbli_version)
      IS DISTINCT FROM
    (given.register_date, given.business_name, given.business_type, given.kbli_code, given.kbli_version) AS differs
  FROM ${given}
  JOIN balikan.record AS known ON known.agreement_id = ($2::uuid[])[given.agreement] AND known.person_hmac = ${secret(0, hmacBytes)}
    AND known.register_key = given.register_key
  WHERE known.id <> given.id AND $1::text[] IS NOT NULL ORDER BY place`;

/** Rows as the statements take them. */
export interface PreparedRows {
  rows: readonly ProvenRow[];
  values: unknown[];
  common: unknown[];
  choices: readonly Choice[];
}

/** Takes the rows of one batch into the outbox, in one transaction that begins with the first of them. */
export class RecordIntake {
  private client: PoolClient | undefined;
  private usedAt = 0;
  /** Records that say now what a row of this file says. */
  private readonly corrected = new Set<string>();

  constructor(
    private readonly pool: Pool,
    private readonly batch: HeldBatch,
    private readonly agreements: readonly OpenAgreement[],
  ) {}

  /**
   * @returns those that were there before and stay as they are, or that stand in the file twice; all others are taken
   */
  async take({ rows, values, common, choices }: PreparedRows): Promise<Present[]> {
    const client = await this.transaction();
    const lookUps = await chooseLookUps(client, this.batch.institution_id, choices);
    const insert = { name: 'take_rows', text: insertion, values: [...values, ...common, `{${lookUps.join(',')}}`] };
    const inserted = await client.query(insert);
    this.usedAt = performance.now();
    if (inserted.rowCount === rows.length) return [];
    const present = await this.compare(client, values);
    if ((inserted.rowCount ?? 0) + present.length !== rows.length)
      throw new Error('rows that were neither taken nor there');
    const corrected = await this.correct(client, rows, present);
    if (corrected.size === 0) return present;
    // the others of the same record differ from what it says now, or say the same
    return (await this.compare(client, values)).filter(({ index }) => !corrected.has(index));
  }

  /** A statement of its own: it sees what was committed while the insertion waited for it. */
  private async compare(client: PoolClient, values: unknown[]): Promise<Present[]> {
    const { rows } = await client.query<Present>({ name: 'compare_rows', text: comparison, values });
    this.usedAt = performance.now();
    return rows.map((row) => ({ ...row, inThisFile: row.inThisFile || this.corrected.has(row.id) }));
  }

  /** Of several rows with other content for one record the first counts. Returns the places of those that were taken. */
  private async correct(
    client: PoolClient,
    rows: readonly ProvenRow[],
    present: readonly Present[],
  ): Promise<Set<number>> {
    const first = new Map<string, Present>();
    for (const one of present) if (!first.has(one.id)) first.set(one.id, one);
    const corrections = [...first.values()].flatMap(({ id, index, differs, inThisFile }) => {
      const candidate = rows[index]?.candidate;
      if (!candidate || !differs || inThisFile) return [];
      const { registerDate: tanggal, businessName: namaUsaha, businessType: jenisUsaha, kbli } = candidate;
      return [{ id, tanggal, namaUsaha, jenisUsaha, kbli }];
    });
    if (corrections.length === 0) return new Set();
    const corrected = await correct(client, corrections);
    this.usedAt = performance.now();
    for (const id of corrected) this.corrected.add(id);
    return new Set(corrected.map((id) => first.get(id)?.index ?? -1));
  }

  /** While the next rows are waited for, so that the database does not take the transaction for abandoned. */
  keepAwake(): void {
    if (!this.client || performance.now() - this.usedAt < wakeAfterMs) return;
    this.usedAt = performance.now();
    // if it is lost the next statement says so
    this.client.query('SELECT 1').catch(() => undefined);
  }

  /** @param last writes what must be true together with the rows; false: none of them is taken */
  async commit(last: (client: PoolClient) => Promise<boolean>): Promise<boolean> {
    const client = await this.transaction();
    if (!(await last(client))) {
      await this.rollback();
      return false;
    }
    await this.end('COMMIT');
    return true;
  }

  /** Nothing of it stays. May be called when nothing was begun. */
  async rollback(): Promise<void> {
    // the database rolls back what has lost its connection
    await this.end('ROLLBACK').catch(ignore);
  }

  private async end(how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (!client) return;
    try {
      await client.query(how);
    } catch (error) {
      client.release(true);
      throw error;
    }
    client.release();
  }

  private async transaction(): Promise<PoolClient> {
    if (this.client) return this.client;
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      // the statistics are of before this transaction: by them the comparison would read the whole table for each chunk
      await client.query('SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off');
    } catch (error) {
      client.release(true);
      throw error;
    }
    this.usedAt = performance.now();
    return (this.client = client);
  }

  /** Seals the persons; what is computed here overlaps with what the database is doing. */
  prepare(rows: readonly ProvenRow[]): PreparedRows {
    const ids = rows.map(() => uuidv7());
    const secrets = Buffer.allocUnsafe(rows.length * secretBytes);
    const salts = randomBytes(rows.length * saltBytes);
    const choices = rows.map(
      ({ candidate: { nik, registerKey }, access: { agreement, candidates } }, index): Choice => {
        const at = index * secretBytes;
        const { agreementId, vault } = agreement;
        const personHmac = vault.hmac('person', nik);
        const sealed = vault.seal(nik, recordContext(ids[index] ?? ''));
        if (sealed.length !== sealedBytes) throw new Error('a NIK of another length than 16');
        personHmac.copy(secrets, at);
        salts.copy(secrets, at + hmacBytes, index * saltBytes, (index + 1) * saltBytes);
        sealed.copy(secrets, at + hmacBytes + saltBytes);
        return { candidates, agreementId, personHmac, registerKey };
      },
    );
    const { actor } = this.batch;
    return {
      rows,
      choices,
      values: [
        this.agreements.map(({ vault }) => vault.keyId),
        this.agreements.map(({ agreementId }) => agreementId),
        this.batch.id,
        secrets,
        `{${ids.join(',')}}`,
        listOf(rows.map(({ candidate }) => candidate.registerNumber)),
        listOf(rows.map(({ candidate }) => candidate.registerKey)),
        listOf(rows.map(({ candidate }) => candidate.registerDate)),
        listOf(rows.map(({ candidate }) => candidate.businessName)),
        listOf(rows.map(({ candidate }) => candidate.businessType)),
        listOf(rows.map(({ candidate }) => candidate.kbli?.kode ?? null)),
        listOf(rows.map(({ candidate }) => candidate.kbli?.versi ?? null)),
        `{${rows.map(({ access }) => this.agreements.indexOf(access.agreement) + 1).join(',')}}`,
      ],
      common: [
        this.batch.institution_id,
        this.agreements.map(({ agreementVersionId }) => agreementVersionId),
        actor.clientId,
        actor.operatorId,
      ],
    };
  }
}

const ignore = (): void => undefined;
