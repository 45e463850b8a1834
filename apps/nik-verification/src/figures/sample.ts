import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { RpcInput, RpcOutput, sampleLookUps } from '#contracts';
import type { AsOfFinder } from './as-of.js';
import { countedValues, isCounted } from './counted-leaf.js';

type Drawn = RpcOutput<typeof sampleLookUps>;

/** Look-ups to ask the office about (O-21): drawn by a seed, so that whoever has the log draws the same ones. */
@Injectable()
export class LookUpSample {
  constructor(
    private readonly pool: Pool,
    private readonly asOf: AsOfFinder,
  ) {}

  async draw({ institutionId, from, until, size, seed, asOf }: RpcInput<typeof sampleLookUps>): Promise<Drawn> {
    const counted = await this.asOf.find(institutionId, asOf);
    const { origin, size: leaves } = counted.logs.at(-1)!;
    const { rows } = await this.pool.query<{ population: string; lookUp: LookUpRow | null }>(
      `WITH asked AS MATERIALIZED (
         SELECT asked.verification_id FROM verification.access_event AS asked
         WHERE asked.kind = 'REQUESTED' AND asked.hit_state = 'reserved' AND asked.institution_id = $1
           AND asked.at >= verification.jakarta_midnight($4) AND asked.at < verification.jakarta_midnight($5::date + 1)
           AND ${isCounted('asked')}
       ), drawn AS (
         SELECT verification_id, sha256(decode($6, 'hex') || convert_to(verification_id::text, 'UTF8')) AS place
         FROM asked ORDER BY place LIMIT $7
       )
       SELECT population, look_up AS "lookUp"
       FROM (SELECT count(*) AS population FROM asked) AS whole
       LEFT JOIN (
         SELECT place, json_build_object('verificationId', verification_id, 'at', at, 'operatorId', operator_id, 'service', service,
           'reference', case_reference, 'mode', mode, 'outcome', outcome) AS look_up
         FROM drawn
         CROSS JOIN LATERAL (
           SELECT at, operator_id, service, case_reference, mode
           FROM (SELECT * FROM verification.access_event WHERE verification_id = drawn.verification_id OFFSET 0) AS asked
           WHERE kind = 'REQUESTED'
         ) AS event
         LEFT JOIN LATERAL (
           SELECT answered.outcome
           FROM (SELECT * FROM verification.access_event WHERE verification_id = drawn.verification_id OFFSET 0) AS answered
           CROSS JOIN LATERAL (SELECT log_id, index FROM verification.log_leaf
             WHERE event_id = answered.id AND verification_id = answered.verification_id OFFSET 0) AS last
           WHERE answered.kind = 'ANSWERED' AND ${isCounted('answered')}
           ORDER BY last.log_id DESC, last.index DESC LIMIT 1
         ) AS ended ON true
       ) AS found ON true
       ORDER BY place`,
      [institutionId, ...countedValues(counted), from, until, seed, size],
    );
    return {
      asOf: { origin, size: leaves },
      population: Number(rows[0]?.population ?? 0),
      lookUps: rows.flatMap(({ lookUp }) =>
        lookUp === null ? [] : [{ ...lookUp, at: new Date(lookUp.at).toISOString() }],
      ),
    };
  }
}

type LookUpRow = Drawn['lookUps'][number];
