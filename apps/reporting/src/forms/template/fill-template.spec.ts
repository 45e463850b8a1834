import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { emptyFigures, fixtureHash, makeReportContent } from '../report-content-fixture.js';
import { open } from '../xlsx/workbook-fixture.js';
import { fillTemplate } from './fill-template.js';
import { namedValues } from './template-values.js';
import { makeForm, partsOf, partText, withParts, withSheet } from './template-fixture.js';

const content = makeReportContent();
const { lookUps } = content.figures;
const cells = {
  hit: 'figures.lookUps.total.hits',
  hit_januari: 'figures.lookUps.months[0].hits',
  sku: 'figures.lookUps.byService[service=SKU].hits',
  judul: 'periode',
  di_baris_baru: 'namaCamat',
};
const sheet1 = 'xl/worksheets/sheet1.xml';

let form: Buffer;
beforeAll(async () => {
  form = await makeForm();
});

const fill = (bytes: Buffer, mapping: Record<string, string> = cells): Buffer =>
  fillTemplate(bytes, mapping, { content, contentHash: fixtureHash });

describe('a form that is filled in', () => {
  test('has the figures in its cells, numbers as numbers, and looks as before', async () => {
    const sheet = (await open(fill(form))).getWorksheet('Formulir 1')!;
    expect(sheet.getCell('C4').value).toBe(lookUps.total.hits);
    expect(sheet.getCell('C5').value).toBe(lookUps.months[0]!.hits);
    expect(sheet.getCell('G4').value).toBe(lookUps.byService.find(({ service }) => service === 'SKU')!.hits);
    expect(sheet.getCell('B2').value).toBe('Semester I Tahun 2026');
    expect(sheet.getCell('A20').value).toBe('Camat CONTOH, S.Sos., M.Si.');
    expect(sheet.getCell('B2').font).toMatchObject({ bold: true, size: 14 });
    expect(sheet.getCell('C4')).toMatchObject({ numFmt: '#,##0', border: { top: { style: 'thin' } } });
    expect(sheet.getCell('G4').numFmt).toBe('0.00');
    expect(sheet.getCell('D4').value).toBe('teks & <tanda>');
    expect(sheet.getCell('E2').isMerged).toBe(true);
    expect(sheet.getImages()).toHaveLength(1);
  });

  test('is otherwise the same, part by part and byte by byte', () => {
    const before = partsOf(form);
    const after = partsOf(fill(form));
    expect(Object.keys(after)).toEqual(Object.keys(before).filter((name) => !name.endsWith('/')));
    const changed = Object.keys(after).filter((name) => !Buffer.from(after[name]!).equals(Buffer.from(before[name]!)));
    expect(changed.sort()).toEqual(['xl/workbook.xml', sheet1]);
  });

  test('is the same file for the same report', () => {
    expect(fill(form).equals(fill(form))).toBe(true);
  });

  test('reckons its sums anew', async () => {
    const bytes = fill(form);
    expect(partText(bytes, 'xl/workbook.xml')).toMatch(/<calcPr [^>]*fullCalcOnLoad="1"/);
    expect(partText(bytes, sheet1)).toMatch(/<f>C4\+C5<\/f><\/c>/);
    expect(partText(form, sheet1)).toMatch(/<f>C4\+C5<\/f><v>5<\/v>/);
  });

  test('of which nothing is mapped stays what it was', () => {
    expect(partText(fill(form, {}), sheet1)).toBe(partText(form, sheet1).replace('</f><v>5</v>', '</f>'));
  });
});

describe('a sheet written by another program', () => {
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  const merged = '<mergeCells count="1"><mergeCell ref="B2:E2"/></mergeCells>';
  const filled = (xml: string): string => partText(fill(withSheet(form, xml)), sheet1);
  const hits = lookUps.total.hits;

  test('that is empty gets rows in their order', () => {
    expect(filled(`<worksheet ${main}><sheetData/>${merged}</worksheet>`)).toMatch(
      /<sheetData><row r="2"><c r="B2" t="inlineStr">.*<row r="4"><c r="C4"><v>.*<c r="G4">.*<row r="5">.*<row r="20">.*<\/row><\/sheetData>/,
    );
  });

  test('with a prefix, a mark of its encoding, quotes and comments keeps them', () => {
    const xml = `\ufeff<?xml version='1.0'?>\r\n<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><!-- <c r="C4"/> é -->\r\n<x:sheetData><x:row  r='4'><x:c r='C4' s='3' t='s'><x:v>0</x:v></x:c></x:row></x:sheetData>${merged.replace(/<(\/?)/g, '<$1x:')}</x:worksheet>`;
    const after = filled(xml);
    expect(after).toContain(`\r\n<x:sheetData><x:row r="2">`);
    expect(after).toContain(`<x:row  r='4'><x:c r="C4" s="3"><x:v>${hits}</x:v></x:c><x:c r="G4">`);
    expect(after.startsWith(xml.slice(0, xml.indexOf('<x:row')))).toBe(true);
    expect(after).toContain('é -->');
  });

  test('without references is counted through', () => {
    const after = filled(
      `<worksheet ${main}><sheetData><row/><row/><row/><row><c/><c/><c s="7"><v>1</v></c><c><v>9</v></c></row></sheetData>${merged}</worksheet>`,
    );
    expect(after).toContain(`<c/><c/><c r="C4" s="7"><v>${hits}</v></c><c><v>9</v></c><c r="G4">`);
  });

  test('takes the look of a row or column for a cell that is not there', () => {
    const after = filled(
      `<worksheet ${main}><cols><col min="7" max="9" width="9" style="4"/></cols><sheetData><row r="5" s="6" customFormat="1"/></sheetData>${merged}</worksheet>`,
    );
    expect(after).toContain('<c r="G4" s="4"><v>');
    expect(after).toContain('<row r="5" s="6" customFormat="1"><c r="C5" s="6"><v>');
  });
});

