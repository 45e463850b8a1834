import { afterEach, describe, expect, test } from '@jest/globals';
import { ManagementServer, type HealthDetails, type ReadinessChecks } from './management.js';

let server: ManagementServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function open(checks: ReadinessChecks = {}, details?: HealthDetails): Promise<ManagementServer> {
  server = await ManagementServer.start({ host: '127.0.0.1', port: 0, checks, ...(details ? { details } : {}) });
  return server;
}

async function get(path: string): Promise<{ status: number; headers: Headers; text: string; body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${server?.port}${path}`);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: text.startsWith('{') && JSON.parse(text) };
}

describe('/health/ready', () => {
  test('is ready when every check is', async () => {
    await open({ nats: () => true, postgres: async () => true }, { upstream: () => 'ready' });
    const answer = await get('/health/ready');
    expect(answer).toMatchObject({
      status: 200,
      body: { status: 'ok', checks: { nats: 'ok', postgres: 'ok' }, details: { upstream: 'ready' } },
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test.each<[string, () => Promise<boolean> | boolean]>([
    ['says no', () => false],
    ['says no later', async () => false],
    [
      'throws',
      () => {
        throw new Error('rahasia 3313043108859903');
      },
    ],
    ['fails', () => Promise.reject(new Error('rahasia'))],
    ['answers nonsense', () => 'ya' as unknown as boolean],
  ])('is not when one check %s; the others are told all the same', async (_name, check) => {
    await open({ nats: () => true, postgres: check });
    const answer = await get('/health/ready');
    expect(answer).toMatchObject({
      status: 503,
      body: { status: 'unavailable', checks: { nats: 'ok', postgres: 'unavailable' } },
    });
    expect(answer.text).not.toContain('rahasia');
  });

  test('is not when a check stays silent: it is not waited for without bound', async () => {
    await open({ postgres: () => new Promise(() => undefined) });
    expect(await get('/health/ready')).toMatchObject({ status: 503, body: { checks: { postgres: 'unavailable' } } });
  });

  test('is asked anew each time', async () => {
    let up = false;
    await open({ postgres: () => up });
    expect(await get('/health/ready')).toMatchObject({ status: 503 });
    up = true;
    expect(await get('/health/ready')).toMatchObject({ status: 200 });
  });

  test('details are no reason to take a service out, also when they fail', async () => {
    await open({}, { upstream: () => 'access-broken', lain: () => Promise.reject(new Error('x')) });
    expect(await get('/health/ready')).toMatchObject({ status: 200, body: { details: { upstream: 'access-broken' } } });
  });

  test('is not ready once it is draining, but still alive', async () => {
    const management = await open({ nats: () => true });
    management.drain();
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'draining', checks: { nats: 'ok' } },
    });
    expect(await get('/health/live')).toMatchObject({ status: 200 });
  });
});

test('/health/live asks no check', async () => {
  let asked = 0;
  await open({ postgres: () => ++asked > 0 });
  expect(await get('/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect(asked).toBe(0);
});

test('/metrics is in the text format', async () => {
  await open();
  const answer = await get('/metrics');
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(answer.text).toMatch(/^# HELP process_cpu_user_seconds_total/m);
});

test.each(['/', '/health', '/health/ready/', '/env', '/metrics/x'])('%s is not there', async (path) => {
  await open();
  expect(await get(path)).toMatchObject({ status: 404 });
});

test('a port that is taken is an error', async () => {
  const { port } = await open();
  await expect(ManagementServer.start({ host: '127.0.0.1', port, checks: {} })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
