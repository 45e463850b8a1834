import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import type {
  BalikanActor,
  BalikanPage,
  BalikanQuery,
  BalikanRecord,
  BalikanSubmission,
  OwingAgreement,
} from '#contracts';
import { takeFitting } from '#service';
import { recordColumns, toRecord, type RecordColumns } from './record-view.js';
import { registerKey } from './register-key.js';

export interface NewRecord {
  id: string;
  actor: BalikanActor;
  /** Under which the person's data was accessed. */
  agreement: OwingAgreement;
  submission: BalikanSubmission;
  source: 'FORM' | 'WEB_SERVICE';
  personHmac: Buffer;
  sealedNik: Buffer;
  keyId: string;
  verificationId: string;
  salt: Buffer;
}

@Injectable()
export class RecordRepository {
  constructor(@Inject(pg.Pool) private readonly pool: pg.Pool) {}

  async find(institutionId: string, id: string): Promise<BalikanRecord | undefined> {
    const { rows } = await this.pool.query<RecordColumns>(
      `SELECT ${recordColumns} FROM balikan.record WHERE institution_id = $1 AND id = $2`,
      [institutionId, id],
    );
    return rows[0] && toRecord(rows[0]);
  }

  /** Newest first. A page ends early where one message would not hold it. */
  async list(institutionId: string, query: Omit<BalikanQuery, 'institutionId'>): Promise<BalikanPage> {
    const values: unknown[] = [institutionId];
    const conditions = ['institution_id = $1'];
    // only what is asked for, so that the plan suits it
    const only = (condition: string, value: unknown) => {
      if (value !== undefined) conditions.push(condition.replace('?', `$${values.push(value)}`));
    };
    only('state = ?', query.state);
    only('register_date >= ?', query.from);
    only('register_date <= ?', query.to);
    only('register_key = ?', query.nomorRegister === undefined ? undefined : registerKey(query.nomorRegister));
    only('batch_id = ?', query.batchId);
    only('verification_id = ?', query.verificationId);
    only('id < ?', query.before);
    const { rows } = await this.pool.query<RecordColumns>(
      `SELECT ${recordColumns} FROM balikan.record WHERE ${conditions.join(' AND ')}
       ORDER BY id DESC LIMIT $${values.push(query.limit + 1)}`,
      values,
    );
    const records = takeFitting(rows.slice(0, query.limit).map(toRecord));
    return { records, next: records.length < rows.length ? (records.at(-1)?.id ?? null) : null };
  }

  /** False where this person has a record with this register number already. */
  async insert(client: pg.ClientBase, { actor, agreement, submission, ...record }: NewRecord): Promise<boolean> {
    const { rowCount } = await client.query(
      `INSERT INTO balikan.record (id, institution_id, agreement_id, agreement_version_id, person_hmac, sealed_nik, key_id,
         register_number, register_key, register_date, business_name, business_type, kbli_code, kbli_version, verification_id,
         source, client_id, operator_id, salt, accepted_at, due_at)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, now, now
       FROM balikan.clock() AS now
       ON CONFLICT ON CONSTRAINT record_once DO NOTHING`,
      [
        record.id,
        actor.institutionId,
        agreement.agreementId,
        agreement.agreementVersionId,
        record.personHmac,
        record.sealedNik,
        record.keyId,
        submission.nomorRegister,
        registerKey(submission.nomorRegister),
        submission.tanggal,
        submission.namaUsaha,
        submission.jenisUsaha,
        submission.kbli?.kode ?? null,
        submission.kbli?.versi ?? null,
        record.verificationId,
        record.source,
        actor.clientId,
        actor.operatorId,
        record.salt,
      ],
    );
    return rowCount === 1;
  }

  /** The record of this person with this register number. */
  async getSame(client: pg.ClientBase, { agreement, submission, personHmac }: NewRecord): Promise<BalikanRecord> {
    const { rows } = await client.query<RecordColumns>(
      `SELECT ${recordColumns} FROM balikan.record WHERE agreement_id = $1 AND person_hmac = $2 AND register_key = $3`,
      [agreement.agreementId, personHmac, registerKey(submission.nomorRegister)],
    );
    if (!rows[0]) throw new Error('a record that was in the way is there');
    return toRecord(rows[0]);
  }

  /** Today, as the service's clock has it, in Asia/Jakarta. */
  async today(): Promise<string> {
    const { rows } = await this.pool.query<{ today: string }>(
      'SELECT balikan.jakarta_day(balikan.clock())::text AS today',
    );
    if (!rows[0]) throw new Error('the clock always answers');
    return rows[0].today;
  }
}
