import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BUDI, makeConsumer, NOBODY, NURAINI, recordOf, startSandbox } from '../../test/sandbox-fixture.js';
import type { SandboxFixture } from '../../test/sandbox-fixture.js';

let sandbox: SandboxFixture;
beforeAll(async () => {
  sandbox = await startSandbox([makeConsumer({ quota: 100_000 })]);
});
afterAll(() => sandbox.close());

const budi = { NIK: BUDI, TRESHOLD: '90' };

describe('CALL_VERIFY_BY_ELEMEN', () => {
  it('says per element whether it agrees, in the order told', async () => {
    const told = { NAMA_LGKP: 'BUDI CONTOH', TMPT_LHR: 'KARANGASEM', TGL_LHR: '31-08-1985', JENIS_KLMIN: 'PEREMPUAN' };
    const record = await recordOf(sandbox.verify({ ...budi, ...told }));
    expect(JSON.stringify(record)).toBe(
      '{"NIK":"Sesuai","NAMA_LGKP":"Sesuai (100)","TMPT_LHR":"Tidak Sesuai (63)","TGL_LHR":"Sesuai","JENIS_KLMIN":"Tidak Sesuai"}',
    );
  });

  it.each([
    [{ NO_KK: '3313041203159902' }, 'Sesuai'],
    [{ NO_KK: '3313041203159903' }, 'Tidak Sesuai'],
    [{ TGL_LHR: '1985-08-31' }, 'Tidak Sesuai'],
    [{ STATUS_KAWIN: 'KAWIN' }, 'Sesuai'],
    [{ JENIS_PKRJN: 'WIRASWASTA' }, 'Sesuai (100)'],
    [{ ALAMAT: '' }, 'Tidak Sesuai (0)'],
    [{ NO_RT: 6 }, 'Sesuai'],
    [{ NO_RT: '006' }, 'Sesuai'],
    [{ NO_RW: 'x' }, 'Tidak Sesuai'],
  ])('judges %j as %s', async (element, verdict) => {
    const record = await recordOf(sandbox.verify({ ...budi, ...element }));
    expect(record[Object.keys(element)[0] ?? '']).toBe(verdict);
  });

  it.each([
    ['90', 'Sesuai (90)'],
    [90, 'Sesuai (90)'],
    [91, 'Tidak Sesuai (90)'],
    ['100', 'Tidak Sesuai (90)'],
  ])('takes the threshold %j', async (TRESHOLD, verdict) => {
    const record = await recordOf(sandbox.verify({ ...budi, TRESHOLD, NAMA_LGKP: 'BUDY CONTOH' }));
    expect(record['NAMA_LGKP']).toBe(verdict);
  });

  it.each([
    { NAMA_LGKP: 'X' },
    { NAMA_LGKP: 'X', THRESHOLD: '90' },
    { NAMA_LGKP: 'X', TRESHOLD: '0' },
    { NAMA_LGKP: 'X', TRESHOLD: 101 },
    { TRESHOLD: '90' },
  ])('misses a parameter in %j, for no hit', async (body) => {
    const before = (await sandbox.state()).consumers[0]?.hits;
    expect(Number((await recordOf(sandbox.verify({ NIK: BUDI, ...body })))['RESPONSE_CODE'])).toBe(9);
    expect((await sandbox.state()).consumers[0]?.hits).toBe(before);
  });

  it('counts a hit, also for a NIK above 2^53 and for nobody', async () => {
    await sandbox.control('POST', '/reset');
    const told = { TRESHOLD: '80', NAMA_LGKP: "NUR'AINI CONTOH" };
    const answer = await sandbox.verify({ NIK: NURAINI, ...told });
    expect(await answer.text()).toMatch(
      /^{"content":\[{"NIK":"Sesuai","NAMA_LGKP":"Sesuai \(100\)"}\].*"quotaLimiter":99999}$/,
    );
    expect(Number((await recordOf(sandbox.verify({ NIK: NOBODY, ...told })))['RESPONSE_CODE'])).toBe(13);
    expect((await sandbox.state()).consumers[0]).toMatchObject({ hits: 2, hitsByNik: { [NURAINI]: 1, [NOBODY]: 1 } });
  });
});
