import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import type { Reminder } from '#contracts';
import type { Message } from './courier.js';

/** A reminder that a worker has; `term` is the fence: with another one it has been taken away. */
export interface Claimed {
  message: Message;
  channel: Reminder['channel'];
  term: string;
  attempts: number;
}

export type Settlement =
  | { state: 'SENT' }
  | { state: 'UNCERTAIN' | 'FAILED'; failure: string }
  | { state: 'WAITING'; failure: string; waitMs: number };

interface Row {
  id: string;
  institution_id: string;
  rule: string;
  clause: string;
  obligation_state: Reminder['obligationState'];
  channel: Reminder['channel'];
  recipient: string;
  office: string;
  title: string;
  due_on: string | null;
  obligation_due_at: Date | null;
  next_step: string | null;
  created_at: Date;
  term: string;
  attempts: number;
}

/** The queue as a worker sees it: claim, hand over, settle. Leases are by the machine's clock, waits by the service's. */
@Injectable()
export class ReminderQueue {
  constructor(@Inject(pg.Pool) private readonly pool: pg.Pool) {}

  /** One that is due and that nobody else has. */
  async claim(channels: readonly Reminder['channel'][], leaseMs: number): Promise<Claimed | undefined> {
    const { rows } = await this.pool.query<Row>({
      name: 'claim_reminder',
      text: `UPDATE reporting.reminder SET term = term + 1, attempts = attempts + 1, sending_since = reporting.clock(),
           claimed_until = clock_timestamp() + make_interval(secs => $2::float8 / 1000)
         WHERE id = (
           SELECT id FROM reporting.reminder
           WHERE state = 'WAITING' AND claimed_until IS NULL AND due_at <= reporting.clock() AND channel = ANY ($1)
           ORDER BY due_at FOR UPDATE SKIP LOCKED LIMIT 1)
         RETURNING id, institution_id, rule, clause, obligation_state, channel, recipient, office, title, due_on::text,
           obligation_due_at, next_step, created_at, term, attempts`,
      values: [channels, leaseMs],
    });
    return rows[0] && toClaimed(rows[0]);
  }

  /**
   * Writes down that the last byte leaves now: from here on nobody sends it again by itself.
   *
   * @throws when the claim is over: then it must not leave
   */
  async handOver({ message, term }: Claimed): Promise<void> {
    const { rowCount } = await this.pool.query(
      `UPDATE reporting.reminder SET handed_over_at = reporting.clock()
       WHERE id = $1 AND term = $2 AND state = 'WAITING' AND claimed_until > clock_timestamp()`,
      [message.id, term],
    );
    if (rowCount !== 1) throw new Error('the claim of this reminder is over');
  }

  /** A late yes still counts, as long as nobody has it anew. Returns whether it was written. */
  async settle({ message, term }: Claimed, settlement: Settlement): Promise<boolean> {
    const { state } = settlement;
    const { rowCount } = await this.pool.query(
      `UPDATE reporting.reminder SET state = $3, failure = $4, sending_since = NULL, claimed_until = NULL,
         sent_at = CASE WHEN $3 = 'SENT' THEN reporting.clock() END,
         handed_over_at = CASE WHEN $3 <> 'WAITING' THEN handed_over_at END,
         due_at = CASE WHEN $3 = 'WAITING' THEN reporting.clock() + make_interval(secs => $5::float8 / 1000) ELSE due_at END
       WHERE id = $1 AND term = $2 AND (state = 'WAITING' OR (state = 'UNCERTAIN' AND $3 = 'SENT'))`,
      [
        message.id,
        term,
        state,
        'failure' in settlement ? settlement.failure : null,
        'waitMs' in settlement ? settlement.waitMs : null,
      ],
    );
    return rowCount === 1;
  }

  /**
   * What a worker left behind: handed over, nobody knows; not handed over, it goes back into the queue, or has failed if it was
   * tried often enough. Returns how many.
   */
  async reclaim(mostAttempts: number): Promise<number> {
    const { rowCount } = await this.pool.query(
      `UPDATE reporting.reminder SET sending_since = NULL, claimed_until = NULL,
         state = CASE WHEN handed_over_at IS NOT NULL THEN 'UNCERTAIN' WHEN attempts >= $1 THEN 'FAILED' ELSE 'WAITING' END,
         failure = CASE WHEN handed_over_at IS NOT NULL THEN 'Pengiriman terputus setelah seluruh pesan diserahkan.'
           ELSE 'Pengiriman terputus sebelum pesan diserahkan.' END
       WHERE id IN (
         SELECT id FROM reporting.reminder WHERE state = 'WAITING' AND claimed_until < clock_timestamp()
         FOR UPDATE SKIP LOCKED)`,
      [mostAttempts],
    );
    return rowCount ?? 0;
  }
}

const toClaimed = (row: Row): Claimed => ({
  message: {
    id: row.id,
    institutionId: row.institution_id,
    rule: row.rule,
    clause: row.clause,
    obligationState: row.obligation_state,
    recipient: row.recipient,
    office: row.office,
    title: row.title,
    dueOn: row.due_on,
    dueAt: row.obligation_due_at,
    nextStep: row.next_step,
    createdAt: row.created_at,
  },
  channel: row.channel,
  term: row.term,
  attempts: row.attempts,
});
