import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { errors, logIn, type ErrorCode, type Problem } from '#contracts';
import type { Io } from './io.js';
import { run, type Parts } from './run.js';

export const institutionId = logIn.response.examples.camat.institution.id;
export const sessionCookie = 'gerbang_session=rahasia.dari+server/==';

export interface RecordedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What the gateway answers: a body as JSON, or something of another kind. */
export interface PlannedAnswer {
  status?: number;
  body?: unknown;
  contentType?: string;
  headers?: Record<string, string | string[]>;
  /** Never answer. */
  silent?: boolean;
  /** Hang up in the middle. */
  broken?: boolean;
}

/** A small HTTP server in the gateway's place: it records what comes and answers as planned. */
export class StandInGateway {
  readonly requests: RecordedRequest[] = [];
  answer: (request: RecordedRequest) => PlannedAnswer = () => ({ body: {} });

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(tls?: ServerOptions): Promise<StandInGateway> {
    const server = tls ? createSecureServer(tls) : createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const gateway = new StandInGateway(server, `${tls ? 'https' : 'http'}://127.0.0.1:${port}`);
    server.on('request', (request, response) => void gateway.handle(request, response));
    return gateway;
  }

  get last(): RecordedRequest | undefined {
    return this.requests.at(-1);
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const recorded = { method, path: url, headers, body: await text(request) };
    this.requests.push(recorded);
    const { status = 200, body = {}, contentType, headers: more = {}, silent, broken } = this.answer(recorded);
    if (silent) return;
    if (broken) {
      response.destroy();
      return;
    }
    const isRaw = Buffer.isBuffer(body) || typeof body === 'string';
    response
      .writeHead(status, { 'content-type': contentType ?? 'application/json; charset=utf-8', ...more })
      .end(isRaw ? body : JSON.stringify(body));
  }
}

export const problem = (code: ErrorCode, extras: Partial<Problem> = {}): PlannedAnswer => ({
  status: errors[code].status,
  contentType: 'application/problem+json',
  body: {
    type: `urn:gerbang-paten:error:${code}`,
    title: errors[code].title,
    status: errors[code].status,
    detail: errors[code].detail,
    code,
    correlationId: 'korelasi-1',
    ...extras,
  },
});

/** The log-in's answer, with its cookie. */
export const loggedIn: PlannedAnswer = {
  body: logIn.response.examples.camat,
  headers: { 'set-cookie': [`${sessionCookie}; HttpOnly; SameSite=Strict; Path=/`] },
};

export interface Outcome {
  status: number;
  out: string;
  error: string;
}

/** A person at a terminal, or a script: with a folder, an environment and what comes on stdin. */
export class CommandLine {
  readonly environment: Record<string, string>;

  private constructor(
    readonly folder: string,
    url: string,
  ) {
    this.environment = { GERBANG_URL: url, GERBANG_SESSION_FILE: join(folder, 'state', 'session.json') };
  }

  static async open(url: string): Promise<CommandLine> {
    return new CommandLine(await mkdtemp(join(tmpdir(), 'gerbang-cli-')), url);
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  get sessionFile(): string {
    return this.environment.GERBANG_SESSION_FILE ?? '';
  }

  /**
   * @param from.stdin what a script pipes in
   * @param from.typed lines that a person types at a terminal, each when it is asked for
   * @param from.columns makes the output a terminal of that width
   */
  async run(
    argv: readonly string[],
    from: { stdin?: string; typed?: readonly string[]; columns?: number; parts?: Partial<Parts> } = {},
  ): Promise<Outcome> {
    const stdin: PassThrough & { isTTY?: boolean } = new PassThrough();
    const io: Io = {
      stdin: from.typed ? Object.assign(stdin, { isTTY: true, setRawMode: () => stdin }) : stdin,
      stdout: Object.assign(new PassThrough(), from.columns ? { isTTY: true, columns: from.columns } : {}),
      stderr: new PassThrough(),
      environment: this.environment,
    };
    if (from.typed) typeLines(io, [...from.typed]);
    else stdin.end(from.stdin ?? '');
    const outputs = Promise.all([text(io.stdout as PassThrough), collect(io.stderr as PassThrough)]);
    const status = await run(argv, io, from.parts);
    io.stdout.end();
    io.stderr.end();
    const [out, error] = await outputs;
    return { status, out, error };
  }

  async logIn(gateway: StandInGateway): Promise<void> {
    const planned = gateway.answer;
    gateway.answer = () => loggedIn;
    this.environment.GERBANG_PASSWORD = 'kuda baterai staples benar';
    const { status } = await this.run(['login', '--username', 'camat.contoh']);
    delete this.environment.GERBANG_PASSWORD;
    if (status !== 0) throw new Error('the log-in of the fixture failed');
    gateway.answer = planned;
    gateway.requests.length = 0;
  }
}

async function collect(stream: PassThrough): Promise<string> {
  let collected = '';
  stream.on('data', (chunk: Buffer) => (collected += chunk.toString('utf8')));
  await new Promise((resolve) => stream.once('end', resolve));
  return collected;
}

/** Answers each question as it appears on stderr. */
function typeLines(io: Io, lines: string[]): void {
  io.stderr.on('pipe', () => undefined);
  (io.stderr as PassThrough).on('data', (chunk: Buffer) => {
    if (!chunk.toString('utf8').endsWith(': ')) return;
    const line = lines.shift();
    if (line === undefined) (io.stdin as PassThrough).end();
    else (io.stdin as PassThrough).write(`${line}\r`);
  });
}
