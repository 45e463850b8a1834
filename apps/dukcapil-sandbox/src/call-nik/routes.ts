import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Account, ConsumerBook } from '../consumers/consumer-book.js';
import type { FaultBook } from '../faults/fault-book.js';
import type { FaultPlayer } from '../faults/fault-player.js';
import type { Desk, Operation } from './desk.js';
import { errorPage, HTML } from './html-page.js';
import { page } from './page.js';
import { readQuestion } from './question.js';

export interface CallNikParts {
  readonly consumers: ConsumerBook;
  readonly desk: Desk;
  readonly faults: FaultBook;
  readonly player: FaultPlayer;
}

/** `POST <pathPrefix>/call_nik` and `<pathPrefix>/CALL_VERIFY_BY_ELEMEN`; the last segment in any case. */
export function callNikRoutes(app: FastifyInstance, { consumers, desk, faults, player }: CallNikParts): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  app.post('/*', (request, reply) => {
    const target = findTarget(consumers, request);
    if (target === undefined) return sendErrorPage(reply, 404);
    const question = typeof request.body === 'string' ? readQuestion(request.body) : undefined;
    if (question === undefined) return sendErrorPage(reply, 400);

    const account = target.accounts.get(question.userId);
    if (account === undefined) consumers.requestsOfNobody += 1;
    else account.count.requests += 1;

    const play = faults.none ? undefined : faults.take(question);
    if (play === undefined) {
      const answer = account
        ? desk.answer(account, target.operation, question)
        : desk.turnAway(target.accounts, question);
      void reply.header('content-type', 'application/json;charset=UTF-8').send(page(answer));
      return;
    }
    void reply.hijack();
    player.play(play, request.raw.socket, reply.raw, (departure) =>
      account ? desk.answer(account, target.operation, question, departure) : desk.turnAway(target.accounts, question),
    );
  });

  app.setNotFoundHandler((request, reply) => sendErrorPage(reply, findTarget(consumers, request) ? 405 : 404));
  app.setErrorHandler((error: { statusCode?: number }, _request, reply) =>
    sendErrorPage(reply, error.statusCode ?? 500),
  );
}

interface Target {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly operation: Operation;
}

function findTarget(consumers: ConsumerBook, request: FastifyRequest): Target | undefined {
  const url = request.raw.url ?? '';
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  const slash = path.lastIndexOf('/');
  const operation = path.slice(slash + 1).toLowerCase();
  if (operation !== 'call_nik' && operation !== 'call_verify_by_elemen') return undefined;
  const accounts = consumers.findAtPath(path.slice(0, slash));
  return accounts === undefined ? undefined : { accounts, operation };
}

function sendErrorPage(reply: FastifyReply, status: number): void {
  void reply.code(status).header('content-type', HTML).send(errorPage(status));
}
