import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvidenceStatus } from '#contracts';
import { addOfficials, sessionsOf } from './support/officials.js';
import { purpose, RunningStack, type Office } from './support/running-stack.js';
import { until } from './support/until.js';

/** No sequencer runs: evidence lags, is warned of, stops look-ups of the office that it is about, and goes on when one is back. */
let stack: RunningStack;
let office: Office;
let token: string;

beforeAll(async () => {
  stack = await RunningStack.start({
    env: {
      NIK_VERIFICATION_SEQUENCER: 'off',
      NIK_VERIFICATION_EVIDENCE_WARN_MS: '500',
      NIK_VERIFICATION_EVIDENCE_STOP_MS: '3000',
    },
  });
  office = await stack.addOffice({ change: addOfficials });
  token = await stack.token(office);
});
afterAll(() => stack.stop());

const ask = (as = token) => stack.verify<{ code?: string }>(as, { nik: '3313043108859903', purpose });
const told = async (event: string) =>
  (await readFile(join(stack.folderPath, 'logs', 'nik-verification-1.log'), 'utf8')).includes(event);

test('first it is warned of, then look-ups stop and cost nothing', async () => {
  expect((await ask()).status).toBe(200);
  await until(() => told('evidence lags behind'));
  await until(async () => (await ask()).status !== 200);
  const { requests } = await stack.counted(office);
  const refused = await ask();
  expect(refused.status).toBe(503);
  expect(refused.body).toMatchObject({ code: 'EVIDENCE_STALLED' });
  expect(refused.headers.get('retry-after')).toBe('60');
  expect((await stack.counted(office)).requests).toBe(requests);
  const { camat } = await sessionsOf(stack, office.file.institution.regionCode);
  const status = await stack.send<EvidenceStatus>('GET', '/v1/evidence/status', { headers: camat ?? {} });
  expect(status.body).toMatchObject({ stalled: true, size: 0, lastCheckpoint: null });
  expect(status.body.pending).toBeGreaterThan(0);
  expect(status.body.lagSeconds).toBeGreaterThanOrEqual(3);
});

test('an office whose evidence is in order is not stopped', async () => {
  const other = await stack.addOffice();
  // what its own acts left waiting would stop it as well: here it has nothing waiting
  const [row] = await stack.sql<{ id: string }>('SELECT id FROM access.institution WHERE region_code = $1', [
    other.file.institution.regionCode,
  ]);
  await until(async () => {
    await stack.sql('DELETE FROM verification.log_pending WHERE institution_id = $1', [row?.id]);
    return (await ask(await stack.token(other))).status === 200;
  });
  expect((await ask()).status).toBe(503);
});

test('with a sequencer it catches up, and look-ups go on', async () => {
  await stack.stack.add('nik-verification', { NIK_VERIFICATION_SEQUENCER: 'on' });
  await until(async () => (await ask()).status === 200);
  await until(() => told('evidence has caught up'));
});
