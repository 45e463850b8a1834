import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { purpose, RunningStack } from './support/running-stack.js';
import { until } from './support/until.js';

const deadlineMs = 1_500;
/** The promise: the right code within this time of the configured deadline. */
const graceMs = 3_000;

let stack: RunningStack;

beforeAll(async () => {
  stack = await RunningStack.start({ env: { NIK_VERIFICATION_UPSTREAM_DEADLINE_MS: String(deadlineMs) } });
});
afterAll(() => stack.stop());

interface Row {
  fault: Record<string, unknown>;
  /** An outcome, or the code of an error. */
  answer: string;
  state: 'confirmed' | 'unknown' | 'released';
}

const row = (answer: string, state: Row['state'], fault: Row['fault']): Row => ({ fault, answer, state });

const rows: Row[] = [
  row('FOUND', 'confirmed', { kind: 'latency', ms: 100 }),
  row('UPSTREAM_TIMEOUT', 'unknown', { kind: 'latency', ms: 30_000 }),
  row('UPSTREAM_UNAVAILABLE', 'unknown', { kind: 'drop-before-count' }),
  row('UPSTREAM_UNAVAILABLE', 'unknown', { kind: 'drop-after-count' }),
  row('UPSTREAM_TIMEOUT', 'unknown', { kind: 'hang-before-count' }),
  row('UPSTREAM_TIMEOUT', 'unknown', { kind: 'hang-after-count' }),
  row('UPSTREAM_UNAVAILABLE', 'unknown', { kind: 'reset' }),
  row('UPSTREAM_UNAVAILABLE', 'unknown', { kind: 'reset', count: true }),
  row('UPSTREAM_TIMEOUT', 'unknown', { kind: 'slow-drip', bytesPerSecond: 20 }),
  row('UPSTREAM_UNKNOWN', 'unknown', { kind: 'garbage' }),
  row('UPSTREAM_UNKNOWN', 'unknown', { kind: 'html' }),
  row('UPSTREAM_UNKNOWN', 'unknown', { kind: 'empty' }),
  row('UPSTREAM_UNAVAILABLE', 'unknown', { kind: 'truncated', ending: 'content-length' }),
  row('UPSTREAM_UNKNOWN', 'unknown', { kind: 'truncated', ending: 'chunked' }),
  row('UPSTREAM_UNKNOWN', 'unknown', { kind: 'wrong-encoding', encoding: 'utf16le' }),
  row('UPSTREAM_UNKNOWN', 'unknown', { kind: 'wrong-encoding', encoding: 'latin1' }),
  row('UPSTREAM_UNKNOWN', 'unknown', { kind: 'huge', megabytes: 64 }),
  ...[500, 502, 503, 504].map((status) => row('UPSTREAM_UNAVAILABLE', 'unknown', { kind: 'status', status })),
  ...[401, 403, 404].map((status) => row('UPSTREAM_UNKNOWN', 'unknown', { kind: 'status', status })),
  row('FOUND', 'confirmed', { kind: 'content-object' }),
  row('UPSTREAM_UNKNOWN', 'unknown', { kind: 'content-empty' }),
  row('UPSTREAM_UNKNOWN', 'unknown', { kind: 'missing-content' }),
  row('UPSTREAM_UNKNOWN', 'unknown', { kind: 'wrong-nik' }),
  ...['03', '04', '10', '16', '17'].map((code) => row('UPSTREAM_ACCESS_BROKEN', 'unknown', { kind: 'code', code })),
  row('QUOTA_EXHAUSTED', 'unknown', { kind: 'code', code: '05' }),
  row('UPSTREAM_CLOSED', 'unknown', { kind: 'code', code: '06' }),
  ...['07', '09', '02', '18', '99', 'ABC'].map((code) => row('UPSTREAM_UNKNOWN', 'unknown', { kind: 'code', code })),
  ...['08', '15'].map((code) => row('UNPROCESSABLE', 'confirmed', { kind: 'code', code })),
  row('DECEASED', 'confirmed', { kind: 'code', code: '11', asNumber: true }),
  row('DUPLICATE', 'confirmed', { kind: 'code', code: '12' }),
  row('NOT_FOUND', 'confirmed', { kind: 'code', code: '13' }),
  row('INACTIVE', 'confirmed', { kind: 'code', code: '14' }),
  row('NOT_FOUND', 'confirmed', { kind: 'respon', text: 'DATA TIDAK DITEMUKAN!!' }),
  row('QUOTA_EXHAUSTED', 'unknown', { kind: 'respon', text: 'Kuota Akses Hari ini telah Habis' }),
  row('UPSTREAM_ACCESS_BROKEN', 'unknown', { kind: 'respon', text: 'IP Client  Tidak terdaftar' }),
  row('UPSTREAM_UNKNOWN', 'unknown', { kind: 'respon', text: 'Layanan sedang dalam perbaikan' }),
];

