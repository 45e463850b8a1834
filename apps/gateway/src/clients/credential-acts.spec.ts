import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JwkSetInput, NewClient } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { ActsFixture, refusal } from '../operators/acts-fixture.js';
import * as acts from './client-acts.js';

let office: ActsFixture;
beforeAll(async () => {
  office = await ActsFixture.create(await TestDatabase.create());
});
afterAll(() => office.drop());

const keys = (...kids: string[]): JwkSetInput => ({
  keys: kids.map((kid) => ({ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', kid })),
});
const create = (change: Pick<NewClient, 'jwks'> = {}) =>
  office.perform(acts.createClient, {
    id: office.name(),
    name: 'Aplikasi',
    scopes: ['verifications:write'],
    ...change,
  });
const make = async (change: Pick<NewClient, 'jwks'> = {}) => (await create(change)).client.id;

describe('rotate-secret', () => {
  const rotate = (clientId: string, overlapHours: number) =>
    office.perform(acts.rotateClientSecret, { clientId, overlapHours });

  test('those before count for the overlap, never longer than they did', async () => {
    const first = await create();
    const id = first.client.id;
    const second = await rotate(id, 24);
    expect(second.secret).not.toBe(first.secret);
    const third = await rotate(id, 48);
    expect(third.client.secrets.map(({ expiresAt }) => expiresAt)).toEqual([
      '2026-06-16T02:00:00.000Z',
      '2026-06-17T02:00:00.000Z',
      null,
    ]);
    expect((await rotate(id, 0)).client.secrets).toMatchObject([{ expiresAt: null }]);
    expect(JSON.stringify(await office.event(id))).not.toContain(second.secret);
  });

  test('at most five at a time: the oldest end', async () => {
    const { client } = await create();
    let latest = client;
    for (let i = 0; i < 6; i += 1) latest = (await rotate(client.id, 24)).client;
    expect(latest.secrets).toHaveLength(5);
    expect(latest.secrets.map(({ id }) => id)).not.toContain(client.secrets[0]?.id);
  });

  test('also where there were only keys', async () => {
    const rotated = await rotate(await make({ jwks: keys('a') }), 24);
    expect(rotated.client).toMatchObject({ keyIds: ['a'], secrets: [{ expiresAt: null }] });
    expect(rotated.secret).not.toBeNull();
  });
});

describe('set-keys', () => {
  const set = (clientId: string, jwks: JwkSetInput | null, endSecrets = false) =>
    office.perform(acts.setClientKeys, { clientId, jwks, endSecrets });

  test('puts keys in place of the secret, and back', async () => {
    const id = await make();
    expect(await set(id, keys('a'))).toMatchObject({ keyIds: ['a'], secrets: [{ expiresAt: null }] });
    expect(await set(id, keys('b'), true)).toMatchObject({ keyIds: ['b'], secrets: [] });
    expect(await office.event(id)).toMatchObject({
      before: { keyIds: ['a'] },
      after: { keyIds: ['b'], secretIds: [] },
    });
    expect(await refusal(set(id, null))).toBe('STATE_CONFLICT jwks');
    await office.perform(acts.rotateClientSecret, { clientId: id, overlapHours: 0 });
    expect(await set(id, null)).toMatchObject({ keyIds: [], secrets: [{ expiresAt: null }] });
  });

  test.each<[string, JwkSetInput | null, boolean, string]>([
    ['one kid twice', keys('a', 'b', 'a'), false, 'REQUEST_INVALID jwks.keys.2.kid'],
    ['neither keys nor secrets', null, true, 'REQUEST_INVALID endSecrets'],
  ])('%s', async (_what, jwks, endSecrets, expected) => {
    expect(await refusal(set(await make(), jwks, endSecrets))).toBe(expected);
  });
});
