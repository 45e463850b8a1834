import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type pg from 'pg';

/** What pg's connection can do with COPY, and its types do not tell. */
interface CopyConnection {
  readonly stream: Duplex;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** `COPY ... FROM STDIN` over a connection of pg: `client.query(new CopyIn(text))`, then {@link write} and {@link end}. */
export class CopyIn implements pg.Submittable {
  private readonly begun: Promise<CopyConnection>;
  private readonly done: Promise<number>;
  private begin!: (connection: CopyConnection) => void;
  private finish!: (rows: number) => void;
  private readonly failed: ((error: Error) => void)[] = [];
  private rows = 0;

  constructor(private readonly text: string) {
    this.begun = new Promise((resolve, reject) => {
      this.begin = resolve;
      this.failed.push(reject);
    });
    this.done = new Promise((resolve, reject) => {
      this.finish = resolve;
      this.failed.push(reject);
    });
    // whoever writes next, or ends, hears of it
    this.begun.catch(() => undefined);
    this.done.catch(() => undefined);
  }

  /** In the text format; waits where the database cannot take more. */
  async write(text: string): Promise<void> {
    const connection = await this.begun;
    connection.sendCopyFromChunk(Buffer.from(text));
    if (connection.stream.writableNeedDrain) await Promise.race([once(connection.stream, 'drain'), this.done]);
  }

  /** Returns how many rows were taken. */
  async end(): Promise<number> {
    (await this.begun).endCopyFrom();
    return this.done;
  }

  // what pg's client calls

  submit(connection: pg.Connection): void {
    (connection as unknown as CopyConnection).query(this.text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    this.begin(connection);
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.rows = Number(/^COPY (\d+)$/.exec(text)?.[1] ?? NaN);
  }

  handleReadyForQuery(): void {
    this.finish(this.rows);
  }

  handleError(error: Error): void {
    for (const fail of this.failed) fail(error);
  }
}

/** A row in COPY's text format. */
export const copyLine = (cells: readonly (string | null)[]): string =>
  `${cells.map((cell) => (cell === null ? '\\N' : cell.replace(/[\\\t\n\r]/g, escape))).join('\t')}\n`;

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escape = (sign: string): string => escapes[sign] ?? sign;
