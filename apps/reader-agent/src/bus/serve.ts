import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { Rpc, RpcInput, RpcOutput } from '#contracts/rpc';
import { AppError, toAppError } from '#service/app-error';
import type { Envelope } from '#service/bus/envelope';
import { readHeaders } from '#service/bus/headers';
import { runInContext } from '#service/context';
import type { Log } from '#service/log';

/** Orders that are being answered; more at once is no gateway that behaves. */
const mostInFlight = 16;

/** Answers one message of the contract, as the services do: validated on both ends, errors become codes. */
export function serve<R extends Rpc>(
  nats: NatsConnection,
  rpc: R,
  handle: (input: RpcInput<R>) => Promise<RpcOutput<R>>,
  log: Log,
): void {
  let inFlight = 0;
  const answer = async (message: Msg): Promise<void> => {
    const { context } = readHeaders(message.headers, 30_000);
    const envelope = await runInContext(context, async (): Promise<Envelope> => {
      try {
        if (inFlight > mostInFlight) throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 1 });
        return { value: rpc.output.parse(await handle(parse(rpc, message))) };
      } catch (thrown) {
        const error = toAppError(thrown);
        log.failure('message refused', error.cause ?? error, { subject: rpc.subject, code: error.code }, 'warn');
        return { error: { code: error.code, extras: error.extras } };
      }
    });
    message.respond(JSON.stringify(envelope));
  };
  nats.subscribe(rpc.subject, {
    callback: (error, message) => {
      if (error) return log.failure('subscription refused', error, { subject: rpc.subject });
      inFlight++;
      answer(message)
        .catch((thrown: unknown) => log.failure('answer not sent', thrown, { subject: rpc.subject }))
        .finally(() => inFlight--);
    },
  });
}

function parse<R extends Rpc>(rpc: R, message: Msg): RpcInput<R> {
  try {
    return rpc.input.parse(message.json()) as RpcInput<R>;
  } catch (cause) {
    throw new AppError('REQUEST_INVALID', {}, { cause });
  }
}
