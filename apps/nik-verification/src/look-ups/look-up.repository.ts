import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { businessServices, mostCandidates, type listBusinessLookUps, type RpcOutput } from '#contracts';

/** A person as evidence knows one; null is nobody. */
export interface WantedPerson {
  nikHmac: Buffer | null;
  /** Only this look-up counts. */
  verificationId: string | null;
  referenceHmac: Buffer | null;
}

export type BusinessLookUp = RpcOutput<typeof listBusinessLookUps>['lookUps'][number];

/** Services as SQL writes them: word for word as in the partial index access_event_business. */
const services = businessServices.map((service) => `'${service}'`).join(', ');

/** Reads evidence of look-ups that found somebody; never gives out an HMAC. */
@Injectable()
export class LookUpRepository {
  constructor(private readonly pool: Pool) {}

  /** For each person, in the order given, the look-ups that prove the access, best first. */
  async findAll(institutionId: string, people: readonly WantedPerson[]): Promise<string[][]> {
    const { rows } = await this.pool.query<{ found: string[][] | null }>({
      name: 'find_look_ups',
      text: 'SELECT verification.find_look_ups($1, $2, $3, $4, $5, $6) AS found',
      values: [
        institutionId,
        people.map(({ nikHmac }) => nikHmac),
        people.map(({ verificationId }) => verificationId),
        people.map(({ referenceHmac }) => referenceHmac),
        businessServices,
        mostCandidates,
      ],
    });
    return rows[0]?.found ?? [];
  }

  /**
   * In [from, to), oldest first.
   *
   * @param after the last one of the page before
   */
  async listBusiness(
    institutionId: string,
    { from, to, after, limit }: { from: string; to: string; after: string | null; limit: number },
  ): Promise<BusinessLookUp[]> {
    // without a name: planned for what is asked, and not for the table as it was when a connection asked first
    const { rows } = await this.pool.query<Omit<BusinessLookUp, 'at'> & { at: Date }>(
      `SELECT asked.verification_id AS "verificationId", asked.at, asked.operator_id AS "operatorId", asked.service,
         coalesce(asked.case_reference, '') AS reference,
         ARRAY(
           SELECT other.verification_id FROM verification.access_event AS other
           WHERE other.kind = 'REQUESTED' AND other.nik_hmac IS NOT NULL
             AND other.institution_id = asked.institution_id AND other.nik_hmac = asked.nik_hmac
             AND other.reference_hmac = asked.reference_hmac AND other.verification_id <> asked.verification_id
           ORDER BY other.verification_id DESC LIMIT 20
         ) AS "sameCase"
       FROM verification.access_event AS asked
       WHERE asked.kind = 'REQUESTED' AND asked.service IN (${services})
         AND asked.institution_id = $1 AND asked.at >= $2 AND asked.at < $3
         AND ($4::uuid IS NULL OR (asked.at, asked.verification_id) > (
           (SELECT last.at FROM verification.access_event AS last
            WHERE last.verification_id = $4 AND last.institution_id = $1 AND last.kind = 'REQUESTED'), $4::uuid))
         AND EXISTS (
           SELECT 1 FROM (SELECT kind, hit_state, outcome FROM verification.access_event
             WHERE verification_id = asked.verification_id OFFSET 0) AS answered
           WHERE answered.kind = 'ANSWERED' AND answered.hit_state = 'confirmed' AND answered.outcome = 'FOUND')
       ORDER BY asked.at, asked.verification_id
       LIMIT $5`,
      [institutionId, from, to, after, limit],
    );
    return rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
  }
}
