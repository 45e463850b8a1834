import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import type { PersonTrail, Problem } from '#contracts';
import { expectNoEcho, expectProblem } from './support/answers.js';
import { bearer } from './support/asking.js';
import { addOperator, institutionIdOf } from './support/office-parts.js';
import { addEvaluator, addOfficials, sessionsOf } from './support/officials.js';
import { RunningStack, type Office } from './support/running-stack.js';

const kecamatan = '33.83.01';
const nik = '3313043108859903';
const requestNumber = '045.2/17/XI/2026';

let stack: RunningStack;
let office: Office;
let other: Office;
let institutionId: string;
let people: Record<string, Record<string, string>>;
let evaluator: Record<string, string>;

beforeAll(async () => {
  stack = await RunningStack.start({ env: { GATEWAY_BURST_PER_SECOND: '100000', GATEWAY_BURST_SIZE: '100000' } });
  office = await stack.addOffice({
    change: (file) => {
      file.institution.regionCode = kecamatan;
      addOfficials(file);
      addOperator(file, 'loket2', { workUnit: 'Seksi Pemerintahan', fullName: 'Petugas Kedua' });
    },
  });
  other = await stack.addOffice({ change: addOfficials });
  institutionId = await institutionIdOf(stack, office);
  people = await sessionsOf(stack, kecamatan);
  evaluator = await addEvaluator(stack, '33.83');
  await lookUp(office, 'loket1', { service: 'SKU', reference: '500/001' }, { fields: ['namaLengkap', 'alamat'] });
  await lookUp(
    office,
    'loket2',
    { service: 'SKTM', reference: '500/002' },
    { match: { namaLengkap: 'BUKAN NAMANYA' } },
  );
  await lookUp(other, 'loket1', { service: 'NIB', reference: '500/003' });
});
afterAll(() => stack.stop());

async function lookUp(of: Office, operator: string, purpose: object, more: object = {}): Promise<void> {
  const token = await stack.token(of, { operator });
  expect((await stack.verify(token, { nik, purpose, ...more })).status).toBe(200);
}

const ask = <T = PersonTrail>(body: object = {}, headers = people.camat, path = '/v1/person-trails') =>
  stack.send<T>('POST', path, {
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ nik, requestNumber, ...body }),
  });
const print = (body: object = {}) => ask<Record<string, unknown>>(body, people.camat, '/v1/person-trails/document');

const disclosures = () =>
  stack.sql<{ id: string; content: string }>(
    "SELECT id, content FROM verification.reported_event WHERE type = 'PERSON_TRAIL' AND institution_id = $1 ORDER BY id",
    [institutionId],
  );

describe('who looked', () => {
  test('is told newest first: when, for what, from which desk, and by nobody’s name', async () => {
    const answer = await ask({ nik: '3313 0431-0885.9903' });
    const name = office.file.institution.name;
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ institution: { id: institutionId, name }, complete: true });
    expect(answer.body.entries).toEqual([
      {
        id: expect.any(String),
        at: expect.any(String),
        office: `${name}, Seksi Pemerintahan`,
        service: 'SKTM',
        reference: '500/002',
        mode: 'MATCH',
        elements: ['namaLengkap'],
        outcome: 'FOUND',
      },
      expect.objectContaining({
        office: `${name}, Seksi Pelayanan`,
        service: 'SKU',
        mode: 'LOOKUP',
        elements: ['namaLengkap', 'alamat'],
        outcome: 'FOUND',
      }),
    ]);
    expectNoEcho(answer, nik, 'Petugas', 'Operator Uji', 'loket');
  });

  test('is on record itself, with the number of the request and nothing of the person', async () => {
    const { id } = (await ask()).body;
    const last = (await disclosures()).at(-1);
    expect(last?.id).toBe(id);
    expect(last?.content).toBe(JSON.stringify({ requestNumber }));
  });

  test('is told of somebody whom nobody looked at, and that is on record as well', async () => {
    const before = (await disclosures()).length;
    const { status, body } = await ask({ nik: '3313044107909901' });
    expect({ status, entries: body.entries, complete: body.complete }).toEqual({
      status: 200,
      entries: [],
      complete: true,
    });
    expect(await disclosures()).toHaveLength(before + 1);
  });

  test('stays known under an agreement that has ended, until its key is destroyed', async () => {
    await stack.sql(
      "UPDATE access.agreement SET terminated_at = now(), termination_reason = 'Uji' WHERE institution_id = $1",
      [institutionId],
    );
    expect((await ask()).body.entries).toHaveLength(2);
  });
});

