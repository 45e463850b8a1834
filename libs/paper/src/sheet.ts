import { drawColumnChart, drawBarChart, type BarChart, type ColumnChart } from './charts.js';
import { colours, fonts, lineHeight, Pen, pointsPerMillimetre, type PaperInfo } from './pen.js';
import { drawQr } from './qr.js';
import { drawSignatures, signatureColumns, type SignatureBlock } from './signatures.js';
import { drawTable, figuresLook, letterLook, tableHeight, type Column } from './table.js';

/** A4 pages that fill line by line: what does not fit goes on to the next page, a table with its head again. */
export class Sheet {
  private readonly pen: Pen;

  /** @param options.mark a word across every page, such as DRAF */
  constructor(info: PaperInfo, compress: boolean, { mark }: { mark?: string } = {}) {
    this.pen = new Pen(info, compress, mark);
  }

  /** On top of the first page: the office, a line or two below, and a double rule. */
  letterhead(office: string, lines: readonly string[]): void {
    const { pen } = this;
    for (const line of pen.wrap(office, pen.width, { size: 16, font: fonts.bold }))
      pen.line(line, { size: 16, font: fonts.bold, centred: true });
    pen.y += 2;
    for (const text of lines)
      for (const line of pen.wrap(text, pen.width, { size: 10 })) pen.line(line, { size: 10, centred: true });
    pen.y += 3;
    pen.rule(0, { thickness: 1.8, gap: 2.4 });
    pen.rule(0, { thickness: 0.6, gap: 18 });
  }

  heading(text: string): void {
    const lettering = { size: 13, font: fonts.bold };
    for (const line of this.pen.wrap(text, this.pen.width, lettering))
      this.pen.line(line, { ...lettering, centred: true });
  }

  /** Of a part; it never stands at the foot of a page. */
  section(text: string): void {
    const { pen } = this;
    const lettering = { size: 12, font: fonts.bold };
    const lines = pen.wrap(text, pen.width, lettering);
    pen.need(lines.length * lineHeight + 8 * lineHeight);
    this.space(6);
    for (const line of lines) pen.line(line, lettering);
    this.space(3);
  }

  centred(text: string): void {
    for (const line of this.pen.wrap(text, this.pen.width)) this.pen.line(line, { centred: true });
  }

  space(height = lineHeight / 2): void {
    this.pen.space(height);
  }

  paragraph(text: string, indent = 0): void {
    const { pen } = this;
    const lines = pen.wrap(text, pen.width - indent);
    // no paragraph begins with one line at the foot of a page
    pen.need(Math.min(lines.length, 2) * lineHeight);
    for (const line of lines) pen.line(line, { indent });
    this.space();
  }

  /** `1.` and a text beside it. */
  numbered(number: number, text: string): void {
    const { pen } = this;
    const indent = 22;
    const lines = pen.wrap(text, pen.width - indent);
    pen.need(Math.min(lines.length, 2) * lineHeight);
    lines.forEach((line, index) => {
      pen.need(lineHeight);
      if (index === 0) pen.put(`${number}.`, pen.left);
      pen.line(line, { indent });
    });
    this.space();
  }

  /** Rows may be longer than a page. */
  table(columns: readonly Column[], rows: readonly (readonly string[])[], indent = 22): void {
    drawTable(this.pen, columns, rows, letterLook(indent));
  }

  /** A table of figures under its title; a short one stays on one page. `last` is a row of sums. */
  figures(
    title: string,
    columns: readonly Column[],
    rows: readonly (readonly string[])[],
    last?: readonly string[],
  ): void {
    const { pen } = this;
    const lettering = { size: 9.5, font: fonts.boldFigures };
    const titleLines = pen.wrap(title, pen.width, lettering);
    const height =
      titleLines.length * lineHeight + tableHeight(pen, columns, last ? [...rows, last] : rows, figuresLook);
    pen.need(height <= pen.bottom / 2 ? height : (titleLines.length + 4) * lineHeight);
    for (const line of titleLines) pen.line(line, lettering);
    this.space(2);
    drawTable(pen, columns, rows, figuresLook, last);
    this.space(3);
  }

