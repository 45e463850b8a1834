import { Column } from './column.js';

/** Which part of a look-up an event is, and which look-up (packed id). */
export interface LookUpPart {
  part: 'REQUESTED' | 'ANSWERED';
  id: Uint8Array;
}

/** Events as they stand in the bundle, by their place: 0 is the first one after the last checkpoint that was reached. */
export interface Lines {
  readonly count: number;
  /** The hash that the line tells. */
  hash(at: number): Uint8Array;
  /** Of the lines whose event does not have that hash: the one that it has (null: it cannot have any). */
  readonly recomputed: ReadonlyMap<number, Uint8Array | null>;
  /** The numbers that the lines tell. */
  readonly indexes: readonly number[];
  /** Logged times, microseconds since 1970; NaN where there is none. */
  readonly times: readonly number[];
  /** The lines whose event has the id of an earlier one. */
  readonly twice: ReadonlySet<number>;
  lookUp(at: number): LookUpPart | undefined;
  /** Number that the first line should have. */
  readonly base: number;
  /** The numbers rise from `base` by one. */
  readonly regular: boolean;
}

export interface AddedLine {
  index: number;
  hash: Uint8Array;
  /** Nothing when it is the same as `hash`. */
  recomputed: Uint8Array | null | undefined;
  time: number;
  twice: boolean;
  lookUp: LookUpPart | undefined;
}

const none = new Uint8Array(16);

/** The events since the last checkpoint that was reached: all that is kept of them, about 70 bytes for each. */
export class Segment implements Lines {
  readonly recomputed = new Map<number, Uint8Array | null>();
  readonly indexes: number[] = [];
  readonly times: number[] = [];
  readonly twice = new Set<number>();
  /** Lines in between that could not be read: each of them may have been an event. */
  unreadable = 0;
  regular = true;
  private readonly hashes = new Column(32);
  private readonly lookUps = new Column(16);
  private readonly parts: (LookUpPart['part'] | undefined)[] = [];

  constructor(public base: number) {}

  get count(): number {
    return this.indexes.length;
  }

  hash(at: number): Uint8Array {
    return this.hashes.at(at);
  }

  lookUp(at: number): LookUpPart | undefined {
    const part = this.parts[at];
    return part && { part, id: this.lookUps.at(at) };
  }

  add({ index, hash, recomputed, time, twice, lookUp }: AddedLine): void {
    const at = this.count;
    if (recomputed !== undefined) this.recomputed.set(at, recomputed);
    if (twice) this.twice.add(at);
    if (index !== this.base + at) this.regular = false;
    this.hashes.push(hash);
    this.indexes.push(index);
    this.times.push(time);
    this.parts.push(lookUp?.part);
    this.lookUps.push(lookUp?.id ?? none);
  }

  /** The lines `from` ≤ place < `to`, as a segment of their own whose first number should be `base`. */
  part(from: number, to: number, base: number): Segment {
    const part = new Segment(base);
    for (let at = from; at < to; at++) {
      part.add({
        index: this.indexes[at]!,
        hash: this.hash(at),
        recomputed: this.recomputed.get(at),
        time: this.times[at]!,
        twice: this.twice.has(at),
        lookUp: this.lookUp(at),
      });
    }
    return part;
  }

  get highestIndex(): number {
    return this.indexes.reduce((highest, index) => Math.max(highest, index), this.base - 1);
  }
}
