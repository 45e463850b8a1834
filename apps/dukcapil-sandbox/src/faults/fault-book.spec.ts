import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BUDI, makeConsumer, recordOf, SITI, startSandbox, type SandboxFixture } from '../../test/sandbox-fixture.js';

let sandbox: SandboxFixture;
beforeAll(async () => {
  sandbox = await startSandbox([makeConsumer(), makeConsumer({ userId: 'LAIN' })]);
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  await sandbox.control('POST', '/reset');
});

const inject = (fault: object) => sandbox.inject(fault);

describe('who meets a fault', () => {
  it('no more than `times` requests, however many come at once', async () => {
    await inject({ kind: 'status', status: 500, times: 7 });
    const answers = await Promise.all(Array.from({ length: 50 }, () => sandbox.callNik(SITI)));
    expect(answers.filter((answer) => answer.status === 500)).toHaveLength(7);
    expect((await sandbox.state()).faults).toEqual([]);
  });

  it('only the User ID and the NIK that it names, the oldest fault first', async () => {
    await inject({ kind: 'status', status: 500, nik: BUDI });
    await inject({ kind: 'status', status: 502, userId: 'LAIN' });
    const statusOf = async (nik: string, user_id: string) => (await sandbox.callNik(nik, { user_id })).status;
    expect(await statusOf(SITI, 'USERID_CONTOH')).toBe(200);
    expect(await statusOf(BUDI, 'USERID_CONTOH')).toBe(500);
    expect(await statusOf(SITI, 'LAIN')).toBe(502);
    expect(await statusOf(BUDI, 'LAIN')).toBe(500);
    expect((await sandbox.state()).faults.map(({ played }) => played)).toEqual([2, 1]);
  });

  it('nobody once it is cleared, one by one or all together', async () => {
    await inject({ kind: 'empty' });
    await inject({ kind: 'html' });
    const [first] = (await sandbox.state()).faults;
    expect((await sandbox.control('DELETE', `/faults/${first?.id}`)).status).toBe(204);
    expect((await sandbox.control('DELETE', `/faults/${first?.id}`)).status).toBe(404);
    expect((await sandbox.state()).faults).toMatchObject([{ kind: 'html', count: false, left: null }]);
    expect((await sandbox.control('DELETE', '/faults')).status).toBe(204);
    expect(await recordOf(sandbox.callNik(SITI))).toHaveProperty('NAMA_LGKP');
  });

  it('never a hit over the quota, nor one without a login', async () => {
    await inject({ kind: 'drop-after-count' });
    await expect(sandbox.callNik(SITI, { password: 'x' })).rejects.toThrow();
    expect((await sandbox.state()).consumers[0]).toMatchObject({ hits: 0, requests: 1 });
  });
});