  /** A bold title and a few words behind it. */
  note(title: string, text: string): void {
    const { pen } = this;
    const bold = { size: 9.5, font: fonts.boldFigures };
    const plain = { size: 9.5, font: fonts.figures };
    const lines = pen.wrap(`${title}:`, pen.width - pen.widthOf(` ${text}`, plain), bold);
    pen.need(lines.length * lineHeight);
    for (const line of lines) pen.line(line, bold);
    const last = lines.at(-1) ?? '';
    pen.put(text, pen.left + pen.widthOf(`${last} `, bold), { ...plain, y: pen.y - lineHeight });
    this.space(5);
  }

  columnChart(chart: ColumnChart): void {
    drawColumnChart(this.pen, chart);
  }

  barChart(chart: BarChart): void {
    drawBarChart(this.pen, chart);
  }

  /** Boxes beside one another, each a number with what it is. */
  keyFigures(figures: readonly { value: string; caption: string }[]): void {
    const { pen } = this;
    const height = 44;
    const gap = 8;
    const width = (pen.width - gap * (figures.length - 1)) / figures.length;
    pen.need(height + 10);
    const top = pen.y;
    figures.forEach(({ value, caption }, index) => {
      const x = pen.left + index * (width + gap);
      pen.fillBox(x, top, width, height, colours.pale);
      pen.put(value, x + 8, { y: top + 7, size: 15, font: fonts.boldFigures, colour: colours.bar });
      pen
        .wrap(caption, width - 12, { size: 7.5, font: fonts.figures })
        .slice(0, 2)
        .forEach((line, n) =>
          pen.put(line, x + 8, { y: top + 25 + n * 8.5, size: 7.5, font: fonts.figures, colour: colours.grey }),
        );
    });
    pen.y = top + height + 12;
  }

  /** A text as QR symbol in the middle, error correction M, with a line below it. */
  qr(text: string, { millimetres, caption }: { millimetres: number; caption: string }): void {
    const { pen } = this;
    const width = millimetres * pointsPerMillimetre;
    pen.need(width + lineHeight);
    drawQr(pen, text, { x: pen.left + (pen.width - width) / 2, y: pen.y, millimetres });
    pen.y += width;
    this.centred(caption);
    this.space();
  }

  /** The same at the left, with small lines beside it. */
  qrBeside(text: string, { millimetres, lines }: { millimetres: number; lines: readonly string[] }): void {
    const { pen } = this;
    const width = millimetres * pointsPerMillimetre;
    const lettering = { size: 8, font: fonts.figures };
    const beside = lines.flatMap((line) => pen.wrap(line, pen.width - width - 10, lettering));
    const height = Math.max(width, beside.length * 11 + 10);
    pen.need(height);
    drawQr(pen, text, { x: pen.left, y: pen.y, millimetres });
    const top = pen.y + (height - beside.length * 11) / 2;
    beside.forEach((line, n) => pen.put(line, pen.left + width + 10, { ...lettering, y: top + n * 11 }));
    pen.y += height + 6;
  }

  /** A last sentence and the blocks beside one another, all on one page: nobody signs a page without a text. */
  signatures(text: string, blocks: readonly SignatureBlock[]): void {
    const { pen } = this;
    const drawn = signatureColumns(pen, blocks);
    const longest = Math.max(...drawn.columns.map((lines) => lines.length));
    pen.need((pen.wrap(text, pen.width).length + 1.5 + longest) * lineHeight);
    this.paragraph(text);
    this.space(lineHeight);
    drawSignatures(pen, drawn);
    pen.y += longest * lineHeight;
  }

  /** Writes the foot of every page; nothing can be added afterwards. */
  finish(footer: string): Promise<Buffer> {
    return this.pen.finish(footer);
  }
}
