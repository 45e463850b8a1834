import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  approveReport,
  beginExport,
  draftReport,
  getReport,
  readExport,
  readKitPart,
  readReportForm,
  reviewReport,
  signCheckpoint,
  type ReportActor,
  type ReportForm,
  type Rpc,
  type RpcInput,
  type RpcOutput,
} from '#contracts';
import { bundleName, kitManifest, KitVerifier, type KitSource } from '#report';
import { makeBusClient, RpcClient } from '#service';
import { bearer, operatorIdOf } from './support/asking.js';
import { addOperator, institutionIdOf } from './support/office-parts.js';
import { purpose, RunningStack, type Office } from './support/running-stack.js';
import { until } from './support/until.js';

/** Real services on the real bus: a report, and its kit as Disdukcapil checks it, with a count of its own. */
let stack: RunningStack;
let office: Office;
let institutionId: string;
let camat: ReportActor;
let bus: RpcClient;
let closeBus: () => Promise<unknown>;

const year = { from: '2026-01-01', until: '2026-12-31' };
const call = <R extends Rpc>(rpc: R, input: RpcInput<R>): Promise<RpcOutput<R>> =>
  bus.call(rpc, input, { deadlineMs: 20_000 });
const json = { 'content-type': 'application/json' };

beforeAll(async () => {
  stack = await RunningStack.start({
    replicas: { dataBalikan: 1, reporting: 2 },
    // by hand here: what the calendar does is tested where its clock can be set
    env: {
      REPORTING_STEWARD_EVERY_MS: '3600000',
      REPORTING_OPENING_EVERY_MS: '50',
      NIK_VERIFICATION_CHECKPOINT_EVERY_MS: '500',
    },
  });
  office = await stack.addOffice({
    dataBalikan: {},
    change: (file) => addOperator(file, 'camat', { role: 'camat', fullName: 'Camat Uji' }),
  });
  institutionId = await institutionIdOf(stack, office);
  camat = { institutionId, operatorId: await operatorIdOf(stack, office, 'camat'), name: 'Camat Uji', role: 'camat' };
  const env = stack.stack.environmentOf('gateway');
  const client = makeBusClient({
    servers: [env.GATEWAY_NATS_URL ?? ''],
    user: 'gateway',
    password: env.GATEWAY_NATS_PASSWORD ?? '',
  });
  await client.connect();
  bus = new RpcClient(client);
  closeBus = () => client.close();

  const token = await stack.token(office);
  const people = (await stack.people('FOUND', 4)).map(({ nik }) => nik);
  for (const nik of people) expect((await stack.verify(token, { nik, purpose })).status).toBe(200);
  const [missing] = await stack.people('NOT_FOUND', 1);
  expect((await stack.verify(token, { nik: missing?.nik, purpose })).body).toMatchObject({ outcome: 'NOT_FOUND' });
  expect((await stack.verify(token, { nik: '331304', purpose })).status).toBe(422);
  for (const [index, nik] of people.slice(0, 2).entries()) {
    const record = {
      nik,
      nomorRegister: `500/00${index}/SKU/I/2026`,
      namaUsaha: 'Warung Uji',
      jenisUsaha: 'Perdagangan',
    };
    const body = JSON.stringify({ ...record, tanggal: '2026-01-15' });
    const answer = await stack.send('POST', '/v1/data-balikan', { headers: { ...bearer(token), ...json }, body });
    expect(answer.status).toBe(202);
  }
  await until(async () => {
    const [told] = await stack.sql<{ count: number }>(
      `SELECT count(*)::int AS count FROM verification.reported_event WHERE type = 'DATA_BALIKAN' AND institution_id = $1`,
      [institutionId],
    );
    return told?.count === 2;
  });
});
afterAll(async () => {
  await closeBus();
  await stack.stop();
});

test('deliveries are opened in advance, and all of them anew in the night', async () => {
  const receipts = async () => {
    const rows = await stack.sql<{ receipt: string }>(
      'SELECT receipt FROM verification.opened_event WHERE institution_id = $1',
      [institutionId],
    );
    return rows.map(({ receipt }) => receipt).join();
  };
  await until(async () => (await receipts()) === 'SUCCESS,SUCCESS');
  await stack.sql(`UPDATE verification.opened_event SET receipt = 'MEDIA' WHERE institution_id = $1`, [institutionId]);
  // the last night is one day further back
  await until(async () => {
    const seen = await stack.sql(
      'UPDATE reporting.opening_night SET done_on = done_on - 1 WHERE institution_id = $1 RETURNING 1',
      [institutionId],
    );
    return seen.length === 1;
  });
  await until(async () => (await receipts()) === 'SUCCESS,SUCCESS');
});

