import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Reminder } from '#contracts';
import { counter, InFlight, type Log } from '#service';
import type { Worker } from '../feature.js';
import { backOff } from './back-off.js';
import type { Courier, Delivered } from './courier.js';
import type { ReminderConfig } from './reminder-config.js';
import type { Claimed, ReminderQueue, Settlement } from './reminder-queue.repository.js';
import type { ReminderSettings } from './reminder-settings.js';

const total = counter('gerbang_reminders_total', 'Deliveries of reminders, by what became of them', [
  'channel',
  'outcome',
]);

export type SenderRules = Pick<ReminderConfig, 'workers' | 'pollMs' | 'timeoutMs' | 'retry' | 'attempts'> & {
  /** Default: twice what a delivery takes at most, so that whoever still has it then is not there any more. */
  leaseMs?: number;
};

/** Times that writing the outcome is tried before the lease decides. */
const mostWrites = 5;

/** Sends what is in the queue: as many at once as there are workers, over all replicas each of them once. */
@Injectable()
export class ReminderSender implements Worker {
  private readonly loops = new InFlight();
  private readonly stopping = new AbortController();
  private readonly channels: Reminder['channel'][];
  private readonly leaseMs: number;

  constructor(
    private readonly queue: ReminderQueue,
    private readonly settings: Pick<ReminderSettings, 'recipients'>,
    private readonly couriers: Partial<Record<Reminder['channel'], Courier>>,
    private readonly rules: SenderRules,
    private readonly drainMs: number,
    private readonly log: Log,
  ) {
    this.channels = Object.keys(couriers) as Reminder['channel'][];
    this.leaseMs = rules.leaseMs ?? 6 * rules.timeoutMs;
  }

  start(): void {
    for (let n = 0; n < this.rules.workers; n += 1) void this.loops.track(() => this.loop());
  }

  /** Ends after what it has in hand, and after the drain time in any case: the lease then tells what becomes of that. */
  async stop(): Promise<void> {
    this.stopping.abort();
    if (!(await this.loops.drained(this.drainMs))) this.log.event('warn', 'shutdown left reminders behind');
  }

  /** One reminder. Returns whether there was one. @throws when the database cannot be asked */
  async serve(): Promise<boolean> {
    await this.queue.reclaim(this.rules.attempts);
    const claimed = await this.queue.claim(this.channels, this.leaseMs);
    if (!claimed) return false;
    const delivered = await this.deliver(claimed);
    total.inc({ channel: claimed.channel, outcome: Object.keys(delivered)[0] ?? '' });
    await this.settle(claimed, this.settlementOf(claimed, delivered));
    return true;
  }

  private async deliver(claimed: Claimed): Promise<Delivered> {
    const courier = this.couriers[claimed.channel];
    if (!courier) return { refused: 'Saluran ini tidak diatur.' };
    try {
      if (!(await this.isWanted(claimed))) return { refused: unwanted };
      return await courier.deliver(claimed.message, () => this.queue.handOver(claimed));
    } catch (error) {
      this.log.failure('a reminder could not be prepared', error, { institutionId: claimed.message.institutionId });
      return { refused: 'Pesan tidak dapat disiapkan.' };
    }
  }

  /** Whoever was taken off the list meanwhile is not reminded any more. */
  private async isWanted({ channel, message }: Claimed): Promise<boolean> {
    const { emails, webhookUrl } = await this.settings.recipients(message.institutionId);
    return channel === 'EMAIL' ? emails.includes(message.recipient) : webhookUrl === message.recipient;
  }

  private settlementOf({ attempts }: Claimed, delivered: Delivered): Settlement {
    if ('sent' in delivered) return { state: 'SENT' };
    if ('uncertain' in delivered) return { state: 'UNCERTAIN', failure: delivered.uncertain };
    const failure = delivered.refused;
    if (attempts >= this.rules.attempts || failure === unwanted) return { state: 'FAILED', failure };
    return { state: 'WAITING', failure, waitMs: backOff(this.rules.retry, attempts) };
  }

  /** What cannot be written is left to the lease: handed over, it is then uncertain; else it is tried again. */
  private async settle(claimed: Claimed, settlement: Settlement): Promise<void> {
    for (let n = 1; ; n += 1) {
      try {
        await this.queue.settle(claimed, settlement);
        return;
      } catch (error) {
        if (n === mostWrites || this.stopping.signal.aborted) throw error;
        await wait(Math.min(this.rules.pollMs, this.leaseMs / mostWrites));
      }
    }
  }

  private async loop(): Promise<void> {
    const { signal } = this.stopping;
    let failing = false;
    while (!signal.aborted) {
      let served = false;
      try {
        served = await this.serve();
        failing = false;
      } catch (error) {
        if (!failing) this.log.failure('sending reminders stumbled', error, {}, 'warn');
        failing = true;
      }
      if (!served) await wait(this.rules.pollMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

const unwanted = 'Penerima ini tidak ada lagi di pengaturan.';
