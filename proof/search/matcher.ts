import { GramTable } from './gram-table.js';
import { leastRun, type Pattern } from './pattern.js';

/** Of every pattern a gram begins at one of so many places in a row; so only every fifth place of a text is looked at. */
const stride = 5;
const short = leastRun - stride + 1;
const long = 8;
/** A pattern with so many bytes in a row is known by its long grams, which other texts hardly ever hold. */
const longRun = stride + long - 1;

const hashShort = (first: number): number => Math.imul(first, 0x9e3779b1);
const hashLong = (first: number, second: number): number =>
  Math.imul(Math.imul(first, 0x85ebca6b) ^ second, 0x9e3779b1) ^ second;

/**
 * Finds any number of patterns in one pass. Each is known by five grams of its most telling bytes, one of which begins at
 * every fifth place wherever the pattern lies. A bit table turns nearly all other places away; the rest is compared.
 */
export class Matcher {
  /** Bytes of the longest pattern. */
  readonly longest: number;
  private readonly shorts: GramTable;
  private readonly longs: GramTable;
  private readonly wild: (readonly number[] | undefined)[];

  constructor(readonly patterns: readonly Pattern[]) {
    this.longest = patterns.reduce((most, { bytes }) => Math.max(most, bytes.length), 0);
    this.wild = patterns.map(({ any }) => (any && any.length > 0 ? any : undefined));
    const grams = { short: [] as Gram[], long: [] as Gram[] };
    for (const [index, pattern] of patterns.entries()) {
      const window = findWindow(pattern, longRun);
      if (window !== undefined) grams.long.push(...gramsOf(pattern, index, window, longHashAt));
      else grams.short.push(...gramsOf(pattern, index, mustFindWindow(pattern), shortHashAt));
    }
    this.shorts = new GramTable(grams.short);
    this.longs = new GramTable(grams.long);
  }

  /** Calls back with every pattern that lies wholly in `bytes`, and where it begins. */
  scan(bytes: Buffer, report: (pattern: number, at: number) => void): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const { bits: shortBits, shift: shortShift } = this.shorts;
    const { bits: longBits, shift: longShift } = this.longs;
    const lastLong = bytes.length - long;
    const last = bytes.length - short;
    let at = 0;
    for (; at <= lastLong; at += stride) {
      const first = view.getInt32(at, true);
      const one = hashShort(first);
      let slot = one >>> shortShift;
      if (((shortBits[slot >>> 5] as number) & (1 << (slot & 31))) !== 0)
        this.compare(bytes, this.shorts, one, at, report);
      const two = hashLong(first, view.getInt32(at + 4, true));
      slot = two >>> longShift;
      if (((longBits[slot >>> 5] as number) & (1 << (slot & 31))) !== 0)
        this.compare(bytes, this.longs, two, at, report);
    }
    for (; at <= last; at += stride) this.compare(bytes, this.shorts, hashShort(view.getInt32(at, true)), at, report);
  }

  private compare(
    bytes: Buffer,
    table: GramTable,
    hash: number,
    at: number,
    report: (pattern: number, at: number) => void,
  ): void {
    const places = table.placesOf(hash);
    if (places === undefined) return;
    for (let index = 0; index < places.length; index += 2) {
      const pattern = places[index] as number;
      const begin = at - (places[index + 1] as number);
      if (begin >= 0 && this.isAt(bytes, begin, pattern)) report(pattern, begin);
    }
  }

  private isAt(bytes: Buffer, begin: number, index: number): boolean {
    const wanted = (this.patterns[index] as Pattern).bytes;
    const wild = this.wild[index];
    if (begin + wanted.length > bytes.length) return false;
    for (let offset = 0; offset < wanted.length; offset += 1)
      if (bytes[begin + offset] !== wanted[offset] && !wild?.includes(offset)) return false;
    return true;
  }
}

interface Gram {
  hash: number;
  pattern: number;
  offset: number;
}

const shortHashAt = (bytes: Buffer, at: number): number => hashShort(bytes.readInt32LE(at));
const longHashAt = (bytes: Buffer, at: number): number => hashLong(bytes.readInt32LE(at), bytes.readInt32LE(at + 4));

const gramsOf = (
  { bytes }: Pattern,
  pattern: number,
  window: number,
  hashAt: (bytes: Buffer, at: number) => number,
): Gram[] =>
  Array.from({ length: stride }, (_, index) => ({
    hash: hashAt(bytes, window + index),
    pattern,
    offset: window + index,
  }));

function mustFindWindow(pattern: Pattern): number {
  const window = findWindow(pattern, leastRun);
  if (window === undefined) throw new Error(`a pattern of ${pattern.encoding} is too short to be told from chance`);
  return window;
}

/** Where so many bytes in a row begin that have the most different values: they are the rarest in other texts. */
function findWindow({ bytes, any = [] }: Pattern, length: number): number | undefined {
  let best: number | undefined;
  let most = 0;
  for (let begin = 0; begin + length <= bytes.length; begin += 1) {
    if (any.some((place) => place >= begin && place < begin + length)) continue;
    const different = new Set(bytes.subarray(begin, begin + length)).size;
    if (different > most) [best, most] = [begin, different];
  }
  return best;
}
