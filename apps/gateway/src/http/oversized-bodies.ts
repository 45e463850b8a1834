import { AsyncResource } from 'node:async_hooks';
import type { FastifyInstance } from 'fastify';
import { AppError } from '#service';
import { uploadLimitOf } from './uploads.js';

/** Bodies up to this size are let run out, so that the sender reads the answer instead of a broken connection; bytes. */
const mostToDrain = 32 * 1024 * 1024;

/**
 * Refuses by the announced length, before anything is parsed. Whoever still sends when the connection is closed gets a reset
 * and never sees the 413, so what comes is thrown away first; the time for a body is the bound.
 */
export function refuseOversizedBodies(server: FastifyInstance, bodyLimit: number): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const length = Number(request.headers['content-length']);
    const uploadLimit = uploadLimitOf(request);
    if (!(length > (uploadLimit ?? bodyLimit))) {
      done();
      return;
    }
    // the body's events come outside of the request's asynchronous scope
    const refuse = AsyncResource.bind(() => done(new AppError('BODY_TOO_LARGE')));
    if (length > Math.max(mostToDrain, 2 * (uploadLimit ?? 0))) {
      refuse();
      return;
    }
    request.raw.once('end', refuse).resume();
  });
}
