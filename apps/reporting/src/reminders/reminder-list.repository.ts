import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import type { Reminder, ReminderPage } from '#contracts';

interface Row {
  id: string;
  rule: string;
  clause: string;
  obligation_state: Reminder['obligationState'];
  channel: Reminder['channel'];
  recipient: string;
  state: Reminder['state'];
  attempts: number;
  failure: string | null;
  created_at: Date;
  sending_since: Date | null;
  sent_at: Date | null;
}

/** What was queued for an office, and what became of it. */
@Injectable()
export class ReminderList {
  constructor(@Inject(pg.Pool) private readonly pool: pg.Pool) {}

  /** Newest first. */
  async page(institutionId: string, limit: number, before?: string): Promise<ReminderPage> {
    const { rows } = await this.pool.query<Row>(
      `SELECT * FROM reporting.reminder WHERE institution_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      [institutionId, before ?? null, limit + 1],
    );
    const page = rows.slice(0, limit).map(toReminder);
    return { reminders: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
  }

  async exists(institutionId: string, id: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      'SELECT 1 FROM reporting.reminder WHERE institution_id = $1 AND id = $2',
      [institutionId, id],
    );
    return rowCount === 1;
  }

  /** Undefined when it is neither uncertain nor failed. Whoever still has it from before has no say any more. */
  async resend(institutionId: string, id: string, by: string | null): Promise<Reminder | undefined> {
    const { rows } = await this.pool.query<Row>(
      `UPDATE reporting.reminder SET state = 'WAITING', term = term + 1, attempts = 0, failure = NULL, due_at = reporting.clock(),
         handed_over_at = NULL, resent_by = $3
       WHERE institution_id = $1 AND id = $2 AND state IN ('UNCERTAIN', 'FAILED')
       RETURNING *`,
      [institutionId, id, by],
    );
    return rows[0] && toReminder(rows[0]);
  }
}

const toReminder = (row: Row): Reminder => ({
  id: row.id,
  rule: row.rule,
  clause: row.clause,
  obligationState: row.obligation_state,
  channel: row.channel,
  recipient: row.channel === 'WEBHOOK' ? withoutQuery(row.recipient) : row.recipient,
  state: row.state,
  attempts: row.attempts,
  failure: row.failure,
  createdAt: row.created_at.toISOString(),
  sendingSince: row.sending_since?.toISOString() ?? null,
  sentAt: row.sent_at?.toISOString() ?? null,
});

function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
