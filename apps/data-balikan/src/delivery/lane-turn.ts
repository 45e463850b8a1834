import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '#service';
import { deliveredHash } from '../evidence-report/delivered-content.js';
import type { PersonVault } from '../people/person-vault.js';
import { recordContext } from '../people/record-context.js';
import type { Outcome } from './answer.js';
import { backOff, type RetryPace } from './back-off.js';
import type { Claimed, DeliveryRules, Outbox, Settled, Settlement, Turn } from './outbox.repository.js';
import { Pace } from './pace.js';
import { Permit } from './permit.js';
import { Settler } from './settler.js';
import type { Way, Ways } from './ways.js';

/** How long a worker stays with one institution before the next one has its turn. */
const turnMs = 5_000;
/** Most records of one turn. */
const largestPortion = 200;
/** A worker that is silent for so long has lost its lane. */
export const leaseMs = 15_000;
const renewMs = 4_000;
/** How long a lane without a destination is left alone. */
const notConfiguredMs = 5_000;
/** The same after its destination could not be read. */
const stumbledMs = 1_000;
/** How long records wait whose key is not there. */
const keyAwayMs = 30_000;

export interface TurnParts {
  outbox: Outbox;
  ways: Ways;
  vault: Pick<PersonVault, 'unseal'>;
  rules: DeliveryRules & { parallel: number; retry: RetryPace };
  told: (settled: Settled) => void;
  failed: (code: string) => void;
  stopping: () => boolean;
  /** Keys that were not there when they were needed last, shared by all turns of a worker. */
  keysAway: Set<string>;
  /** Told once of each. */
  keyAway: (institutionId: string, error: unknown) => void;
}

/** One turn of one lane: its records are sent in their order, within its pace, for as long as nobody says stop. */
export class LaneTurn {
  private readonly settler: Settler;
  private readonly queue: Claimed[];
  /** Sent, and not answered. */
  private readonly underWay = new Set<string>();

  constructor(
    private readonly turn: Turn,
    private readonly parts: TurnParts,
  ) {
    this.queue = [...turn.records];
    this.settler = new Settler(parts.outbox, turn.hold, parts.rules, parts.told, parts.stopping);
  }

  /**
   * @returns how long the lane rests, milliseconds
   * @throws when the outcome could not be written; what was sent then is sent again
   */
  async serve(): Promise<number> {
    const way = await this.findWay();
    if (!way) return this.rest();
    const { perSecond } = way.destination.service;
    const pace = new Pace(perSecond, performance.now());
    const permit = new Permit(this.parts.outbox, this.turn.hold, leaseMs, () => [
      ...this.underWay,
      ...this.queue.map(({ id }) => id),
    ]);
    // a request may take longer than a lease
    const renewal = setInterval(() => void permit.given().catch(() => undefined), renewMs);
    const endsAt = performance.now() + turnMs;
    const senders = Array.from({ length: this.parts.rules.parallel }, () => this.sendAll(way, pace, permit, endsAt));
    const ended = await Promise.allSettled(senders);
    clearInterval(renewal);
    const restMs = pace.waitMs(performance.now());
    await this.settler.end(
      this.queue.map(({ id }) => id),
      { restMs, portion: Math.min(largestPortion, Math.ceil((perSecond * turnMs) / 1_000)) },
    );
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
    return restMs;
  }

  private async findWay(): Promise<Way | undefined> {
    try {
      return await this.parts.ways.find(this.turn.hold.institutionId);
    } catch (error) {
      const ids = this.queue.map(({ id }) => id);
      await this.settler.end(ids, { restMs: stumbledMs, portion: null });
      throw error;
    }
  }

  private async sendAll(way: Way, pace: Pace, permit: Permit, endsAt: number): Promise<void> {
    for (;;) {
      const now = performance.now();
      const waitMs = pace.waitMs(now);
      if (now + waitMs >= endsAt || !this.goesOn()) return;
      const record = this.queue.shift();
      if (!record) return;
      pace.take(now);
      try {
        if (waitMs > 0) await wait(waitMs);
        // after every wait, and right before the request
        const opened = await this.unseal(record);
        if (!(await permit.given()) || !this.goesOn()) return this.putBack(record);
        if (typeof opened === 'object') await this.send(way, opened.nik, record);
        else this.leave(record, opened);
      } catch (error) {
        this.putBack(record);
        throw error;
      }
    }
  }

  private async send(way: Way, nik: string, record: Claimed): Promise<void> {
    this.underWay.add(record.id);
    const outcome = await way.client.send(nik, record);
    this.underWay.delete(record.id);
    this.settle(record, outcome);
    // no further request before the breaker has heard of it
    if ('failed' in outcome && outcome.failed !== 'REFUSED') await this.settler.settled();
  }

  private settle(record: Claimed, outcome: Outcome | 'KEY_DESTROYED'): void {
    if (typeof outcome !== 'string' && 'delivered' in outcome)
      return this.settler.add(deliveredBy(record, outcome.delivered));
    const failure = typeof outcome === 'string' ? outcome : outcome.failed;
    this.parts.failed(failure);
    this.settler.add({ id: record.id, failure, delayMs: backOff(this.parts.rules.retry, record.attempts) });
  }

  /** What cannot be opened keeps nobody else in the lane waiting. */
  private leave(record: Claimed, why: 'KEY_DESTROYED' | 'KEY_AWAY'): void {
    if (why === 'KEY_DESTROYED') this.settle(record, why);
    else this.settler.add({ id: record.id, delayMs: keyAwayMs });
  }

  /** Nowhere to send to: the records wait, apart from those that nobody can open any more. */
  private async rest(): Promise<number> {
    const left: string[] = [];
    for (const record of this.queue) {
      const opened = await this.unseal(record);
      if (typeof opened === 'object') left.push(record.id);
      else this.leave(record, opened);
    }
    await this.settler.end(left, { restMs: notConfiguredMs, portion: null });
    return notConfiguredMs;
  }

  /** KEY_DESTROYED also where the key is not the one that sealed it. */
  private async unseal({ id, keyId, sealedNik }: Claimed): Promise<{ nik: string } | 'KEY_DESTROYED' | 'KEY_AWAY'> {
    const { vault, keysAway } = this.parts;
    try {
      const nik = await vault.unseal(keyId, sealedNik, recordContext(id));
      keysAway.delete(keyId);
      return { nik };
    } catch (error) {
      // a folder that cannot be read may be there again later
      if (error instanceof Error && 'syscall' in error) throw error;
      if (!(error instanceof AppError) || error.code === 'AGREEMENT_CLOSED') return 'KEY_DESTROYED';
      if (!keysAway.has(keyId)) this.parts.keyAway(this.turn.hold.institutionId, error.cause ?? error);
      keysAway.add(keyId);
      return 'KEY_AWAY';
    }
  }

  private goesOn(): boolean {
    return this.settler.goesOn && !this.parts.stopping();
  }

  private putBack(record: Claimed): void {
    this.queue.unshift(record);
  }
}

/** How a record ends that its recipient has taken, with the hash that evidence commits to. */
export function deliveredBy(record: Claimed, receipt: 'SUCCESS' | 'ALREADY_SENT'): Settlement {
  const { id, salt, nomorRegister, namaUsaha, jenisUsaha, kodeKbli, versiKbli, tanggal, verificationId } = record;
  const kbli = kodeKbli !== null && versiKbli !== null ? { kode: kodeKbli, versi: versiKbli } : null;
  const content = { nomorRegister, namaUsaha, jenisUsaha, kbli, tanggal, receipt, verificationId };
  return { id, receipt, contentHash: deliveredHash(salt, content).toString('hex') };
}
