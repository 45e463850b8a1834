import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { errorPage, HTML, LOGIN_PAGE } from '../call-nik/html-page.js';
import type { ConsumerBook } from '../consumers/consumer-book.js';
import type { Connections } from '../faults/connections.js';
import { hang, sendText } from '../faults/wire-trouble.js';
import type { BalikanRequest, BalikanStore } from './balikan-store.js';
import { stores, type BalikanFault, type BalikanFaultBook } from './fault.js';
import { readSubmission, type Submitted } from './submission.js';

export interface DataBalikanParts {
  readonly consumers: ConsumerBook;
  readonly store: BalikanStore;
  readonly faults: BalikanFaultBook;
  readonly connections: Connections;
}

interface Answer {
  readonly status: number;
  readonly message: string;
}

/** `POST /databalikan/api/store` with a consumer's Bearer token. The body arrives as text (see the parser of call NIK). */
export function dataBalikanRoutes(app: FastifyInstance, parts: DataBalikanParts): void {
  const { consumers, store, faults, connections } = parts;

  app.post('/databalikan/api/store', (request, reply) => {
    const userId = consumers.findByToken(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]);
    const type = request.headers['content-type'] ?? '';
    const records = typeof request.body === 'string' ? readSubmission(request.body, type) : undefined;
    const first = records?.[0];

    store.underWay += 1;
    reply.raw.once('close', () => (store.underWay -= 1));
    const noted: BalikanRequest = {
      at: performance.now(),
      userId: userId ?? null,
      form: first === undefined ? null : type.startsWith('application/x-www') ? 'FORM' : 'JSON_ARRAY',
      nomorRegister: first?.nomorRegister ?? null,
      date: first?.date ?? null,
      atOnce: store.underWay,
      stored: false,
    };
    store.note(noted);

    const fault = faults.take({ userId: userId ?? '', nomorRegister: first?.nomorRegister ?? '' });
    const answer = (): Answer => {
      if (userId === undefined) return { status: 401, message: 'Unauthorized' };
      const wrong = findFault(records);
      if (wrong !== undefined) return { status: 400, message: wrong };
      const isNew = (records ?? []).map((record) => store.put(userId, record)).includes(true);
      noted.stored = isNew;
      return isNew ? { status: 200, message: 'Success' } : { status: 400, message: 'Data sudah pernah dikirim' };
    };
    void reply.hijack();
    if (fault === undefined) send(reply.raw, answer());
    else play(fault, connections, request.raw.socket, reply.raw, answer);
  });
}

function findFault(records: Submitted[] | undefined): string | undefined {
  if (records === undefined) return 'Format data tidak sesuai';
  if (records.some(({ idLembaga }) => !/^\d{6}$/.test(idLembaga))) return 'ID lembaga tidak sesuai';
  if (records.some(({ nik }) => !/^\d{16}$/.test(nik))) return 'NIK tidak sesuai';
  if (records.some(({ nomorRegister }) => nomorRegister === '')) return 'Parameter tidak lengkap';
  return undefined;
}

function send(response: ServerResponse, { status, message }: Answer): void {
  sendText(response, JSON.stringify({ message }), 'application/json', status);
}

function play(
  fault: BalikanFault,
  connections: Connections,
  socket: Socket,
  response: ServerResponse,
  right: () => Answer,
): void {
  const answer = stores(fault) ? right() : undefined;
  switch (fault.kind) {
    case 'status':
      if (fault.message !== undefined) return send(response, { status: fault.status, message: fault.message });
      return sendText(response, errorPage(fault.status), HTML, fault.status);
    case 'hang':
      return hang(response, socket);
    case 'reset':
    case 'reset-after-storing':
      return connections.reset(socket);
    case 'html':
      return sendText(response, LOGIN_PAGE, HTML);
    case 'slow':
      setTimeout(() => {
        if (!response.destroyed) send(response, answer ?? { status: 503, message: 'Service Unavailable' });
      }, fault.ms).unref();
      return;
    case 'malformed':
      return sendText(response, '{"message":"Succ', 'application/json');
    case 'success-after':
      return send(response, { status: 503, message: 'Service Unavailable' });
  }
}
