import { describe, expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import type { Mark } from '../table.js';
import { markXlsx } from './mark-xlsx.js';
import { bytesOf, dataXml, faultOf, handParts, headerXml, names, sourceOf, titles, zipOf } from './xlsx-fixture.js';

/** The same cases each time (mulberry32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

function damaged(bytes: Buffer, random: (below: number) => number): Buffer {
  const copy = Buffer.from(bytes);
  const kind = random(5);
  if (kind === 0) return copy.subarray(0, random(copy.length));
  if (kind === 1) {
    const at = random(copy.length);
    return Buffer.concat([copy.subarray(0, at), copy.subarray(at + 1 + random(40))]);
  }
  if (kind === 2) {
    const at = random(copy.length);
    const from = random(copy.length);
    return Buffer.concat([copy.subarray(0, at), copy.subarray(from, from + random(60)), copy.subarray(at)]);
  }
  for (let n = 0; n <= random(8); n += 1) copy[random(copy.length)] = random(256);
  return copy;
}

const handMade = handParts({
  sheets: [
    {
      rows: headerXml(1) + dataXml() + dataXml({ 0: '<c t="s"><v>0</v></c>', 4: '<c s="1"><v>46053</v></c>' }),
      after: '<mergeCells><mergeCell ref="A9:B10"/></mergeCells>',
    },
  ],
  sharedStrings: '<si><r><t>3313</t></r><r><t>044107909901</t></r></si>',
  styles: '<fills><fill/><fill/></fills><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>',
});

async function withExcelJs(): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  const sheet = workbook.addWorksheet('Data');
  sheet.addRow(titles);
  for (let n = 0; n < 5; n += 1)
    sheet.addRow(['3313044107909901', `500/${n}`, 'Warung', 'Dagang', new Date('2026-01-31')]);
  sheet.getCell('A2').note = 'Catatan';
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

async function* marks(): AsyncGenerator<Mark> {
  yield { row: 2, column: 1, code: 'NIK_LENGTH' };
  yield { row: 4, column: null, code: 'HIDDEN_ROW' };
}

/** Ends in a file or in a fault of the file. */
async function markedOrFault(bytes: Buffer): Promise<string> {
  try {
    await bytesOf(markXlsx(sourceOf(bytes), marks(), names));
    return 'marked';
  } catch (error) {
    return (error as Error).name === 'FileFault' ? 'fault' : `NOT A FAULT: ${(error as Error).stack}`;
  }
}

describe('damaged workbooks', () => {
  it.each([
    ['bytes of a file by hand', () => zipOf(handMade)],
    ['bytes of a file by exceljs', withExcelJs],
  ])('never do worse than a fault: %s', async (_, make) => {
    const whole = await make();
    const random = randomOf(5);
    const seen = new Set<string>();
    for (let n = 0; n < 150; n += 1) {
      const bytes = damaged(whole, random);
      const fault = await faultOf(bytes);
      expect(fault ?? 'TABLE').toMatch(/^[A-Z_]+( .*)?$/);
      expect(fault ?? '').not.toMatch(/^NOT A FAULT/);
      seen.add(fault ?? 'TABLE');
    }
    expect(seen.size).toBeGreaterThan(2);
  });

  it('never do worse than a fault: XML inside a sound zip, opened and marked', async () => {
    const random = randomOf(7);
    const partNames = Object.keys(handMade);
    const seen = new Map<string, number>();
    for (let n = 0; n < 250; n += 1) {
      const name = partNames[random(partNames.length)]!;
      const bytes = await zipOf({ ...handMade, [name]: damaged(Buffer.from(handMade[name]!), random) });
      const fault = (await faultOf(bytes)) ?? 'TABLE';
      expect(fault).not.toMatch(/^NOT A FAULT/);
      const marked = await markedOrFault(bytes);
      expect(marked).not.toMatch(/^NOT A FAULT/);
      seen.set(fault, (seen.get(fault) ?? 0) + 1);
    }
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['TABLE', 'FILE_DAMAGED']));
  });
});
