import { afterEach, describe, expect, it } from '@jest/globals';
import { BUDI, makeConsumer, NOBODY, NURAINI, recordOf, SITI, startSandbox } from '../../test/sandbox-fixture.js';
import type { SandboxFixture } from '../../test/sandbox-fixture.js';

let sandbox: SandboxFixture;
afterEach(() => sandbox.close());

const nikWith = async (outcome: string) => {
  const listed = await (await sandbox.control('GET', `/people?outcome=${outcome}&limit=1`)).json();
  return (listed as { nik: string }[])[0]?.nik ?? '';
};

describe('call_nik', () => {
  it('answers 200 with a record, all digits kept, and the hits left', async () => {
    sandbox = await startSandbox();
    const answer = await sandbox.callNik(NURAINI);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch('application/json');
    const text = await answer.text();
    expect(text).toContain('"NIK":9171017008909903,');
    expect(text).toMatch(/"size":1,"quotaLimiter":999}$/);
  });

  it('leaves the hits out where the server does not tell them', async () => {
    sandbox = await startSandbox([makeConsumer({ quotaLimiter: false })]);
    expect(await (await sandbox.callNik(SITI)).text()).toMatch(/"size":1}$/);
  });

  it.each([
    { nik: SITI, user_id: 'USERID_CONTOH', password: 'sandi-contoh', ip_user: '10.0.0.10' },
    { NIK: SITI, USER_ID: 'USERID_CONTOH', PASSWORD: 'sandi-contoh', IP_USER: '10.0.0.10' },
    { nik: SITI, userId: 'USERID_CONTOH', password: 'sandi-contoh', ip_address: '10.0.0.10' },
  ])('understands the dialect %j', async (body) => {
    sandbox = await startSandbox();
    const path = sandbox.consumer.pathPrefix;
    expect(await recordOf(sandbox.post(`${path}/CALL_NIK`, body))).toMatchObject({ NAMA_LGKP: 'SITI CONTOH ' });
  });

  it('understands a NIK that is sent as a bare number above 2^53', async () => {
    sandbox = await startSandbox();
    const body = JSON.stringify({ nik: 'x', ...sandbox.login }).replace('"x"', NURAINI);
    const record = recordOf(sandbox.post(`${sandbox.consumer.pathPrefix}/call_nik`, body));
    expect(await record).toMatchObject({ NAMA_LGKP: "NUR'AINI CONTOH" });
  });

  it.each([
    ['DECEASED', '11', 'data ditemukan meninggal dunia'],
    ['DUPLICATE', '12', 'data ganda'],
    ['NOT_FOUND', '13', 'data tidak ditemukan'],
    ['INACTIVE', '14', 'data tidak aktif'],
    ['UNPROCESSABLE', '08', 'nik tidak dapat diproses'],
  ])('says %s in both generations, and counts the hit', async (outcome, code, respon) => {
    const old = makeConsumer({ userId: 'LAMA', generation: 'A' });
    sandbox = await startSandbox([makeConsumer(), old]);
    const nik = await nikWith(outcome);
    const record = await recordOf(sandbox.callNik(nik));
    expect(String(record['RESPONSE_CODE']).padStart(2, '0')).toBe(code);
    expect(record['RESPONSE_DESC']).toEqual(expect.any(String));
    const { RESPON } = await recordOf(sandbox.callNik(nik, { user_id: 'LAMA' }));
    expect(
      String(RESPON)
        .toLowerCase()
        .replace(/[^a-z ]/g, ''),
    ).toBe(respon);
    expect((await sandbox.state()).consumers.map(({ hits }) => hits)).toEqual([1, 1]);
  });

  it('sends codes as texts and as numbers', async () => {
    sandbox = await startSandbox();
    const listed = await (await sandbox.control('GET', '/people?outcome=NOT_FOUND&limit=20')).json();
    const types = new Set<string>();
    for (const { nik } of listed as { nik: string }[]) {
      types.add(typeof (await recordOf(sandbox.callNik(nik)))['RESPONSE_CODE']);
    }
    expect([...types].sort()).toEqual(['number', 'string']);
  });

  it.each([
    ['a wrong password', { password: 'x' }, '03', 'Login Gagal'],
    ['a wrong address', { ip_user: '10.0.0.11' }, '04', 'IP Address Tidak Sesuai'],
    ['no password', { password: undefined }, '07', 'Parameter Tidak Lengkap'],
    ['no NIK', { nik: undefined }, '09', 'Parameter Tidak Lengkap'],
  ])('refuses %s in both generations, for no hit', async (_what, body, code, respon) => {
    sandbox = await startSandbox([makeConsumer(), makeConsumer({ userId: 'LAMA', generation: 'A' })]);
    const record = await recordOf(sandbox.callNik('3313044107909900', body));
    expect(record).toMatchObject({ RESPONSE_CODE: code, RESPONSE_DESC: respon });
    const old = await recordOf(sandbox.callNik('3313044107909900', { ...body, user_id: 'LAMA' }));
    expect(old).toEqual({ RESPON: respon });
    expect((await sandbox.state()).consumers).toMatchObject([
      { hits: 0, requests: 1 },
      { hits: 0, requests: 1 },
    ]);
  });

  it('refuses a User ID that the path does not know, and an address when none is registered', async () => {
    sandbox = await startSandbox([
      makeConsumer({ ips: [], generation: 'A' }),
      makeConsumer({ userId: 'B', pathPrefix: '/b' }),
    ]);
    expect(await recordOf(sandbox.callNik(NOBODY))).toEqual({ RESPON: 'IP Client  Tidak terdaftar' });
    expect(await recordOf(sandbox.callNik(NOBODY, { user_id: 'B' }))).toEqual({ RESPON: 'Login Gagal' });
    expect(await sandbox.state()).toMatchObject({ requestsOfNobody: 1 });
  });

  it.each(['331304410790990', '3313O44107909901', '33130441079099011', '1111111111111111'])(
    'calls %s malformed, for no hit',
    async (nik) => {
      sandbox = await startSandbox();
      const { RESPONSE_CODE } = await recordOf(sandbox.callNik(nik));
      expect(String(RESPONSE_CODE)).toBe('15');
      expect((await sandbox.state()).consumers[0]?.hits).toBe(0);
    },
  );

  it('does not count "not found" where the consumer is so configured', async () => {
    sandbox = await startSandbox([makeConsumer({ countsNotFound: false })]);
    expect(await (await sandbox.callNik(NOBODY)).text()).toContain('"quotaLimiter":1000');
    expect((await sandbox.state()).consumers[0]?.hits).toBe(0);
  });

  it('keeps opening hours in Jakarta', async () => {
    let now = Date.parse('2026-11-23T07:59:59+07:00');
    sandbox = await startSandbox([makeConsumer({ hours: { from: 8 * 60, to: 15 * 60 } })], {}, () => now);
    expect(await recordOf(sandbox.callNik(SITI))).toMatchObject({ RESPONSE_CODE: 6 });
    now += 1000;
    expect(await recordOf(sandbox.callNik(SITI))).toHaveProperty('NAMA_LGKP');
    now = Date.parse('2026-11-23T15:00:00+07:00');
    expect(await recordOf(sandbox.callNik(SITI))).toMatchObject({ RESPONSE_CODE: 6 });
  });

  it.each([
    ['POST', '/dukcapil/get_json/33-13/lain/call_nik', '{}', 404],
    ['POST', '/dukcapil/get_json/33-13/contoh/call_kk', '{}', 404],
    ['GET', '/dukcapil/get_json/33-13/contoh/call_nik', undefined, 405],
    ['GET', '/', undefined, 404],
    ['POST', '/dukcapil/get_json/33-13/contoh/call_nik', '{"nik":', 400],
    ['POST', '/dukcapil/get_json/33-13/contoh/call_nik', 'null', 400],
  ])('shows an HTML page for %s %s %s', async (method, path, body, status) => {
    sandbox = await startSandbox();
    const answer = await fetch(sandbox.url + path, { method, ...(body !== undefined && { body }) });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch('text/html');
    expect(await answer.text()).toMatch('<!doctype html>');
  });
});

