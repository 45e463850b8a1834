import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** How long a body may take to arrive, unless its route allows more; milliseconds. */
export const bodyTimeMs = 30_000;

const clocks = new WeakMap<IncomingMessage, { timer: NodeJS.Timeout; cut: () => void }>();

/**
 * Cuts off whoever sends a body drop by drop. The server's own request time-out has to be as long as the slowest upload may
 * take, so each request is watched by itself.
 */
export function limitBodyTime(server: FastifyInstance, ms = bodyTimeMs): void {
  server.addHook('onRequest', ({ raw }, reply, done) => {
    const { 'content-length': length, 'transfer-encoding': encoding } = raw.headers;
    if (encoding === undefined && !(Number(length) > 0)) return done();
    const cut = () => {
      // as Node itself tells of a request that took too long
      const error = Object.assign(new Error('request timed out'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
      if (!reply.raw.headersSent) server.server.emit('clientError', error, raw.socket);
      raw.socket.destroySoon();
    };
    clocks.set(raw, { timer: setTimeout(cut, ms), cut });
    const stop = () => clearTimeout(clocks.get(raw)?.timer);
    raw.once('end', stop).once('close', stop);
    done();
  });
}

/** From now on, the rest of the body may take so long. */
export function allowBodyTime({ raw }: Pick<FastifyRequest, 'raw'>, ms: number): void {
  const clock = clocks.get(raw);
  if (!clock || raw.complete) return;
  clearTimeout(clock.timer);
  clock.timer = setTimeout(clock.cut, ms);
}
