import { describe, expect, test } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { isOfOwnOrigin, isOwnRequest } from './own-request.js';

const host = 'gerbang.kecamatan.test';
const csrf = 'Vt1-3kZJ7mQmV0m5mYb1bA';
const request = (method: string, headers: Record<string, string | string[]>) =>
  ({ method, headers: { host, ...headers } }) as unknown as FastifyRequest;

/** Headers that tell where a request comes from, and whether that is here. */
const origins: [string, Record<string, string>, boolean][] = [
  ['a program', {}, true],
  ['our page', { 'sec-fetch-site': 'same-origin', origin: `https://${host}` }, true],
  ['our page behind a proxy that takes TLS off', { 'sec-fetch-site': 'same-origin', origin: `http://${host}` }, true],
  ['the address bar', { 'sec-fetch-site': 'none' }, true],
  ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://lain.test' }, false],
  ['another host of the domain', { 'sec-fetch-site': 'same-site', origin: 'https://lain.kecamatan.test' }, false],
  ['another site that claims our origin', { 'sec-fetch-site': 'cross-site', origin: `https://${host}` }, false],
  ['a word that nobody knows', { 'sec-fetch-site': 'maybe' }, false],
  ['an old browser, our page', { origin: `https://${host}` }, true],
  ['an old browser, another site', { origin: 'https://lain.test' }, false],
  ['an old browser, another port', { origin: `https://${host}:8443` }, false],
  ['an old browser, a longer name', { origin: `https://${host}.lain.test` }, false],
  ['an old browser, a sandboxed frame', { origin: 'null' }, false],
  ['an empty origin', { origin: '' }, false],
];

describe.each(origins)('%s', (_who, headers, own) => {
  test(own ? 'is here' : 'is elsewhere', () => expect(isOfOwnOrigin(request('POST', headers))).toBe(own));

  test.each(['POST', 'PUT', 'DELETE', 'PATCH'])('%s takes the token and the origin', (method) => {
    expect(isOwnRequest(request(method, { ...headers, 'x-csrf-token': csrf }), csrf)).toBe(own);
    for (const wrong of ['', 'x', `${csrf}A`, csrf.slice(1), csrf.toLowerCase()])
      expect(isOwnRequest(request(method, { ...headers, 'x-csrf-token': wrong }), csrf)).toBe(false);
    expect(isOwnRequest(request(method, headers), csrf)).toBe(false);
  });

  test.each(['GET', 'HEAD', 'OPTIONS'])('%s only reads', (method) =>
    expect(isOwnRequest(request(method, headers), csrf)).toBe(true),
  );
});

test('a token named twice is none', () =>
  expect(isOwnRequest(request('POST', { 'x-csrf-token': [csrf, csrf] }), csrf)).toBe(false));
