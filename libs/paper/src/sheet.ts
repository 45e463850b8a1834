import PDFDocument from 'pdfkit';
import { create } from 'qrcode';
import { winAnsi, wrapText } from './letters.js';

const margin = 60;
const footerHeight = 20;
const lineHeight = 14;

/** Modules of light around a QR symbol (ISO/IEC 18004 6.3.8). */
const quietZone = 4;
const pointsPerMillimetre = 72 / 25.4;

const regular = 'Times-Roman';
const bold = 'Times-Bold';

export interface Column {
  title: string;
  /** Share of the width. */
  share: number;
}

/**
 * A4 pages that fill line by line: what does not fit goes on to the next page, a table with its head again. pdfkit draws;
 * where lines and pages end is decided here, so that rows of a table and their numbers stay together.
 */
export class Sheet {
  private readonly document: PDFKit.PDFDocument;
  private readonly left = margin;
  private readonly width: number;
  private readonly bottom: number;
  private y = margin;

  /** @param info.createdAt is the only time in the file, so that the same content gives the same bytes */
  constructor(info: { title: string; author: string; createdAt: Date }, compress: boolean) {
    this.document = new PDFDocument({
      size: 'A4',
      margin,
      bufferPages: true,
      compress,
      lang: 'id-ID',
      displayTitle: true,
      info: { Title: winAnsi(info.title), Author: winAnsi(info.author), CreationDate: info.createdAt },
    });
    this.width = this.document.page.width - 2 * margin;
    this.bottom = this.document.page.height - margin - footerHeight;
  }

  heading(text: string): void {
    for (const line of this.wrap(text, this.width, 13, bold)) this.line(line, { size: 13, font: bold, centred: true });
  }

  centred(text: string): void {
    for (const line of this.wrap(text, this.width)) this.line(line, { centred: true });
  }

  space(height = lineHeight / 2): void {
    this.y += height;
  }

  paragraph(text: string, indent = 0): void {
    const lines = this.wrap(text, this.width - indent);
    // no paragraph begins with one line at the foot of a page
    this.need(Math.min(lines.length, 2) * lineHeight);
    for (const line of lines) this.line(line, { indent });
    this.space();
  }

  /** `1.` and a text beside it. */
  numbered(number: number, text: string): void {
    const indent = 22;
    const lines = this.wrap(text, this.width - indent);
    this.need(Math.min(lines.length, 2) * lineHeight);
    lines.forEach((line, index) => {
      this.need(lineHeight);
      if (index === 0) this.put(`${number}.`, this.left);
      this.line(line, { indent });
    });
    this.space();
  }

  /** Rows may be longer than a page. */
  table(columns: readonly Column[], rows: readonly (readonly string[])[], indent = 22): void {
    const size = 9.5;
    const rowHeight = 12;
    const gap = 8;
    const whole = columns.reduce((sum, { share }) => sum + share, 0);
    const widths = columns.map(({ share }) => ((this.width - indent) * share) / whole);
    const starts = widths.map((_, index) => widths.slice(0, index).reduce((sum, width) => sum + width, indent));
    const cellsOf = (row: readonly string[], font: string) =>
      row.map((text, index) => this.wrap(text, (widths[index] ?? 0) - gap, size, font));
    const draw = (cells: readonly (readonly string[])[], font: string) => {
      const count = Math.max(...cells.map((lines) => lines.length));
      // a row that is no page by itself stays in one piece
      if (font === regular && count <= 20 && this.y + count * rowHeight > this.bottom) {
        this.nextPage();
        head();
      }
      for (let index = 0; index < count; index++) {
        if (this.y + rowHeight > this.bottom) {
          this.nextPage();
          if (font === regular) head();
        }
        cells.forEach((lines, column) => {
          this.put(lines[index] ?? '', this.left + (starts[column] ?? 0), { size, font });
        });
        this.y += rowHeight;
      }
      this.rule(indent);
    };
    const head = () =>
      draw(
        cellsOf(
          columns.map(({ title }) => title),
          bold,
        ),
        bold,
      );
    this.need(3 * lineHeight);
    this.rule(indent);
    head();
    for (const row of rows) draw(cellsOf(row, regular), regular);
    this.space();
  }

