import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import { inTransaction } from '#service';
import type { Planned } from './reminder-plan.js';

export type CheckKind = 'daily' | 'hourly';

/** A weekly reminder comes no sooner after the last one: what became overdue on a Sunday is not told again on Monday. */
const leastApart = '6 days 12 hours';

/** When offices were looked at, and what came of it. Both are written together, so that neither a crash nor a second replica matters. */
@Injectable()
export class ReminderChecks {
  constructor(@Inject(pg.Pool) private readonly pool: pg.Pool) {}

  /** Offices with somebody to remind. */
  async remindedOffices(): Promise<Set<string>> {
    const { rows } = await this.pool.query<{ id: string }>(
      `SELECT institution_id AS id FROM reporting.reminder_settings WHERE emails <> '{}' OR webhook_url IS NOT NULL`,
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Whether this replica is to look at this office now; if it does not come to an end, somebody may in `retryMs`. */
  async take(institutionId: string, kind: CheckKind, slot: Date, retryMs: number): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `INSERT INTO reporting.reminder_check AS known (institution_id, kind, retry_at)
       VALUES ($1, $2, reporting.clock() + make_interval(secs => $4::float8 / 1000))
       ON CONFLICT (institution_id, kind) DO UPDATE SET retry_at = excluded.retry_at
       WHERE (known.done_slot IS NULL OR known.done_slot < $3) AND (known.retry_at IS NULL OR known.retry_at <= reporting.clock())`,
      [institutionId, kind, slot, retryMs],
    );
    return rowCount === 1;
  }

  /** Queues what is not there yet. @param done false: not everything could be seen, so it is looked at again. Returns how many are new. */
  async finish(
    { id, name }: { id: string; name: string },
    kind: CheckKind,
    slot: Date,
    planned: readonly Planned[],
    done: boolean,
  ): Promise<number> {
    return inTransaction(this.pool, async (client) => {
      const { rowCount } = await client.query(
        `INSERT INTO reporting.reminder (id, institution_id, rule, clause, instance, obligation_state, week, channel, recipient,
           office, title, due_on, obligation_due_at, next_step, created_at, due_at)
         SELECT uuidv7(), $1, rule, clause, instance, "obligationState", week, channel, recipient, $2, title, "dueOn", "dueAt",
           "nextStep", reporting.clock(), reporting.clock()
         FROM jsonb_to_recordset($3::jsonb) AS one (rule text, clause text, instance text, "obligationState" text, week integer,
           channel text, recipient text, title text, "dueOn" date, "dueAt" timestamptz, "nextStep" text)
         WHERE NOT EXISTS (
           SELECT 1 FROM reporting.reminder AS last
           WHERE last.institution_id = $1 AND last.rule = one.rule AND last.instance = one.instance
             AND last.obligation_state = one."obligationState" AND last.channel = one.channel AND last.recipient = one.recipient
             AND last.created_at > reporting.clock() - $4::interval)
         ON CONFLICT ON CONSTRAINT reminder_once DO NOTHING`,
        [id, name, JSON.stringify(planned), leastApart],
      );
      if (done)
        await client.query(
          `UPDATE reporting.reminder_check SET done_slot = greatest(done_slot, $3), retry_at = NULL
           WHERE institution_id = $1 AND kind = $2`,
          [id, kind, slot],
        );
      return rowCount ?? 0;
    });
  }
}
