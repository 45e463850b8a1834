import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { makeConsumer, startSandbox, SITI, BUDI, type SandboxFixture } from '../../test/sandbox-fixture.js';

const token = 'token-contoh';
const path = '/databalikan/api/store';
let sandbox: SandboxFixture;

beforeAll(async () => {
  sandbox = await startSandbox([makeConsumer({ token })]);
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.control('POST', '/reset'));

const param = (nomor: string, tanggal?: string) => ({
  NOMOR_REGISTER: nomor,
  NAMA_USAHA: 'WARUNG CONTOH',
  JENIS_USAHA: 'Dagang',
  ...(tanggal && { TANGGAL: tanggal }),
});
const array = (nik: string, nomor: string, tanggal?: string, idLembaga = '000123') =>
  JSON.stringify([
    { id_lembaga: idLembaga, nama_lembaga: 'Kecamatan Contoh', data: [{ NIK: nik, param: [param(nomor, tanggal)] }] },
  ]);
const form = (nik: string, nomor: string) =>
  new URLSearchParams({
    nik,
    id_lembaga: '000123',
    nama_lembaga: 'Kecamatan Contoh',
    param: JSON.stringify([param(nomor)]),
  }).toString();

async function store(body: string, { bearer = token, type = 'application/json' } = {}) {
  const answer = await fetch(sandbox.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': type },
    body,
    signal: AbortSignal.timeout(1_500),
  });
  return { status: answer.status, text: await answer.text() };
}
const success = { status: 200, text: '{"message":"Success"}' };
const again = { status: 400, text: '{"message":"Data sudah pernah dikirim"}' };
const inject = async (fault: object) =>
  expect((await sandbox.control('POST', '/data-balikan/faults', fault)).status).toBe(201);
const seen = async <T>(what = '') => (await (await sandbox.control('GET', `/data-balikan${what}`)).json()) as T;
const distinct = async () => (await seen<{ distinct: number }>()).distinct;

describe('the store', () => {
  it('takes a key once, in either body form', async () => {
    expect(await store(array(SITI, '500/1'))).toEqual(success);
    expect(await store(form(SITI, '500/1'), { type: 'application/x-www-form-urlencoded' })).toEqual(again);
    expect(await store(form(SITI, '500/2'), { type: 'application/x-www-form-urlencoded' })).toEqual(success);
    expect(await store(array(BUDI, '500/1'))).toEqual(success);
    expect(await store(array(SITI, '500/1', undefined, '000124'))).toEqual(success);
    expect(await seen()).toMatchObject({ distinct: 4, requests: 5, underWay: 0, mostAtOnce: 1 });
  });

  it('wants the token of a consumer', async () => {
    expect((await store(array(SITI, '500/1'), { bearer: 'lain' })).status).toBe(401);
    expect((await store(array(SITI, '500/1'), { bearer: '' })).status).toBe(401);
    expect(await distinct()).toBe(0);
  });

  it.each([
    ['no array', '{}'],
    ['no JSON', 'x'],
    ['a number in place of the NIK', array(SITI, '1').replace(`"${SITI}"`, SITI)],
    ['a short NIK', array('331304', '1')],
    ['no register number', array(SITI, '')],
    ['an institution of 5 digits', array(SITI, '1', undefined, '00012')],
  ])('refuses %s', async (_what, body) => {
    expect((await store(body)).status).toBe(400);
    expect(await distinct()).toBe(0);
  });

  it('tells what came in which order, and of a person only whether it is there', async () => {
    await store(array(SITI, '500/2', '2026-01-02'));
    await store(array(BUDI, '500/1', '2026-01-01'));
    const stored = await seen<{ date: string; nomorRegister: string }[]>('/stored');
    expect(stored.map(({ date, nomorRegister }) => [date, nomorRegister])).toEqual([
      ['2026-01-02', '500/2'],
      ['2026-01-01', '500/1'],
    ]);
    const all = JSON.stringify([stored, await seen('/requests'), await seen()]);
    expect(all).not.toContain(SITI);
    const find = async (nik: string) =>
      (
        await sandbox.control('POST', '/data-balikan/find', {
          userId: sandbox.consumer.userId,
          idLembaga: '000123',
          nik,
          nomorRegister: '500/2',
        })
      ).json();
    expect(await find(SITI)).toEqual({ stored: true });
    expect(await find(BUDI)).toEqual({ stored: false });
    await sandbox.control('DELETE', '/data-balikan');
    expect(await seen()).toMatchObject({ distinct: 0, requests: 0 });
  });

  it('gives a consumer a token, and keeps it when the consumer is replaced', async () => {
    const { userId: _userId, ...rest } = makeConsumer();
    const put = async (body: object) =>
      ((await (await sandbox.control('PUT', '/consumers/LAIN', body)).json()) as { token: string }).token;
    const made = await put(rest);
    expect(await store(array(SITI, '500/1'), { bearer: made })).toEqual(success);
    expect(await put({ ...rest, quota: 5 })).toBe(made);
    expect(await put({ ...rest, token: 'baru' })).toBe('baru');
    expect((await store(array(SITI, '500/1'), { bearer: made })).status).toBe(401);
    expect(JSON.stringify(await (await sandbox.control('GET', '/consumers')).json())).not.toContain('baru');
  });
});

describe('faults', () => {
  it.each([
    [{ kind: 'status', status: 500 }, 500, 'HTTP Status 500', 0],
    [{ kind: 'status', status: 503, message: 'Sibuk' }, 503, '{"message":"Sibuk"}', 0],
    [{ kind: 'status', status: 200, message: 'Lain' }, 200, '{"message":"Lain"}', 0],
    [{ kind: 'status', status: 200, message: 'Lain', store: true }, 200, '{"message":"Lain"}', 1],
    [{ kind: 'status', status: 400, message: 'Lain' }, 400, '{"message":"Lain"}', 0],
    [{ kind: 'html' }, 200, '<!doctype html>', 0],
    [{ kind: 'malformed' }, 200, '{"message":"Succ', 1],
    [{ kind: 'slow', ms: 100 }, 200, '{"message":"Success"}', 1],
  ])('%j', async (fault, status, text, stored) => {
    await inject(fault);
    const answer = await store(array(SITI, '500/1'));
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
    expect(await distinct()).toBe(stored);
  });

  it.each([
    [{ kind: 'hang' }, 0],
    [{ kind: 'reset' }, 0],
    [{ kind: 'reset-after-storing' }, 1],
  ])('%j: no answer', async (fault, stored) => {
    await inject(fault);
    await expect(store(array(SITI, '500/1'))).rejects.toThrow();
    expect(await distinct()).toBe(stored);
  });

  it('meet a named register number, so often, or after so many tries', async () => {
    await inject({ kind: 'status', status: 500, nomorRegister: '500/1', times: 2 });
    await inject({ kind: 'success-after', tries: 2, nomorRegister: '500/2' });
    const statuses = async (nomor: string) => {
      const got: number[] = [];
      for (let n = 0; n < 3; n += 1) got.push((await store(array(SITI, nomor))).status);
      return got;
    };
    expect(await statuses('500/1')).toEqual([500, 500, 200]);
    expect(await statuses('500/2')).toEqual([503, 503, 200]);
    expect(await statuses('500/3')).toEqual([200, 400, 400]);
    await inject({ kind: 'status', status: 500, share: 0 });
    expect((await store(array(SITI, '500/4'))).status).toBe(200);
    await sandbox.control('DELETE', '/data-balikan/faults');
    expect(await seen('/faults')).toEqual([]);
  });
});
