import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import type { Reminder } from '#contracts';
import type { Log } from '#service';
import { SealingKey } from '#service/keys/sealing-key';
import { TestDatabase } from '../../../../test/support/test-database.js';
import type { Courier } from './courier.js';
import { ReminderChecks } from './reminder-checks.repository.js';
import type { Planned } from './reminder-plan.js';
import { ReminderList } from './reminder-list.repository.js';
import { ReminderQueue } from './reminder-queue.repository.js';
import { ReminderSender, type SenderRules } from './reminder-sender.js';
import { ReminderSettings } from './reminder-settings.js';

export const senderRules: SenderRules = {
  workers: 2,
  pollMs: 10,
  // a machine that is busy is not a server that hangs
  timeoutMs: 2_000,
  leaseMs: 800,
  retry: { firstMs: 1, mostMs: 5 },
  attempts: 5,
};

export interface StoredReminder {
  id: string;
  recipient: string;
  state: Reminder['state'];
  attempts: number;
  failure: string | null;
  sending: boolean;
}

/** A database with a queue of reminders, and as many replicas beside it as a test wants. */
export class ReminderDesk {
  readonly pool: pg.Pool;
  readonly settings: ReminderSettings;
  readonly checks: ReminderChecks;
  readonly list: ReminderList;
  private made = 0;

  private constructor(
    readonly database: TestDatabase,
    private readonly keys: string,
  ) {
    this.pool = database.pool('reporting', { max: 8 });
    this.settings = new ReminderSettings(this.pool, new SealingKey(keys));
    this.checks = new ReminderChecks(this.pool);
    this.list = new ReminderList(this.pool);
  }

  static async create(): Promise<ReminderDesk> {
    return new ReminderDesk(await TestDatabase.create(), await mkdtemp(join(tmpdir(), 'gerbang-keys-')));
  }

  /** A kecamatan that reminds these addresses. */
  async office(emails: string[], webhook: { url: string; secret: string } | null = null): Promise<string> {
    const id = randomUUID();
    await this.settings.configure(id, { emails, webhook }, null);
    return id;
  }

  /** Puts one reminder into the queue for each recipient. */
  async queue(office: string, recipients: string[], overrides: Partial<Planned> = {}): Promise<void> {
    const planned = recipients.map((recipient) => ({
      rule: 'semester-report',
      clause: 'O-20',
      instance: `uji-${(this.made += 1)}`,
      obligationState: 'DUE_SOON' as const,
      week: 0,
      channel: 'EMAIL' as const,
      recipient,
      title: 'Laporan semester',
      dueOn: '2026-06-30',
      dueAt: null,
      nextStep: 'Camat menyetujui laporan di menu Laporan.',
      ...overrides,
    }));
    await this.checks.finish({ id: office, name: 'Kecamatan Contoh' }, 'daily', new Date(0), planned, false);
  }

  /** One replica's sender. With a pool of its own it can be killed by ending that. */
  sender(couriers: Partial<Record<Reminder['channel'], Courier>>, rules: Partial<SenderRules> = {}, pool = this.pool) {
    const log = { event: () => undefined, failure: () => undefined } as unknown as Log;
    const settings = new ReminderSettings(pool, new SealingKey(this.keys));
    return new ReminderSender(new ReminderQueue(pool), settings, couriers, { ...senderRules, ...rules }, 2_000, log);
  }

  async rows(office: string): Promise<StoredReminder[]> {
    const { rows } = await this.pool.query<StoredReminder>(
      `SELECT id, recipient, state, attempts, failure, claimed_until IS NOT NULL AS sending
       FROM reporting.reminder WHERE institution_id = $1 ORDER BY id`,
      [office],
    );
    return rows;
  }

  async drop(): Promise<void> {
    await this.database.drop();
    await rm(this.keys, { recursive: true });
  }
}
