import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { AccessFacts, OperatorFacts } from './access-facts.js';

/** Reads everything that one decision needs in one statement, so that it is of one moment. */
@Injectable()
export class AccessRepository {
  constructor(private readonly pool: Pool) {}

  /** @param operatorId the operator that the token names; without one, the client's default operator is taken */
  async findFacts(clientId: string, operatorId: string | null): Promise<AccessFacts | undefined> {
    const { rows } = await this.pool.query<{ facts: AccessFacts }>({
      name: 'access_facts',
      text: `
        SELECT jsonb_build_object(
          'today', today.day,
          'institution', jsonb_build_object('id', institution.id, 'name', institution.name, 'regionCode', institution.region_code),
          'client', jsonb_build_object(
            'id', client.id, 'name', client.name, 'secretSha256', client.secret_sha256, 'scopes', client.scopes,
            'elements', client.elements, 'purposes', client.purposes, 'networks', client.networks,
            'revoked', client.revoked_at IS NOT NULL OR coalesce(client.expires_at <= clock_timestamp(), false),
            'burst', CASE WHEN client.burst_per_second IS NOT NULL
              THEN jsonb_build_object('perSecond', client.burst_per_second, 'size', client.burst_size) END),
          'operator', (
            SELECT jsonb_build_object('id', operator.id, 'userIdLokal', operator.user_id_lokal, 'role', operator.role,
              'activeFrom', operator.active_from, 'activeUntil', operator.active_until,
              'revoked', operator.revoked_at IS NOT NULL, 'ndaSignedOn', nda.signed_on)
            FROM access.operator LEFT JOIN access.nda ON nda.operator_id = operator.id
            WHERE operator.id = coalesce($2::uuid, client.default_operator_id) AND operator.institution_id = institution.id),
          'agreements', coalesce((
            SELECT jsonb_agg(jsonb_build_object('id', agreement.id, 'versionId', version.id, 'version', version.version,
              'number', agreement.number, 'validFrom', version.valid_from, 'validUntil', version.valid_until,
              'elements', version.elements, 'modes', version.modes, 'networks', version.networks,
              'sptjmSignedOn', sptjm.signed_on))
            FROM access.agreement
            JOIN LATERAL (
              SELECT * FROM access.agreement_version WHERE agreement_id = agreement.id
              ORDER BY effective_from <= today.day DESC, CASE WHEN effective_from <= today.day THEN version ELSE -version END DESC LIMIT 1
            ) AS version ON true
            LEFT JOIN access.sptjm ON sptjm.agreement_id = agreement.id
            WHERE agreement.institution_id = institution.id), '[]'::jsonb)
        ) AS facts
        FROM access.client JOIN access.institution ON institution.id = client.institution_id,
          LATERAL (SELECT access.jakarta_today() AS day) AS today
        WHERE client.id = $1`,
      values: [clientId, operatorId],
    });
    return rows[0]?.facts;
  }

  async findOperator(institutionId: string, userIdLokal: string): Promise<Pick<OperatorFacts, 'id'> | undefined> {
    const { rows } = await this.pool.query<{ id: string }>({
      name: 'operator_by_user_id_lokal',
      text: 'SELECT id FROM access.operator WHERE institution_id = $1 AND user_id_lokal = $2',
      values: [institutionId, userIdLokal],
    });
    return rows[0];
  }
}
