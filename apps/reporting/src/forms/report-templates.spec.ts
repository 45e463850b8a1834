import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ReportActor } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { renderForm } from './render-form.js';
import { fixtureHash, makeReportContent } from './report-content-fixture.js';
import { ReportTemplates } from './report-templates.js';
import { formNames, makeForm, partText, withParts } from './template/template-fixture.js';

let database: TestDatabase;
let templates: ReportTemplates;
let form: Buffer;

beforeAll(async () => {
  database = await TestDatabase.create();
  templates = new ReportTemplates(database.pool('reporting'));
  form = await makeForm();
});
afterAll(() => database.drop());

const admin = (): ReportActor => ({
  institutionId: randomUUID(),
  operatorId: randomUUID(),
  name: 'Admin Uji',
  role: 'admin',
});

test('an office without a form has none, and no other office’s', async () => {
  const [mine, other] = [admin(), admin()];
  await templates.upload(mine, form);
  await expect(templates.get(other.institutionId)).rejects.toMatchObject({ code: 'TEMPLATE_MISSING' });
  await expect(templates.map(other, { hit: 'tahun' })).rejects.toMatchObject({ code: 'TEMPLATE_MISSING' });
  expect(await templates.findFile(other.institutionId)).toBeUndefined();
});

test('what is uploaded says its names, and what of them is mapped', async () => {
  const by = admin();
  const uploaded = await templates.upload(by, form);
  expect(uploaded).toMatchObject({ bytes: form.length, cells: {} });
  expect([...uploaded.names].sort()).toEqual([...formNames].sort());
  expect(uploaded.unmapped).toEqual(uploaded.names);
  const mapped = await templates.map(by, { hit: 'figures.lookUps.total.hits', judul: 'periode' });
  expect(mapped.unmapped).toEqual(uploaded.names.filter((name) => name !== 'hit' && name !== 'judul'));
  expect(await templates.get(by.institutionId)).toEqual(mapped);
});

test('a cell that the form does not have, or a value that no report has, is named', async () => {
  const by = admin();
  await templates.upload(by, form);
  await expect(templates.map(by, { hit: 'tahun', lain: 'tahun' })).rejects.toMatchObject({
    code: 'REQUEST_INVALID',
    extras: { issues: [{ path: 'mapping.cells.lain' }] },
  });
  await expect(templates.map(by, { hit: 'figures.lookUps.total.hit' })).rejects.toMatchObject({
    code: 'REQUEST_INVALID',
    extras: { issues: [{ path: 'mapping.cells.hit' }] },
  });
  expect((await templates.get(by.institutionId)).cells).toEqual({});
});

test('a new file keeps what is mapped of the cells that it still has', async () => {
  const by = admin();
  await templates.upload(by, form);
  await templates.map(by, { hit: 'tahun', judul: 'periode' });
  const workbook = partText(form, 'xl/workbook.xml').replace('name="judul"', 'name="kepala"');
  const next = await templates.upload(by, withParts(form, { 'xl/workbook.xml': workbook }));
  expect(next.cells).toEqual({ hit: 'tahun' });
  expect(next.names).toContain('kepala');
});

test('an approved report keeps the form that stood then, unless nothing of it was mapped', async () => {
  const by = admin();
  const at = (time: string) => database.setReportingClock({ at: `2026-06-01 ${time}+07` });
  const mapped = async (approvedAt?: string) =>
    (await templates.findFile(by.institutionId, approvedAt && `2026-06-01T${approvedAt}:00+07:00`))?.cells;
  await at('09:00');
  await templates.upload(by, form);
  expect(await mapped('09:30')).toEqual({});
  await at('10:00');
  await templates.map(by, { hit: 'tahun' });
  await at('11:00');
  await templates.map(by, { hit: 'semester' });
  await at('12:00');
  const renamed = partText(form, 'xl/workbook.xml').replace('name="judul"', 'name="kepala"');
  const next = withParts(form, { 'xl/workbook.xml': renamed });
  await templates.upload(by, next);
  expect(await mapped('10:00')).toEqual({ hit: 'tahun' });
  expect(await mapped('11:59')).toEqual({ hit: 'semester' });
  // the office had it by then, and could not fill anything in
  expect(await mapped('09:30')).toEqual({ hit: 'semester' });
  expect(await mapped()).toEqual({ hit: 'semester' });
  expect((await templates.findFile(by.institutionId, '2026-06-01T11:59:00+07:00'))?.bytes.equals(form)).toBe(true);
  expect((await templates.findFile(by.institutionId))?.bytes.equals(next)).toBe(true);
});

test('a form that was replaced before the approval is not what stood then', async () => {
  const by = admin();
  const at = (time: string) => database.setReportingClock({ at: `2026-06-02 ${time}+07` });
  const found = () => templates.findFile(by.institutionId, '2026-06-02T11:30:00+07:00');
  await at('09:00');
  await templates.upload(by, form);
  await at('10:00');
  await templates.map(by, { judul: 'periode' });
  await at('11:00');
  const renamed = partText(form, 'xl/workbook.xml').replace('name="judul"', 'name="kepala"');
  const next = withParts(form, { 'xl/workbook.xml': renamed });
  await templates.upload(by, next);
  expect((await found())?.bytes.equals(next)).toBe(true);
  await at('12:00');
  await templates.map(by, { kepala: 'periode' });
  expect((await found())?.cells).toEqual({ kepala: 'periode' });
});

test('many at once: each is made from the one before', async () => {
  const by = admin();
  await templates.upload(by, form);
  const paths = ['tahun', 'semester', 'periode', 'judul', 'hash'];
  await Promise.all([
    ...paths.map((path) => templates.map(by, { hit: path })),
    ...paths.map(() => templates.upload(by, form)),
  ]);
  expect(paths).toContain((await templates.get(by.institutionId)).cells.hit);
});

test('what stood is not changed, not even by the service', async () => {
  const by = admin();
  await templates.upload(by, form);
  for (const statement of [
    "UPDATE reporting.report_template SET cells = '{}'",
    'DELETE FROM reporting.report_template',
  ])
    await expect(database.pool('reporting').query(statement)).rejects.toThrow('permission denied');
});

test('what is no form does not replace the one that is there', async () => {
  const by = admin();
  await templates.upload(by, form);
  await expect(templates.upload(by, Buffer.from('bukan'))).rejects.toMatchObject({ code: 'TEMPLATE_INVALID' });
  expect((await templates.findFile(by.institutionId))?.bytes.equals(form)).toBe(true);
});

test('a report in the form of the office', async () => {
  const by = admin();
  await templates.upload(by, form);
  await templates.map(by, { hit: 'figures.lookUps.total.hits' });
  const template = (await templates.findFile(by.institutionId))!;
  const content = makeReportContent();
  const input = { content, contentHash: fixtureHash, state: 'APPROVED' } as const;
  const rendered = await renderForm('TEMPLATE', { ...input, template });
  expect(rendered.fileName).toBe('laporan-33.98.01-2026-1-formulir.xlsx');
  expect(partText(rendered.bytes, 'xl/worksheets/sheet1.xml')).toContain(
    `<v>${content.figures.lookUps.total.hits}</v>`,
  );
  await expect(renderForm('TEMPLATE', input)).rejects.toMatchObject({ code: 'TEMPLATE_MISSING' });
});
