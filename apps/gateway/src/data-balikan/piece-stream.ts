import { Readable } from 'node:stream';

/** As it comes over the bus. */
export interface Piece {
  /** base64 */
  bytes: string;
  last: boolean;
}

/** The client took longer over a piece than it may. */
export class SlowReader extends Error {
  override readonly name = 'SlowReader';
}

/**
 * A file piece by piece, as fast as it is taken: never more than one piece waits here. What goes wrong destroys it, and with it
 * the connection, so that nobody takes half a file for the whole.
 */
export class PieceStream extends Readable {
  private next = 0;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param first read before, so that a fault is still told as one
   * @param takeMs how long one piece may wait for its reader
   */
  constructor(
    private readonly first: Piece,
    private readonly readPiece: (n: number) => Promise<Piece>,
    private readonly takeMs: number,
  ) {
    // of bytes: as long as something waits, nothing is read
    super({ highWaterMark: 1 });
  }

  override _read(): void {
    clearTimeout(this.timer);
    if (this.next === 0) return this.hand(this.first);
    this.readPiece(this.next)
      .then((piece) => this.hand(piece))
      .catch((error: unknown) => this.destroy(error as Error));
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.timer);
    done(error);
  }

  private hand({ bytes, last }: Piece): void {
    if (this.destroyed) return;
    this.next += 1;
    const content = Buffer.from(bytes, 'base64');
    if (!last && content.length === 0) throw new Error('a piece that is not the last has something in it');
    this.timer = setTimeout(() => this.destroy(new SlowReader('a piece was not taken in time')), this.takeMs);
    if (content.length > 0) this.push(content);
    if (last) this.push(null);
  }
}