describe('the count', () => {
  it('is exact when 200 requests come at once, and says so to each', async () => {
    sandbox = await startSandbox();
    const answers = await Promise.all(Array.from({ length: 200 }, (_, at) => sandbox.callNik(at % 2 ? SITI : BUDI)));
    const left = await Promise.all(
      answers.map(async (answer) => /"quotaLimiter":(\d+)/.exec(await answer.text())?.[1]),
    );
    expect(new Set(left).size).toBe(200);
    const { consumers, inFlight } = await sandbox.state();
    expect(consumers[0]).toMatchObject({ hits: 200, requests: 200, hitsByNik: { [SITI]: 100, [BUDI]: 100 } });
    expect(inFlight).toBe(0);
  });

  it('lets no hit through over the quota, and remembers who tried', async () => {
    sandbox = await startSandbox([makeConsumer({ quota: 50 })]);
    const answers = await Promise.all(Array.from({ length: 60 }, () => sandbox.callNik(SITI)));
    const records = await Promise.all(answers.map((answer) => recordOf(answer)));
    expect(records.filter((record) => 'NAMA_LGKP' in record).length).toBe(50);
    expect(records.filter((record) => Number(record['RESPONSE_CODE']) === 5).length).toBe(10);
    expect((await sandbox.state()).consumers[0]).toMatchObject({ hits: 50, requests: 60, refusedOverQuota: 10 });
  });

  it('begins anew at midnight in Jakarta', async () => {
    let now = Date.parse('2026-11-23T23:59:59.999+07:00');
    sandbox = await startSandbox([makeConsumer({ quota: 1, generation: 'A' })], {}, () => now);
    await sandbox.callNik(NOBODY);
    expect(await recordOf(sandbox.callNik(NOBODY))).toEqual({ RESPON: 'Kuota Akses Hari ini telah Habis' });
    now += 1;
    expect(await recordOf(sandbox.callNik(NOBODY))).toEqual({ RESPON: 'Data Tidak Ditemukan' });
    expect((await sandbox.state()).consumers[0]).toMatchObject({
      day: '2026-11-24',
      hitsByDay: { '2026-11-23': 1, '2026-11-24': 1 },
    });
  });
});
