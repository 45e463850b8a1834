import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import { uuidv7 } from 'uuidv7';
import { nikMessages, readNik, type RpcInput, type RpcOutput, type tracePerson } from '#contracts';
import { canonicalJson } from '#evidence';
import { AppError } from '#service';
import type { Pseudonymiser } from './pseudonym.js';

/** Disclosures of an institution in an hour: people at a counter, not a list of NIKs. */
export const disclosuresInAnHour = 20;
/** Look-ups that one disclosure tells. */
const mostEntries = 1_000;

type Traced = RpcOutput<typeof tracePerson>;

/**
 * Who looked at a person's data in an institution (O-24, UU 27/2022 art. 32). Each disclosure is evidence itself, written
 * before anything is read, whether or not there is anything to tell.
 */
@Injectable()
export class PersonTrace {
  constructor(
    private readonly pool: Pool,
    private readonly pseudonymiser: Pseudonymiser,
  ) {}

  /** @throws {AppError} NIK_INVALID; RATE_LIMITED beyond 20 in an hour; EVIDENCE_UNAVAILABLE */
  async trace({ institutionId, agreementIds, operatorId, request }: RpcInput<typeof tracePerson>): Promise<Traced> {
    const nik = readNik(request.nik);
    if (!nik.ok) throw new AppError('NIK_INVALID', { issues: [{ path: 'nik', message: nikMessages[nik.fault] }] });
    const hmacs: Buffer[] = [];
    for (const agreementId of agreementIds) {
      // of a closed agreement the key is destroyed: it recognises nobody any more
      const pseudonyms = await this.pseudonymiser.of(agreementId).catch(() => undefined);
      if (pseudonyms) hmacs.push(pseudonyms.nik(nik.nik));
    }
    const disclosure = await this.record(institutionId, operatorId, request.requestNumber, hmacs.at(-1));
    const entries = await this.find(institutionId, hmacs);
    return {
      ...disclosure,
      entries: entries.slice(0, mostEntries),
      complete: hmacs.length === agreementIds.length && entries.length <= mostEntries,
    };
  }

  private async record(
    institutionId: string,
    operatorId: string,
    requestNumber: string,
    subjectHmac: Buffer | undefined,
  ): Promise<Pick<Traced, 'id' | 'at'>> {
    const salt = randomBytes(32);
    const content = canonicalJson({ requestNumber });
    const contentHash = createHash('sha256').update(salt).update(content).digest();
    const client = await this.pool.connect().catch(unavailable);
    try {
      await client.query('BEGIN');
      await refuseTooMany(client, institutionId);
      const { rows } = await client.query<{ id: string; at: Date }>(
        `INSERT INTO verification.reported_event (id, at, logged_at, type, institution_id, act, actor_id, subject_hmac, content_hash, salt, content)
         SELECT $1, now, now, 'PERSON_TRAIL', $2, 'person-trail.disclose', $3, $4, $5, $6, $7 FROM verification.ledger_now() AS now
         RETURNING id, at`,
        [uuidv7(), institutionId, operatorId, subjectHmac ?? null, contentHash, salt, content],
      );
      await client.query('COMMIT');
      const [row] = rows;
      if (!row) throw new Error('the disclosure was inserted');
      return { id: row.id, at: row.at.toISOString() };
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error instanceof AppError ? error : unavailable(error);
    } finally {
      client.release();
    }
  }

  private async find(institutionId: string, hmacs: readonly Buffer[]): Promise<Traced['entries']> {
    const { rows } = await this.pool.query<Omit<Traced['entries'][number], 'at'> & { at: Date }>({
      name: 'person_trail',
      text: `
        SELECT asked.verification_id AS id, asked.at, asked.operator_id AS "operatorId", asked.service,
          asked.case_reference AS reference, asked.mode, asked.fields AS elements,
          (SELECT outcome FROM verification.access_event
           WHERE verification_id = asked.verification_id AND kind = 'ANSWERED' ORDER BY id DESC LIMIT 1) AS outcome
        FROM verification.access_event AS asked
        WHERE asked.institution_id = $1 AND asked.kind = 'REQUESTED' AND asked.nik_hmac = ANY ($2::bytea[])
        ORDER BY asked.verification_id DESC LIMIT $3`,
      values: [institutionId, hmacs, mostEntries + 1],
    });
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  }
}

/** One at a time in an institution, so that the count is exact. */
async function refuseTooMany(client: PoolClient, institutionId: string): Promise<void> {
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended('person-trail ' || $1, 0))", [institutionId]);
  const { rows } = await client.query<{ seconds: string | null }>(
    // when the twentieth disclosure before this one will be an hour old
    `SELECT extract(epoch FROM logged_at + interval '1 hour' - verification.ledger_now()) AS seconds
     FROM verification.reported_event WHERE institution_id = $1 AND type = 'PERSON_TRAIL'
     ORDER BY logged_at DESC OFFSET $2 LIMIT 1`,
    [institutionId, disclosuresInAnHour - 1],
  );
  const seconds = Number(rows[0]?.seconds ?? 0);
  if (seconds > 0) throw new AppError('RATE_LIMITED', { retryAfter: Math.ceil(seconds) });
}

function unavailable(cause: unknown): never {
  throw new AppError('EVIDENCE_UNAVAILABLE', { retryAfter: 2 }, { cause });
}