test.each(rows.map((one) => [JSON.stringify(one.fault), one] as const))(
  '%s',
  async (_name, { fault, answer, state }) => {
    const office = await stack.addOffice();
    const token = await stack.token(office);
    const people = await stack.people('FOUND', 20);
    const nik = people.at(-1)?.nik ?? '';
    await stack.control('POST', '/faults', { ...fault, userId: office.consumer.userId });
    const started = performance.now();
    const got = await stack.verify<{ outcome?: string; code?: string; quota?: { used: number } }>(token, {
      nik,
      purpose,
    });
    const took = performance.now() - started;
    await stack.control('DELETE', '/faults');

    expect(got.body.outcome ?? got.body.code).toBe(answer);
    expect(took).toBeLessThan(deadlineMs + graceMs);
    const hits = await stack.sql<{ state: string }>(
      'SELECT state FROM verification.hit JOIN access.client ON client.institution_id = hit.institution_id WHERE client.id = $1',
      [office.client.id],
    );
    expect(hits).toEqual([{ state }]);
    // no hit is invented and none is lost: what the sandbox counted is at most what the ledger counts
    expect((await stack.counted(office)).hits).toBeLessThanOrEqual(1);
  },
);

describe('the breaker', () => {
  test('opens after failures in a row, refuses without a hit, and closes by itself when the way is back', async () => {
    const office = await stack.addOffice();
    const token = await stack.token(office);
    const people = await stack.people('FOUND', 40);
    await stack.control('POST', '/faults', { kind: 'status', status: 503, userId: office.consumer.userId });
    const codes: string[] = [];
    for (const { nik } of people.slice(0, 12))
      codes.push((await stack.verify<{ code: string }>(token, { nik, purpose })).body.code);
    expect(new Set(codes)).toEqual(new Set(['UPSTREAM_UNAVAILABLE']));
    const { requests } = await stack.counted(office);
    expect(requests).toBe(5);
    const rights = await stack.send<{ allowed: boolean; upstream: { state: string } }>('GET', '/v1/access-rights', {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(rights.body).toMatchObject({ allowed: false, upstream: { state: 'open' } });
    // technicians see it too; it is no reason to take the service out
    const management = `http://127.0.0.1:${stack.stack.replicas['nik-verification'][0]?.managementPort}`;
    const health = await fetch(`${management}/health/ready`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ status: 'ok', details: { upstream: { open: 1 } } });
    expect(await (await fetch(`${management}/metrics`)).text()).toContain('gerbang_upstream_gate{state="open"} 1');

    await stack.control('DELETE', '/faults');
    // the wait is over: the next round of housekeeping probes the way, which the sandbox does not even see as a request
    await stack.sql('UPDATE verification.upstream_gate SET until = now() WHERE state = $1', ['open']);
    await until(
      async () =>
        (await stack.sql<{ state: string }>("SELECT state FROM verification.upstream_gate WHERE state = 'trial'"))
          .length === 1,
    );
    expect((await stack.counted(office)).requests).toBe(5);
    expect((await stack.verify(token, { nik: people[20]?.nik, purpose })).status).toBe(200);
    expect((await stack.verify(token, { nik: people[21]?.nik, purpose })).status).toBe(200);
  });

  test('never opens by answers about people', async () => {
    const office = await stack.addOffice();
    const token = await stack.token(office);
    for (const outcome of ['NOT_FOUND', 'DECEASED', 'DUPLICATE', 'INACTIVE', 'UNPROCESSABLE']) {
      for (const { nik } of await stack.people(outcome, 4)) {
        const got = await stack.verify<{ outcome: string; data?: unknown }>(token, { nik, purpose });
        expect(got.body).toMatchObject({ outcome });
        expect(got.body.data).toBeUndefined();
      }
    }
  });

  test('latches "access broken" until it is re-armed, and "quota used up" until tomorrow', async () => {
    const office = await stack.addOffice({ ministryQuota: 2 });
    const token = await stack.token(office);
    const people = await stack.people('FOUND', 8);
    const ask = async (index: number) =>
      (await stack.verify<{ outcome?: string; code?: string }>(token, { nik: people[index]?.nik, purpose })).body;
    expect([await ask(0), await ask(1)].map(({ outcome }) => outcome)).toEqual(['FOUND', 'FOUND']);
    expect([await ask(2), await ask(3)].map(({ code }) => code)).toEqual(['QUOTA_EXHAUSTED', 'QUOTA_EXHAUSTED']);
    expect((await stack.counted(office)).requests).toBe(3);
    const [gate] = await stack.sql<{ tomorrow: boolean }>(
      'SELECT until = verification.jakarta_midnight(verification.jakarta_day(now()) + 1) AS tomorrow FROM verification.upstream_gate JOIN access.client USING (institution_id) WHERE client.id = $1',
      [office.client.id],
    );
    expect(gate).toEqual({ tomorrow: true });
  });
});

test('outside its hours the ministry is left alone, and one look-up tries when the window may have opened', async () => {
  const office = await stack.addOffice();
  const token = await stack.token(office);
  const people = await stack.people('FOUND', 4);
  await stack.control('POST', '/faults', { kind: 'code', code: '06', times: 1, userId: office.consumer.userId });
  const ask = (index: number) =>
    stack.verify<{ outcome?: string; code?: string }>(token, { nik: people[index]?.nik, purpose });
  expect((await ask(0)).body.code).toBe('UPSTREAM_CLOSED');
  const closed = await ask(1);
  expect(closed.body.code).toBe('UPSTREAM_CLOSED');
  expect(Number(closed.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await stack.counted(office)).requests).toBe(1);
  await stack.sql("UPDATE verification.upstream_gate SET until = now() WHERE state = 'outside-hours'");
  expect((await ask(2)).body.outcome).toBe('FOUND');
  expect((await ask(3)).body.outcome).toBe('FOUND');
});

test('an access that was broken is re-armed by bringing the mended access in', async () => {
  const office = await stack.addOffice();
  const token = await stack.token(office);
  const people = await stack.people('FOUND', 3);
  await stack.control('POST', '/faults', { kind: 'code', code: '03', times: 1, userId: office.consumer.userId });
  const ask = async (index: number) => {
    const { body } = await stack.verify<{ outcome?: string; code?: string }>(token, {
      nik: people[index]?.nik,
      purpose,
    });
    return body.outcome ?? body.code;
  };
  expect([await ask(0), await ask(1)]).toEqual(['UPSTREAM_ACCESS_BROKEN', 'UPSTREAM_ACCESS_BROKEN']);
  expect((await stack.counted(office)).requests).toBe(1);
  await stack.provision(office.file);
  expect(await ask(2)).toBe('FOUND');
});

test('a ministry that is down costs no hit: refused connections are given back', async () => {
  const office = await stack.addOffice({
    change: (file) => file.upstream && (file.upstream.baseUrl = 'http://127.0.0.1:9'),
  });
  const token = await stack.token(office);
  const [person] = await stack.people('FOUND', 1);
  expect((await stack.verify<{ code: string }>(token, { nik: person?.nik, purpose })).body.code).toBe(
    'UPSTREAM_UNAVAILABLE',
  );
  const rights = await stack.send<{ quota: { used: number } }>('GET', '/v1/access-rights', {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(rights.body.quota.used).toBe(0);
});
