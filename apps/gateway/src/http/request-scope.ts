import type { FastifyInstance, FastifyRequest } from 'fastify';
import { histogram, makeContext, runInContext, type Log, type RequestContext } from '#service';
import type { AuthorisedRequest } from '../access/principal.js';

const seconds = histogram('gerbang_http_seconds', 'Time to answer, by route and status', ['route', 'status']);
const contexts = new WeakMap<FastifyRequest, RequestContext>();

/** Gives each request its correlation id and trace, answers with the former, and writes one log line at the end: never a URL's query, header or body. */
export function addRequestScope(server: FastifyInstance, log: Log): void {
  server.addHook('onRequest', (request, reply, done) => {
    const context = makeContext(header(request, 'x-correlation-id'), header(request, 'traceparent'));
    contexts.set(request, context);
    void reply.header('X-Correlation-Id', context.correlationId);
    runInContext(context, done);
  });
  // reading the body leaves the asynchronous scope of the hook above
  server.addHook('preValidation', (request, _reply, done) => {
    const context = contexts.get(request);
    if (context) runInContext(context, done);
    else done();
  });
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (!reply.hasHeader('Cache-Control')) void reply.header('Cache-Control', 'no-store');
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    seconds.observe({ route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    const facts = (request as Partial<AuthorisedRequest>).facts;
    const line = {
      method: request.method,
      route,
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime),
      clientId: facts?.client.id,
      operatorId: facts?.operator?.id,
    };
    const context = contexts.get(request);
    if (context) runInContext(context, () => log.event('info', 'request', line));
    done();
  });
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
