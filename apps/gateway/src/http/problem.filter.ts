import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { issueToken, routes, type ErrorCode, type Problem, type TokenError } from '#contracts';
import { AppError, counter, currentContext, toAppError, type Log } from '#service';
import { oauthError } from './oauth-error.js';
import { quotaHeaders } from './quota-headers.js';

const problems = counter('gerbang_problems_total', 'Error answers by code', ['code']);

/** One filter for everything: RFC 9457, or RFC 6749 5.2 at the token endpoint. What was not expected tells nothing but its correlation id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    this.send(thrown, request, host.switchToHttp().getResponse<FastifyReply>());
  }

  send(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const error = fromFramework(thrown, request) ?? toAppError(thrown);
    const { definition } = error;
    problems.inc({ code: error.code });
    if (definition.logLevel === 'error' || definition.logLevel === 'warn') {
      this.log.failure(
        'request failed',
        error.cause ?? error,
        { code: error.code, status: definition.status, method: request.method, route: request.routeOptions.url },
        definition.logLevel,
      );
    }
    const problem = toProblem(error);
    if (error.extras.retryAfter !== undefined)
      void reply.header('Retry-After', String(Math.ceil(error.extras.retryAfter)));
    if (error.extras.quota !== undefined) void reply.headers(quotaHeaders(error.extras.quota));
    if (definition.status === 401 && !ofPerson.has(error.code))
      void reply.header('WWW-Authenticate', challenge(error.code, pathOf(request)));
    if (error.code === 'METHOD_NOT_ALLOWED') void reply.header('Allow', allowedMethods(pathOf(request)).join(', '));
    void reply.header('Cache-Control', 'no-store').status(definition.status);
    if (pathOf(request) === issueToken.path) void reply.type('application/json').send(toTokenError(error, problem));
    else void reply.type('application/problem+json').send(problem);
  }
}

export function toProblem(error: AppError): Problem {
  const { status, title, detail } = error.definition;
  const { issues, ...extras } = error.extras;
  return {
    type: `urn:gerbang-paten:error:${error.code}`,
    title,
    status,
    detail,
    code: error.code,
    correlationId: currentContext()?.correlationId ?? '',
    ...(issues
      ? { issues: issues.map(({ path, message }) => ({ path: withoutDigits(path), message: withoutDigits(message) })) }
      : {}),
    ...extras,
  };
}

function toTokenError(error: AppError, problem: Problem): TokenError {
  return { error: oauthError(error.code), error_description: problem.title, ...problem };
}

/** Faults of people at a log-in page: no scheme of RFC 9110 11 would help them, and a browser must not ask for a password of its own. */
const ofPerson: ReadonlySet<ErrorCode> = new Set(['LOGIN_FAILED', 'ACTIVATION_FAILED', 'SESSION_EXPIRED']);

/** RFC 6749 5.2, RFC 6750 3.1 */
function challenge(code: ErrorCode, path: string): string {
  if (path === issueToken.path) return 'Basic realm="gerbang-paten"';
  return code === 'TOKEN_MISSING'
    ? 'Bearer realm="gerbang-paten"'
    : 'Bearer realm="gerbang-paten", error="invalid_token"';
}

/** What Fastify and Nest throw before a controller is reached. Their texts quote the body, so only the kind is taken over. */
function fromFramework(thrown: unknown, request: FastifyRequest): AppError | undefined {
  if (thrown instanceof AppError) return undefined;
  const code = (thrown as { code?: string } | null)?.code;
  const status =
    thrown instanceof HttpException ? thrown.getStatus() : (thrown as { statusCode?: unknown } | null)?.statusCode;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || status === 413) return new AppError('BODY_TOO_LARGE');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || status === 415) return new AppError('MEDIA_TYPE_UNSUPPORTED');
  if (status === 404)
    return new AppError(allowedMethods(pathOf(request)).length > 0 ? 'METHOD_NOT_ALLOWED' : 'ROUTE_NOT_FOUND');
  if (status === 400) return new AppError('REQUEST_MALFORMED');
  return undefined;
}

const addresses = routes.map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
}));

function allowedMethods(path: string): string[] {
  return [...new Set(addresses.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
}

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '';

/** A fault may quote a key of the body, and a key may be a NIK. */
const withoutDigits = (text: string): string => text.replace(/\d(?:[\s.-]?\d){5,}/g, '#');
