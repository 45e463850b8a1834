import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import { csrfTokenOf, makeSessionToken, SessionCookies } from './session-cookies.js';
import { SessionStrategy } from './session.strategy.js';

const token = makeSessionToken();

/** What passport is told of a request with this Cookie header. */
async function authenticate(cookie: string | undefined, secure = true): Promise<unknown> {
  return new Promise((resolve) => {
    const strategy = Object.assign(new SessionStrategy(new SessionCookies(secure)), {
      success: resolve,
      fail: () => resolve('nobody'),
      error: resolve,
    });
    strategy.authenticate({ headers: cookie === undefined ? {} : { cookie } });
  });
}

describe('a person', () => {
  const principal = {
    kind: 'session',
    tokenSha256: createHash('sha256').update(token).digest('base64url'),
    csrfToken: csrfTokenOf(token),
  };

  test.each([
    [`__Host-gerbang_session=${token}`, true],
    [`a=b; __Host-gerbang_session=${token}; c=d`, true],
    [`gerbang_session=${token}`, false],
  ])('%s', async (cookie, secure) => expect(await authenticate(cookie, secure)).toEqual(principal));

  test.each([
    [undefined, true],
    ['', true],
    ['a=b', true],
    ['__Host-gerbang_session=', true],
    // another host of the same domain could have set this one
    [`gerbang_session=${token}`, true],
    [`__Host-gerbang_session=${token}`, false],
    [`__host-gerbang_session=${token}`, true],
  ])('not by %j', async (cookie, secure) => expect(await authenticate(cookie, secure)).toBe('nobody'));
});

test('the CSRF token follows from the cookie and leads to nothing', () => {
  expect(csrfTokenOf(token)).toBe(csrfTokenOf(token));
  expect(csrfTokenOf(token)).toMatch(/^[\w-]{22}$/);
  expect(csrfTokenOf(makeSessionToken())).not.toBe(csrfTokenOf(token));
  expect(createHash('sha256').update(token).digest('base64url')).not.toContain(csrfTokenOf(token).slice(0, 8));
});

describe('cookies', () => {
  function written(secure: boolean, write: (cookies: SessionCookies, reply: FastifyReply) => void): unknown {
    let value: unknown;
    const reply = { header: (_name: string, given: unknown) => (value = given) } as unknown as FastifyReply;
    write(new SessionCookies(secure), reply);
    return value;
  }

  test.each<[string, boolean, (cookies: SessionCookies, reply: FastifyReply) => void, string]>([
    [
      'session',
      true,
      (c, r) => c.setSession(r, 'x'),
      '__Host-gerbang_session=x; Path=/; HttpOnly; Secure; SameSite=Strict',
    ],
    [
      'session without TLS',
      false,
      (c, r) => c.setSession(r, 'x'),
      'gerbang_session=x; Path=/; HttpOnly; SameSite=Strict',
    ],
    [
      'end',
      true,
      (c, r) => c.clearSession(r),
      '__Host-gerbang_session=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict',
    ],
    [
      'browser',
      true,
      (c, r) => c.setDevice(r, 'x'),
      '__Host-gerbang_device=x; Max-Age=15552000; Path=/; HttpOnly; Secure; SameSite=Strict',
    ],
  ])('%s', (_what, secure, write, expected) => expect(written(secure, write)).toBe(expected));
});