test('a report says what happened, and everybody who has the kit finds the same', async () => {
  const drafted = await call(draftReport, { actor: camat, report: year });
  expect(drafted.figures.lookUps.total).toMatchObject({ requests: 5, hits: 5, confirmed: 5, pending: 0 });
  expect(drafted.figures.dataBalikan).toMatchObject({
    delivered: 2,
    coverage: { total: { lookUps: 4, sent: 2, accepted: 0, owed: 2, overdue: 0 } },
  });
  const { id } = drafted;
  await call(reviewReport, { actor: camat, id });
  await call(approveReport, { actor: camat, id });
  await until(async () => {
    const told = await stack.sql(`SELECT 1 FROM verification.reported_event WHERE type = 'REPORT' AND subject = $1`, [
      id,
    ]);
    return told.length === 3;
  });

  const files = new Map<string, Buffer>([
    ['report.json', await formOf(id, 'JSON')],
    ['report.pdf', await formOf(id, 'PDF')],
    ['report.xlsx', await formOf(id, 'XLSX')],
    ['particulars.jsonl', await partOf(id, 'particulars')],
    ['undelivered.jsonl', await partOf(id, 'undelivered')],
  ]);
  const { bundle, keys } = await exportLog();
  files.set(bundleName(1), bundle);
  expect(hex(files.get('report.json')!)).toBe((await call(getReport, { actor: camat, id })).contentHash);

  const kit = await new KitVerifier(sourceOf(files), { keys }).verify();
  // the office was set up by a file: no act of the log has put its papers on file
  expect(kit.findings.filter(({ name }) => name !== 'REGISTER_NOT_IN_LOG')).toEqual([]);
  expect(kit.approval).toMatchObject({ by: camat.operatorId });
  expect(kit.tables.reduce((sum, { compared }) => sum + compared, 0)).toBeGreaterThan(50);
  expect(kit.tables.every(({ differing }) => differing === 0)).toBe(true);
});

test('the same form comes from every replica in the same bytes', async () => {
  const { id } = await call(draftReport, { actor: camat, report: { from: '2026-02-01', until: '2026-12-31' } });
  const hashes = new Set<string>();
  for (let n = 0; n < 6; n += 1) hashes.add(hex(await formOf(id, 'PDF')));
  expect(hashes.size).toBe(1);
});

test('a record that only data-balikan remembers otherwise: no report, unless it was opened before', async () => {
  await stack.sql("UPDATE balikan.record SET business_name = 'Lain' WHERE institution_id = $1", [institutionId]);
  const { figures } = await call(draftReport, { actor: camat, report: year });
  expect(figures.dataBalikan.delivered).toBe(2);
  // as if nobody had opened it yet
  await stack.sql('DELETE FROM verification.opened_event WHERE institution_id = $1', [institutionId]);
  await stack.sql(
    'DELETE FROM verification.opened_until WHERE log_id IN (SELECT id FROM verification.log WHERE institution_id = $1)',
    [institutionId],
  );
  const report = { from: '2026-03-01', until: '2026-12-31' };
  await expect(call(draftReport, { actor: camat, report })).rejects.toMatchObject({ code: 'EVIDENCE_MISMATCH' });
});

const hex = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function formOf(id: string, form: ReportForm): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let last = false; !last;) {
    const piece = await call(readReportForm, { actor: camat, id, form, n: pieces.length });
    pieces.push(Buffer.from(piece.bytes, 'base64'));
    last = piece.last;
  }
  return Buffer.concat(pieces);
}

async function partOf(id: string, part: 'particulars' | 'undelivered'): Promise<Buffer> {
  const lines: string[] = [];
  let after: string | null = null;
  do {
    const page: RpcOutput<typeof readKitPart> = await call(readKitPart, { actor: camat, id, part, after });
    lines.push(...page.lines);
    after = page.next;
  } while (after !== null);
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}

/** The whole log, as `gerbang evidence export` gives it. */
async function exportLog(): Promise<{ bundle: Buffer; keys: string[] }> {
  await call(signCheckpoint, { institutionId });
  const begun = await call(beginExport, { institutionId, from: 0 });
  const { logId, origin, keys, from, to, before } = begun;
  const institution = { id: institutionId, name: office.file.institution.name };
  const exportedAt = new Date().toISOString();
  const lines = [
    JSON.stringify({ format: 'gerbang-evidence/1', origin, institution, keys, from, to, before, exportedAt }),
  ];
  let checkpoints = 0;
  for (let next = from; next < to;) {
    const page = await call(readExport, { institutionId, logId, from, next, to });
    lines.push(...page.lines);
    checkpoints += page.checkpoints;
    next = page.next;
  }
  lines.push(JSON.stringify({ end: true, leaves: to - from, checkpoints }));
  return { bundle: Buffer.from(lines.map((line) => `${line}\n`).join('')), keys };
}

function sourceOf(files: Map<string, Buffer>): KitSource {
  const rows = [...files].map(([name, bytes]) => ({ name, bytes: bytes.length, sha256: hex(bytes) }));
  const all = new Map([...files, ['manifest.json', Buffer.from(kitManifest(rows))]]);
  return {
    names: [...all.keys()],
    async *open(name) {
      yield all.get(name)!;
    },
  };
}
