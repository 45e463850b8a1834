import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { uuidv7 } from 'uuidv7';

/** What joins the log lines of one request across services. */
export interface RequestContext {
  correlationId: string;
  /** W3C Trace Context, this hop's own. */
  traceparent: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const currentContext = (): RequestContext | undefined => storage.getStore();

export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

const correlationPattern = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;
const traceparentPattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * Takes over what the caller named, where it is well formed, and makes the rest. A correlation id with a long run of
 * digits is not taken over: it might be a NIK, and it goes to every log.
 */
export function makeContext(correlationId?: string, traceparent?: string): RequestContext {
  const usable =
    correlationId !== undefined && correlationPattern.test(correlationId) && !/\d(?:[._:-]?\d){15}/.test(correlationId);
  return { correlationId: usable ? correlationId : uuidv7(), traceparent: childOf(traceparent) };
}

/**
 * W3C Trace Context 3.2: same trace id, a new parent id for this hop; a malformed one starts a new trace, and so does one with
 * 16 digits in a row, which might be a NIK (one in 300 that is none).
 */
function childOf(traceparent: string | undefined): string {
  const [, traceId, parentId, flags] = traceparentPattern.exec(traceparent ?? '') ?? [];
  const random = randomUUID().replaceAll('-', '');
  const own = random.slice(16);
  const valid = traceId && parentId && !/^0+$|\d{16}/.test(traceId) && !/^0+$/.test(parentId);
  return valid ? `00-${traceId}-${own}-${flags}` : `00-${randomUUID().replaceAll('-', '')}-${own}-01`;
}
