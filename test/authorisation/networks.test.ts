import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { expectProblem } from '../support/answers.js';
import { bearer, operatorIdOf } from '../support/asking.js';
import { firstVersion } from '../support/office-parts.js';
import { RunningStack, type Office } from '../support/running-stack.js';
import { TokenForge } from '../support/token-forge.js';

// the source address behind a reverse proxy
let stack: RunningStack;
let anywhere: { token: string };
let lan: { token: string };

beforeAll(async () => {
  stack = await RunningStack.start({ env: { GATEWAY_TRUSTED_PROXIES: '127.0.0.1' } });
  const open = await stack.addOffice({
    change: (file) => (firstVersion(file).networks = ['0.0.0.0/0', '::/0']),
  });
  anywhere = { token: await stack.token(open) };
  const change = (file: Office['file']) => (firstVersion(file).networks = ['10.0.0.0/8']);
  const closed = await stack.addOffice({ change });
  const genuine = await TokenForge.of(stack, anywhere.token);
  const operator = await operatorIdOf(stack, closed);
  lan = { token: await genuine.make({ claims: { sub: closed.client.id, operator } }) };
});
afterAll(() => stack.stop());

test.each([
  // the agreement's ranges name the whole internet; a public address is refused all the same (O-02)
  ['a public address, ranges of the whole internet', () => anywhere, '203.0.113.5', 403],
  ['a public IPv6 address, ranges of the whole internet', () => anywhere, '2001:4860:4860::8888', 403],
  ['a public address, written as IPv6', () => anywhere, '::ffff:203.0.113.5', 403],
  ['a closed address, ranges of the whole internet', () => anywhere, '10.1.2.3', 200],
  ['no header: the proxy itself asks', () => anywhere, undefined, 200],
  ['an address in the range', () => lan, '10.0.0.5', 200],
  ['an address in the range, written as IPv6', () => lan, '::ffff:10.0.0.5', 200],
  ['a closed address outside the range', () => lan, '192.168.1.5', 403],
  ['the proxy itself, outside the range', () => lan, undefined, 403],
  ['an address that the caller made up before the real one', () => lan, '10.0.0.5, 203.0.113.5', 403],
  ['a made-up public address before the real one', () => lan, '203.0.113.5, 10.0.0.5', 200],
  ['no address', () => lan, 'unknown', 403],
  ['an address with a port', () => lan, '10.0.0.5:1234', 403],
] as const)('%s', async (_name, who, forwardedFor, status) => {
  const headers = {
    ...bearer(who().token),
    ...(forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }),
  };
  const answer = await stack.send('GET', '/v1/access-rights', { headers });
  expect(answer.status).toBe(status);
  if (status === 403) expectProblem(answer, 'NETWORK_NOT_ALLOWED');
});
