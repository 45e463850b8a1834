import PDFDocument from 'pdfkit';
import { winAnsi, wrapText } from './letters.js';

export const margin = 60;
export const lineHeight = 14;
const footerHeight = 20;

export const pointsPerMillimetre = 72 / 25.4;

/** Fonts that every PDF reader has: serifs for sentences, none for figures. */
export const fonts = {
  regular: 'Times-Roman',
  bold: 'Times-Bold',
  figures: 'Helvetica',
  boldFigures: 'Helvetica-Bold',
} as const;
export type Font = (typeof fonts)[keyof typeof fonts];

export const colours = {
  ink: '#000000',
  grey: '#5b6770',
  pale: '#e8eef4',
  grid: '#d0d7de',
  bar: '#1f4e79',
  alarm: '#b3261e',
};

export interface Lettering {
  size?: number;
  font?: Font;
  colour?: string;
}

export interface PaperInfo {
  title: string;
  author: string;
  /** The only time in the file, so that the same content gives the same bytes. */
  createdAt: Date;
}

/**
 * A4 pages and the place where to go on. pdfkit draws; where lines and pages end is decided here, so that rows of a table and
 * their numbers stay together.
 */
export class Pen {
  readonly document: PDFKit.PDFDocument;
  readonly left = margin;
  readonly width: number;
  /** Nothing but the foot stands below. */
  readonly bottom: number;
  y = margin;

  /** @param mark a word across every page, behind everything else */
  constructor(
    info: PaperInfo,
    compress: boolean,
    private readonly mark?: string,
  ) {
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
    this.drawMark();
  }

  /** A line of text here, and on to the next. */
  line(
    text: string,
    { indent = 0, centred = false, ...lettering }: Lettering & { indent?: number; centred?: boolean } = {},
  ) {
    this.need(lineHeight);
    const x = centred ? this.left + (this.width - this.widthOf(text, lettering)) / 2 : this.left + indent;
    this.put(text, x, lettering);
    this.y += (lettering.size ?? 11) > 11 ? lineHeight + 3 : lineHeight;
  }

  put(
    text: string,
    x: number,
    { y = this.y, size = 11, font = fonts.regular, colour = colours.ink }: Lettering & { y?: number } = {},
  ) {
    if (text === '') return;
    this.document.font(font).fontSize(size).fillColor(colour).text(winAnsi(text), x, y, { lineBreak: false });
  }

  /** A text that ends at x. */
  putBefore(text: string, x: number, lettering: Lettering & { y?: number } = {}) {
    this.put(text, x - this.widthOf(text, lettering), lettering);
  }

  rule(indent = 0, { thickness = 0.5, gap = 4, colour = colours.ink } = {}) {
    const { left, width, y } = this;
    this.document
      .moveTo(left + indent, y)
      .lineTo(left + width, y)
      .lineWidth(thickness)
      .strokeColor(colour)
      .stroke();
    this.y += gap;
  }

  fillBox(x: number, y: number, width: number, height: number, colour: string) {
    this.document.rect(x, y, width, height).fill(colour);
  }

  space(height = lineHeight / 2) {
    this.y += height;
  }

  /** Goes on to the next page unless this one has so much room left. */
  need(height: number) {
    if (this.y + height > this.bottom) this.nextPage();
  }

  nextPage() {
    this.document.addPage();
    this.y = margin;
    this.drawMark();
  }

  widthOf(text: string, { size = 11, font = fonts.regular }: Lettering = {}): number {
    return this.document.font(font).fontSize(size).widthOfString(winAnsi(text));
  }

  wrap(text: string, width: number, lettering: Lettering = {}): string[] {
    return wrapText(text, (candidate) => this.widthOf(candidate, lettering) <= width);
  }

  /** Writes the foot of every page; nothing can be added afterwards. */
  async finish(footer: string): Promise<Buffer> {
    const { count } = this.document.bufferedPageRange();
    const y = this.bottom + footerHeight;
    for (let page = 0; page < count; page++) {
      this.document.switchToPage(page);
      const pages = `Halaman ${page + 1} dari ${count}`;
      this.put(this.wrap(footer, this.width - 110, { size: 9 })[0] ?? '', this.left, { size: 9, y });
      this.putBefore(pages, this.left + this.width, { size: 9, y });
    }
    const chunks: Buffer[] = [];
    this.document.on('data', (chunk: Buffer) => chunks.push(chunk));
    const ended = new Promise<void>((resolve, reject) => this.document.once('end', resolve).once('error', reject));
    this.document.end();
    await ended;
    return Buffer.concat(chunks);
  }

  private drawMark() {
    if (this.mark === undefined) return;
    const { width, height } = this.document.page;
    const lettering = { size: 150, font: fonts.boldFigures };
    this.document.save().rotate(-55, { origin: [width / 2, height / 2] });
    const x = (width - this.widthOf(this.mark, lettering)) / 2;
    this.put(this.mark, x, { ...lettering, y: height / 2 - 60, colour: '#eeeeee' });
    this.document.restore();
  }
}
