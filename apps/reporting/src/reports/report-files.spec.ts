import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import type { ReportForm } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { pieceBytes, ReportFiles } from './report-files.js';
import { actorOf, makeReplica, patience, type TestReplica } from './reports-fixture.js';

let database: TestDatabase;
let pool: pg.Pool;
let replica: TestReplica;

beforeAll(async () => {
  database = await TestDatabase.create();
  await database.setReportingClock({ at: '2026-06-01 09:00+07' });
  pool = database.pool('reporting');
  replica = makeReplica(pool);
});
afterAll(() => database.drop());

/** Files whose forms are of so many bytes; tells what was rendered. */
function makeFiles(size = 10) {
  const rendered: string[] = [];
  const asked: (string | undefined)[] = [];
  const templates = new Map<string, { bytes: Uint8Array; cells: Record<string, string> }>();
  const files = new ReportFiles(
    pool,
    async (form, { state, template }) => {
      rendered.push([form, state, ...(template ? [template.cells.kepala] : [])].join(' '));
      if (form === 'CSV') throw new Error('does not render');
      return { bytes: Buffer.alloc(size, rendered.length), fileName: `uji.${form}`, contentType: 'x' };
    },
    {
      findFile: async (institutionId, approvedAt) => {
        asked.push(approvedAt);
        return templates.get(institutionId);
      },
    },
  );
  return { files, rendered, templates, asked };
}
async function makeReport() {
  const actor = actorOf(replica.owners.addOffice());
  return { actor, id: (await replica.reports.draft(actor, { year: 2026, semester: 1 }, patience)).id };
}

test('pieces make up the file; there is none after the last', async () => {
  const { actor, id } = await makeReport();
  const { files, rendered } = makeFiles(2 * pieceBytes + 1);
  const pieces = await Promise.all([0, 1, 2].map((n) => files.read(actor, id, 'PDF', n)));
  expect(pieces.map(({ last }) => last)).toEqual([false, false, true]);
  expect(pieces[0]!.fileName).toBe('uji.PDF');
  const bytes = Buffer.concat(pieces.map((piece) => Buffer.from(piece.bytes, 'base64')));
  expect(bytes).toEqual(Buffer.alloc(2 * pieceBytes + 1, 1));
  await expect(files.read(actor, id, 'PDF', 3)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  expect(rendered).toEqual(['PDF DRAFTED']);
  expect((await makeFiles(pieceBytes).files.read(actor, id, 'PDF', 0)).last).toBe(true);
});

test('rendered once for each state, and again when the narrative is another one', async () => {
  const { actor, id } = await makeReport();
  const { files, rendered } = makeFiles();
  await files.read(actor, id, 'PDF', 0);
  await replica.reports.write(actor, id, { obstacles: 'Listrik padam.', followUp: '' });
  await files.read(actor, id, 'PDF', 0);
  await replica.reports.review(actor, id);
  await files.read(actor, id, 'PDF', 0);
  await files.read(actor, id, 'PDF', 0);
  await files.read(actor, id, 'XLSX', 0);
  expect(rendered).toEqual(['PDF DRAFTED', 'PDF DRAFTED', 'PDF REVIEWED', 'XLSX REVIEWED']);
});

test('what did not render is tried again', async () => {
  const { actor, id } = await makeReport();
  const { files, rendered } = makeFiles();
  for (let n = 0; n < 2; n += 1) await expect(files.read(actor, id, 'CSV', 0)).rejects.toThrow('does not render');
  expect(rendered).toEqual(['CSV DRAFTED', 'CSV DRAFTED']);
});

test('the ministry’s form: none without one, and anew when it or its mapping changes', async () => {
  const { actor, id } = await makeReport();
  const { files, rendered, templates } = makeFiles();
  const read = () => files.read(actor, id, 'TEMPLATE', 0);
  await expect(read()).rejects.toMatchObject({ code: 'TEMPLATE_MISSING' });
  templates.set(actor.institutionId, { bytes: Buffer.alloc(1), cells: { kepala: 'satu' } });
  await read();
  await read();
  templates.set(actor.institutionId, { bytes: Buffer.alloc(1), cells: { kepala: 'dua' } });
  await read();
  expect(rendered).toEqual(['TEMPLATE DRAFTED satu', 'TEMPLATE DRAFTED dua']);
});

test('the ministry’s form of an approved report: as it stood when that was approved', async () => {
  const { actor, id } = await makeReport();
  const { files, templates, asked } = makeFiles();
  templates.set(actor.institutionId, { bytes: Buffer.alloc(1), cells: {} });
  await files.read(actor, id, 'TEMPLATE', 0);
  await replica.reports.review(actor, id);
  const { approved } = await replica.reports.approve({ ...actor, role: 'camat' }, id);
  await files.read(actor, id, 'TEMPLATE', 0);
  expect(asked).toEqual([undefined, approved?.at]);
});

test('so many bytes are kept and no more: what was read longest ago goes', async () => {
  const { actor, id } = await makeReport();
  const { files, rendered } = makeFiles(20 * 1024 * 1024);
  const read = async (...forms: ReportForm[]) => {
    for (const form of forms) await files.read(actor, id, form, 0);
  };
  await read('PDF', 'XLSX', 'PDF', 'JSON', 'PDF', 'XLSX');
  expect(rendered.map((one) => one.split(' ')[0])).toEqual(['PDF', 'XLSX', 'JSON', 'XLSX']);
});

test('not for who does not see the report', async () => {
  const { actor, id } = await makeReport();
  const { files } = makeFiles();
  const missing = { code: 'RESOURCE_NOT_FOUND' };
  await expect(files.read(actorOf(replica.owners.addOffice()), id, 'PDF', 0)).rejects.toMatchObject(missing);
  await expect(files.read({ ...actor, role: 'evaluator' }, id, 'PDF', 0)).rejects.toMatchObject(missing);
});
