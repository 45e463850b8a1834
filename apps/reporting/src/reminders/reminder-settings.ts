import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import type { ReminderSettings as Settings } from '#contracts';
import { SealingKey } from '#service/keys/sealing-key';

export interface Recipients {
  emails: string[];
  webhookUrl: string | null;
}

interface Row {
  emails: string[];
  webhook_url: string | null;
  webhook_secret: Buffer | null;
}

/** Who is reminded. The webhook's secret is sealed for its office and its address. */
@Injectable()
export class ReminderSettings {
  constructor(
    @Inject(pg.Pool) private readonly pool: pg.Pool,
    private readonly sealing: SealingKey,
  ) {}

  async configure(institutionId: string, { emails, webhook }: Settings, by: string | null): Promise<void> {
    const sealed = webhook && (await this.sealing.seal(webhook.secret, contextOf(institutionId, webhook.url)));
    const distinct = [...new Map(emails.map((email) => [email.toLowerCase(), email])).values()];
    await this.pool.query(
      `INSERT INTO reporting.reminder_settings (institution_id, emails, webhook_url, webhook_secret, changed_at, changed_by)
       VALUES ($1, $2, $3, $4, reporting.clock(), $5)
       ON CONFLICT (institution_id) DO UPDATE SET emails = excluded.emails, webhook_url = excluded.webhook_url,
         webhook_secret = excluded.webhook_secret, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
      [institutionId, distinct, webhook?.url ?? null, sealed, by],
    );
  }

  async recipients(institutionId: string): Promise<Recipients> {
    const row = await this.find(institutionId);
    return { emails: row?.emails ?? [], webhookUrl: row?.webhook_url ?? null };
  }

  /** Undefined when this is not the office's webhook any more. */
  async secretOf(institutionId: string, url: string): Promise<string | undefined> {
    const row = await this.find(institutionId);
    if (!row?.webhook_secret || row.webhook_url !== url) return undefined;
    return this.sealing.open(row.webhook_secret, contextOf(institutionId, url));
  }

  private async find(institutionId: string): Promise<Row | undefined> {
    const { rows } = await this.pool.query<Row>(
      'SELECT emails, webhook_url, webhook_secret FROM reporting.reminder_settings WHERE institution_id = $1',
      [institutionId],
    );
    return rows[0];
  }
}

const contextOf = (institutionId: string, url: string): string => `webhook:${institutionId}:${url}`;
