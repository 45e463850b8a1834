import { cleanText, shortened } from '../cell-text.js';
import { FileFault } from '../table.js';
import { limits } from './limits.js';
import { decodeEscapes } from './cell-values.js';
import type { XmlHandlers } from './xml.js';

const blockBytes = 1024 * 1024;

/** The texts of a workbook, packed as UTF-8 into blocks: a JavaScript string each would cost many times as much. */
export class SharedStrings {
  private readonly blocks: Buffer[] = [];
  private used = blockBytes;
  private starts = new Uint32Array(1024);
  private lengths = new Uint16Array(1024);
  private count = 0;

  /** @throws {FileFault} FILE_EXPANDS_TOO_MUCH */
  add(text: string): void {
    const kept = shortened(cleanText(text));
    const bytes = Buffer.byteLength(kept);
    if (this.used + bytes > blockBytes) this.startBlock();
    if (this.count === this.starts.length) this.grow();
    this.starts[this.count] = (this.blocks.length - 1) * blockBytes + this.used;
    this.lengths[this.count] = bytes;
    this.blocks.at(-1)!.write(kept, this.used);
    this.used += bytes;
    this.count += 1;
  }

  /** @throws {FileFault} FILE_DAMAGED when there is no such text */
  get(index: number): string {
    if (!(index >= 0 && index < this.count) || !Number.isInteger(index)) throw new FileFault('FILE_DAMAGED');
    const start = this.starts[index]!;
    const inBlock = start % blockBytes;
    return this.blocks[(start - inBlock) / blockBytes]!.toString('utf8', inBlock, inBlock + this.lengths[index]!);
  }

  private startBlock(): void {
    if (this.blocks.length * blockBytes >= limits.sharedStringBytes) throw new FileFault('FILE_EXPANDS_TOO_MUCH');
    this.blocks.push(Buffer.allocUnsafe(blockBytes));
    this.used = 0;
  }

  private grow(): void {
    if (this.count >= limits.sharedStrings) throw new FileFault('FILE_EXPANDS_TOO_MUCH');
    const starts = new Uint32Array(this.count * 2);
    const lengths = new Uint16Array(this.count * 2);
    starts.set(this.starts);
    lengths.set(this.lengths);
    this.starts = starts;
    this.lengths = lengths;
  }
}

/** Fills `strings` from sharedStrings.xml: rich text is joined, readings (rPh) are left out. */
export function sharedStringsHandlers(strings: SharedStrings): XmlHandlers {
  const text = new RichText(2);
  return {
    open: (tag, depth) => {
      if (depth === 2 && tag.local === 'si') text.begin();
      else text.open(tag.local, depth);
    },
    close: (tag, depth) => {
      text.close(depth);
      if (depth === 2 && tag.local === 'si') strings.add(decodeEscapes(text.value));
    },
    text: (value) => text.add(value),
  };
}

/** The text of an si or is element: its t elements and those of its runs. */
export class RichText {
  value = '';
  private collecting = false;
  private run = false;

  /** @param depth of the si or is element */
  constructor(private readonly depth: number) {}

  begin(): void {
    this.value = '';
    this.run = false;
    this.collecting = false;
  }

  open(local: string, depth: number): void {
    if (depth === this.depth + 1) this.run = local === 'r';
    this.collecting = local === 't' && (depth === this.depth + 1 || (depth === this.depth + 2 && this.run));
  }

  close(_depth: number): void {
    this.collecting = false;
  }

  add(text: string): void {
    if (this.collecting) this.value = appended(this.value, text);
  }
}

/** A text with its next piece, of which there may be any number. One that is cut ends with a sign that no field takes. */
export function appended(value: string, piece: string): string {
  if (value.length > limits.rawCharacters) return value;
  const all = value + piece;
  return all.length > limits.rawCharacters ? `${all.slice(0, limits.rawCharacters)}\ufffd` : all;
}
