import { connect, type NatsConnection } from '@nats-io/transport-node';
import { inboxPrefix, plainUnlessTls, type Log } from '#service';

const systemUser = 'gateway-system';
const askMs = 1_000;

/** A connection as the broker numbers it. */
export interface BrokerConnection {
  server: string;
  cid: number;
}

/** What the broker tells and does for its system user: whose connection is there, who has gone, and throw that one out. */
export class SystemLine {
  private nats: NatsConnection | undefined;
  private readonly watchers = new Set<(gone: BrokerConnection) => void>();

  constructor(
    private readonly settings: { servers: string[]; password: string },
    private readonly log: Log,
  ) {}

  /** @throws when the broker does not know the system user */
  async open(): Promise<void> {
    const nats = await connect({
      servers: this.settings.servers,
      user: systemUser,
      pass: this.settings.password,
      name: systemUser,
      inboxPrefix: inboxPrefix(systemUser),
      ...plainUnlessTls(this.settings.servers),
      waitOnFirstConnect: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      pingInterval: 5_000,
      maxPingOut: 2,
      timeout: 5_000,
    });
    nats.subscribe('$SYS.ACCOUNT.*.DISCONNECT', {
      callback: (_error, message) => {
        const gone = readConnection(message.data);
        if (gone) for (const watcher of this.watchers) watcher(gone);
      },
    });
    this.nats = nats;
  }

  async close(): Promise<void> {
    await this.nats?.close();
  }

  onGone(watcher: (gone: BrokerConnection) => void): void {
    this.watchers.add(watcher);
  }

  /** Whether this connection is there; a broker that is gone, or silent, has none. */
  async isThere({ server, cid }: BrokerConnection): Promise<boolean> {
    const answer = await this.ask(`$SYS.REQ.SERVER.${server}.CONNZ`, { cid });
    const { data } = (answer ?? {}) as { data?: { connections?: { cid?: unknown }[] } };
    return data?.connections?.some((one) => one.cid === cid) ?? false;
  }

  /** Throws it out at once; nobody else notices. One that has gone already is no fault. */
  async kick({ server, cid }: BrokerConnection): Promise<void> {
    await this.ask(`$SYS.REQ.SERVER.${server}.KICK`, { cid });
  }

  private async ask(subject: string, what: object): Promise<unknown> {
    if (!this.nats) return undefined;
    try {
      return (await this.nats.request(subject, JSON.stringify(what), { timeout: askMs })).json();
    } catch (error) {
      // no responders: that broker, or that connection, is not there any more
      this.log.failure('the broker did not answer its system user', error, {}, 'debug');
      return undefined;
    }
  }
}

function readConnection(data: Uint8Array): BrokerConnection | undefined {
  try {
    const { server, client } = JSON.parse(new TextDecoder().decode(data)) as {
      server: { id: string };
      client: { id: number };
    };
    return { server: server.id, cid: client.id };
  } catch {
    return undefined;
  }
}
