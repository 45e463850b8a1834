import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { NatsContext } from '@nestjs/microservices';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { until } from '../../../../test/support/until.js';
import { makeAccess, makeIds, Replicas, type Replica } from '../upstream/replica-fixture.js';

const notChecked = ['USER_ID', 'PASSWORD', 'IP_LAN', 'PATH'];
const quota = [{ effectiveFrom: '2026-01-01', dailyLimit: 1_000 }];
const notConfigured = { state: 'not-configured', since: null, until: null };

let database: TestDatabase;
let replicas: Replicas;
let here: Replica;
let there: Replica;
let ministry: Server;
let connections = 0;
let bytes = 0;

beforeAll(async () => {
  database = await TestDatabase.create();
  replicas = await Replicas.create(database);
  here = await replicas.start();
  there = await replicas.start();
  ministry = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined).on('data', (data) => (bytes += data.length));
  });
  await new Promise<void>((resolve) => ministry.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await replicas.close();
  await database.drop();
  await new Promise((resolve) => ministry.close(resolve));
});

type Method = 'configure' | 'describe' | 'test' | 'rotate' | 'destroyKeys';

/** As it comes from the bus: checked against the contract, answered in an envelope. */
async function ask({ controller }: Replica, method: Method, input: object): Promise<unknown> {
  const handler = controller[method].bind(controller) as (input: object, context: NatsContext) => Promise<unknown>;
  return handler(input, { getHeaders: () => undefined } as unknown as NatsContext);
}

async function configured(overrides: Parameters<typeof makeAccess>[0] = {}) {
  const ids = makeIds();
  const { port } = ministry.address() as AddressInfo;
  const upstream = makeAccess({ baseUrl: `http://127.0.0.1:${port}`, ...overrides });
  expect(await ask(here, 'configure', { ...ids, quota, upstream })).toEqual({ value: { configured: true } });
  return { ...ids, upstream };
}

describe('describeUpstream', () => {
  test('tells that there is an access right and never what it says', async () => {
    const { institutionId, agreementId } = await configured();
    const answer = await ask(there, 'describe', { institutionId });
    expect(answer).toEqual({
      value: {
        configured: true,
        configuredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        agreementId,
        keyId: `seal-${agreementId}-1`,
        upstream: { state: 'ready', since: null, until: null },
      },
    });
    expect(JSON.stringify(answer)).not.toMatch(/127\.0\.0\.1|UJI|rahasia|10\.0\.0\.10/);
  });

  test('of an institution that has none', async () => {
    expect(await ask(here, 'describe', { institutionId: makeIds().institutionId })).toEqual({
      value: { configured: false, configuredAt: null, agreementId: null, keyId: null, upstream: notConfigured },
    });
  });

  test('with a sealing key that is gone: there is one, and it is of no use', async () => {
    const { institutionId, agreementId } = await configured();
    await here.folder.destroy(`seal-${agreementId}-1`);
    expect(await ask(here, 'describe', { institutionId })).toMatchObject({
      value: { configured: true, upstream: notConfigured },
    });
    expect(await ask(here, 'test', { institutionId })).toMatchObject({ error: { code: 'UPSTREAM_NOT_CONFIGURED' } });
  });
});

describe('testUpstream', () => {
  test('connects, sends nothing, and says what it cannot tell', async () => {
    const { institutionId } = await configured();
    const before = connections;
    expect(await ask(here, 'test', { institutionId })).toEqual({
      value: {
        reachable: true,
        tls: 'none',
        fault: null,
        hits: 0,
        notChecked,
        durationMs: expect.any(Number),
      },
    });
    await until(async () => connections === before + 1);
    expect(bytes).toBe(0);
    const hits = await here.source.query<unknown[]>('SELECT 1 FROM verification.hit WHERE institution_id = $1', [
      institutionId,
    ]);
    expect(hits).toEqual([]);
  });

  test('tells a fault as a result', async () => {
    const { institutionId } = await configured({ baseUrl: `http://${'a'.repeat(64)}.invalid` });
    expect(await ask(here, 'test', { institutionId })).toMatchObject({
      value: { reachable: false, fault: 'NAME_NOT_FOUND', hits: 0, notChecked },
    });
  });

  test('of nothing is refused', async () => {
    const answer = await ask(here, 'test', { institutionId: makeIds().institutionId });
    expect(answer).toMatchObject({ error: { code: 'UPSTREAM_NOT_CONFIGURED' } });
  });
});

describe('rotateSealingKey', () => {
  test('names the new key and those that are gone', async () => {
    const { institutionId, agreementId } = await configured();
    expect(await ask(there, 'rotate', { institutionId })).toEqual({
      value: { keyId: `seal-${agreementId}-2`, destroyedKeyIds: [`seal-${agreementId}-1`] },
    });
    expect(await ask(here, 'describe', { institutionId })).toMatchObject({
      value: { keyId: `seal-${agreementId}-2`, upstream: { state: 'ready' } },
    });
    expect(await ask(here, 'rotate', { institutionId: makeIds().institutionId })).toMatchObject({
      error: { code: 'UPSTREAM_NOT_CONFIGURED' },
    });
  });
});

describe('destroyAgreementKeys', () => {
  test('ends everything of the agreement, in every replica within a second', async () => {
    const { institutionId, agreementId } = await configured();
    await there.directory.find(institutionId);
    await there.pseudonymiser.of(agreementId);
    const destroyed = { value: { destroyedKeyIds: [`hmac-${agreementId}`, `seal-${agreementId}-1`] } };
    expect(await ask(here, 'destroyKeys', { institutionId, agreementId })).toEqual(destroyed);
    const began = performance.now();
    await until(async () => (await there.directory.find(institutionId)) === undefined);
    await until(() =>
      there.pseudonymiser.of(agreementId).then(
        () => false,
        () => true,
      ),
    );
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(await ask(there, 'destroyKeys', { institutionId, agreementId })).toEqual(destroyed);
    for (const replica of [here, there]) {
      expect(await ask(replica, 'describe', { institutionId })).toMatchObject({
        value: { configured: false, keyId: null, upstream: notConfigured },
      });
      expect(await ask(replica, 'rotate', { institutionId })).toMatchObject({
        error: { code: 'UPSTREAM_NOT_CONFIGURED' },
      });
    }
  });

  test('is for ever: the agreement cannot be configured again, a new one can', async () => {
    const { institutionId, agreementId, upstream } = await configured();
    await ask(here, 'destroyKeys', { institutionId, agreementId });
    for (const replica of [here, there]) {
      for (const input of [{ upstream }, {}]) {
        const answer = await ask(replica, 'configure', { institutionId, agreementId, quota, ...input });
        expect(answer).toMatchObject({ error: { code: 'AGREEMENT_CLOSED' } });
      }
    }
    const successor = makeIds().agreementId;
    expect(await ask(there, 'configure', { institutionId, agreementId: successor, quota, upstream })).toEqual({
      value: { configured: true },
    });
    expect(await ask(here, 'describe', { institutionId })).toMatchObject({
      value: { configured: true, agreementId: successor, upstream: { state: 'ready' } },
    });
  });

  test('may come before anything was configured', async () => {
    const { institutionId, agreementId } = makeIds();
    expect(await ask(here, 'destroyKeys', { institutionId, agreementId })).toEqual({
      value: { destroyedKeyIds: [`hmac-${agreementId}`] },
    });
    expect(await ask(there, 'configure', { institutionId, agreementId, quota })).toMatchObject({
      error: { code: 'AGREEMENT_CLOSED' },
    });
  });
});