describe('the letter', () => {
  test('is a PDF for the person, without the NIK in it or about it', async () => {
    const response = await fetch(`${stack.url}/v1/person-trails/document`, {
      method: 'POST',
      headers: { ...people.camat, 'content-type': 'application/json' },
      body: JSON.stringify({ nik, requestNumber }),
    });
    const pdf = Buffer.from(await response.arrayBuffer());
    const id = (await disclosures()).at(-1)?.id;
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/pdf');
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="riwayat-akses-${id}.pdf"`);
    const text = textOf(pdf);
    expect(text).toContain('RIWAYAT AKSES DATA KEPENDUDUKAN');
    expect(text).toContain('************9903');
    expect(text).toContain('Pejabat camat');
    expect(text).toContain('500/001');
    expect(text + pdf.toString('latin1')).not.toContain(nik);
    expect(text).not.toContain('Petugas Kedua');
  });
});

describe('is refused', () => {
  test('whoever is not the Camat, and every application', async () => {
    for (const who of ['admin', 'loket1']) expectProblem(await ask<Problem>({}, people[who]), 'ROLE_NOT_ALLOWED');
    expectProblem(await ask<Problem>({}, evaluator), 'ROLE_NOT_ALLOWED');
    const token = await stack.token(office, { operator: 'camat' });
    expectProblem(await ask<Problem>({}, bearer(token)), 'SESSION_REQUIRED');
  });

  test.each([
    ['a NIK of 15 digits', { nik: nik.slice(1) }, 'NIK_INVALID', ['nik']],
    ['a NIK as a number', { nik: Number(nik) }, 'REQUEST_INVALID', ['nik']],
    ['no request', { requestNumber: ' ' }, 'REQUEST_INVALID', ['requestNumber']],
    ['a NIK in place of the request', { requestNumber: `Surat ${nik}` }, 'REQUEST_INVALID', ['requestNumber']],
  ] as const)('%s', async (_what, body, code, paths) => {
    const before = (await disclosures()).length;
    for (const answer of [await ask<Problem>(body), await print(body)]) {
      expectProblem(answer, code);
      expectNoEcho(answer, nik, nik.slice(1));
      expect((answer.body as unknown as Problem).issues?.map(({ path }) => path)).toEqual(paths);
    }
    expect(await disclosures()).toHaveLength(before);
  });

  test('the twenty-first in an hour', async () => {
    while ((await disclosures()).length < 20) expect((await ask()).status).toBe(200);
    for (const answer of [await ask<Problem>(), await print()]) {
      expectProblem(answer, 'RATE_LIMITED');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(60);
    }
  });
});

test('no log knows of it more than that it was asked', async () => {
  const logs = join(stack.folderPath, 'logs');
  const lines = (await Promise.all((await readdir(logs)).map((name) => readFile(join(logs, name), 'utf8')))).join('\n');
  expect(lines).toContain('/v1/person-trails');
  expect(lines).not.toMatch(new RegExp(`${nik}|${requestNumber}|500/00`));
});

const windows1252 = new TextDecoder('windows-1252');

function textOf(pdf: Buffer): string {
  const streams = [...pdf.toString('latin1').matchAll(/stream\n([^]*?)\nendstream/g)].map(([, content = '']) => {
    try {
      return inflateSync(Buffer.from(content, 'latin1')).toString('latin1');
    } catch {
      return '';
    }
  });
  return streams
    .flatMap((content) => [...content.matchAll(/\[((?:<[0-9a-f]*>|[\s\d.-])*)\] TJ/g)])
    .map(([, parts = '']) =>
      windows1252.decode(Buffer.from([...parts.matchAll(/<([0-9a-f]*)>/g)].map(([, hex]) => hex).join(''), 'hex')),
    )
    .join(' ');
}
