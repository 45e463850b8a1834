import { FileFault } from '../table.js';

/** Longest record, characters: beyond it a quote was not closed, and no record is endless. */
export const mostRecord = 64 * 1024;
/** Text that may be read again after unclosed quotes, characters of the whole file; keeps the work linear. */
const mostReread = 16 * 1024 * 1024;

export interface CsvRecord {
  /** From 1; empty lines count, as they do in a spreadsheet. */
  row: number;
  cells: string[];
  /** A quote was not closed, or something follows it; the last cell is the rest of its line, as it stands. */
  unclosed: boolean;
}

/**
 * Splits CSV text (RFC 4180) into records, whichever way a line ends. csv-parse gives up at the first wrong quote; here such
 * a record is told apart and the next line is read as usual.
 */
export class RecordScanner {
  private text = '';
  private at = 0;
  private row = 0;
  private reread = 0;
  private readonly lf = new NextSign('\n');
  private readonly cr = new NextSign('\r');
  private readonly quote = new NextSign('"');
  private readonly separator: NextSign;
  private last = false;

  constructor(private readonly delimiter: string) {
    this.separator = new NextSign(delimiter);
  }

  /**
   * @returns the records that are complete now
   * @throws {FileFault} FILE_DAMAGED when a line is longer than {@link mostRecord}, or too much has to be read again
   */
  push(text: string, last: boolean): CsvRecord[] {
    this.text = this.text.slice(this.at) + text;
    this.at = 0;
    for (const sign of [this.lf, this.cr, this.quote, this.separator]) sign.in(this.text);
    this.last = last;
    const records: CsvRecord[] = [];
    while (this.at < this.text.length) {
      const record = this.next();
      if (record) records.push(record);
      else if (this.text.length - this.at > mostRecord) throw new FileFault('FILE_DAMAGED');
      else break;
    }
    return records;
  }

  /** undefined: the rest of it is in the next piece. */
  private next(): CsvRecord | undefined {
    const end = this.lineEnd(this.at);
    if (this.quote.from(this.at) < end) return this.nextQuoted();
    if (end - this.at > mostRecord) throw new FileFault('FILE_DAMAGED');
    return this.finish(end, this.text.slice(this.at, end).split(this.delimiter), false);
  }

  private nextQuoted(): CsvRecord | undefined {
    const { text, delimiter, last } = this;
    const cells: string[] = [];
    let at = this.at;
    // the first cell that goes over a line break: where the record is wrong, its quote is the likely cause
    let suspect: Suspect | undefined;
    for (;;) {
      if (at - this.at > mostRecord) return this.giveUp(suspect ?? { open: this.at, cells: [] }, at);
      const open = this.afterBlanks(at);
      if (text[open] === '"') {
        const close = this.closingQuote(open);
        const after = close === undefined ? text.length : this.afterBlanks(close + 1);
        if (after >= text.length && !last && text.length - this.at <= mostRecord) return undefined;
        if (close === undefined || !this.mayFollow(after)) return this.giveUp(suspect ?? { open, cells }, after);
        if (!suspect && this.lineEnd(open) < close) suspect = { open, cells: [...cells] };
        const inside = text.slice(open + 1, close);
        cells.push(inside.includes('"') ? inside.replaceAll('""', '"') : inside);
        if (text[after] !== delimiter) return this.finish(after, cells, false);
        at = after + 1;
      } else {
        const end = this.lineEnd(at);
        const next = this.separator.from(at);
        const isLast = next >= end;
        cells.push(text.slice(at, isLast ? end : next));
        if (isLast) return this.finish(end, cells, false);
        at = next + 1;
      }
    }
  }

  /** Behind a closing quote there is a delimiter or the end of the line; of the text only where that is the file's. */
  private mayFollow(place: number): boolean {
    const sign = this.text[place];
    return sign === this.delimiter || sign === '\n' || sign === '\r' || (sign === undefined && this.last);
  }

  /** Goes on in the line after the one in which the quote stands; nothing that follows is lost with it. */
  private giveUp({ open, cells }: Suspect, reached: number): CsvRecord | undefined {
    const end = this.lineEnd(open);
    this.reread += Math.min(reached, this.at + mostRecord) - end;
    if (this.reread > mostReread) throw new FileFault('FILE_DAMAGED');
    return this.finish(end, [...cells, this.text.slice(open, end)], true);
  }

  /** Ends the record at a line break or at the end of the text. */
  private finish(end: number, cells: string[], unclosed: boolean): CsvRecord | undefined {
    const { text } = this;
    // what follows may belong to the record, or to its line break
    if (!this.last && (end >= text.length || (text[end] === '\r' && end + 1 >= text.length))) return undefined;
    this.at = text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
    this.row += 1;
    return { row: this.row, cells, unclosed };
  }

  private closingQuote(open: number): number | undefined {
    let at = open + 1;
    for (;;) {
      const quote = this.text.indexOf('"', at);
      if (quote < 0 || quote - this.at > mostRecord) return undefined;
      if (this.text[quote + 1] !== '"') return quote;
      at = quote + 2;
    }
  }

  private afterBlanks(at: number): number {
    let index = at;
    while (this.text.charCodeAt(index) === 0x20) index += 1;
    return index;
  }

  private lineEnd(from: number): number {
    return Math.min(this.lf.from(from), this.cr.from(from));
  }
}

/** A quote that may not have been closed, and the cells before it. */
interface Suspect {
  open: number;
  cells: string[];
}

/** Where a sign is next, found once and not for every record. */
class NextSign {
  private text = '';
  private asked = 0;
  private found = -1;

  constructor(private readonly sign: string) {}

  in(text: string): void {
    this.text = text;
    this.asked = 0;
    this.found = -1;
  }

  /** At or after `from`; the length of the text when there is none. */
  from(from: number): number {
    if (from > this.found || from < this.asked) {
      const index = this.text.indexOf(this.sign, from);
      this.asked = from;
      this.found = index < 0 ? this.text.length : index;
    }
    return this.found;
  }
}
