import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RunningStack } from './support/running-stack.js';

const listed = 'https://paten.kecamatan.example';
let stack: RunningStack;
let open: string;

beforeAll(async () => {
  stack = await RunningStack.start();
  open = (await stack.stack.add('gateway', { GATEWAY_CORS_ORIGINS: listed })).url ?? '';
});
afterAll(() => stack.stop());

const preflight = (url: string, origin: string) =>
  fetch(`${url}/v1/verifications`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,idempotency-key',
    },
  });

test('a listed origin may call, and reads quota and correlation id', async () => {
  const allowed = await preflight(open, listed);
  expect(allowed.headers.get('access-control-allow-origin')).toBe(listed);
  expect(allowed.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('idempotency-key');
  // the cookie of a session is for our own pages alone
  expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
  const answer = await fetch(`${open}/v1/access-rights`, { headers: { origin: listed } });
  expect(answer.headers.get('access-control-expose-headers')).toContain('RateLimit');
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
});

test('any other origin may not, and without a list none may', async () => {
  expect((await preflight(open, 'https://elsewhere.example')).headers.get('access-control-allow-origin')).toBeNull();
  expect((await preflight(stack.url, listed)).headers.get('access-control-allow-origin')).toBeNull();
});

test('answers carry the headers that keep a browser from doing harm with them', async () => {
  const { headers } = await fetch(`${stack.url}/v1/access-rights`);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-powered-by')).toBeNull();
});
