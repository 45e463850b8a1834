import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { recordOf, SITI, startSandbox, type SandboxFixture } from '../../test/sandbox-fixture.js';
import { bodyOf, exchange } from '../../test/raw-exchange.js';

let sandbox: SandboxFixture;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  await sandbox.control('POST', '/reset');
});

const inject = (fault: object) => sandbox.inject(fault);
const hits = async () => (await sandbox.state()).consumers[0]?.hits;

describe('faults of the body', () => {
  it('garbage is neither JSON nor UTF-8', async () => {
    await inject({ kind: 'garbage' });
    const answer = await sandbox.callNik(SITI);
    expect(answer.headers.get('content-type')).toMatch('application/json');
    const bytes = await answer.arrayBuffer();
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow();
    expect(await hits()).toBe(1);
  });

  it('html is a log-in page, not counted', async () => {
    await inject({ kind: 'html' });
    const answer = await sandbox.callNik(SITI);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html;charset=utf-8']);
    expect(await answer.text()).toContain('<form');
    expect(await hits()).toBe(0);
  });

  it('empty has no body', async () => {
    await inject({ kind: 'empty' });
    const answer = await sandbox.callNik(SITI);
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(await hits()).toBe(1);
  });

  it('truncated closes short of its content-length', async () => {
    await inject({ kind: 'truncated' });
    const { text, ended } = await exchange(sandbox);
    const promised = Number(/content-length: (\d+)/.exec(text)?.[1]);
    expect(bodyOf(text)).toHaveLength(promised >> 1);
    expect(ended).toBe('FIN');
    await expect(sandbox.callNik(SITI).then((answer) => answer.text())).rejects.toThrow();
    expect(await hits()).toBe(2);
  });

  it('truncated, chunked, is good HTTP and bad JSON', async () => {
    await inject({ kind: 'truncated', ending: 'chunked' });
    const text = await (await sandbox.callNik(SITI)).text();
    expect(text).toMatch(/^{"content":\[{"NO_KK":3313041203159902/);
    expect(() => JSON.parse(text) as unknown).toThrow();
  });

  it.each(['utf16le', 'latin1'])('wrong-encoding sends %s as UTF-8', async (encoding) => {
    await inject({ kind: 'wrong-encoding', encoding });
    const answer = await sandbox.callNik(SITI);
    expect(answer.headers.get('content-type')).toMatch('UTF-8');
    const bytes = await answer.arrayBuffer();
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow();
    expect(Buffer.from(bytes).toString(encoding as BufferEncoding)).toContain('SITI CONTÖH');
    expect(await hits()).toBe(1);
  });

  it('huge streams so many megabytes of valid JSON', async () => {
    await inject({ kind: 'huge', megabytes: 3 });
    const text = await (await sandbox.callNik(SITI)).text();
    expect(text.length).toBeGreaterThan(3 * 1_048_576);
    expect(JSON.parse(text)).toMatchObject({ content: [{ NAMA_LGKP: 'SITI CONTOH ' }], quotaLimiter: 999 });
  });

  it('huge stops when the client leaves', async () => {
    await inject({ kind: 'huge', megabytes: 4096 });
    await (await sandbox.callNik(SITI)).body?.cancel();
    let { inFlight } = await sandbox.state();
    while (inFlight > 0) ({ inFlight } = await sandbox.state());
    expect(inFlight).toBe(0);
  });

  it.each([500, 502, 503, 504, 401, 403, 404])('status %d comes as a page, or as the given body', async (status) => {
    await inject({ kind: 'status', status, times: 1 });
    await inject({ kind: 'status', status, body: '{"fault":1}' });
    const plain = await sandbox.callNik(SITI);
    expect([plain.status, plain.headers.get('content-type')]).toEqual([status, 'text/html;charset=utf-8']);
    expect(await (await sandbox.callNik(SITI)).text()).toBe('{"fault":1}');
    expect(await hits()).toBe(0);
  });
});

describe('faults of the content', () => {
  it.each([
    [{ code: '05' }, '"RESPONSE_CODE":"05","RESPONSE_DESC":"Kuota Akses Hari ini telah Habis"', 0],
    [{ code: '05', asNumber: true }, '"RESPONSE_CODE":5,', 0],
    [{ code: '17' }, '"RESPONSE_DESC":"User ID Tidak Aktif"', 0],
    [{ code: '13' }, '"RESPONSE_CODE":"13"', 1],
    [{ code: '99', desc: 'Lain' }, '"RESPONSE_CODE":"99","RESPONSE_DESC":"Lain"', 1],
    [{ code: 'E1', asNumber: true }, '"RESPONSE_CODE":"E1"', 1],
  ])('code %j', async (parameters, expected, counted) => {
    await inject({ kind: 'code', ...parameters });
    expect(await (await sandbox.callNik(SITI)).text()).toContain(expected);
    expect(await hits()).toBe(counted);
  });

  it.each([
    ['Kuota Akses Hari ini telah Habis', 0],
    ['DATA TIDAK DITEMUKAN!', 1],
  ])('respon %j', async (text, counted) => {
    await inject({ kind: 'respon', text });
    expect(await recordOf(sandbox.callNik(SITI))).toEqual({ RESPON: text });
    expect(await hits()).toBe(counted);
  });

  it.each([
    ['content-object', /^{"content":{"NO_KK"/],
    ['content-empty', /^{"content":\[\],.*"totalElements":0/],
    ['missing-content', /^{"lastPage":true/],
    ['wrong-nik', /"NIK":3313043108859903/],
  ])('%s is valid JSON and counts', async (kind, expected) => {
    await inject({ kind });
    const text = await (await sandbox.callNik(SITI)).text();
    expect(text).toMatch(expected);
    expect(JSON.parse(text)).toBeInstanceOf(Object);
    expect((await sandbox.state()).consumers[0]).toMatchObject({ hits: 1, hitsByNik: { [SITI]: 1 } });
  });
});
