import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ClientUpdate, JwkSetInput, NewClient } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { Administration } from '../administration/administration.service.js';
import { ActsFixture, atTheMachine, refusal } from '../operators/acts-fixture.js';
import * as acts from './client-acts.js';

let office: ActsFixture;
beforeAll(async () => {
  office = await ActsFixture.create(await TestDatabase.create());
});
afterAll(() => office.drop());

type Input = Omit<NewClient, 'reason'>;

const keys = (...kids: string[]): JwkSetInput => ({
  keys: kids.map((kid) => ({ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', kid })),
});
const input = (change: Partial<Input> = {}): Input => ({
  id: office.name(),
  name: 'Aplikasi',
  scopes: ['verifications:write'],
  ...change,
});
const create = (change: Partial<Input> = {}) => office.perform(acts.createClient, input(change));
const make = async (change: Partial<Input> = {}) => (await create(change)).client.id;
const past = '2026-06-15T01:59:59.000Z';
const future = '2027-12-31T16:59:59.000Z';
const expire = (id: string) => office.sql('UPDATE access.client SET expires_at = $2 WHERE id = $1', [id, past]);
const userIdLokalOf = async (id: string) =>
  (await office.sql<{ name: string }>('SELECT user_id_lokal AS name FROM access.operator WHERE id = $1', [id]))[0]
    ?.name;

describe('create', () => {
  test('shows a secret once; neither it nor its hash is on record', async () => {
    const { client, secret } = await create();
    const hash = createHash('sha256')
      .update(secret ?? '')
      .digest('hex');
    const rows = await office.sql('SELECT secret_sha256 FROM access.client_secret WHERE client_id = $1', [client.id]);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(rows).toEqual([{ secret_sha256: hash }]);
    expect(client).toMatchObject({ state: 'active', expiresSoon: false, networks: null, keyIds: [], burst: null });
    expect(client.secrets).toMatchObject([{ createdAt: '2026-06-15T02:00:00.000Z', expiresAt: null }]);
    const records = JSON.stringify(await office.sql('SELECT * FROM access.admin_event'));
    expect(records).not.toContain(secret);
    expect(records).not.toContain(hash);
  });

  test('with keys it gets none', async () => {
    const { client, secret } = await create({ jwks: keys('a', 'b'), burst: { perSecond: 0.5, size: 3 } });
    expect(secret).toBeNull();
    expect(client).toMatchObject({ secrets: [], keyIds: ['a', 'b'], burst: { perSecond: 0.5, size: 3 } });
  });

  test.each<[string, Partial<Input>, string]>([
    ['our own name', { id: 'portal' }, 'REQUEST_INVALID id'],
    ['a public network', { networks: ['10.0.0.0/8', '8.8.8.0/24'] }, 'REQUEST_INVALID networks.1'],
    [
      'an address inside of a range',
      { networks: ['10.1.2.3/24', 'fd00::1/64'] },
      'REQUEST_INVALID networks.0 networks.1',
    ],
    ['closed networks', { networks: ['10.1.2.0/24', 'FD00:0::/64', '::1/128'] }, 'done'],
    ['nobody', { defaultOperator: 'tidak-ada' }, 'REQUEST_INVALID defaultOperator'],
    ['a time that has passed', { expiresAt: past }, 'REQUEST_INVALID expiresAt'],
    ['one kid twice', { jwks: keys('a', 'a') }, 'REQUEST_INVALID jwks.keys.1.kid'],
  ])('%s', async (_what, change, expected) => {
    expect(await refusal(create(change))).toBe(expected);
  });

  test('the id is unique in the installation', async () => {
    const id = await make();
    const work = office.perform(acts.createClient, input({ id }), { actor: atTheMachine, at: office.neighbour });
    expect(await refusal(work)).toBe('ALREADY_EXISTS id');
  });

  test('only in a kecamatan, only with people of it', async () => {
    const away = { actor: atTheMachine, at: office.disdukcapil };
    expect(await refusal(office.perform(acts.createClient, input(), away))).toBe('STATE_CONFLICT ');
    const stranger = await userIdLokalOf(await office.person({ institutionId: office.neighbour }));
    const colleague = await userIdLokalOf(await office.person());
    expect(await refusal(create({ defaultOperator: stranger ?? '' }))).toBe('REQUEST_INVALID defaultOperator');
    expect((await create({ defaultOperator: colleague ?? '' })).client.defaultOperator).toBe(colleague);
  });
});

describe('update', () => {
  test('replaces what is named; the record holds only what changed', async () => {
    const defaultOperator = (await userIdLokalOf(await office.person())) ?? '';
    const id = await make({ networks: ['10.0.0.0/8'], purposes: ['SKU'], defaultOperator, expiresAt: future });
    const change = { name: 'Aplikasi', networks: null, purposes: null, expiresAt: null, defaultOperator: null };
    const burst = { perSecond: 2, size: 4 };
    const detail = await office.perform(acts.updateClient, { clientId: id, ...change, burst });
    expect(detail).toMatchObject({ ...change, burst });
    const { name: _, ...changed } = change;
    expect(await office.event(id)).toEqual({
      act: 'client.update',
      before: { networks: ['10.0.0.0/8'], purposes: ['SKU'], expiresAt: future, defaultOperator, burst: null },
      after: { ...changed, burst },
    });
    expect(await office.perform(acts.updateClient, { clientId: id, burst: null })).toMatchObject({ burst: null });
    expect(await office.perform(acts.updateClient, { clientId: id })).toMatchObject(change);
  });

  test.each<[string, Omit<ClientUpdate, 'reason'>, string]>([
    ['a public network', { networks: ['8.8.8.0/24'] }, 'REQUEST_INVALID networks.0'],
    ['nobody', { defaultOperator: 'tidak-ada' }, 'REQUEST_INVALID defaultOperator'],
    ['a time that has passed', { expiresAt: past }, 'REQUEST_INVALID expiresAt'],
  ])('%s', async (_what, change, expected) => {
    const clientId = await make();
    expect(await refusal(office.perform(acts.updateClient, { clientId, ...change }))).toBe(expected);
  });

  test('does not bring back what has expired', async () => {
    const clientId = await make();
    await expire(clientId);
    for (const expiresAt of [future, null])
      expect(await refusal(office.perform(acts.updateClient, { clientId, expiresAt }))).toBe(
        'STATE_CONFLICT expiresAt',
      );
  });

  test.each([
    ['2026-07-15T02:00:00.000Z', true],
    ['2026-07-15T02:00:00.001Z', false],
  ])('%s is soon: %s', async (expiresAt, expiresSoon) => {
    expect((await create({ expiresAt })).client).toMatchObject({ expiresAt, expiresSoon });
  });
});

describe('revoke and reactivate', () => {
  const revoke = (clientId: string) => office.perform(acts.revokeClient, { clientId, why: 'Secret bocor' });
  const reactivate = (clientId: string, expiresAt?: string) =>
    office.perform(acts.reactivateClient, { clientId, ...(expiresAt === undefined ? {} : { expiresAt }) });

  test('once', async () => {
    const id = await make();
    expect(await revoke(id)).toMatchObject({ state: 'revoked', revocationReason: 'Secret bocor' });
    expect(await refusal(revoke(id))).toBe('STATE_CONFLICT clientId');
    expect(await reactivate(id)).toMatchObject({ state: 'active', revocationReason: null, expiresAt: null });
    expect(await refusal(reactivate(id))).toBe('STATE_CONFLICT clientId');
  });

  test.each<[string, string | undefined, string | null, string | null]>([
    ['an expiry that is given counts', future, past, future],
    ['one that has passed is taken away', undefined, past, null],
    ['one that has not passed stays', undefined, future, future],
  ])('%s', async (_what, given, was, expected) => {
    const id = await make();
    await revoke(id);
    await office.sql('UPDATE access.client SET expires_at = $2 WHERE id = $1', [id, was]);
    expect(await reactivate(id, given)).toMatchObject({ state: 'active', expiresAt: expected });
  });

  test('what has expired, but not into the past', async () => {
    const id = await make();
    await expire(id);
    expect(await refusal(reactivate(id, past))).toBe('REQUEST_INVALID expiresAt');
    expect(await reactivate(id)).toMatchObject({ state: 'active', expiresAt: null });
  });

  test('waits for camat or evaluator', async () => {
    const clientId = await make();
    await revoke(clientId);
    const proposal = await new Administration(office.source).propose(
      acts.reactivateClient,
      await office.actor('admin'),
      office.kecamatan,
      { clientId },
      'uji',
    );
    expect(proposal).toMatchObject({ act: 'client.reactivate', approvers: ['camat', 'evaluator'] });
  });
});

test('no client of another institution is found', async () => {
  const { client } = await office.perform(acts.createClient, input(), { actor: atTheMachine, at: office.neighbour });
  for (const clientId of [client.id, 'tidak-ada', 'a\0b'])
    for (const work of [
      () => office.perform(acts.updateClient, { clientId }),
      () => office.perform(acts.rotateClientSecret, { clientId, overlapHours: 0 }),
      () => office.perform(acts.setClientKeys, { clientId, jwks: keys('a'), endSecrets: false }),
      () => office.perform(acts.revokeClient, { clientId, why: 'uji' }),
      () => office.perform(acts.reactivateClient, { clientId }),
    ])
      expect(await refusal(work())).toBe('RESOURCE_NOT_FOUND');
});
