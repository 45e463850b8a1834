import {
  AlignmentType,
  Document,
  Footer,
  Packer,
  PageNumber,
  PageOrientation,
  Paragraph,
  TextRun,
  type ISectionOptions,
  type Table,
} from 'docx';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import type { Block, Paper } from './paper.js';
import { bodyText, font, gap, item, paragraph, run, sizes } from './docx-text.js';
import { barTable, dataTable, labelled } from './docx-table.js';
import { headOf, letterOpening, signatureTable, statementOpening, type Letterhead } from './docx-head.js';
import { linesOf, xmlText } from './xml-text.js';

/** A4 and its margins, in twips (1/1440 inch). */
const page = { width: 11_906, height: 16_838, margin: { top: 1_134, bottom: 1_134, left: 1_701, right: 1_134 } };
const annexMargin = { top: 1_134, bottom: 1_134, left: 1_134, right: 1_134 };

/** DOCX, A4, Indonesian, every word editable; the same paper gives the same bytes. */
export async function writeDocx(paper: Paper, letterhead: Letterhead, madeAt: Date): Promise<Buffer> {
  const { head, annexes } = paper;
  const title = xmlText('title' in head ? head.title : head.subject);
  const document = new Document({
    title,
    creator: xmlText(letterhead.office),
    description: xmlText(letterhead.number),
    lastModifiedBy: xmlText(letterhead.office),
    styles: { default: { document: { run: { font, size: sizes.body, language: { value: 'id-ID' } } } } },
    sections: [first(paper, letterhead), ...annexes.map((annex) => annexSection(annex, letterhead))],
  });
  return settled(await Packer.toBuffer(document), madeAt);
}

function first({ head, blocks, signatures, copies }: Paper, letterhead: Letterhead): ISectionOptions {
  const width = page.width - page.margin.left - page.margin.right;
  const isLetter = !('title' in head);
  return {
    properties: { page: { size: { width: page.width, height: page.height }, margin: page.margin } },
    footers: { default: pageNumber() },
    children: [
      ...headOf(letterhead),
      ...(isLetter ? letterOpening(head, letterhead, width) : statementOpening(head, letterhead)),
      ...blocks.flatMap((block) => written(block, width)),
      gap(),
      signatureTable(signatures, letterhead, isLetter, width),
      ...(copies.length === 0 ? [] : [gap(), paragraph('Tembusan:', { keepNext: true, look: { size: sizes.table } })]),
      ...copies.map((copy, n) => item(`${n + 1}.`, copy, { size: sizes.table })),
    ],
  };
}

function annexSection({ title, landscape, blocks }: Paper['annexes'][number], { number }: Letterhead): ISectionOptions {
  const width = (landscape ? page.height : page.width) - annexMargin.left - annexMargin.right;
  const orientation = landscape ? PageOrientation.LANDSCAPE : PageOrientation.PORTRAIT;
  return {
    properties: { page: { size: { width: page.width, height: page.height, orientation }, margin: annexMargin } },
    footers: { default: pageNumber() },
    children: [
      paragraph(`Lampiran surat Nomor ${number}`, { spacing: { after: 160 }, look: { size: sizes.table } }),
      new Paragraph({
        alignment: AlignmentType.CENTER,
        spacing: { after: 160 },
        children: [run(title.toUpperCase(), { bold: true })],
      }),
      ...blocks.flatMap((block) => written(block, width)),
    ],
  };
}

function written(block: Block, width: number): (Paragraph | Table)[] {
  switch (block.kind) {
    case 'text':
      // a break within a justified paragraph would stretch the line before it
      return linesOf(block.text).map(bodyText);
    case 'heading':
      return [paragraph(block.text, { keepNext: true, spacing: { before: 120, after: 80 }, look: { bold: true } })];
    case 'items':
      return [...block.items.map((text, n) => item(`${n + 1}.`, text)), gap()];
    case 'rows':
      return [labelled(width, block.rows), gap()];
    case 'table':
      return [dataTable(width, block.columns, block.rows), gap()];
    case 'bars':
      return [barTable(width, block.bars), gap()];
  }
}

const pageNumber = (): Footer =>
  new Footer({
    children: [
      new Paragraph({
        alignment: AlignmentType.CENTER,
        children: [new TextRun({ size: sizes.small, children: [PageNumber.CURRENT, ' / ', PageNumber.TOTAL_PAGES] })],
      }),
    ],
  });

/** The library writes its own time into the file and its archive: in place of it the letter's. */
function settled(docx: Uint8Array, madeAt: Date): Buffer {
  const core = 'docProps/core.xml';
  const files = Object.entries(unzipSync(docx)).sort(([one], [other]) => (one < other ? -1 : 1));
  const at = `${madeAt.toISOString().slice(0, 19)}Z`;
  const timed = (bytes: Uint8Array) =>
    strToU8(strFromU8(bytes).replace(/(<dcterms:(?:created|modified)[^>]*>)[^<]*/g, `$1${at}`));
  // by the clock of the archive, which knows no time zone
  const mtime = new Date(1980, 0, 1);
  const entries = files.map(([name, bytes]) => [name, name === core ? timed(bytes) : bytes] as const);
  return Buffer.from(zipSync(Object.fromEntries(entries), { mtime, level: 6 }));
}
