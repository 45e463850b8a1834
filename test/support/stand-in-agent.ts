import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { connect, tokenAuthenticator, type Msg, type NatsConnection } from '@nats-io/transport-node';
import {
  assertionSeconds,
  beginRead,
  cancelRead,
  eventSubject,
  handInJournal,
  reportAgent,
  type AgentJoined,
  type AgentStatus,
  type CardElements,
  type ErrorCode,
  type JournalEntry,
  type ReadOrder,
  type ReadProgress,
  type ReadResult,
  type Rpc,
  type RpcInput,
  type RpcOutput,
} from '#contracts';

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** Somebody on the simulated card. */
export const cardOf = (person: Record<string, string | null>): CardElements => ({
  nik: person.nik ?? null,
  namaLengkap: person.namaLengkap ?? null,
  jenisKelamin: person.jenisKelamin ?? null,
  tempatLahir: person.tempatLahir ?? null,
  tanggalLahir: person.tanggalLahir ?? null,
  jenisPekerjaan: person.jenisPekerjaan ?? null,
  statusPerkawinan: person.statusPerkawinan ?? null,
  alamat: person.alamat ?? null,
});

export interface Credentials {
  joined: AgentJoined;
  privateKey: KeyObject;
}

/** What a read does at the reader; it ends with `finish`, or never. */
export type Play = (read: RunningRead) => void | Promise<void>;

export interface RunningRead {
  order: ReadOrder;
  cancelled: Promise<void>;
  tell: (progress: ReadProgress) => void;
  finish: (result: ReadResult) => void;
  /** Anything at all, as a broken agent would send it. */
  send: (event: unknown) => void;
}

/** `POST /v1/reader-agents`, with a key pair of its own. */
export async function askToJoin(url: string, code: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const response = await fetch(`${url}/v1/reader-agents`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, publicKey: { kty: 'OKP', crv: 'Ed25519', x }, version: 'uji' }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown>, privateKey };
}

export async function join(url: string, code: string): Promise<Credentials> {
  const { status, body, privateKey } = await askToJoin(url, code);
  if (status !== 201) throw new Error(`not joined: ${status} ${JSON.stringify(body)}`);
  return { joined: body as unknown as AgentJoined, privateKey };
}

/** Speaks an agent's contract over the real broker with real credentials; what the reader does is played. */
export class StandInAgent {
  readonly instanceId: string = randomUUID();
  /** What the broker refused it. */
  readonly refused: string[] = [];
  readonly orders: ReadOrder[] = [];
  readonly cancels: string[] = [];
  play: Play = () => undefined;
  /** An order is answered by this code. */
  refuseWith: ErrorCode | undefined;
  private running: (RunningRead & { since: string; cancel: () => void; n: number }) | undefined;

  private constructor(
    readonly nats: NatsConnection,
    readonly readerId: string,
  ) {}

  static async connect(credentials: Credentials, changes: Record<string, unknown> = {}): Promise<StandInAgent> {
    const { readerId } = credentials.joined;
    const instanceId = (changes.instanceId as string | undefined) ?? randomUUID();
    const nats = await connect({
      servers: credentials.joined.servers,
      authenticator: tokenAuthenticator(() => assertionOf(credentials, { instanceId, ...changes })),
      inboxPrefix: `reader.${readerId}.inbox`,
      reconnect: false,
    });
    const agent = new StandInAgent(nats, readerId);
    Object.assign(agent, { instanceId });
    agent.listen();
    await nats.flush();
    return agent;
  }

  async ask<R extends Rpc>(rpc: R, input: RpcInput<R>): Promise<{ value?: RpcOutput<R>; error?: { code: string } }> {
    const answer = await this.nats.request(rpc.subject, JSON.stringify(input), { timeout: 5_000 });
    return answer.json();
  }

  report(changes: Partial<AgentStatus> = {}) {
    return this.ask(reportAgent(this.readerId), {
      instanceId: this.instanceId,
      version: 'uji',
      adapter: 'simulator',
      reader: 'Alat Uji',
      sam: { present: true, serial: 'SAM-UJI', atr: null },
      faults: [],
      busy: this.running !== undefined,
      journal: 0,
      ...changes,
    });
  }

  handIn(entries: JournalEntry[]) {
    return this.ask(handInJournal(this.readerId), { entries });
  }

  /** Ends whatever a test has left running. */
  idle(): void {
    this.play = () => undefined;
    this.running = undefined;
  }

  async close(): Promise<void> {
    await this.nats.close();
  }

  private listen(): void {
    void (async () => {
      for await (const status of this.nats.status())
        if (status.type === 'error') this.refused.push(status.error.message);
    })();
    const hear = (subject: string, take: (message: Msg) => void) =>
      this.nats.subscribe(subject, {
        callback: (error, message) => {
          if (!error) take(message);
        },
      });
    hear(beginRead(this.readerId).subject, (message) => this.begin(message));
    hear(cancelRead(this.readerId).subject, (message) => this.cancel(message));
  }

  private begin(message: Msg): void {
    const order = message.json<ReadOrder>();
    const respond = (value: unknown) => message.respond(JSON.stringify({ value }));
    if (this.refuseWith) {
      message.respond(JSON.stringify({ error: { code: this.refuseWith, extras: {} } }));
      return;
    }
    if (this.running) {
      respond({ state: 'busy', by: this.running.order.by, since: this.running.since });
      return;
    }
    this.orders.push(order);
    let cancel: () => void = () => undefined;
    const cancelled = new Promise<void>((resolve) => (cancel = resolve));
    const publish = (event: unknown) => this.nats.publish(eventSubject(this.readerId), JSON.stringify(event));
    const running = {
      order,
      since: new Date().toISOString(),
      n: 0,
      cancel,
      cancelled,
      tell: (progress: ReadProgress) => {
        publish({ readId: order.readId, n: running.n++, event: { kind: 'progress', progress } });
      },
      finish: (result: ReadResult) => {
        this.running = undefined;
        publish({ readId: order.readId, n: running.n++, event: { kind: 'result', result } });
      },
      send: publish,
    };
    this.running = running;
    respond({ state: 'begun', instanceId: this.instanceId });
    void this.play(running);
  }

  private cancel(message: Msg): void {
    const { readId } = message.json<{ readId: string }>();
    this.cancels.push(readId);
    const { running } = this;
    const isRunning = running?.order.readId === readId;
    message.respond(JSON.stringify({ value: { running: isRunning } }));
    if (!isRunning) return;
    running.cancel();
    running.finish({ outcome: 'CANCELLED', tries: 0 });
  }
}

export function assertionOf({ joined, privateKey }: Credentials, changes: Record<string, unknown> = {}): string {
  const iat = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: joined.readerId,
    aud: 'gerbang-bus',
    jti: randomUUID(),
    iat,
    exp: iat + assertionSeconds,
    ...changes,
  };
  const signed = `${encode({ alg: 'EdDSA', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
}

/** A finger that matches at the first try, and what is on the card of what was ordered. */
export const matching =
  (card: CardElements): Play =>
  ({ order, tell, finish }) => {
    for (const step of ['WAITING_FOR_CARD', 'CARD_FOUND', 'PUT_FINGER', 'READING'] as const)
      tell({ step, tries: 0, mostTries: 4 });
    const elements = Object.fromEntries(
      Object.entries(card).filter(([name]) => (order.elements as string[]).includes(name)),
    );
    finish({ outcome: 'MATCHED', tries: 0, elements });
  };
