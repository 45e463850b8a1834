import { ClientNats, ServerNats } from '@nestjs/microservices';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';

export interface BusConfig {
  servers: string[];
  user: string;
  password: string;
}

/** Replies come to an inbox that only this service's credentials may subscribe to (deploy/nats.conf). */
export const inboxPrefix = (user: string): string => `_INBOX.${user}`;

/** The bus may offer TLS, for those who come from outside: who has been told a `nats://` address does not take it up by itself. */
export const plainUnlessTls = (servers: readonly string[]): { tls?: null } =>
  servers.some((server) => server.startsWith('tls://')) ? {} : { tls: null };

function connection(config: BusConfig) {
  return {
    servers: config.servers,
    user: config.user,
    pass: config.password,
    name: config.user,
    inboxPrefix: inboxPrefix(config.user),
    ...plainUnlessTls(config.servers),
    // A broker that is away is waited for, at start and later: it comes back by itself, and callers get 503 meanwhile.
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 100,
    pingInterval: 5_000,
    maxPingOut: 2,
    timeout: 5_000,
  };
}

export const makeBusClient = (config: BusConfig): ClientNats => new ClientNats(connection(config));

/** Nest's NATS server with the one thing that a graceful shutdown needs: take no more messages, keep the connection. */
export class BusServer extends ServerNats {
  private intake: Subscription[] = [];
  private nats: NatsConnection | undefined;

  constructor(
    config: BusConfig,
    private readonly queueGroup: string,
  ) {
    super(connection(config));
  }

  /** Subjects are plain strings here; Nest would try each as JSON first, by an exception for each message. */
  override getRouteFromPattern(subject: string): string {
    return subject;
  }

  override bindEvents(client: NatsConnection): void {
    this.nats = client;
    for (const subject of this.messageHandlers.keys()) {
      const handle = this.getMessageHandler(subject).bind(this) as (error: Error | null, message: unknown) => void;
      this.intake.push(client.subscribe(subject, { queue: this.queueGroup, callback: handle }));
    }
  }

  get connected(): boolean {
    return (
      this.nats !== undefined &&
      !this.nats.isClosed() &&
      (this.nats as { protocol?: { connected?: boolean } }).protocol?.connected !== false
    );
  }

  /** Messages already here are still handled; new ones go to another replica. */
  async stopIntake(): Promise<void> {
    await Promise.allSettled(this.intake.splice(0).map((subscription) => subscription.drain()));
  }
}
