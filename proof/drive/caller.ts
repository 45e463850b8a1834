import { Agent, fetch as fetchThrough } from 'undici';
import { createRead, createVerification, getBalikanResult, issueToken, type LogLevel, type Route } from '#contracts';
import type { Installation } from '../installation/installation.js';
import { AnswerBook, readAnswer, type Answer } from './answers.js';
import type { Office } from './offices.js';
import { PathLog } from './path-log.js';

export interface Request {
  headers?: Record<string, string>;
  body?: string | Buffer;
  signal?: AbortSignal;
  /** In place of the route's own path. */
  path?: string;
  /** In place of the route's own. */
  method?: string;
  /** On a connection of its own: one that is kept open would let the gateway wait for it when it ends. */
  alone?: boolean;
}

/** Whoever asks is shown what they have a right to: an answer of the register, the file that they handed in. */
const ownData: ReadonlySet<string> = new Set([
  createVerification.operationId,
  createRead.operationId,
  getBalikanResult.operationId,
]);

export const json = { 'content-type': 'application/json' };
const purpose = { service: 'SKU', reference: '500/001/SKU/I/2026' } as const;

/** Sends every request of the proof, and keeps account of all of them. */
export class Caller {
  readonly paths = new PathLog();
  readonly answers = new AnswerBook();
  level: LogLevel = 'info';
  private readonly tokens = new Map<string, string>();

  constructor(private readonly installation: Installation) {}

  /** @param name the path as the statement calls it */
  async send(name: string, route: Route, request: Request = {}): Promise<Answer> {
    const { path = route.path, method = route.method, ...init } = request;
    const answer = await this.fetch(`${this.installation.gatewayUrl}${path}`, { method, ...init });
    this.note(name, answer);
    const unserved = ['ROUTE_NOT_FOUND', 'RATE_LIMITED'].includes(answer.result);
    this.paths.recordRoute(route.operationId, unserved ? answer.result : String(answer.status));
    const own = ownData.has(route.operationId) && answer.status === 200;
    if (!own) this.answers.add(`${route.method} ${route.path}`, answer);
    return answer;
  }

  /** Something that is no route of the contract: health, figures, addresses that there are not. */
  async sendOther(name: string, url: string, init: RequestInit = {}): Promise<Answer> {
    const answer = await this.fetch(url, init);
    this.note(name, answer);
    this.answers.add(name, answer);
    return answer;
  }

  note(name: string, { result }: Pick<Answer, 'result'>): void {
    this.paths.record(name, result, this.level);
  }

  /** A look-up or match of an office, with its token. */
  verify(name: string, office: Office, body: object, more: Request = {}): Promise<Answer> {
    return this.verifyText(name, office, JSON.stringify({ purpose, ...body }), more);
  }

  /** The same with a body that may be no JSON. */
  async verifyText(name: string, office: Office, body: string | Buffer, more: Request = {}): Promise<Answer> {
    const headers = { ...json, authorization: `Bearer ${await this.token(office)}`, ...more.headers };
    return this.send(name, createVerification, { ...more, headers, body });
  }

  async token(office: Office): Promise<string> {
    const known = this.tokens.get(office.key);
    if (known) return known;
    const answer = await this.askToken('token', office);
    const token = answer.body.access_token;
    if (typeof token !== 'string') throw new Error(`no token for the office ${office.key}: ${answer.result}`);
    this.tokens.set(office.key, token);
    return token;
  }

  askToken(name: string, { client }: Pick<Office, 'client'>, form: Record<string, string> = {}): Promise<Answer> {
    return this.send(name, issueToken, {
      headers: {
        authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...form }).toString(),
    });
  }

  private async fetch(url: string, { alone, ...init }: RequestInit & { alone?: boolean | undefined }): Promise<Answer> {
    try {
      const response = alone
        ? await fetchThrough(url, { ...(init as object), dispatcher: oneRequestEach })
        : await fetch(url, init);
      return readAnswer(response.status, new Headers([...response.headers]), await response.text());
    } catch {
      const lost = readAnswer(0, new Headers(), '');
      return { ...lost, result: init.signal?.aborted ? 'CALLER_LEFT' : 'CONNECTION_LOST' };
    }
  }
}

/** `Connection: close` */
const oneRequestEach = new Agent({ pipelining: 0 });
