import { TimeoutError, type NatsConnection } from '@nats-io/transport-node';
import type { ClientNats } from '@nestjs/microservices';
import type { Rpc, RpcInput, RpcOutput } from '#contracts';
import { AppError } from '../app-error.js';
import { Envelope } from './envelope.js';
import { writeHeaders } from './headers.js';

/** Calls other services; the typed counterpart of {@link RpcHandler}. */
export class RpcClient {
  constructor(private readonly nats: ClientNats) {}

  /**
   * @param deadlineMs how long to wait for the answer; every call has one
   * @throws {AppError} a code of the contract; SERVICE_UNAVAILABLE when nobody listens or the broker is away,
   *   SERVICE_TIMEOUT when nobody answered in time
   */
  async call<R extends Rpc>(rpc: R, input: RpcInput<R>, { deadlineMs }: { deadlineMs: number }): Promise<RpcOutput<R>> {
    const envelope = Envelope.safeParse(await this.send(rpc.subject, input, deadlineMs));
    if (!envelope.success)
      throw new AppError('INTERNAL_ERROR', {}, { cause: new Error(`${rpc.subject} answered no envelope`) });
    if ('error' in envelope.data)
      throw new AppError(envelope.data.error.code, withoutUndefined(envelope.data.error.extras));
    const value = rpc.output.safeParse(envelope.data.value);
    if (!value.success)
      throw new AppError('INTERNAL_ERROR', {}, { cause: new Error(`${rpc.subject} answered outside its contract`) });
    return value.data as RpcOutput<R>;
  }

  /**
   * Nest's message format over the connection's own request call: its answers share one inbox subscription, where Nest's
   * client would subscribe and unsubscribe for each message.
   */
  private async send(subject: string, input: unknown, deadlineMs: number): Promise<unknown> {
    try {
      // refused at once while the broker is away
      const nats = (await this.nats.connect()) as NatsConnection;
      const message = JSON.stringify({ pattern: subject, data: input, id: requestId });
      const reply = await nats.request(subject, message, { timeout: deadlineMs, headers: writeHeaders(deadlineMs) });
      return reply.json<{ response?: unknown }>().response;
    } catch (error) {
      if (error instanceof TimeoutError) throw new AppError('SERVICE_TIMEOUT', {}, { cause: error });
      throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 1 }, { cause: error });
    }
  }
}

/** Nest tells a request from an event by it; answers are told apart by their inbox. */
const requestId = 'request';

function withoutUndefined(extras: object): object {
  return Object.fromEntries(Object.entries(extras).filter(([, value]) => value !== undefined));
}
