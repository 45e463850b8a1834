import { expect } from '@jest/globals';
import { errors, issueToken, type ErrorCode, type Route } from '#contracts';
import type { Answer } from './running-stack.js';

/** Sixteen digits in a row, also with the separators that a NIK is typed with. */
export const longDigits = /\d(?:[\s.-]?\d){15}/;

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/**
 * The answer is the error `code` as the contract's table has it, in the form of its endpoint, and echoes the correlation id
 * that the request named.
 */
export function expectProblem(
  answer: Answer<object>,
  code: ErrorCode,
  { correlationId, tokenEndpoint = false }: { correlationId?: string; tokenEndpoint?: boolean } = {},
): void {
  const { status, title, detail } = errors[code];
  expect({ status: answer.status, code: (answer.body as { code?: unknown }).code }).toEqual({ status, code });
  expect(answer.headers.get('content-type')).toBe(
    `${tokenEndpoint ? 'application/json' : 'application/problem+json'}; charset=utf-8`,
  );
  const echoed = answer.headers.get('x-correlation-id');
  expect(echoed).toMatch(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/);
  if (correlationId !== undefined) expect(echoed).toBe(correlationId);
  expect(answer.body).toMatchObject({
    type: `urn:gerbang-paten:error:${code}`,
    status,
    code,
    title,
    detail,
    correlationId: echoed,
  });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expectChallenge(answer, code, tokenEndpoint);
}

/** A 401 without a challenge: a browser that saw one would ask for a password of its own. */
const unchallenged: readonly ErrorCode[] = ['LOGIN_FAILED', 'ACTIVATION_FAILED', 'SESSION_EXPIRED'];

/** RFC 6750 3: a 401 names the scheme; `error` only when a token was given. */
function expectChallenge(answer: Answer<object>, code: ErrorCode, tokenEndpoint: boolean): void {
  const challenge = answer.headers.get('www-authenticate');
  if (answer.status !== 401) return;
  if (unchallenged.includes(code)) expect(challenge).toBeNull();
  else if (tokenEndpoint) expect(challenge).toBe('Basic realm="gerbang-paten"');
  else if (code === 'TOKEN_MISSING') expect(challenge).toBe('Bearer realm="gerbang-paten"');
  else expect(challenge).toBe('Bearer realm="gerbang-paten", error="invalid_token"');
}

/** Neither body nor headers repeat what was sent, nor anything else that could be a NIK. */
export function expectNoEcho(answer: Answer<object>, ...sent: string[]): void {
  const said = `${answer.text}\n${[...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n')}`;
  for (const text of sent) expect(said).not.toContain(text);
  expect(said.replace(uuid, '<id>')).not.toMatch(longDigits);
}

const sampleId = '019ab3c4-5d6e-7f80-9123-456789abcdef';
/** What stands in a path and is no id. */
const samples: Readonly<Record<string, string>> = { code: 'G7XK-9M2Q-4TRD-0HVB-M' };

/** A well-formed request for a route, made from its own example, so that a new route is covered without a change here. */
export function sampleRequest(route: Route): {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
} {
  const address = route.path.replace(/\{(\w+)\}/g, (_, name: string) => samples[name] ?? sampleId);
  const query = new URLSearchParams(
    Object.entries(route.queryExample ?? {}).map(([key, value]): [string, string] => [key, String(value)]),
  );
  const path = route.queryExample ? `${address}?${query.toString()}` : address;
  if (!route.body) return { method: route.method, path, headers: {} };
  const example = Object.values(route.body.examples)[0];
  if (route.body.contentType === 'multipart/form-data')
    return { method: route.method, path, ...formOf(example as { file: string }) };
  const body =
    route.body.contentType === 'application/json'
      ? JSON.stringify(example)
      : new URLSearchParams(example as Record<string, string>).toString();
  return { method: route.method, path, headers: { 'content-type': route.body.contentType }, body };
}

function formOf({ file }: { file: string }): { headers: Record<string, string>; body: string } {
  const part = 'Content-Disposition: form-data; name="file"; filename="berkas.csv"\r\nContent-Type: text/csv';
  return {
    headers: { 'content-type': 'multipart/form-data; boundary=contoh' },
    body: `--contoh\r\n${part}\r\n\r\n${file}\r\n--contoh--\r\n`,
  };
}

export const isTokenEndpoint = (route: Route): boolean => route.operationId === issueToken.operationId;
