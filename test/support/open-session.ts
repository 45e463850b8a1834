import { csrfTokenOf, makeSessionToken, sha256OfToken } from '../../apps/gateway/src/sessions/session-cookies.js';
import type { RunningStack } from './running-stack.js';

export interface SessionRow {
  operatorId: string;
  /** `ended`, `expired`, or left alone for an hour (`idle`). */
  state?: 'open' | 'ended' | 'expired' | 'idle';
}

/** What a browser sends that has logged in. */
export interface OpenSession {
  cookie: string;
  csrf: string;
}

/** Sessions as a log-in leaves them, all at once and without the second that each password takes. */
export async function openSessions(stack: RunningStack, rows: readonly SessionRow[]): Promise<OpenSession[]> {
  const tokens = rows.map(() => makeSessionToken());
  await stack.sql(
    `INSERT INTO access.session (token_sha256, operator_id, address, created_at, last_seen_at, expires_at, ended_at)
     SELECT token, operator, '127.0.0.1', now - interval '2 hours',
       CASE state WHEN 'idle' THEN now - interval '1 hour' ELSE now END,
       CASE state WHEN 'expired' THEN now - interval '1 second' ELSE now + interval '1 hour' END,
       CASE state WHEN 'ended' THEN now - interval '1 minute' END
     FROM unnest($1::bytea[], $2::uuid[], $3::text[]) AS given (token, operator, state), access.clock() AS now`,
    [tokens.map(sha256OfToken), rows.map(({ operatorId }) => operatorId), rows.map(({ state = 'open' }) => state)],
  );
  return tokens.map((token) => ({ cookie: `gerbang_session=${token}`, csrf: csrfTokenOf(token) }));
}

/** The headers of somebody's own page. */
export const ofOwnPage = ({ cookie, csrf }: OpenSession): Record<string, string> => ({
  cookie,
  'x-csrf-token': csrf,
  'sec-fetch-site': 'same-origin',
});
