import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { LetterNumbering, type AsOf, type Letter, type LetterKind, type NewLetter } from '#contracts';
import { AppError, inTransaction } from '#service';
import { letterNumber } from './numbering.js';

/** A letter, and what it carries that is not on file. */
export interface KeptLetter extends Letter {
  letter: NewLetter;
  /** The checkpoint whose figures it tells, so that it tells them for good. */
  asOf: AsOf | null;
}

export interface LetterToKeep {
  institutionId: string;
  by: string | null;
  on: string;
  letter: NewLetter;
  asOf: AsOf | null;
}

interface Row {
  id: string;
  kind: LetterKind;
  number: string;
  on: string;
  fields: { letter: NewLetter; asOf: AsOf | null };
  createdAt: Date;
  createdBy: string | null;
}

const columns = `id, kind, number, dated::text AS "on", fields, created_at AS "createdAt", created_by AS "createdBy"`;
const uniqueViolation = '23505';

/** The register of letters that went out, and how they are numbered. */
@Injectable()
export class LetterRepository {
  constructor(@Inject(pg.Pool) private readonly pool: pg.Pool) {}

  /** By the database's clock. */
  async now(): Promise<Date> {
    const { rows } = await this.pool.query<{ now: Date }>('SELECT reporting.clock() AS now');
    return rows[0]!.now;
  }

  /**
   * Takes the next number of the year and keeps the letter, both or neither: a crash leaves no gap, and makers at the same time wait
   * for each other at the row of the counter.
   *
   * @throws {AppError} STATE_CONFLICT when a changed pattern gives a number that another letter has
   */
  async keep({ institutionId, by, on, letter, asOf }: LetterToKeep): Promise<Letter> {
    const year = Number(on.slice(0, 4));
    return inTransaction(this.pool, async (client) => {
      const { rows: counted } = await client.query<{ last: number }>(
        `INSERT INTO reporting.letter_counter AS counter (institution_id, year, last) VALUES ($1, $2, 1)
         ON CONFLICT (institution_id, year) DO UPDATE SET last = counter.last + 1 RETURNING last`,
        [institutionId, year],
      );
      const serial = counted[0]!.last;
      const number = letterNumber(await numberingOf(client, institutionId), letter.kind, serial, on);
      const { rows } = await client.query<Row>(
        `INSERT INTO reporting.letter
           (id, institution_id, kind, year, serial, number, dated, fields, created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, reporting.clock(), $9) RETURNING ${columns}`,
        [uuidv7(), institutionId, letter.kind, year, serial, number, on, JSON.stringify({ letter, asOf }), by],
      );
      return summaryOf(rows[0]!);
    }).catch((error: unknown) => {
      const { code, constraint } = error as { code?: string; constraint?: string };
      if (code !== uniqueViolation || constraint !== 'letter_number') throw error;
      const message = 'Nomor ini sudah dipakai surat lain. Ubah pola penomoran surat.';
      throw new AppError('STATE_CONFLICT', { issues: [{ path: '', message }] });
    });
  }

  /** Newest first. */
  async list(institutionId: string, limit: number, before?: string): Promise<Letter[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${columns} FROM reporting.letter WHERE institution_id = $1 AND ($2::uuid IS NULL OR id < $2)
       ORDER BY id DESC LIMIT $3`,
      [institutionId, before ?? null, limit],
    );
    return rows.map(summaryOf);
  }

  /** @throws {AppError} RESOURCE_NOT_FOUND */
  async get(institutionId: string, id: string): Promise<KeptLetter> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${columns} FROM reporting.letter WHERE institution_id = $1 AND id = $2`,
      [institutionId, id],
    );
    const row = rows[0];
    if (!row) throw new AppError('RESOURCE_NOT_FOUND');
    return { ...summaryOf(row), letter: row.fields.letter, asOf: row.fields.asOf };
  }

  numbering(institutionId: string): Promise<LetterNumbering> {
    return numberingOf(this.pool, institutionId);
  }

  async configure(institutionId: string, numbering: LetterNumbering, by: string | null): Promise<LetterNumbering> {
    await this.pool.query(
      `INSERT INTO reporting.letter_numbering (institution_id, numbering, changed_at, changed_by)
       VALUES ($1, $2, reporting.clock(), $3)
       ON CONFLICT (institution_id) DO UPDATE
         SET numbering = excluded.numbering, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
      [institutionId, JSON.stringify(numbering), by],
    );
    return numbering;
  }

  /** The duty to tell of a breach, while it is on file. */
  async findBreachDuty(institutionId: string, id: string): Promise<{ number: string; receivedAt: Date } | undefined> {
    const { rows } = await this.pool.query<{ number: string; receivedAt: Date }>(
      `SELECT number, received_at AS "receivedAt" FROM reporting.duty
       WHERE institution_id = $1 AND id = $2 AND kind = 'BREACH_NOTICE'`,
      [institutionId, id],
    );
    return rows[0];
  }
}

async function numberingOf(db: Pick<pg.ClientBase, 'query'>, institutionId: string): Promise<LetterNumbering> {
  const { rows } = await db.query<{ numbering: unknown }>(
    'SELECT numbering FROM reporting.letter_numbering WHERE institution_id = $1',
    [institutionId],
  );
  return LetterNumbering.parse(rows[0]?.numbering ?? {});
}

const summaryOf = ({ id, kind, number, on, createdAt, createdBy }: Row): Letter => ({
  id,
  kind,
  number,
  on,
  createdAt: createdAt.toISOString(),
  createdBy,
});
