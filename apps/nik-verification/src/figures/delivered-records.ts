import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Counted } from './as-of.js';
import { countedLogs, countedValues } from './counted-leaf.js';

/** Finds records of data balikan that a checkpoint covers the delivery of. */
@Injectable()
export class DeliveredRecords {
  constructor(private readonly pool: Pool) {}

  /** Those of the records that the log has as delivered. OFFSET 0: each is found by its key, however long the log is. */
  async find(counted: Counted, records: readonly string[]): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>(
      `SELECT asked.record AS id FROM unnest($4::uuid[]) AS asked (record)
       WHERE EXISTS (
         SELECT 1 FROM (SELECT id FROM verification.reported_event
           WHERE subject = asked.record::text AND type = 'DATA_BALIKAN' AND act = 'data-balikan.delivered' AND institution_id = $1
           OFFSET 0) AS event
         CROSS JOIN LATERAL (SELECT log_id, index FROM verification.log_leaf
           WHERE event_id = event.id AND verification_id IS NULL OFFSET 0) AS leaf
         JOIN ${countedLogs} ON counted.log_id = leaf.log_id AND leaf.index < counted.size)`,
      [counted.institutionId, ...countedValues(counted), records],
    );
    return rows.map(({ id }) => id);
  }
}
