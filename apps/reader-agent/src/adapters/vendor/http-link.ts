import { request, type ClientRequest } from 'node:http';
import type { Log } from '#service/log';
import { Lines } from './lines.js';
import type { VendorLink, VendorListener, VendorOrder } from './link.js';
import { parseMessage } from './parse-message.js';

/** Longer than a read may last (the order's own deadline is below it). */
const mostMs = 310_000;

/** A vendor's program at an address of this PC: each order is a POST, its answer the same JSON lines as they come. */
export class HttpLink implements VendorLink {
  private readonly open = new Set<ClientRequest>();

  constructor(
    private readonly url: string,
    private readonly listener: VendorListener,
    private readonly log: Log,
  ) {}

  send(order: VendorOrder): boolean {
    // an address that hangs does not pile up orders
    if (this.open.size >= 8) return false;
    const call = request(`${this.url.replace(/\/$/, '')}/${order.do}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(mostMs),
    });
    this.open.add(call);
    let over = false;
    const end = (failed: boolean) => {
      if (over) return;
      over = true;
      this.open.delete(call);
      // an order that the program does not know is no end of it
      if (failed && (order.do === 'read' || order.do === 'status')) this.listener.gone();
    };
    call.once('error', () => end(true));
    call.once('response', (response) => {
      const lines = new Lines(
        (line) => this.hear(line),
        () => this.restart('line without an end'),
      );
      response.on('data', (bytes: Buffer) => lines.take(bytes));
      response.once('error', () => end(true));
      response.once('end', () => {
        lines.take(Buffer.from('\n'));
        end(response.statusCode !== 200);
      });
    });
    call.end(JSON.stringify(order));
    return true;
  }

  /** The program is not ours to end: its connections are. */
  restart(why: string): void {
    this.log.event('error', 'vendor program is cut off', { reason: why });
    for (const call of [...this.open]) call.destroy(new Error(why));
  }

  async close(): Promise<void> {
    for (const call of [...this.open]) call.destroy();
  }

  private hear(line: string): void {
    const message = parseMessage(line);
    if (message) this.listener.message(message);
    else this.log.event('warn', 'vendor program said nonsense', { bytes: line.length });
  }
}
