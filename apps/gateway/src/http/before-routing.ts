import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { AppError, makeContext, runInContext, type Log } from '#service';
import { ProblemFilter, toProblem } from './problem.filter.js';

/** Faults that come before any route or hook: Fastify's own answers to them quote the address. */
export function answersBeforeRouting(log: Log) {
  const filter = new ProblemFilter(log);
  return {
    /** An address that cannot be decoded. */
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
      const named = request.headers['x-correlation-id'];
      const context = makeContext(typeof named === 'string' ? named : undefined);
      void reply.header('X-Correlation-Id', context.correlationId);
      runInContext(context, () => filter.send(new AppError('ROUTE_NOT_FOUND'), request, reply));
    },
    /** What is not HTTP, or has headers without end: there is no request yet, only a socket. */
    clientErrorHandler: (error: { code?: string }, socket: Socket): void => {
      if (error.code === 'ECONNRESET' || !socket.writable) {
        socket.destroy();
        return;
      }
      const code = error.code === 'HPE_HEADER_OVERFLOW' ? 'HEADERS_TOO_LARGE' : 'REQUEST_MALFORMED';
      const problem = runInContext(makeContext(), () => toProblem(new AppError(code)));
      const body = JSON.stringify(problem);
      socket.end(
        `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
          `Cache-Control: no-store\r\nX-Correlation-Id: ${problem.correlationId}\r\nConnection: close\r\n` +
          `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    },
  };
}
