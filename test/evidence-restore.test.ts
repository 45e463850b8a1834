import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Checkpoint, EvidenceGap, EvidenceStatus } from '#contracts';
import { BundleVerifier, type Report } from '#evidence';
import { institutionIdOf } from './support/office-parts.js';
import { addOfficials, sessionsOf } from './support/officials.js';
import { purpose, RunningStack, type Office } from './support/running-stack.js';
import { until } from './support/until.js';

/** The files of PostgreSQL are copied away and put back: a restore as it happens, behind checkpoints that were signed. */
let stack: RunningStack;
let office: Office;
let institutionId: string;
let data: string;
let camat: Record<string, string>;
let admin: Record<string, string>;
/** Signed after the copy was made: it knows events that the restored database does not. */
let lost: Checkpoint;
/** Signed before the copy was made. */
let early: Checkpoint;

beforeAll(async () => {
  stack = await RunningStack.start({ env: { NIK_VERIFICATION_CHECKPOINT_EVERY_MS: '500' } });
  office = await stack.addOffice({ change: addOfficials });
  institutionId = await institutionIdOf(stack, office);
  data = join(stack.folderPath, 'postgres', 'data');
});
afterAll(() => stack.stop());

async function lookUps(count: number): Promise<void> {
  const token = await stack.token(office);
  const people = await stack.people('FOUND', count);
  for (const { nik } of people) expect((await stack.verify(token, { nik, purpose })).status).toBe(200);
}

async function logIn(): Promise<void> {
  const sessions = await sessionsOf(stack, office.file.institution.regionCode);
  camat = sessions.camat!;
  admin = sessions.admin!;
}

const sign = () => stack.send<Checkpoint & { code?: string }>('POST', '/v1/evidence/checkpoints', { headers: camat });
const status = async () => (await stack.send<EvidenceStatus>('GET', '/v1/evidence/status', { headers: camat })).body;

async function verifyBundle(query: string, checkpoints: string[] = []): Promise<Report> {
  const { status: code, text } = await stack.send('GET', `/v1/evidence/export${query}`, { headers: camat });
  expect(code).toBe(200);
  const verifier = new BundleVerifier({ checkpoints });
  for (const line of text.split('\n').filter(Boolean)) verifier.line(line);
  return verifier.end();
}

/** With owner and mode, as PostgreSQL insists. */
const copy = (from: string, to: string) => execFileSync('cp', ['-a', from, to]);
const stopPostgres = async () => {
  await stack.stack.postgres.process.stop('SIGINT');
};

test('before: everything fits', async () => {
  await logIn();
  await lookUps(5);
  early = (await sign()).body;
  const backup = join(stack.folderPath, 'postgres', 'backup');
  await stopPostgres();
  copy(data, backup);
  await stack.stack.postgres.launch();
  await until(async () => (await sign()).status === 201);
  await lookUps(20);
  lost = (await sign()).body;
  expect(lost.size).toBeGreaterThan(early.size);
  expect(await verifyBundle('', [early.note])).toMatchObject({ ok: true, findings: [] });

  await stopPostgres();
  await rm(data, { recursive: true });
  copy(backup, data);
  await rm(backup, { recursive: true });
  await stack.stack.postgres.launch();
});

test('after the restore nothing is signed, whoever asks; look-ups go on', async () => {
  await until(async () => (await stack.sql('SELECT 1')).length === 1);
  await logIn();
  await until(async () => (await status()).fault !== undefined);
  expect(await status()).toMatchObject({ fault: 'ROLLED_BACK', stalled: false, origin: early.origin });
  const refused = await sign();
  expect(refused).toMatchObject({ status: 503, body: { code: 'EVIDENCE_ROLLED_BACK' } });
  await lookUps(3);
  const { size, pending } = await status();
  expect(size).toBeLessThan(lost.size);
  expect(pending).toBeGreaterThan(0);
  // who holds the checkpoint that was lost sees it
  const report = await verifyBundle('', [lost.note]);
  expect(report.ok).toBe(false);
  expect(report.findings.map(({ name }) => name)).toContain('LOG_ROLLED_BACK');
});

test('an admin acknowledges it; the log goes on as a new generation that says so', async () => {
  const path = `/v1/admin/institutions/${institutionId}/evidence/rollback-acknowledgements`;
  const { status: code, body } = await stack.send<EvidenceGap>('POST', path, {
    headers: { ...admin, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'Dipulihkan dari cadangan setelah kerusakan disk' }),
  });
  expect({ code, body }).toMatchObject({
    code: 200,
    body: { fault: 'ROLLED_BACK', previousOrigin: early.origin, origin: early.origin.replace(/1$/, '2') },
  });
  // at least those of the last checkpoint that we hold; the timer may have signed more
  expect(body.lostEvents).toBeGreaterThanOrEqual(lost.size - body.keptSize);
  expect(await status()).toMatchObject({ fault: null, origin: body.origin });
  await lookUps(3);
  expect((await sign()).status).toBe(201);
  // the evaluator sees the gap, and what was kept of the first generation still holds
  const report = await verifyBundle('', [early.note]);
  expect(report).toMatchObject({ ok: true, from: 0, byType: { GAP: 1 } });
  expect(report.notices.map(({ name }) => name)).toContain('GAP_DECLARED');
  expect(await verifyBundle('?generation=1', [early.note])).toMatchObject({ ok: true });
  const [event] = await stack.sql<{ act: string; reason: string }>(
    "SELECT act, reason FROM access.admin_event WHERE act = 'evidence.acknowledge-rollback'",
  );
  expect(event?.reason).toBe('Dipulihkan dari cadangan setelah kerusakan disk');
});
