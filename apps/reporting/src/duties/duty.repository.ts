import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import type { Duty, DutyDone, NewDuty } from '#contracts';

/** So many fit one message; an office with more open ones has another trouble than its list. */
export const mostOpen = 100;
const mostListed = 200;

interface Row {
  id: string;
  kind: Duty['kind'];
  number: string;
  received_at: Date;
  due_at: Date;
  recorded_by: string | null;
  done_at: Date | null;
  letter_number: string | null;
  note: string | null;
}

/** Requests and incidents with a clock of 72 hours (O-24); what is recorded stays, how it ended is written once. */
@Injectable()
export class DutyRepository {
  constructor(@Inject(pg.Pool) private readonly pool: pg.Pool) {}

  async now(): Promise<Date> {
    const { rows } = await this.pool.query<{ now: Date }>('SELECT reporting.clock() AS now');
    const [row] = rows;
    if (!row) throw new Error('the clock answered nothing');
    return row.now;
  }

  /** Undefined when that number is open already, or too many are. */
  async open(
    institutionId: string,
    { kind, number, receivedAt }: NewDuty,
    by: string | null,
  ): Promise<Duty | undefined> {
    const { rows } = await this.pool.query<Row>(
      `INSERT INTO reporting.duty (id, institution_id, kind, number, received_at, due_at, recorded_at, recorded_by)
       SELECT uuidv7(), $1, $2, $3, $4::timestamptz, $4::timestamptz + interval '72 hours', reporting.clock(), $5
       WHERE (SELECT count(*) FROM reporting.duty WHERE institution_id = $1 AND done_at IS NULL) < $6
       ON CONFLICT (institution_id, kind, number) WHERE done_at IS NULL DO NOTHING
       RETURNING *`,
      [institutionId, kind, number, receivedAt, by, mostOpen],
    );
    return rows[0] && toDuty(rows[0]);
  }

  async find(institutionId: string, id: string): Promise<Duty | undefined> {
    const { rows } = await this.pool.query<Row>('SELECT * FROM reporting.duty WHERE institution_id = $1 AND id = $2', [
      institutionId,
      id,
    ]);
    return rows[0] && toDuty(rows[0]);
  }

  /** Undefined when it is closed already. */
  async close(
    institutionId: string,
    id: string,
    { at, letterNumber, note }: DutyDone,
    by: string | null,
  ): Promise<Duty | undefined> {
    const { rows } = await this.pool.query<Row>(
      `UPDATE reporting.duty SET done_at = $3, letter_number = $4, note = $5, closed_at = reporting.clock(), closed_by = $6
       WHERE institution_id = $1 AND id = $2 AND done_at IS NULL
       RETURNING *`,
      [institutionId, id, at, letterNumber, note ?? null, by],
    );
    return rows[0] && toDuty(rows[0]);
  }

  /** Open ones first, the one that is due next at the top; then the newest that are done. */
  async list(institutionId: string): Promise<Duty[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT * FROM reporting.duty WHERE institution_id = $1
       ORDER BY done_at IS NOT NULL, CASE WHEN done_at IS NULL THEN due_at END, received_at DESC, id LIMIT $2`,
      [institutionId, mostListed],
    );
    return rows.map(toDuty);
  }

  /** Offices with a clock that runs. */
  async officesWithOpen(): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>(
      'SELECT DISTINCT institution_id AS id FROM reporting.duty WHERE done_at IS NULL ORDER BY 1',
    );
    return rows.map(({ id }) => id);
  }
}

const toDuty = (row: Row): Duty => ({
  id: row.id,
  kind: row.kind,
  number: row.number,
  receivedAt: row.received_at.toISOString(),
  dueAt: row.due_at.toISOString(),
  recordedBy: row.recorded_by,
  done:
    row.done_at === null
      ? null
      : {
          at: row.done_at.toISOString(),
          letterNumber: row.letter_number ?? '',
          note: row.note,
          late: row.done_at > row.due_at,
        },
});
