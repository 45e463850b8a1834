import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import ExcelJS from 'exceljs';
import { unzipSync, zipSync } from 'fflate';
import {
  openAccessEvents,
  type Duty,
  type ErrorCode,
  type Letter,
  type LiveFigures,
  type ObligationList,
  type Oversight,
  type ReportDetail,
  type ReportPage,
  type Role,
  type Sample,
} from '#contracts';
import { projectRoot } from '../apps/launcher/src/project-root.js';
import { expectProblem } from './support/answers.js';
import { bearer } from './support/asking.js';
import { addOperator } from './support/office-parts.js';
import { ofOwnPage, openSessions, type OpenSession } from './support/open-session.js';
import { purpose, RunningStack, type Answer, type Office } from './support/running-stack.js';
import { until } from './support/until.js';

const period = { from: '2026-01-01', until: '2026-12-31' };
const nik = '3313044107909901';
/** Who logs in, by office and role. */
type Who = `${'home' | 'neighbour' | 'overseer' | 'stranger'} ${Role}`;

let stack: RunningStack;
let home: Office;
let folder: string;
const sessions = new Map<string, OpenSession>();
const ids = new Map<string, string>();
const institutions = new Map<string, string>();
const regions = { home: '33.97.01', neighbour: '33.97.02', overseer: '33.97', stranger: '33.96' };

beforeAll(async () => {
  // by hand here: the calendar has its own tests
  const env = {
    REPORTING_STEWARD_EVERY_MS: '3600000',
    GATEWAY_BURST_PER_SECOND: '100000',
    GATEWAY_BURST_SIZE: '100000',
  };
  stack = await RunningStack.start({ replicas: { dataBalikan: 1, reporting: 1 }, env });
  folder = await mkdtemp(join(tmpdir(), 'gerbang-kit-'));
  const kecamatan = (regionCode: string) =>
    stack.addOffice({
      dataBalikan: {},
      change: (file) => {
        file.institution.regionCode = regionCode;
        for (const role of ['camat', 'admin'] as const) addOperator(file, role, { role, fullName: `Uji ${role}` });
        Object.assign(file.operators[0] ?? {}, { nik, employmentStatus: 'PNS', officeName: 'Kantor Uji' });
      },
    });
  home = await kecamatan(regions.home);
  await kecamatan(regions.neighbour);
  for (const regionCode of [regions.overseer, regions.stranger])
    await stack.provision({
      institution: { name: `Disdukcapil Uji ${regionCode}`, regionCode },
      operators: (['evaluator', 'admin'] as const).map((role) => ({
        ...{ userIdLokal: `${role}.${regionCode}`, fullName: 'Uji', role, activeFrom: '2026-01-01' },
      })),
      clients: [],
    });
  await logEverybodyIn();
  const token = await stack.token(home);
  for (const person of await stack.people('FOUND', 3))
    expect((await stack.verify(token, { nik: person.nik, purpose })).status).toBe(200);
  await until(async () => (await stack.sql('SELECT FROM access.evidence_outbox LIMIT 1')).length === 0);
});
afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

async function logEverybodyIn(): Promise<void> {
  const rows = await stack.sql<{ id: string; institution: string; region: string; role: Role }>(
    `SELECT operator.id, role, region_code AS region, institution_id AS institution
     FROM access.operator JOIN access.institution ON institution.id = institution_id`,
  );
  const opened = await openSessions(
    stack,
    rows.map(({ id }) => ({ operatorId: id })),
  );
  rows.forEach(({ id, institution, region, role }, index) => {
    const office = Object.entries(regions).find(([, code]) => code === region)?.[0] ?? '';
    sessions.set(`${office} ${role}`, opened[index] ?? { cookie: '', csrf: '' });
    ids.set(`${office} ${role}`, id);
    institutions.set(office, institution);
  });
}

const headersOf = (who: Who) => ofOwnPage(sessions.get(who) ?? { cookie: '', csrf: '' });
const ofHome = () => `?institutionId=${institutions.get('home')}`;

