import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeConsumer, NOBODY, recordOf, SITI, startSandbox } from '../../test/sandbox-fixture.js';
import type { SandboxFixture } from '../../test/sandbox-fixture.js';

let sandbox: SandboxFixture;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

const get = async (path: string) => (await sandbox.control('GET', path)).json();

describe('the control API', () => {
  it('lists a mix in which every outcome appears', async () => {
    const people = (await get('/people')) as { nik: string; outcome: string }[];
    expect(people.length).toBe(100);
    expect(new Set(people.map(({ nik }) => nik)).size).toBe(100);
    expect(new Set(people.map(({ outcome }) => outcome)).size).toBe(6);
    expect(people[0]).toMatchObject({ nik: SITI, namaLengkap: 'SITI CONTOH', noRt: '006', noKec: '04' });
    expect(people[0]).not.toHaveProperty('extras');
  });

  it.each(['FOUND', 'DECEASED', 'DUPLICATE', 'INACTIVE', 'NOT_FOUND', 'UNPROCESSABLE'])(
    'lists only %s when asked to',
    async (outcome) => {
      const people = (await get(`/people?outcome=${outcome}&limit=10`)) as { outcome: string }[];
      expect(people.map((person) => person.outcome)).toEqual(Array(10).fill(outcome));
    },
  );

  it('lists everybody when the limit allows it', async () => {
    const people = (await get('/people?outcome=FOUND&limit=20000')) as { nik: string }[];
    expect(people.length).toBeGreaterThan(9000);
    expect(new Set(people.map(({ nik }) => nik)).size).toBe(people.length);
  });

  it('tells of one NIK', async () => {
    expect(await get(`/people/${SITI}`)).toMatchObject({ outcome: 'FOUND', tanggalLahir: '1990-07-01', dusun: null });
    expect(await get(`/people/${NOBODY}`)).toEqual({ nik: NOBODY, outcome: 'NOT_FOUND' });
  });

  it('brings a guest in, whom only this sandbox knows, under any values, and takes somebody else than asked from the guests', async () => {
    const guest = {
      namaLengkap: 'CONTOH QWERTZUIOPASDFGH',
      jenisKelamin: 'YXCVBNMLKJHGFDSA',
      noKk: '3398010101019999',
      tempatLahir: 'TAMU',
      tanggalLahir: '1931-02-03',
      statusPerkawinan: 'TAMU KAWIN',
      jenisPekerjaan: null,
      alamat: 'JL CONTOH TAMU',
      noRt: '001',
      noRw: '002',
      dusun: null,
      ...{
        noProp: '33',
        namaProp: 'P',
        noKab: '98',
        namaKab: 'K',
        noKec: '01',
        namaKec: 'C',
        noKel: '2001',
        namaKel: 'D',
      },
      extras: { agama: 'A', golonganDarah: 'B', pendidikanAkhir: 'C', namaIbu: 'IBU CONTOH', ektpStatus: 'D' },
    };
    const [first, second] = ['3398014302319951', '3398014302319952'];
    expect((await sandbox.control('PUT', `/people/${first}`, guest)).status).toBe(201);
    expect((await sandbox.control('PUT', `/people/${first}`, guest)).status).toBe(200);
    await sandbox.control('PUT', `/people/${second}`, { ...guest, namaLengkap: 'CONTOH LAIN' });
    expect(await get(`/people/${first}`)).toMatchObject({ outcome: 'FOUND', namaLengkap: guest.namaLengkap });
    expect(await recordOf(sandbox.callNik(first))).toMatchObject({ JENIS_KLMIN: guest.jenisKelamin, AGAMA: 'A' });
    await sandbox.control('POST', '/faults', { kind: 'wrong-nik', times: 1 });
    expect(await recordOf(sandbox.callNik(first))).toMatchObject({ NAMA_LGKP: 'CONTOH LAIN' });
    const other = await startSandbox();
    expect(await (await other.control('GET', `/people/${first}`)).json()).toMatchObject({ outcome: 'NOT_FOUND' });
    await other.close();
    expect((await sandbox.control('PUT', '/people/3398014302310001', guest)).status).toBe(400);
    await sandbox.control('POST', '/reset');
    expect(await get(`/people/${first}`)).toMatchObject({ outcome: 'NOT_FOUND' });
  });

  it('creates and replaces a consumer, keeping its count, and never shows a password', async () => {
    const { userId: _userId, ...rest } = makeConsumer({ quota: 3 });
    expect((await sandbox.control('PUT', '/consumers/BARU', rest)).status).toBe(201);
    await sandbox.callNik(SITI, { user_id: 'BARU' });
    const moved = await sandbox.control('PUT', '/consumers/BARU', { ...rest, pathPrefix: '/baru', quota: 2 });
    expect(moved.status).toBe(200);
    expect(await recordOf(sandbox.callNik(SITI, { user_id: 'BARU' }))).toMatchObject({ RESPONSE_CODE: 3 });
    expect(
      await (await sandbox.post('/baru/call_nik', { ...sandbox.login, user_id: 'BARU', nik: SITI })).text(),
    ).toMatch('"quotaLimiter":0}');
    const listed = await get('/consumers');
    expect(listed).toMatchObject([{ userId: 'USERID_CONTOH' }, { userId: 'BARU', pathPrefix: '/baru', quota: 2 }]);
    expect(JSON.stringify(listed)).not.toContain('sandi');
  });

  it('names every fault of a body', async () => {
    const answer = await sandbox.control('PUT', '/consumers/X', { pathPrefix: 'x', quota: 'many' });
    expect(answer.status).toBe(400);
    const { faults } = (await answer.json()) as { faults: string[] };
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['pathPrefix', 'password', 'ips', 'quota']);
    expect((await sandbox.control('POST', '/faults', { kind: 'nonsense' })).status).toBe(400);
    expect((await sandbox.control('POST', '/faults', { kind: 'empty', ms: 1 })).status).toBe(400);
  });

  it('moves the clock, which resets with the counts and the faults', async () => {
    await sandbox.control('PUT', '/clock', { at: '2030-01-01T23:59:00+07:00' });
    await sandbox.control('POST', '/faults', { kind: 'empty' });
    await sandbox.callNik(SITI);
    expect((await sandbox.state()).consumers[0]).toMatchObject({ day: '2030-01-01', hits: 1 });
    expect((await sandbox.control('POST', '/reset')).status).toBe(204);
    const state = await sandbox.state();
    expect(state.consumers[0]).toMatchObject({ hits: 0, requests: 0, hitsByDay: {}, hitsByNik: {} });
    expect(state.faults).toEqual([]);
    expect(Math.abs(Date.parse(state.now) - Date.now())).toBeLessThan(60_000);
  });
});
