import type { Matcher } from './matcher.js';

/** How often a pattern was found in a stream, and where first. */
export interface Finds {
  count: number;
  first: number;
}

/** Searches bytes that come in pieces; what lies across two pieces is found, and nothing is counted twice. */
export class StreamSearch {
  bytes = 0;
  readonly finds = new Map<number, Finds>();
  private tail: Buffer = Buffer.alloc(0);

  constructor(private readonly matcher: Matcher) {}

  push(piece: Buffer): void {
    const { tail, matcher } = this;
    const begin = this.bytes - tail.length;
    const text = tail.length > 0 ? Buffer.concat([tail, piece]) : piece;
    matcher.scan(text, (pattern, at) => {
      // what lies in the tail alone was found with the piece before
      const length = matcher.patterns[pattern]?.bytes.length ?? 0;
      if (at + length > tail.length) this.found(pattern, begin + at);
    });
    this.bytes += piece.length;
    this.tail = Buffer.from(text.subarray(Math.max(0, text.length - matcher.longest + 1)));
  }

  private found(pattern: number, at: number): void {
    const known = this.finds.get(pattern);
    if (known) known.count += 1;
    else this.finds.set(pattern, { count: 1, first: at });
  }
}