describe('values', () => {
  const one = async (path: string, source = content) => {
    const bytes = fillTemplate(form, { kosong: path }, { content: source, contentHash: fixtureHash });
    return (await open(bytes)).getWorksheet('Formulir 1')!.getCell('B5').value;
  };
  const period = content.period;
  const empty = makeReportContent({ figures: emptyFigures(period) });

  test.each([
    ['figures.lookUps.byService[service=IZIN_KERAMAIAN].hits', 0],
    ['figures.lookUps.months[11].hits', 0],
    ['figures.incidents[kind=BREAKER_OPEN].minutes', 187],
    ['figures.incidents[kind=QUOTA_USED_UP].minutes', null],
    ['figures.register.sptjm', 'ya'],
    ['figures.quota.peak.day', '2026-02-05'],
    ['register.agreements[0].versions[0].dailyQuota', 1_000],
    ['narrative.obstacles', content.narrative.obstacles],
    ['tahun', 2026],
    ['semester', 1],
    ['nomorPks', 'PKS/CONTOH/2024'],
    ['nipCamat', '197001011990011001'],
    ['hash', fixtureHash],
    ['tanggal', '1 Juli 2026'],
    ['ukuranCheckpoint', 42_000],
  ])('%s is %j', async (path, value) => {
    expect(await one(path)).toEqual(value);
  });

  test('of what did not happen are 0 where they are counts, and empty where they are not', async () => {
    expect(await one('figures.quota.peak.hits', empty)).toBe(0);
    expect(await one('figures.quota.peak.day', empty)).toBeNull();
    expect(await one('figures.lookUps.byOutcome[outcome=FOUND].count', empty)).toBe(0);
  });

  test('that look like formulas or escapes are texts', () => {
    const narrative = { obstacles: '=1+1_x0041_\u0007<', followUp: '' };
    const source = { content: makeReportContent({ narrative }), contentHash: fixtureHash };
    expect(partText(fillTemplate(form, { kosong: 'hambatan' }, source), sheet1)).toContain(
      't="inlineStr"><is><t xml:space="preserve">=1+1_x005F_x0041__x0007_&lt;</t></is></c>',
    );
  });

  test.each([
    'figures',
    'figures.lookUps',
    'figures.lookUps.months',
    'figures.lookUps.months[0]',
    'figures.lookUps.total.hit',
    'figures.lookUps.total.hits.x',
    'figures.lookUps.total[0]',
    'figures.lookUps.byService[layanan=SKU].hits',
    'figures.lookUps.byService[service=SKU',
    'figures..lookUps',
    'constructor',
    'figures.constructor',
    'toString',
    '',
  ])('there is none called %j, and the cell is named', (path) => {
    expect(() => fill(form, { hit: path })).toThrow(
      expect.objectContaining({
        code: 'REQUEST_INVALID',
        extras: { issues: [{ path: 'mapping.cells.hit', message: expect.stringContaining(`"${path}"`) }] },
      }),
    );
  });
});

test('a form in which nothing is to be reckoned keeps its workbook', () => {
  const plain = withParts(form, { [sheet1]: partText(form, sheet1).replace(/<f>.*?<\/f>/, '') });
  const changed = Object.entries(partsOf(fill(plain))).filter(
    ([name, bytes]) => !Buffer.from(bytes).equals(Buffer.from(partsOf(plain)[name]!)),
  );
  expect(changed.map(([name]) => name)).toEqual([sheet1]);
});

test('the names that a form may use are those of docs/report-format.md', async () => {
  const document = await readFile('docs/report-format.md', 'utf8');
  const [, table = ''] = /## The ministry's own form([^]*?)Numbers are written/.exec(document) ?? [];
  const firstCells = [...table.matchAll(/^\| (`[^|]*?) *\|/gm)].map(([, cell = '']) => cell);
  const documented = firstCells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(documented.sort()).toEqual(Object.keys(namedValues).sort());
});
