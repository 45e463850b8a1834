import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import {
  BalikanDestination,
  type listUndelivered,
  type RpcInput,
  type RpcOutput,
  type UndeliveredRecord,
} from '#contracts';
import { Destinations } from '../destinations/destinations.js';

const defaultOverdueAfterDays = BalikanDestination.shape.overdueAfterDays.parse(undefined);

type Row = Omit<UndeliveredRecord, 'acceptedAt'> & { acceptedAt: Date };

/** Records that had been accepted and not delivered at a moment. */
@Injectable()
export class UndeliveredRecords {
  constructor(
    @Inject(pg.Pool) private readonly pool: pg.Pool,
    private readonly destinations: Destinations,
  ) {}

  /**
   * A page in the order of ids, which is that of acceptance (UUIDv7). What was delivered lately, and what the log has not been told of
   * where that is asked for, is told as it stood before.
   */
  async list(input: RpcInput<typeof listUndelivered>): Promise<RpcOutput<typeof listUndelivered>> {
    const [records, destination] = await Promise.all([
      this.records(input),
      this.destinations.find(input.institutionId),
    ]);
    const next = records.length === input.limit ? (records.at(-1)?.id ?? null) : null;
    return { records, next, overdueAfterDays: destination?.overdueAfterDays ?? defaultOverdueAfterDays };
  }

  private async records({
    institutionId,
    at,
    after,
    limit,
    untold,
  }: RpcInput<typeof listUndelivered>): Promise<UndeliveredRecord[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT id, verification_id AS "verificationId", accepted_at AS "acceptedAt",
         CASE state WHEN 'DELIVERED' THEN 'WAITING' WHEN 'HANDED_OVER' THEN 'PACKED' ELSE state END AS state
       FROM balikan.record
       WHERE institution_id = $1 AND ($3::uuid IS NULL OR id > $3) AND accepted_at <= $2
         AND (delivered_at IS NULL OR delivered_at > $2::timestamptz - interval '1 hour'
           OR ($5 AND id IN (SELECT subject FROM balikan.evidence_outbox WHERE institution_id = $1)))
       ORDER BY id LIMIT $4`,
      [institutionId, at, after, limit, untold ?? false],
    );
    return rows.map(({ acceptedAt, ...row }) => ({ ...row, acceptedAt: acceptedAt.toISOString() }));
  }
}
