import { connect, tokenAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import type { Rpc, RpcInput, RpcOutput } from '#contracts/rpc';
import { AppError } from '#service/app-error';
import { Envelope } from '#service/bus/envelope';
import { writeHeaders } from '#service/bus/headers';
import { describeError, type Log } from '#service/log';
import { dialOptions, waitBeforeRedial, type Broker } from './dial.js';

/** The line to the broker: dialled from here, for ever, and never listened on. */
export class Connection {
  private nats: NatsConnection | undefined;
  private online = false;
  private refused = false;
  private lostAt = 0;
  private readonly stopping = new AbortController();
  private readonly listeners: ((online: boolean) => void)[] = [];

  constructor(
    private readonly broker: Broker,
    /** A fresh assertion for every attempt. */
    private readonly token: () => string,
    /** The broker let this agent not in: the clock may be the reason. */
    private readonly onRefused: () => Promise<void>,
    private readonly log: Log,
  ) {}

  get connected(): boolean {
    return this.online;
  }

  /** Dials until it is connected or closed; `ready` sets up the subscriptions, once: later they are renewed by themselves. */
  async open(ready: (nats: NatsConnection) => void): Promise<void> {
    for (let attempt = 0; !this.stopping.signal.aborted; attempt++) {
      try {
        const nats = await connect({
          ...dialOptions(this.broker),
          authenticator: tokenAuthenticator(this.token),
          reconnectDelayHandler: () => waitBeforeRedial(this.refused ? 10 : this.redials()),
        });
        if (this.stopping.signal.aborted) return await nats.close();
        this.nats = nats;
        ready(nats);
        void this.follow(nats);
        return this.tell(true);
      } catch (error) {
        this.log.failure('broker not reached', error, { attempt }, attempt % 20 === 0 ? 'warn' : 'debug');
        if (isRefusal(error)) await this.onRefused();
      }
      await this.pause(waitBeforeRedial(attempt));
    }
  }

  onLine(listener: (online: boolean) => void): void {
    this.listeners.push(listener);
  }

  /** @throws {AppError} as RpcClient of the services does */
  async call<R extends Rpc>(rpc: R, input: RpcInput<R>, deadlineMs: number): Promise<RpcOutput<R>> {
    if (!this.nats || !this.online) throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 1 });
    let answer: unknown;
    try {
      const headers = writeHeaders(deadlineMs);
      answer = (await this.nats.request(rpc.subject, JSON.stringify(input), { timeout: deadlineMs, headers })).json();
    } catch (cause) {
      throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 1 }, { cause });
    }
    const envelope = Envelope.safeParse(answer);
    if (!envelope.success) throw new AppError('INTERNAL_ERROR', {}, { cause: new Error('no envelope') });
    if ('error' in envelope.data) throw new AppError(envelope.data.error.code);
    const value = rpc.output.safeParse(envelope.data.value);
    if (!value.success) throw new AppError('INTERNAL_ERROR', {}, { cause: new Error('answer outside the contract') });
    return value.data as RpcOutput<R>;
  }

  /** Without an answer. Off line nothing is put aside: an answer of a card is for whoever waits now. */
  publish(subject: string, value: unknown): boolean {
    if (!this.nats || !this.online) return false;
    this.nats.publish(subject, JSON.stringify(value));
    return true;
  }

  async close(): Promise<void> {
    this.stopping.abort();
    if (!this.nats) return;
    // what was published last still goes out, but a broker that is away is not waited for
    await Promise.race([this.nats.drain().catch(() => undefined), this.pause(2_000, false)]);
    await this.nats.close();
  }

  private async follow(nats: NatsConnection): Promise<void> {
    for await (const status of nats.status()) {
      if (status.type === 'reconnect') this.tell(true);
      else if (status.type === 'disconnect') this.tell(false);
      else if (status.type === 'error') {
        this.log.event('warn', 'broker refused', { ...describeError(status.error) });
        if (!isRefusal(status.error)) continue;
        this.refused = true;
        void this.onRefused();
      }
    }
    this.tell(false);
  }

  private tell(online: boolean): void {
    if (this.online === online) return;
    this.online = online;
    if (online) this.refused = false;
    else this.lostAt = performance.now();
    this.log.event('info', online ? 'line is up' : 'line is down');
    for (const listener of this.listeners) listener(online);
  }

  /** By the time that the line has been away: NATS asks more often than it dials. */
  private redials(): number {
    return Math.floor(Math.log2(Math.max(1, (performance.now() - this.lostAt) / 250)));
  }

  private pause(ms: number, abortable = true): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      if (!abortable) return void timer.unref();
      this.stopping.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
  }
}

const isRefusal = (error: unknown): boolean => error instanceof Error && /authoriz|authentic/i.test(error.message);
