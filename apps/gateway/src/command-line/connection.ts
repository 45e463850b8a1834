import { Readable } from 'node:stream';
import { parseSetCookie, stringifyCookie } from 'cookie';
import { Agent, request, type Dispatcher } from 'undici';
import type { Route } from '#contracts';
import { CommandFailure, exitStatus } from './exit-status.js';
import { fileForm } from './file-form.js';
import type { Call } from './prepare.js';
import type { SavedSession } from './session-file.js';

export interface Answer {
  status: number;
  /** Without its parameters. */
  contentType: string;
  content: Buffer;
  /** Of a redirection; none is followed, a password must not go on to where nobody sent it. */
  location: string | undefined;
  /** Cookies that were set, and with undefined those that were taken away. */
  cookies: Record<string, string | undefined>;
}

/** Takes what is too large for the memory. @throws {CommandFailure} */
export type Sink = (body: Dispatcher.ResponseData['body']) => Promise<void>;

export interface Connection {
  target: string;
  /** PEM of the authorities that are trusted instead of those that Node knows. */
  ca: string | undefined;
  session: SavedSession | undefined;
  deadlineMs: number;
}

/** How long a file may take on a slow network: the gateway waits as long. */
const uploadMs = 15 * 60_000;

/** How long a card and a finger may take: the longest deadline that a gateway can be given, and what follows. */
const readMs = 6 * 60_000;

/**
 * Sends one call and waits for the whole answer. Certificates are always verified; nothing is sent twice.
 * @param sink takes the body of a success, so that `content` is empty; the deadline then is for each part of it
 * @throws {CommandFailure} unreachable, or what the sink throws
 */
export async function send(
  { method, body, response }: Route,
  call: Call,
  { target, ca, session, deadlineMs }: Connection,
  sink?: Sink,
): Promise<Answer> {
  const form = body?.contentType === 'multipart/form-data' ? await fileForm(String(call.body?.file)) : undefined;
  const limitMs = Math.max(deadlineMs, form ? uploadMs : response.events === undefined ? 0 : readMs);
  const agent = new Agent({ connect: { ...(ca === undefined ? {} : { ca }), timeout: Math.min(deadlineMs, 10_000) } });
  try {
    const answer = await request(`${target}${call.path}`, {
      dispatcher: agent,
      method,
      ...(sink ? { headersTimeout: deadlineMs, bodyTimeout: deadlineMs } : { signal: AbortSignal.timeout(limitMs) }),
      ...(limitMs > deadlineMs ? { headersTimeout: limitMs } : {}),
      headers: {
        accept: [response.contentType ?? 'application/json', 'application/problem+json'].join(', '),
        'user-agent': 'gerbang',
        ...(session ? { cookie: stringifyCookie(session.cookies, { encode: verbatim }) } : {}),
        ...(session && method !== 'GET' ? { 'x-csrf-token': session.csrfToken } : {}),
        ...(body ? { 'content-type': form?.contentType ?? body.contentType } : {}),
        ...(form ? { 'content-length': String(form.length) } : {}),
      },
      ...(body ? { body: form ? Readable.from(form.body) : encode(body.contentType, call) } : {}),
    });
    const { headers } = answer;
    const contentType = (first(headers['content-type']) ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
    const isSunk = sink && answer.statusCode === response.status && contentType === response.contentType;
    if (isSunk) await sink(answer.body);
    return {
      status: answer.statusCode,
      contentType,
      content: isSunk ? Buffer.alloc(0) : Buffer.from(await answer.body.arrayBuffer()),
      location: first(headers.location),
      cookies: readCookies([headers['set-cookie'] ?? []].flat()),
    };
  } catch (cause) {
    throw cause instanceof CommandFailure ? cause : unreachable(target, method, cause);
  } finally {
    await agent.destroy();
  }
}

function encode(contentType: string, { body = {} }: Call): string {
  return contentType === 'application/json'
    ? JSON.stringify(body)
    : new URLSearchParams(
        Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]),
      ).toString();
}

const first = (header: string | string[] | undefined): string | undefined => [header].flat()[0];

/** A cookie is the server's own text: it goes back as it came. */
const verbatim = (value: string): string => value;

function readCookies(lines: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(
    lines
      .map((line) => parseSetCookie(line, { decode: verbatim }))
      .map(({ name, value, maxAge, expires }) => {
        const gone = maxAge === undefined ? expires !== undefined && expires.getTime() <= Date.now() : maxAge <= 0;
        return [name, gone ? undefined : value];
      }),
  );
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'sambungan ditolak; apakah gateway berjalan pada alamat itu?',
  ENOTFOUND: 'nama server tidak ditemukan.',
  EAI_AGAIN: 'nama server tidak dapat dicari saat ini.',
  UND_ERR_CONNECT_TIMEOUT: 'tidak ada jawaban.',
  ECONNRESET: 'sambungan terputus.',
  UND_ERR_SOCKET: 'sambungan terputus.',
};
const trouble =
  /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA)/;

function unreachable(target: string, method: Route['method'], cause: unknown): CommandFailure {
  const { code = '', name, message } = cause as NodeJS.ErrnoException;
  const late = name === 'TimeoutError' || /^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(code);
  let reason = reasons[code] ?? `${message} ${code}`.trim();
  if (late) reason = 'tidak ada jawaban sampai batas waktu.';
  if (trouble.test(code))
    reason = `sertifikatnya tidak dapat dipercaya (${code}); untuk CA sendiri pakai --ca berkas.pem.`;
  const doubt =
    method !== 'GET' && (late || ['ECONNRESET', 'UND_ERR_SOCKET'].includes(code))
      ? ['Perintah ini mungkin sudah dilaksanakan: periksa dahulu keadaannya sebelum mengulang.']
      : [];
  return new CommandFailure(exitStatus.unreachable, [`Server ${target} tidak dapat dihubungi: ${reason}`, ...doubt], {
    cause,
  });
}