function send<T = Record<string, unknown>>(who: Who, method: string, path: string, body?: unknown): Promise<Answer<T>> {
  return stack.send<T>(method, path, {
    headers: { ...headersOf(who), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function does<T>(who: Who, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await send<T>(who, method, path, body);
  if (answer.status >= 300) throw new Error(`${who}: ${method} ${path}: ${answer.text}`);
  return answer.body;
}

/** Nobody of these may. */
async function refuses(code: ErrorCode, whos: readonly Who[], method: string, path: string, body?: unknown) {
  for (const who of whos) {
    const answer = await send(who, method, path, body);
    expect({ who, path, status: answer.status, code: answer.body.code }).toMatchObject({ who, path, code });
  }
}

async function download(who: Who, path: string): Promise<{ status: number; headers: Headers; bytes: Buffer }> {
  const answer = await fetch(`${stack.url}${path}`, { headers: headersOf(who) });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}

const gerbangVerify = (path: string) =>
  new Promise<{ status: number; out: string }>((resolve) => {
    const script = join(projectRoot, 'dist', 'verifier', 'gerbang-verify.mjs');
    execFile(process.execPath, [script, path], (failure, out, error) =>
      resolve({ status: failure ? Number(failure.code) : 0, out: out + error }),
    );
  });

describe('a report from its draft to its evaluation', () => {
  let report: ReportDetail;
  const path = (rest = '') => `/v1/reports/${report.id}${rest}`;

  test('is drafted by the office, and read by nobody from outside but its evaluator', async () => {
    await refuses('ROLE_NOT_ALLOWED', ['home operator', 'overseer evaluator'], 'POST', '/v1/reports', period);
    report = await does<ReportDetail>('home admin', 'POST', '/v1/reports', period);
    expect(report).toMatchObject({ state: 'DRAFTED', scheduled: false, drafted: { name: 'Uji admin' } });
    expect(report.figures.lookUps.total).toMatchObject({ requests: 3, hits: 3 });
    const { reports } = await does<ReportPage>('home camat', 'GET', '/v1/reports');
    expect(reports.map(({ id }) => id)).toEqual([report.id]);
    // a draft is the office's own affair
    const overseen = await does<ReportPage>('overseer evaluator', 'GET', `/v1/reports${ofHome()}`);
    expect(overseen.reports).toEqual([]);
    await refuses('RESOURCE_NOT_FOUND', ['overseer evaluator'], 'GET', path(ofHome()));
    expect((await does<ReportPage>('neighbour camat', 'GET', '/v1/reports')).reports).toEqual([]);
    expect((await does<ReportPage>('overseer evaluator', 'GET', '/v1/reports')).reports).toEqual([]);
    for (const rest of ['', '/report.pdf', '/report.json', '/kit']) {
      await refuses('RESOURCE_NOT_FOUND', ['neighbour camat', 'overseer evaluator'], 'GET', path(rest));
      await refuses('RESOURCE_NOT_FOUND', ['stranger evaluator', 'neighbour camat'], 'GET', path(rest) + ofHome());
      await refuses('ROLE_NOT_ALLOWED', ['home operator'], 'GET', path(rest));
    }
    await refuses('ROLE_NOT_ALLOWED', ['home admin'], 'GET', path('/kit'));
    const token = await stack.token(home, { operator: 'camat', scope: 'reports:read' });
    const byToken = await stack.send<ReportDetail>('GET', path(), { headers: bearer(token) });
    expect(byToken.body).toEqual(report);
    const without = await stack.token(home, { operator: 'camat', scope: 'evidence:read' });
    expectProblem(await stack.send('GET', path(), { headers: bearer(without) }), 'SCOPE_MISSING');
  });

  test('takes each step by the right person alone', async () => {
    const narrative = { obstacles: 'Jaringan terputus dua hari.', followUp: 'Jadwal dipindahkan.' };
    const strangers: Who[] = ['neighbour camat', 'neighbour admin'];
    await refuses('ROLE_NOT_ALLOWED', ['home operator', 'overseer evaluator'], 'PUT', path('/narrative'), narrative);
    await refuses('RESOURCE_NOT_FOUND', strangers, 'PUT', path('/narrative'), narrative);
    const withNik = { ...narrative, obstacles: `NIK ${nik} tidak terbaca` };
    await refuses('REQUEST_INVALID', ['home camat'], 'PUT', path('/narrative'), withNik);
    await does('home camat', 'PUT', path('/narrative'), narrative);

    await refuses('ROLE_NOT_ALLOWED', ['home operator', 'home camat'], 'POST', path('/review'));
    await refuses('RESOURCE_NOT_FOUND', ['neighbour admin'], 'POST', path('/review'));
    expect(await does('home admin', 'POST', path('/review'))).toMatchObject({ state: 'REVIEWED', narrative });

    await refuses('ROLE_NOT_ALLOWED', ['home admin', 'overseer evaluator'], 'POST', path('/approval'));
    await refuses('RESOURCE_NOT_FOUND', ['neighbour camat'], 'POST', path('/approval'));
    report = await does<ReportDetail>('home camat', 'POST', path('/approval'));
    expect(report).toMatchObject({ state: 'APPROVED', approved: { by: ids.get('home camat'), name: 'Uji camat' } });
    expect(await does('overseer evaluator', 'GET', path(ofHome()))).toEqual(report);
    await refuses('STATE_CONFLICT', ['home camat'], 'PUT', path('/narrative'), narrative);
    await refuses('STATE_CONFLICT', ['home admin'], 'POST', path('/discarding'), { reason: 'Uji' });

    const submission = { method: 'PAPER', on: '2026-12-31', receiptNumber: '470/112/2026' };
    await refuses('ROLE_NOT_ALLOWED', ['home operator', 'overseer evaluator'], 'POST', path('/submission'), submission);
    await refuses('RESOURCE_NOT_FOUND', strangers, 'POST', path('/submission'), submission);
    const on = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
    await does('home admin', 'POST', path('/submission'), { ...submission, on });

    const evaluation = { verdict: 'ACCEPTED', note: 'Lengkap.' };
    await refuses('ROLE_NOT_ALLOWED', ['home camat', 'overseer admin'], 'POST', path('/evaluation'), evaluation);
    await refuses('RESOURCE_NOT_FOUND', ['overseer evaluator'], 'POST', path('/evaluation'), evaluation);
    await refuses('RESOURCE_NOT_FOUND', ['stranger evaluator'], 'POST', path('/evaluation') + ofHome(), evaluation);
    const evaluated = await does('overseer evaluator', 'POST', path('/evaluation') + ofHome(), evaluation);
    expect(evaluated).toMatchObject({ state: 'EVALUATED', evaluated: { by: ids.get('overseer evaluator') } });
  });

  test('comes in every form, also as the ministry’s own', async () => {
    const forms = { 'report.pdf': '%PDF-', 'report.xlsx': 'PK', 'report.csv': '', 'report.json': '{' };
    for (const [form, begin] of Object.entries(forms)) {
      const { status, headers, bytes } = await download('overseer evaluator', path(`/${form}`) + ofHome());
      expect({ form, status }).toEqual({ form, status: 200 });
      expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+"$/);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(bytes.toString('latin1').startsWith(begin)).toBe(true);
    }
    expectProblem(await send('home camat', 'GET', path('/form.xlsx')), 'TEMPLATE_MISSING');
    await refuses('ROLE_NOT_ALLOWED', ['home camat', 'home operator'], 'PUT', '/v1/report-template/mapping', {
      cells: {},
    });
    await upload(await workbook());
    await does('home admin', 'PUT', '/v1/report-template/mapping', { cells: { jumlah: 'figures.lookUps.total.hits' } });
    const filled = new ExcelJS.Workbook();
    const { bytes } = await download('home camat', path('/form.xlsx'));
    await filled.xlsx.load(bytes as never);
    expect(filled.worksheets[0]?.getCell('B2').value).toBe(3);
    const tooLarge = await upload(Buffer.alloc(160 * 1024, 'x'), false);
    expect(tooLarge).toBe(413);
    expect(await upload(Buffer.from('bukan XLSX'), false)).toBe(422);
  });

  test('has a kit from which everybody finds the same, and in which a change is found', async () => {
    const { status, headers, bytes } = await download('overseer evaluator', path('/kit') + ofHome());
    expect([status, headers.get('content-type')]).toEqual([200, 'application/zip']);
    expect(headers.get('content-disposition')).toBe('attachment; filename="kit-33.97.01-2026-01-01-2026-12-31-v1.zip"');
    const kit = join(folder, 'kit.zip');
    await writeFile(kit, bytes);
    const verdict = await gerbangVerify(kit);
    expect(verdict).toMatchObject({ status: 0, out: expect.stringContaining(report.contentHash) });
    const files = unzipSync(bytes);
    expect(Object.keys(files)).toEqual([
      ...['report.json', 'report.pdf', 'report.xlsx', 'particulars.jsonl', 'undelivered.jsonl', 'evidence-1.jsonl'],
      ...['gerbang-verify.mjs', 'gerbang-verify.html', 'BACA-SAYA.txt', 'manifest.json'],
    ]);
    expect(Buffer.concat(Object.values(files).map((one) => Buffer.from(one))).toString('latin1')).not.toContain(nik);
    const text = Buffer.from(files['report.json'] ?? []).toString('utf8');
    files['report.json'] = Buffer.from(text.replace('"hits":3', '"hits":2'));
    await writeFile(kit, zipSync(files));
    expect((await gerbangVerify(kit)).status).toBe(1);
  });

  async function workbook(): Promise<Buffer> {
    const book = new ExcelJS.Workbook();
    book.addWorksheet('Formulir').getCell('A2').value = 'Jumlah akses';
    book.definedNames.add('Formulir!$B$2', 'jumlah');
    return Buffer.from(await book.xlsx.writeBuffer());
  }

  async function upload(file: Buffer, asForm = true): Promise<number> {
    const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(file)], { type }), 'formulir.xlsx');
    const answer = await fetch(`${stack.url}/v1/report-template`, {
      method: 'PUT',
      headers: { ...headersOf('home admin'), ...(asForm ? {} : { 'content-type': type }) },
      body: asForm ? form : new Uint8Array(file),
    });
    await answer.arrayBuffer();
    return answer.status;
  }
});

describe('obligations', () => {
  test('are shown to the office and its evaluator; at the counter without facts', async () => {
    const list = await does<ObligationList>('home camat', 'GET', '/v1/obligations');
    expect(list.obligations.length).toBeGreaterThan(8);
    expect(list.obligations.some(({ facts }) => facts.length > 0)).toBe(true);
    const counter = await does<ObligationList>('home operator', 'GET', '/v1/obligations');
    expect(counter.obligations.map(({ rule, state }) => [rule, state])).toEqual(
      list.obligations.map(({ rule, state }) => [rule, state]),
    );
    expect(counter.obligations.flatMap(({ facts, evidence }) => [...facts, ...evidence])).toEqual([]);
    const overseen = await does<ObligationList>('overseer evaluator', 'GET', `/v1/obligations${ofHome()}`);
    expect(overseen.institution.id).toBe(institutions.get('home'));
    for (const [who, { obligations }] of [
      ['home camat', list],
      ['overseer evaluator', overseen],
    ] as const) {
      const proofs = [...new Set(obligations.flatMap(({ evidence }) => evidence.map(({ href }) => href)))];
      expect(proofs.length).toBeGreaterThan(3);
      for (const href of proofs) await does(who, 'GET', href);
    }
    const strangers: Who[] = ['stranger evaluator', 'neighbour admin', 'neighbour operator', 'overseer admin'];
    await refuses('RESOURCE_NOT_FOUND', strangers, 'GET', `/v1/obligations${ofHome()}`);
    await refuses('RESOURCE_NOT_FOUND', ['overseer evaluator'], 'GET', '/v1/obligations');
    const { offices } = await does<Oversight>('overseer evaluator', 'GET', '/v1/evaluation/offices');
    expect(offices.map(({ regionCode }) => regionCode)).toEqual([regions.home, regions.neighbour]);
    await refuses('ROLE_NOT_ALLOWED', ['home camat', 'overseer admin'], 'GET', '/v1/evaluation/offices');
  });

  test('of 72 hours are opened and closed by the office', async () => {
    const duty = { kind: 'PERSON_TRAIL', number: '045.2/17/XI/2026', receivedAt: new Date().toISOString() };
    await refuses('ROLE_NOT_ALLOWED', ['home operator', 'overseer evaluator'], 'POST', '/v1/duties', duty);
    const { id } = await does<Duty>('home admin', 'POST', '/v1/duties', duty);
    const done = { at: new Date().toISOString(), letterNumber: '470/118/2026' };
    await refuses('RESOURCE_NOT_FOUND', ['neighbour camat'], 'POST', `/v1/duties/${id}/done`, done);
    await does('home camat', 'POST', `/v1/duties/${id}/done`, done);
    expect(await does('home camat', 'GET', '/v1/duties')).toMatchObject({ duties: [{ id, done: { late: false } }] });
    expect(await does('neighbour camat', 'GET', '/v1/duties')).toEqual({ duties: [] });
  });

  test('are reminded of to whom the admin names; the secret is told to nobody', async () => {
    const secret = 'rahasia-webhook-uji-1';
    stack.keepSecret(secret);
    const settings = { emails: ['camat@kecamatan.example'], webhook: { url: 'https://hook.example/uji', secret } };
    await refuses('ROLE_NOT_ALLOWED', ['home camat', 'home operator'], 'PUT', '/v1/reminders/settings', settings);
    const told = await send('home admin', 'PUT', '/v1/reminders/settings', settings);
    expect(told.body).toMatchObject({ emails: settings.emails, webhook: { url: settings.webhook.url } });
    const shown = await send('home admin', 'GET', '/v1/reminders/settings');
    expect(told.text + shown.text).not.toContain(secret);
    expect(await does('neighbour admin', 'GET', '/v1/reminders/settings')).toMatchObject({ emails: [], webhook: null });
    expect(await does('home camat', 'GET', '/v1/reminders')).toMatchObject({ reminders: expect.any(Array) });
    const id = institutions.get('home');
    await refuses('RESOURCE_NOT_FOUND', ['home admin'], 'POST', `/v1/reminders/${id}/resend`);
  });
});

describe('letters', () => {
  test('name the officials of the office, with the NIK that only the document holds', async () => {
    const letter = { kind: 'USER_ID_REQUEST', operatorIds: [ids.get('home operator')] };
    await refuses('ROLE_NOT_ALLOWED', ['home operator', 'overseer evaluator'], 'POST', '/v1/letters', letter);
    const foreign = { ...letter, operatorIds: [ids.get('neighbour operator')] };
    const refusedLetter = await send('home camat', 'POST', '/v1/letters', foreign);
    expect([404, 422]).toContain(refusedLetter.status);
    const { id } = await does<Letter>('home camat', 'POST', '/v1/letters', letter);
    const { status, bytes, headers } = await download('home admin', `/v1/letters/${id}/document`);
    expect([status, headers.get('content-type')]).toEqual([
      200,
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ]);
    expect(Buffer.from(unzipSync(bytes)['word/document.xml'] ?? []).toString('utf8')).toContain(nik);
    await refuses('RESOURCE_NOT_FOUND', ['neighbour camat'], 'GET', `/v1/letters/${id}/document`);
    await refuses('ROLE_NOT_ALLOWED', ['home operator', 'overseer evaluator'], 'GET', `/v1/letters/${id}/document`);
    const token = await stack.token(home, { operator: 'camat' });
    const byToken = await stack.send('GET', `/v1/letters/${id}/document`, { headers: bearer(token) });
    expectProblem(byToken, 'SESSION_REQUIRED');
    expect(await does('home camat', 'GET', '/v1/letters')).toMatchObject({ letters: [{ id }], next: null });
    expect(await does('neighbour camat', 'GET', '/v1/letters')).toEqual({ letters: [], next: null });
  });

  test('are numbered as the admin says', async () => {
    const numbering = { pattern: '470/{nomor:3}/UJI/{bulan}/{tahun}', codes: {} };
    await refuses('ROLE_NOT_ALLOWED', ['home camat'], 'PUT', '/v1/letters/numbering', numbering);
    expect(await does('home admin', 'PUT', '/v1/letters/numbering', numbering)).toMatchObject(numbering);
    const { number } = await does<Letter>('home admin', 'POST', '/v1/letters', { kind: 'SPTJM_FORM' });
    expect(number).toMatch(/^470\/\d{3}\/UJI\/[IVX]+\/\d{4}$/);
  });
});

describe('figures, patterns and samples', () => {
  const query = `?from=${period.from}&until=${period.until}`;

  test('are for the office itself and its evaluator', async () => {
    const live = await does<LiveFigures>('home camat', 'GET', `/v1/figures${query}`);
    expect(live.lookUps.total).toMatchObject({ requests: 3 });
    const overseen = await does<LiveFigures>('overseer evaluator', 'GET', `/v1/figures${query}&${ofHome().slice(1)}`);
    expect(overseen.lookUps).toEqual(live.lookUps);
    await refuses(
      'RESOURCE_NOT_FOUND',
      ['neighbour camat', 'stranger evaluator'],
      'GET',
      `/v1/figures${query}&${ofHome().slice(1)}`,
    );
    const asked = { institutionId: institutions.get('home'), ...period };
    for (const who of ['home camat', 'overseer evaluator'] as const)
      expect(await does(who, 'POST', '/v1/evaluation/patterns', asked)).toMatchObject({
        patterns: expect.arrayContaining([expect.objectContaining({ name: 'OUT_OF_HOURS' })]),
      });
    await refuses(
      'RESOURCE_NOT_FOUND',
      ['neighbour camat', 'stranger evaluator'],
      'POST',
      '/v1/evaluation/patterns',
      asked,
    );
    await refuses('ROLE_NOT_ALLOWED', ['home admin', 'home operator'], 'POST', '/v1/evaluation/patterns', asked);
    const sample = await does<Sample>('overseer evaluator', 'POST', '/v1/evaluation/samples', { ...asked, size: 2 });
    expect(sample).toMatchObject({ population: 3, lookUps: [{ service: purpose.service }, {}] });
    const again = { ...asked, size: 2, seed: sample.seed, asOf: sample.asOf };
    const { lookUps } = await does<Sample>('overseer evaluator', 'POST', '/v1/evaluation/samples', again);
    expect(lookUps).toEqual(sample.lookUps);
    await refuses('RESOURCE_NOT_FOUND', ['stranger evaluator'], 'POST', '/v1/evaluation/samples', asked);
    await refuses('ROLE_NOT_ALLOWED', ['home camat'], 'POST', '/v1/evaluation/samples', asked);
    const samples = await does('overseer evaluator', 'GET', `/v1/evaluation/samples${ofHome()}`);
    expect(samples).toMatchObject({ samples: [{ seed: sample.seed }, { seed: sample.seed }] });
  });

  test('nobody opens events by HTTP', async () =>
    expectProblem(await send('home camat', 'POST', `/${openAccessEvents.subject}`, {}), 'ROUTE_NOT_FOUND'));
});
