import { Readable } from 'node:stream';
import type { RpcOutput, readExport } from '#contracts';
import { endLine, headerLine, type BundleHeader } from '#evidence';

export type BundlePage = RpcOutput<typeof readExport>;

export type Bundle = Omit<BundleHeader, 'format'>;

/** The client took longer over a page than it may. */
export class SlowReader extends Error {
  override readonly name = 'SlowReader';
}

/** The other side answered what does not lead to the end. */
export class BundleFault extends Error {
  override readonly name = 'BundleFault';
}

/**
 * A bundle (docs/evidence-format.md) page by page, as fast as it is taken: never more than one page waits here. What goes wrong
 * destroys it, so that the last line, which says how much there should be, is missing.
 */
export class BundleStream extends Readable {
  private begun = false;
  private next: number;
  private checkpoints = 0;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param readPage the page that begins with this leaf
   * @param takeMs how long one page may wait for its reader
   */
  constructor(
    private readonly bundle: Bundle,
    private readonly readPage: (next: number) => Promise<BundlePage>,
    private readonly takeMs: number,
  ) {
    // of bytes: as long as something waits, nothing is read
    super({ highWaterMark: 1 });
    this.next = bundle.from;
  }

  override _read(): void {
    clearTimeout(this.timer);
    if (!this.begun) {
      this.begun = true;
      this.hand([headerLine(this.bundle)]);
      return;
    }
    this.readPage(this.next)
      .then((page) => this.follow(page))
      .catch((error: unknown) => this.destroy(error as Error));
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.timer);
    done(error);
  }

  private follow({ lines, checkpoints, next }: BundlePage): void {
    if (this.destroyed) return;
    const { from, to } = this.bundle;
    if (next <= this.next || next > to) throw new BundleFault(`a page from ${this.next} leads to ${next} of ${to}`);
    this.next = next;
    this.checkpoints += checkpoints;
    if (next < to) return this.hand(lines);
    this.hand([...lines, endLine(to - from, this.checkpoints)]);
    this.push(null);
  }

  private hand(lines: readonly string[]): void {
    this.timer = setTimeout(() => this.destroy(new SlowReader('a page was not taken in time')), this.takeMs);
    this.push(lines.map((line) => `${line}\n`).join(''));
  }
}
