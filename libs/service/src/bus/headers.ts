import { headers as natsHeaders, type MsgHdrs } from '@nats-io/transport-node';
import { currentContext, makeContext, type RequestContext } from '../context.js';

const correlation = 'Correlation-Id';
const trace = 'traceparent';
/** What is left of the caller's patience, in milliseconds: a relative time, so that no two clocks have to agree. */
const deadline = 'Deadline-Ms';

export function writeHeaders(deadlineMs: number): MsgHdrs {
  const context = currentContext() ?? makeContext();
  const headers = natsHeaders();
  headers.set(correlation, context.correlationId);
  headers.set(trace, context.traceparent);
  headers.set(deadline, String(Math.max(0, Math.floor(deadlineMs))));
  return headers;
}

export function readHeaders(
  headers: MsgHdrs | undefined,
  fallbackDeadlineMs: number,
): { context: RequestContext; deadlineMs: number } {
  const given = Number(headers?.get(deadline));
  return {
    context: makeContext(headers?.get(correlation), headers?.get(trace)),
    deadlineMs: Number.isFinite(given) && given > 0 ? Math.min(given, fallbackDeadlineMs) : fallbackDeadlineMs,
  };
}
