import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { scopes } from '#contracts';
import type { AccessFacts, OperatorFacts } from './access-facts.js';

/** What is asked the same for an application and for a person. */
export const ofInstitution = `
  'today', today.day, 'time', to_char(today.local, 'HH24:MI'), 'weekday', extract(isodow FROM today.local),
  'institution', jsonb_build_object('id', institution.id, 'name', institution.name, 'regionCode', institution.region_code,
    'kind', institution.kind, 'stopped', EXISTS (
      SELECT 1 FROM access.emergency_stop WHERE institution_id = institution.id AND lifted_at IS NULL)),
  'agreements', coalesce((
    SELECT jsonb_agg(jsonb_build_object('id', agreement.id, 'versionId', version.id, 'version', version.version,
      'number', agreement.number, 'validFrom', CASE WHEN version.effective_from > today.day
        THEN greatest(version.valid_from, version.effective_from) ELSE version.valid_from END, 'validUntil', version.valid_until,
      'elements', version.elements, 'modes', version.modes, 'networks', version.networks,
      'sptjmSignedOn', (SELECT min(signed_on) FROM access.sptjm WHERE agreement_id = agreement.id),
      'over', coalesce(agreement.terminated_at, agreement.closing_at, agreement.closed_at) IS NOT NULL,
      'closed', agreement.closed_at IS NOT NULL))
    FROM access.agreement
    JOIN LATERAL (
      SELECT * FROM access.agreement_version WHERE agreement_id = agreement.id
      ORDER BY effective_from <= today.day DESC, CASE WHEN effective_from <= today.day THEN version ELSE -version END DESC LIMIT 1
    ) AS version ON true
    WHERE agreement.institution_id = institution.id), '[]'::jsonb)`;

const ofOperator = `
  jsonb_build_object('id', operator.id, 'userIdLokal', operator.user_id_lokal, 'fullName', operator.full_name,
    'role', operator.role, 'activeFrom', operator.active_from, 'activeUntil', operator.active_until,
    'revoked', operator.revoked_at IS NOT NULL, 'workingHours', operator.working_hours,
    'ndaSignedOn', (SELECT min(signed_on) FROM access.nda
      WHERE nda.operator_id = operator.id AND nda.assignment = operator.assignment))`;

/** One reading of the clock for the whole decision. */
export const todayOfFacts = `
  (SELECT now.local::date AS day, now.local FROM (
    SELECT access.clock() AT TIME ZONE 'Asia/Jakarta' AS local OFFSET 0) AS now) AS today`;

/** Whether the operator stands behind requests of the institution: its own people, and evaluators who oversee it. */
const standsFor = `
  (operator.institution_id = institution.id OR (operator.role = 'evaluator' AND EXISTS (
    SELECT 1 FROM access.institution AS overseer WHERE overseer.id = operator.institution_id
      AND overseer.kind = 'disdukcapil' AND starts_with(institution.region_code, overseer.region_code || '.'))))`;

/** Reads everything that one decision needs in one statement, so that it is of one moment. */
@Injectable()
export class AccessRepository {
  constructor(private readonly pool: Pool) {}

  /** @param operatorId the operator that the token names; without one, the client's default operator is taken */
  async findFacts(clientId: string, operatorId: string | null): Promise<AccessFacts | undefined> {
    const { rows } = await this.pool.query<{ facts: AccessFacts }>({
      name: 'access_facts',
      text: `
        SELECT jsonb_build_object(${ofInstitution},
          'session', NULL,
          'client', jsonb_build_object(
            'id', client.id, 'name', client.name, 'scopes', client.scopes, 'elements', client.elements,
            'purposes', client.purposes, 'networks', client.networks, 'jwks', client.jwks,
            'certificateRequired', client.certificate_required,
            'secrets', coalesce((SELECT jsonb_agg(secret_sha256 ORDER BY id) FROM access.client_secret
              WHERE client_id = client.id AND (expires_at IS NULL OR expires_at > access.clock())), '[]'::jsonb),
            'expiresOn', (client.expires_at AT TIME ZONE 'Asia/Jakarta')::date,
            'revoked', client.revoked_at IS NOT NULL OR coalesce(client.expires_at <= access.clock(), false),
            'burst', CASE WHEN client.burst_per_second IS NOT NULL
              THEN jsonb_build_object('perSecond', client.burst_per_second, 'size', client.burst_size) END),
          'operator', (
            SELECT ${ofOperator} FROM access.operator
            WHERE operator.id = coalesce($2::uuid, client.default_operator_id) AND ${standsFor})
        ) AS facts
        FROM access.client JOIN access.institution ON institution.id = client.institution_id, LATERAL ${todayOfFacts}
        WHERE client.id = $1`,
      values: [clientId, operatorId],
    });
    return rows[0]?.facts;
  }

  /**
   * The same for a person who has logged in; undefined when the session is over. Being asked keeps the session awake.
   *
   * @param tokenSha256 base64url
   * @param idleSeconds without a request for so long, the session ends
   */
  async findSessionFacts(tokenSha256: string, idleSeconds: number): Promise<AccessFacts | undefined> {
    const { rows } = await this.pool.query<{ facts: AccessFacts }>({
      name: 'session_facts',
      text: `
        WITH touched AS (
          UPDATE access.session SET last_seen_at = access.clock()
          WHERE token_sha256 = $1 AND ended_at IS NULL AND expires_at > access.clock()
            AND last_seen_at > access.clock() - make_interval(secs => $2) AND last_seen_at < access.clock() - interval '20 seconds'
        )
        SELECT jsonb_build_object(${ofInstitution},
          'session', jsonb_build_object('id', session.id, 'expiresAt', session.expires_at,
            'secondFactor', (SELECT totp_confirmed_at IS NOT NULL FROM access.account WHERE operator_id = operator.id)),
          'client', jsonb_build_object(
            'id', 'portal', 'name', 'Portal', 'scopes', $3::jsonb, 'elements', NULL, 'purposes', NULL, 'networks', NULL,
            'jwks', NULL, 'certificateRequired', false, 'secrets', '[]'::jsonb, 'expiresOn', NULL, 'revoked', false, 'burst', NULL),
          'operator', ${ofOperator}
        ) AS facts
        FROM access.session JOIN access.operator ON operator.id = session.operator_id
          JOIN access.institution ON institution.id = operator.institution_id, LATERAL ${todayOfFacts}
        WHERE session.token_sha256 = $1 AND session.ended_at IS NULL AND session.expires_at > access.clock()
          AND session.last_seen_at > access.clock() - make_interval(secs => $2)`,
      values: [Buffer.from(tokenSha256, 'base64url'), idleSeconds, JSON.stringify(scopes)],
    });
    return rows[0]?.facts;
  }

  async findOperator(institutionId: string, userIdLokal: string): Promise<Pick<OperatorFacts, 'id'> | undefined> {
    const { rows } = await this.pool.query<{ id: string }>({
      name: 'operator_by_user_id_lokal',
      text: `
        SELECT operator.id FROM access.operator, access.institution
        WHERE institution.id = $1 AND operator.user_id_lokal = $2 AND ${standsFor}
        ORDER BY operator.institution_id = institution.id DESC LIMIT 1`,
      values: [institutionId, userIdLokal],
    });
    return rows[0];
  }
}
