import { Ctx, MessagePattern, Payload, type NatsContext } from '@nestjs/microservices';
import type { MsgHdrs } from '@nats-io/transport-node';
import type { Rpc, RpcInput, RpcOutput } from '#contracts';
import { AppError, toAppError } from '../app-error.js';
import { runInContext } from '../context.js';
import { InFlight } from '../in-flight.js';
import type { Log } from '../log.js';
import type { Envelope } from './envelope.js';
import { readHeaders } from './headers.js';

/** How long a handler may take when its caller names no deadline, milliseconds. */
const defaultDeadlineMs = 30_000;

/** What a handler learns beside its input. */
export interface Call {
  /** `performance.now()` at which the caller stops waiting. */
  deadlineAt: number;
}

/** All messages that this process is answering. */
export const busInFlight = new InFlight();

let log: Log | undefined;
export function setBusLog(to: Log): void {
  log = to;
}

/**
 * Binds a controller method to one message. The method's signature is checked against the contract, input and output are
 * validated, errors become codes, and correlation id and deadline come from the headers.
 */
export function RpcHandler<R extends Rpc>(rpc: R) {
  type Method = (input: RpcInput<R>, call: Call) => Promise<RpcOutput<R>>;
  return <M extends Method>(target: object, key: string, descriptor: TypedPropertyDescriptor<M>): void => {
    const method = descriptor.value as Method;
    const handler = async function (this: unknown, payload: unknown, nats: NatsContext): Promise<Envelope> {
      const { context, deadlineMs } = readHeaders(nats.getHeaders() as MsgHdrs | undefined, defaultDeadlineMs);
      const call = { deadlineAt: performance.now() + deadlineMs };
      return runInContext(context, () =>
        busInFlight.track(() => answer(rpc, () => method.call(this, parseInput(rpc, payload), call))),
      );
    };
    Object.defineProperty(handler, 'name', { value: key });
    descriptor.value = handler as unknown as M;
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
    MessagePattern(rpc.subject)(target, key, descriptor);
  };
}

function parseInput<R extends Rpc>(rpc: R, payload: unknown): RpcInput<R> {
  const parsed = rpc.input.safeParse(payload);
  if (parsed.success) return parsed.data as RpcInput<R>;
  throw new AppError('REQUEST_INVALID', {
    issues: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
  });
}

async function answer(rpc: Rpc, work: () => Promise<unknown>): Promise<Envelope> {
  try {
    const value = rpc.output.safeParse(await work());
    if (!value.success) throw new Error(`output of ${rpc.subject} does not fit its contract`);
    return { value: value.data };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.cause !== undefined)
      log?.failure(
        'message failed',
        error.cause,
        { subject: rpc.subject, code: error.code },
        error.definition.logLevel,
      );
    return { error: { code: error.code, extras: error.extras } };
  }
}
