import { createHmac } from 'node:crypto';
import { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import { Client } from 'undici';
import type { Courier, Delivered, Message } from './courier.js';
import { payloadOf } from './reminder-text.js';

/** `v1=` and the hex HMAC-SHA-256 of `<seconds since 1970>.<body>` under the secret that the office gave. */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;

/** POST of JSON to the office's own server. Of the answer only the status counts; redirects are not followed. */
export class WebhookCourier implements Courier {
  constructor(
    private readonly secretOf: (message: Message) => Promise<string | undefined>,
    private readonly timeoutMs: number,
    /** PEM of a private authority, besides the public ones. */
    private readonly ca: string | undefined,
  ) {}

  async deliver(message: Message, handOver: () => Promise<void>): Promise<Delivered> {
    const secret = await this.secretOf(message);
    if (secret === undefined) return { refused: 'Webhook ini tidak ada lagi di pengaturan.' };
    const url = new URL(message.recipient);
    const body = payloadOf(message);
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const client = new Client(url.origin, {
      connect: { timeout: this.timeoutMs, ...(this.ca === undefined ? {} : { ca: [...rootCertificates, this.ca] }) },
      // the signal is the deadline
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 16 * 1024,
    });
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), 2 * this.timeoutMs);
    let handedOver = false;
    // head and body leave together, when the connection is there and this yields
    const content = Readable.from(
      (async function* () {
        await handOver();
        handedOver = true;
        yield body;
      })(),
      { objectMode: false },
    );
    // the request fails by the same error
    content.on('error', () => undefined);
    try {
      const response = await client.request({
        method: 'POST',
        path: url.pathname + url.search,
        headers: {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
          'user-agent': 'gerbang-paten',
          'x-gerbang-reminder': message.id,
          'x-gerbang-timestamp': timestamp,
          'x-gerbang-signature': signatureOf(secret, timestamp, body),
        },
        body: content,
        signal: deadline.signal,
      });
      response.body.on('error', () => undefined);
      response.body.destroy();
      if (!handedOver) return { refused: 'Webhook menjawab sebelum pesan selesai.' };
      const { statusCode } = response;
      return statusCode >= 200 && statusCode < 300 ? { sent: true } : { refused: `Webhook menolak (${statusCode}).` };
    } catch {
      if (handedOver) return { uncertain: 'Webhook menerima pesan tetapi tidak menjawab.' };
      return { refused: 'Webhook tidak dapat dihubungi.' };
    } finally {
      clearTimeout(timer);
      content.destroy();
      void client.destroy().catch(() => undefined);
    }
  }
}
