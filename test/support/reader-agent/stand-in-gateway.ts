import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { connect, type Msg, type NatsConnection } from '@nats-io/transport-node';
import {
  beginRead,
  cancelRead,
  eventSubject,
  handInJournal,
  reportAgent,
  ReadEvent,
  elementNames,
  type AgentStatus,
  type ElementName,
  type JournalEntry,
  type ReaderPermit,
  type Rpc,
} from '#contracts';
import { type Broker } from './broker.js';
import { Heard } from './heard.js';

const issuer = 'https://gerbang.contoh';

/** Plays the gateway's side of one reader over a real broker: permits, orders, and what it was told. */
export class StandInGateway {
  readonly readerId = randomUUID();
  readonly reports = new Heard<AgentStatus>();
  readonly events = new Heard<ReadEvent>();
  readonly journal = new Heard<JournalEntry>();
  /** What a report is answered; a test changes it. */
  answers = {
    permit: true,
    refusal: null as string | null,
    error: null as string | null,
    takes: (_entry: JournalEntry): boolean => true,
  };
  claims: Partial<ReaderPermit> = {};
  kid = 'k1';
  typ = 'reader-permit+jwt';
  /** Keys as a broker in other hands would tell them. */
  jwksOnBus: { keys: Record<string, unknown>[] } | undefined;
  /** How far the PC's clock is behind. */
  clockAheadMs = 0;
  /** What the gateway's own address says are its keys, and how often it was asked. */
  keysAsked = 0;
  private web: Server | undefined;
  private nats: NatsConnection | undefined;

  private constructor(
    readonly broker: Broker,
    private key: CryptoKey,
    public jwks: { keys: Record<string, unknown>[] },
  ) {}

  static async start(broker: Broker): Promise<StandInGateway> {
    const { privateKey, jwks } = await makeKeys('k1');
    const gateway = new StandInGateway(broker, privateKey, jwks);
    await gateway.serveKeys();
    await gateway.listen();
    return gateway;
  }

  /** Signs with a new key from now on. */
  async changeKey(kid: string): Promise<void> {
    const { privateKey, jwks } = await makeKeys(kid);
    Object.assign(this, { key: privateKey, jwks, kid });
  }

  /** After the broker was away. */
  async listen(): Promise<void> {
    const nats = (this.nats = await connect({ servers: this.broker.url, reconnect: false }));
    nats.subscribe(eventSubject(this.readerId), {
      callback: (_error, message) => this.events.add(ReadEvent.parse(message.json())),
    });
    this.answer(nats, reportAgent(this.readerId), async (status: AgentStatus) => {
      this.reports.add(status);
      const permit = this.answers.permit ? await this.permit() : null;
      return {
        permit,
        refusal: this.answers.refusal,
        now: Date.now() + this.clockAheadMs,
        jwks: this.jwksOnBus ?? this.jwks,
      };
    });
    this.answer(nats, handInJournal(this.readerId), async ({ entries }: { entries: JournalEntry[] }) => {
      const taken = entries.filter((entry) => this.answers.takes(entry));
      taken.forEach((entry) => this.journal.add(entry));
      return { taken: taken.map(({ id }) => id) };
    });
    await nats.flush();
  }

  /** What `reader-agent join` would have left on the PC. */
  get joined() {
    const { readerId, jwks } = this;
    return {
      ...{ readerId, jwks, issuer, institutionName: 'Kecamatan Contoh', caPem: null },
      servers: [this.broker.url],
      gatewayUrl: `http://127.0.0.1:${(this.web?.address() as AddressInfo).port}`,
    };
  }

  async permit(seconds = 300, claims: Partial<ReaderPermit> = {}): Promise<string> {
    const iat = Math.floor(Date.now() / 1000);
    const all = {
      ...{ iss: issuer, aud: 'reader-agent', sub: this.readerId, jti: randomUUID(), iat, nbf: iat, exp: iat + seconds },
      ...{ institutionId: randomUUID(), agreementId: randomUUID(), agreementVersionId: randomUUID() },
      ...{ validUntil: '2027-12-06', samSerial: 'SAM-9901', elements: [...elementNames] },
      ...this.claims,
      ...claims,
    };
    return new SignJWT(all).setProtectedHeader({ alg: 'EdDSA', typ: this.typ, kid: this.kid }).sign(this.key);
  }

  /** An order to read; the envelope that comes back. */
  async begin(order: { elements?: ElementName[]; permit?: string; deadlineMs?: number; by?: string } = {}) {
    const readId = randomUUID();
    const answer = await this.ask(beginRead(this.readerId), {
      readId,
      by: order.by ?? 'Petugas',
      elements: order.elements ?? ['nik', 'namaLengkap'],
      permit: order.permit ?? (await this.permit()),
      deadlineMs: order.deadlineMs ?? 30_000,
    });
    return { readId, answer };
  }

  /** A whole read: steps and result. */
  async read(order: Parameters<StandInGateway['begin']>[0] = {}) {
    const { readId, answer } = await this.begin(order);
    if (!('value' in answer)) throw new Error(`not begun: ${JSON.stringify(answer)}`);
    return this.ending(readId);
  }

  async ending(readId: string) {
    const last = await this.events.find((event) => event.readId === readId && event.event.kind === 'result');
    const events = this.events.all.filter((event) => event.readId === readId);
    const steps = events.flatMap(({ event }) => (event.kind === 'progress' ? [event.progress.step] : []));
    if (last.event.kind !== 'result') throw new Error('unreachable');
    return { readId, steps, numbers: events.map(({ n }) => n), result: last.event.result };
  }

  cancel(readId: string) {
    return this.ask(cancelRead(this.readerId), { readId });
  }

  async ask(rpc: Rpc, input: unknown): Promise<{ value: Record<string, unknown> } | { error: { code: string } }> {
    if (!this.nats) throw new Error('not listening');
    return (await this.nats.request(rpc.subject, JSON.stringify(input), { timeout: 10_000 })).json();
  }

  async close(): Promise<void> {
    this.web?.close();
    this.web?.closeAllConnections();
    await this.nats?.close();
  }

  private async serveKeys(): Promise<void> {
    const web = (this.web = createServer((_request, response) => {
      this.keysAsked++;
      response.end(JSON.stringify(this.jwks));
    }));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  }

  private answer<I>(nats: NatsConnection, rpc: Rpc, handle: (input: I) => Promise<unknown>): void {
    const respond = async (message: Msg) => {
      const value = rpc.output.parse(await handle(rpc.input.parse(message.json()) as I));
      const { error } = this.answers;
      message.respond(JSON.stringify(error === null ? { value } : { error: { code: error, extras: {} } }));
    };
    nats.subscribe(rpc.subject, { callback: (_error, message) => void respond(message) });
  }
}

export async function makeKeys(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return { privateKey, jwks: { keys: [{ ...(await exportJWK(publicKey)), kid }] } };
}
