import { NatsRecordBuilder, type ClientNats } from '@nestjs/microservices';
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

  private send(subject: string, input: unknown, deadlineMs: number): Promise<unknown> {
    const record = new NatsRecordBuilder(input).setHeaders(writeHeaders(deadlineMs)).build();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        subscription.unsubscribe();
        reject(new AppError('SERVICE_TIMEOUT', {}, { cause: new Error(subject) }));
      }, deadlineMs);
      const subscription = this.nats.send<unknown>(subject, record).subscribe({
        next: (value) => {
          clearTimeout(timer);
          resolve(value);
        },
        error: (thrown: unknown) => {
          clearTimeout(timer);
          reject(new AppError('SERVICE_UNAVAILABLE', { retryAfter: 1 }, { cause: thrown }));
        },
      });
    });
  }
}

function withoutUndefined(extras: object): object {
  return Object.fromEntries(Object.entries(extras).filter(([, value]) => value !== undefined));
}
