import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { VerificationTrail, VerificationTrailEntry, VerificationTrailQuery } from '#contracts';

interface TrailRow extends Omit<VerificationTrailEntry, 'purpose' | 'at'> {
  at: Date;
  service: string | null;
  reference: string | null;
}

/** Reads the evidence; never the HMAC of a NIK. */
@Injectable()
export class TrailRepository {
  constructor(private readonly pool: Pool) {}

  /** Newest first. Days are Asia/Jakarta. */
  async page(institutionId: string, query: VerificationTrailQuery): Promise<VerificationTrail> {
    const { rows } = await this.pool.query<TrailRow>({
      name: 'trail_page',
      text: `
        SELECT asked.verification_id AS id, asked.at, CASE asked.kind WHEN 'REFUSED' THEN 'REFUSAL' ELSE asked.mode END AS kind,
          asked.agreement_version_id AS "agreementVersionId", asked.client_id AS "clientId", asked.operator_id AS "operatorId",
          asked.service, asked.case_reference AS reference, asked.fields, coalesce(answered.hit_state, asked.hit_state) AS hit,
          coalesce(answered.outcome, asked.outcome) AS outcome, answered.latency_ms AS "latencyMs"
        FROM verification.access_event AS asked
        LEFT JOIN LATERAL (
          SELECT hit_state, outcome, latency_ms FROM verification.access_event
          WHERE verification_id = asked.verification_id AND kind = 'ANSWERED' ORDER BY id DESC LIMIT 1
        ) AS answered ON true
        WHERE asked.institution_id = $1 AND asked.kind IN ('REQUESTED', 'REFUSED')
          AND ($2::date IS NULL OR asked.at >= verification.jakarta_midnight($2::date))
          AND ($3::date IS NULL OR asked.at < verification.jakarta_midnight($3::date + 1))
          AND ($4::uuid IS NULL OR asked.operator_id = $4::uuid)
          AND ($5::uuid IS NULL OR asked.verification_id < $5::uuid)
        ORDER BY asked.verification_id DESC
        LIMIT $6`,
      values: [
        institutionId,
        query.from ?? null,
        query.to ?? null,
        query.operatorId ?? null,
        query.before ?? null,
        query.limit + 1,
      ],
    });
    const entries = rows.slice(0, query.limit).map(toEntry);
    return { entries, next: rows.length > query.limit ? (entries.at(-1)?.id ?? null) : null };
  }

  async quotaToday(institutionId: string): Promise<{ day: string; limit: number; used: number }> {
    const { rows } = await this.pool.query<{ day: string; limit: number; used: number }>({
      name: 'quota_today',
      text: `
        SELECT today.day::text, coalesce(verification.daily_limit($1, today.day), 0) AS limit, coalesce(hit_day.used, 0) AS used
        FROM (SELECT verification.jakarta_day(verification.ledger_now()) AS day) AS today
        LEFT JOIN verification.hit_day ON hit_day.institution_id = $1 AND hit_day.day = today.day`,
      values: [institutionId],
    });
    const row = rows[0];
    if (!row) throw new Error('the quota query always answers one row');
    return row;
  }
}

function toEntry({ service, reference, at, ...row }: TrailRow): VerificationTrailEntry {
  return { ...row, at: at.toISOString(), purpose: service && reference ? { service, reference } : null };
}