  /** A text as QR symbol in the middle, error correction M, with a line below it. */
  qr(text: string, { millimetres, caption }: { millimetres: number; caption: string }): void {
    const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
    const width = millimetres * pointsPerMillimetre;
    const module = width / (size + 2 * quietZone);
    this.need(width + lineHeight);
    const left = this.left + (this.width - width) / 2 + quietZone * module;
    const top = this.y + quietZone * module;
    data.forEach((dark, at) => {
      if (dark) this.document.rect(left + (at % size) * module, top + Math.floor(at / size) * module, module, module);
    });
    this.document.fill('black');
    this.y += width;
    this.centred(caption);
    this.space();
  }

  /** A last sentence and the blocks beside one another, all on one page: nobody signs a page without a text. */
  signatures(text: string, blocks: readonly { office: readonly string[]; name: readonly string[] }[]): void {
    const width = this.width / blocks.length - 12;
    const wrapped = (lines: readonly string[]) => lines.flatMap((line) => this.wrap(line, width));
    const most = Math.max(...blocks.map(({ office }) => wrapped(office).length));
    const room = Array<string>(4).fill('');
    const columns = blocks.map(({ office, name }) => {
      const above = wrapped(office);
      return [...above, ...Array<string>(most - above.length).fill(''), ...room, ...wrapped(name)];
    });
    const last = this.wrap(text, this.width);
    const longest = Math.max(...columns.map((lines) => lines.length));
    this.need((last.length + 1.5 + longest) * lineHeight);
    this.paragraph(text);
    this.space(lineHeight);
    columns.forEach((lines, block) => {
      const middle = this.left + block * (width + 24) + width / 2;
      lines.forEach((line, index) => {
        this.put(line, middle - this.widthOf(line) / 2, { y: this.y + index * lineHeight });
      });
    });
  }

  /** Writes the foot of every page; nothing can be added afterwards. */
  async finish(footer: string): Promise<Buffer> {
    const { count } = this.document.bufferedPageRange();
    const y = this.bottom + footerHeight;
    for (let page = 0; page < count; page++) {
      this.document.switchToPage(page);
      const pages = `Halaman ${page + 1} dari ${count}`;
      const end = this.left + this.width;
      this.put(this.wrap(footer, this.width - 110, 9)[0] ?? '', this.left, { size: 9, y });
      this.put(pages, end - this.widthOf(pages, 9), { size: 9, y });
    }
    const chunks: Buffer[] = [];
    this.document.on('data', (chunk: Buffer) => chunks.push(chunk));
    const ended = new Promise<void>((resolve, reject) => this.document.once('end', resolve).once('error', reject));
    this.document.end();
    await ended;
    return Buffer.concat(chunks);
  }

  private line(text: string, { indent = 0, size = 11, font = regular, centred = false } = {}): void {
    this.need(lineHeight);
    const x = centred ? this.left + (this.width - this.widthOf(text, size, font)) / 2 : this.left + indent;
    this.put(text, x, { size, font });
    this.y += size > 11 ? lineHeight + 3 : lineHeight;
  }

  private put(text: string, x: number, { y = this.y, size = 11, font = regular } = {}): void {
    if (text !== '') this.document.font(font).fontSize(size).text(winAnsi(text), x, y, { lineBreak: false });
  }

  private rule(indent: number): void {
    const { left, width, y } = this;
    this.document
      .moveTo(left + indent, y)
      .lineTo(left + width, y)
      .lineWidth(0.5)
      .stroke();
    this.y += 4;
  }

  private need(height: number): void {
    if (this.y + height > this.bottom) this.nextPage();
  }

  private nextPage(): void {
    this.document.addPage();
    this.y = margin;
  }

  private widthOf(text: string, size = 11, font = regular): number {
    return this.document.font(font).fontSize(size).widthOfString(winAnsi(text));
  }

  private wrap(text: string, width: number, size = 11, font = regular): string[] {
    return wrapText(text, (candidate) => this.widthOf(candidate, size, font) <= width);
  }
}
