import { Pool } from 'undici';
import type { UpstreamAccess, VerificationRequest } from '#contracts';
import { testConnection, type ConnectionTest } from './connection-test.js';
import { matchKeys, readAnswer, type Asked, type MinistryAnswer } from './ministry-answer.js';
import { unknownAnswer, type FaultMeaning } from './ministry-codes.js';

/** More than any answer about one person needs, bytes. */
const largestAnswer = 256 * 1024;
const retryAfterMs = 150;

const fault = (code: FaultMeaning['code'], hit: FaultMeaning['hit']): FaultMeaning => ({
  kind: 'fault',
  code,
  effect: 'failure',
  hit,
});

export interface MinistryQuestion extends Asked {
  match?: NonNullable<VerificationRequest['match']> | undefined;
}

export interface ClientLimits {
  connectMs: number;
  connections: number;
}

/** One institution's way to the ministry's NIK web service ("call NIK" and CALL_VERIFY_BY_ELEMEN, O-10). */
export class MinistryClient {
  private readonly pool: Pool;
  private retired = false;

  constructor(
    private readonly access: UpstreamAccess,
    limits: ClientLimits,
  ) {
    this.pool = new Pool(new URL(access.baseUrl).origin, {
      connections: limits.connections,
      pipelining: 1,
      // shorter than common servers keep theirs: a request on a connection that was just closed is a hit that may be lost
      keepAliveTimeout: 2_000,
      keepAliveTimeoutThreshold: 500,
      // the signal of each call is the deadline
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: limits.connectMs, ...(access.caPem ? { ca: access.caPem } : {}) },
    });
  }

  /**
   * Asks once. Only what provably never left (connection refused, TLS failure) is tried once more; everything else may
   * have burned a hit. Never throws: what goes wrong is a fault with its code.
   *
   * @param deadlineMs how long the ministry may take, from now
   */
  async ask(question: MinistryQuestion, deadlineMs: number): Promise<MinistryAnswer> {
    const path = question.mode === 'LOOKUP' ? this.access.lookupPath : this.access.matchPath;
    if (!path) return { kind: 'fault', code: 'UPSTREAM_NOT_CONFIGURED', effect: 'none', hit: 'released' };
    // a timer that is cleared: AbortSignal.timeout would live on after each answer
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), deadlineMs);
    try {
      return await this.askWithin(path, question, deadline.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  private async askWithin(path: string, question: MinistryQuestion, signal: AbortSignal): Promise<MinistryAnswer> {
    const first = await this.post(path, question, signal);
    if (first.kind === 'answer' || first.hit !== 'released' || signal.aborted) return first;
    await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    return signal.aborted ? first : this.post(path, question, signal);
  }

  /** Connection and TLS only: costs no hit. */
  test(deadlineMs: number): Promise<ConnectionTest> {
    return testConnection(this.access, deadlineMs);
  }

  /** Whether the way is there. Costs no hit. */
  async probe(deadlineMs: number): Promise<boolean> {
    return (await this.test(deadlineMs)).reachable;
  }

  /** Takes no more questions; those under way are still answered. */
  async retire(): Promise<void> {
    this.retired = true;
    await this.pool.close();
  }

  async close(): Promise<void> {
    this.retired = true;
    await this.pool.destroy();
  }

  private async post(path: string, question: MinistryQuestion, signal: AbortSignal): Promise<MinistryAnswer> {
    // the access was changed or destroyed after this look-up had found it: nothing leaves, and that tells nothing of the way
    if (this.retired) return { kind: 'fault', code: 'UPSTREAM_UNAVAILABLE', effect: 'none', hit: 'released' };
    try {
      const response = await this.pool.request({
        method: 'POST',
        path,
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: this.body(question),
        signal,
      });
      // what is thrown away half-read says so by this event, which nobody else waits for
      response.body.on('error', () => undefined);
      if (response.statusCode >= 500) {
        response.body.destroy();
        return fault('UPSTREAM_UNAVAILABLE', 'unknown');
      }
      const text = await readText(response.body);
      return response.statusCode === 200 && text !== undefined ? readAnswer(text, question) : unknownAnswer;
    } catch (error) {
      if (signal.aborted) return fault('UPSTREAM_TIMEOUT', 'unknown');
      return fault('UPSTREAM_UNAVAILABLE', neverLeft(error) ? 'released' : 'unknown');
    }
  }

  private body(question: MinistryQuestion): string {
    const { dialect, userId, password, ip } = this.access;
    const login = {
      [dialect.nik]: question.nik,
      [dialect.userId]: userId,
      [dialect.password]: password,
      [dialect.ip]: ip,
    };
    if (question.mode === 'LOOKUP') return JSON.stringify(login);
    // CALL_VERIFY_BY_ELEMEN is upper case throughout, and its threshold key is really spelled so
    const elements = Object.entries(question.match ?? {}).flatMap(([name, value]) => {
      const key = matchKeys[name as keyof typeof matchKeys]?.[0];
      return key ? [[key, name === 'tanggalLahir' ? dayFirst(String(value)) : value]] : [];
    });
    return JSON.stringify({
      USER_ID: userId,
      PASSWORD: password,
      IP_USER: ip,
      TRESHOLD: String(question.match?.threshold ?? 100),
      NIK: question.nik,
      ...(Object.fromEntries(elements) as Record<string, string>),
    });
  }
}

const dayFirst = (iso: string): string => iso.split('-').reverse().join('-');

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

const neverLeftCodes =
  /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENETDOWN|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|EPROTO|ERR_TLS_.*|ERR_SSL_.*|CERT_.*|UNABLE_TO_.*|SELF_SIGNED_.*|DEPTH_ZERO_SELF_SIGNED_CERT)$/;

/** Failures before the first byte of a request could leave. A reset is not one of them. */
function neverLeft(error: unknown): boolean {
  const errors = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
  return errors.length > 0 && errors.every((one) => neverLeftCodes.test((one as { code?: string }).code ?? ''));
}
