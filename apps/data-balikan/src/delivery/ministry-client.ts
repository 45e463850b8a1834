import { Pool } from 'undici';
import type { BalikanDestination, BalikanService } from '#contracts';
import { columnsOf, type SentRecord } from '../media/ministry-record.js';
import { readAnswer, type Outcome } from './answer.js';

/** More than any answer to one record needs, bytes. */
const largestAnswer = 64 * 1024;

/**
 * How long a connection may take to come up, whatever the deadline, milliseconds. A request that waits for one leaves as soon as
 * it is there, and nobody is asked again before that: with the second for which a permit is trusted, and the half second that
 * undici's timers may be late, that stays below the 5 s in which the kill switch is effective.
 */
const mostConnectMs = 3_000;

export type ServedDestination = BalikanDestination & { service: BalikanService };

/** One institution's way to the ministry's web service for data balikan (O-08), one record in a request. */
export class MinistryClient {
  private readonly pool: Pool;
  private readonly path: string;

  constructor(
    private readonly destination: ServedDestination,
    connections: number,
  ) {
    const { baseUrl, path, caPem, deadlineMs } = destination.service;
    const base = new URL(baseUrl);
    this.path = base.pathname.replace(/\/+$/, '') + path;
    this.pool = new Pool(base.origin, {
      connections,
      pipelining: 1,
      // shorter than common servers keep theirs: a request on a connection that was just closed tells nothing
      keepAliveTimeout: 2_000,
      keepAliveTimeoutThreshold: 500,
      // the signal of each call is the deadline
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: Math.min(deadlineMs, mostConnectMs), ...(caPem ? { ca: caPem } : {}) },
    });
  }

  /** Sends once, within the destination's deadline. Never throws: what goes wrong is an outcome. */
  async send(nik: string, record: SentRecord): Promise<Outcome> {
    const { token, body, deadlineMs } = this.destination.service;
    // a timer that is cleared: AbortSignal.timeout would live on after each answer
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), deadlineMs);
    try {
      const response = await this.pool.request({
        method: 'POST',
        path: this.path,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': body === 'FORM' ? 'application/x-www-form-urlencoded' : 'application/json',
          accept: 'application/json',
        },
        body: bodyOf(this.destination, nik, record),
        signal: deadline.signal,
      });
      // what is thrown away half-read says so by this event, which nobody else waits for
      response.body.on('error', () => undefined);
      return readAnswer(response.statusCode, await readText(response.body));
    } catch {
      // an error of undici may quote the request: nothing of it is kept
      return { failed: deadline.signal.aborted ? 'TIMEOUT' : 'UNAVAILABLE' };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends after what is under way. */
  close(): Promise<void> {
    return this.pool.close();
  }
}

/** A record in the form that is configured; what has no name or no value is left out. */
export function bodyOf({ service, ...to }: ServedDestination, nik: string, record: SentRecord): string {
  const param = Object.fromEntries(
    columnsOf(to.paramKeys).flatMap(({ key, field }) => (record[field] === null ? [] : [[key, record[field]]])),
  ) as Record<string, string>;
  const { idLembaga: id_lembaga, namaLembaga: nama_lembaga } = to;
  return service.body === 'FORM'
    ? new URLSearchParams({ nik, id_lembaga, nama_lembaga, param: JSON.stringify([param]) }).toString()
    : JSON.stringify([{ id_lembaga, nama_lembaga, data: [{ NIK: nik, param: [param] }] }]);
}

/** The body as UTF-8, or undefined where it is too large or not UTF-8. */
async function readText(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestAnswer) {
      body.destroy();
      return undefined;
    }
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    return undefined;
  }
}
