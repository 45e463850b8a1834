import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';

/** How far the best record of a look-up has come. */
export type Recorded = 'sent' | 'accepted';

/** Which look-ups have a record. */
@Injectable()
export class RecordedLookUps {
  constructor(@Inject(pg.Pool) private readonly pool: pg.Pool) {}

  /** A look-up without a record is not in it. */
  async find(institutionId: string, verificationIds: readonly string[]): Promise<Map<string, Recorded>> {
    const { rows } = await this.pool.query<{ verificationId: string; sent: boolean }>(
      `SELECT verification_id AS "verificationId", bool_or(state IN ('DELIVERED', 'HANDED_OVER')) AS sent
       FROM balikan.record WHERE institution_id = $1 AND verification_id = ANY ($2) GROUP BY 1`,
      [institutionId, verificationIds],
    );
    return new Map(rows.map(({ verificationId, sent }) => [verificationId, sent ? 'sent' : 'accepted']));
  }
}
