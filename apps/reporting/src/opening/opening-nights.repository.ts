import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';

/** A night begins at 01:00 in Jakarta and has the date of that morning. */
const night = `(reporting.clock() AT TIME ZONE 'Asia/Jakarta' - interval '1 hour')::date`;
/** For a page; who does not come back leaves the office to others. */
const claim = `reporting.clock() + interval '15 minutes'`;

/** In which night everything of an office was opened anew, so that one replica does it, once. */
@Injectable()
export class OpeningNights {
  constructor(@Inject(pg.Pool) private readonly pool: pg.Pool) {}

  /**
   * Takes up an office for this replica alone. One that is seen for the first time was opened just now: the next night is its first.
   *
   * @returns the night; nothing when it is done, or somebody else is at it
   */
  async take(institutionId: string): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ night: string; isTaken: boolean }>(
      `INSERT INTO reporting.opening_night AS known (institution_id, done_on) VALUES ($1, ${night})
       ON CONFLICT (institution_id) DO UPDATE SET claimed_until = ${claim}
       WHERE known.done_on < ${night} AND (known.claimed_until IS NULL OR known.claimed_until <= reporting.clock())
       RETURNING ${night}::text AS night, claimed_until IS NOT NULL AS "isTaken"`,
      [institutionId],
    );
    const [row] = rows;
    return row?.isTaken ? row.night : undefined;
  }

  /** It takes longer. */
  async extend(institutionId: string): Promise<void> {
    await this.pool.query(`UPDATE reporting.opening_night SET claimed_until = ${claim} WHERE institution_id = $1`, [
      institutionId,
    ]);
  }

  async finish(institutionId: string, done: string): Promise<void> {
    await this.pool.query(
      `UPDATE reporting.opening_night SET done_on = greatest(done_on, $2::date), claimed_until = NULL WHERE institution_id = $1`,
      [institutionId, done],
    );
  }
}
