import { errors as nats, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import type { Rpc, RpcInput, RpcOutput } from '#contracts';
import { AppError, Envelope, readHeaders, runInContext, toAppError, writeHeaders, type Log } from '#service';

/** Messages of agents that are answered at once in this process; the rest is told OVERLOADED. */
const mostAtOnce = 200;
const answerMs = 10_000;

/**
 * The bus as agents speak it: plain JSON, answered by an envelope. The reader is taken from the subject, which the broker has
 * checked, never from what somebody says.
 */
export class AgentLine {
  private nats: NatsConnection | undefined;
  private readonly subscriptions: Subscription[] = [];
  private answering = 0;

  constructor(private readonly log: Log) {}

  open(connection: NatsConnection): void {
    this.nats = connection;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.subscriptions.splice(0).map((one) => one.drain()));
  }

  /**
   * @throws {AppError} a code of the contract; READER_OFFLINE when no agent listens, SERVICE_TIMEOUT when it did not answer in
   *   time, SERVICE_UNAVAILABLE when the broker is away
   */
  async ask<R extends Rpc>(rpc: R, input: RpcInput<R>, deadlineMs: number): Promise<RpcOutput<R>> {
    const answer = await this.request(rpc.subject, JSON.stringify(input), deadlineMs);
    const envelope = Envelope.safeParse(parse(answer));
    // an agent is a machine at a counter: what it says outside of the contract is its fault, not ours
    if (!envelope.success) throw new AppError('READER_NOT_READY');
    if ('error' in envelope.data) {
      const { code } = envelope.data.error;
      throw new AppError(rpc.errors.includes(code) ? code : 'READER_NOT_READY');
    }
    const value = rpc.output.safeParse(envelope.data.value);
    if (!value.success) throw new AppError('READER_NOT_READY');
    return value.data as RpcOutput<R>;
  }

  /** Answers what agents ask, in one gateway each. */
  answer<R extends Rpc>(
    rpcOf: (readerId: string) => R,
    handle: (id: string, input: RpcInput<R>) => Promise<RpcOutput<R>>,
  ) {
    const answerOne = (message: Msg) => {
      const readerId = readerOf(message);
      // a reply goes where the asker may listen, and nowhere else: nobody has us write to another subject
      if (readerId === undefined || !message.reply?.startsWith(`reader.${readerId}.inbox.`)) return;
      const respond = (envelope: Envelope) => void message.respond(JSON.stringify(envelope));
      if (this.answering >= mostAtOnce) return respond({ error: { code: 'OVERLOADED', extras: { retryAfter: 5 } } });
      this.answering += 1;
      const { context } = readHeaders(message.headers, answerMs);
      void runInContext(context, () => this.run(rpcOf(readerId), readerId, message, handle))
        .then(respond)
        // a connection that is closed meanwhile: the asker hears nothing, and asks again
        .catch(() => undefined)
        .finally(() => (this.answering -= 1));
    };
    this.subscribe(rpcOf('*').subject, answerOne, 'gateway');
  }

  /** Every message of a subject of one reader, until the returned function is called. */
  listen(subject: string, take: (data: unknown) => void): () => void {
    const subscription = this.subscribe(subject, (message) => take(parse(message.data)));
    return () => {
      subscription.unsubscribe();
      this.subscriptions.splice(this.subscriptions.indexOf(subscription), 1);
    };
  }

  /** What was asked before has reached the broker. */
  async flush(): Promise<void> {
    try {
      await this.nats?.flush();
    } catch (cause) {
      throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 1 }, { cause });
    }
  }

  private async run<R extends Rpc>(
    rpc: R,
    readerId: string,
    message: Msg,
    handle: (id: string, input: RpcInput<R>) => Promise<RpcOutput<R>>,
  ): Promise<Envelope> {
    try {
      const input = rpc.input.safeParse(parse(message.data));
      if (!input.success) throw new AppError('REQUEST_INVALID');
      return { value: await handle(readerId, input.data as RpcInput<R>) };
    } catch (thrown) {
      const { code, extras, cause } = toAppError(thrown);
      if (cause !== undefined)
        this.log.failure('an agent was not answered', cause, { subject: rpc.subject, code }, 'warn');
      return { error: { code, extras } };
    }
  }

  private async request(subject: string, data: string, deadlineMs: number): Promise<Uint8Array> {
    if (!this.nats || !isConnected(this.nats)) throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 1 });
    try {
      return (await this.nats.request(subject, data, { timeout: deadlineMs, headers: writeHeaders(deadlineMs) })).data;
    } catch (cause) {
      if (isNoResponders(cause)) throw new AppError('READER_OFFLINE', {}, { cause });
      if (cause instanceof nats.TimeoutError) throw new AppError('SERVICE_TIMEOUT', {}, { cause });
      throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 1 }, { cause });
    }
  }

  private subscribe(subject: string, take: (message: Msg) => void, queue?: string): Subscription {
    if (!this.nats) throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 1 });
    const callback = (error: Error | null, message: Msg) => {
      if (!error) take(message);
    };
    const subscription = this.nats.subscribe(subject, queue === undefined ? { callback } : { callback, queue });
    this.subscriptions.push(subscription);
    return subscription;
  }
}

const isNoResponders = (error: unknown): boolean =>
  error instanceof nats.NoRespondersError || (error instanceof nats.RequestError && error.isNoResponders());

export const isConnected = (connection: NatsConnection): boolean =>
  !connection.isClosed() && (connection as { protocol?: { connected?: boolean } }).protocol?.connected !== false;

function readerOf({ subject }: Msg): string | undefined {
  return /^reader\.([0-9a-f-]{36})\./.exec(subject)?.[1];
}

/** undefined for what is no JSON. */
function parse(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(data)) as unknown;
  } catch {
    return undefined;
  }
}
