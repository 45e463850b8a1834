import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { keepOpenedEvents, listUnopenedEvents, ReaderFigures, RpcInput, RpcOutput } from '#contracts';
import { AppError, takeFitting } from '#service';
import type { Counted } from './as-of.js';
import { countedLogs, countedValues } from './counted-leaf.js';
import type { Days } from './figures.repository.js';
import {
  deliveryFigures,
  readerFigures,
  type DeliveryCount,
  type DeliveryFigures,
  type ReadCount,
} from './opened-figures.js';
import { checkWaiting } from './turns.js';

type Unopened = RpcOutput<typeof listUnopenedEvents>['events'];

const openedOfPeriod = `${countedLogs}
  JOIN verification.opened_event AS opened ON opened.log_id = counted.log_id AND opened.index < counted.size
  WHERE opened.institution_id = $1 AND opened.day BETWEEN $4 AND $5`;

/** What is counted of particulars that other parts keep: handed in once by whoever opened them, and counted from then on. */
@Injectable()
export class OpenedEvents {
  constructor(private readonly pool: Pool) {}

  /** Leaves whose particulars nobody has handed in, in the order of the log. */
  async listUnopened(counted: Counted, limit: number): Promise<Unopened> {
    const found: Unopened = [];
    for (const { id, size } of counted.logs) {
      const first = await this.findUnopened(id, size);
      if (first === undefined) continue;
      const { rows } = await this.pool.query<Unopened[number]>(
        `SELECT event.id, verification.micros(event.at) AS at, event.type, event.act, event.subject,
           encode(event.content_hash, 'hex') AS "contentHash"
         FROM verification.list_unopened($1, $2, $3, $4) AS unopened
         CROSS JOIN LATERAL (SELECT * FROM verification.reported_event WHERE id = unopened.event_id OFFSET 0) AS event
         ORDER BY unopened.index`,
        [id, first, size, limit - found.length],
      );
      found.push(...rows);
      if (found.length >= limit) break;
    }
    return takeFitting(found);
  }

  /** Whatever other replicas keep at the same time: a leaf has one row. */
  async keep(
    institutionId: string,
    events: RpcInput<typeof keepOpenedEvents>['events'],
  ): Promise<RpcOutput<typeof keepOpenedEvents>> {
    const { rows } = await this.pool.query<RpcOutput<typeof keepOpenedEvents>>(
      'SELECT kept, differing FROM verification.keep_opened($1, $2)',
      [institutionId, JSON.stringify(events.map(({ id, said }) => ({ id, ...said })))],
    );
    return rows[0]!;
  }

  /** @throws {AppError} EVIDENCE_UNAVAILABLE while a leaf that is counted is not opened */
  async checkOpened({ logs }: Counted): Promise<void> {
    for (const { id, size } of logs)
      if ((await this.findUnopened(id, size)) !== undefined)
        throw new AppError('EVIDENCE_UNAVAILABLE', { retryAfter: 2 });
  }

  /** @throws {AppError} as {@link checkOpened}, and when nobody waits for it any more */
  async figures(
    counted: Counted,
    days: Days,
    deadlineAt: number,
  ): Promise<{ readers: ReaderFigures; dataBalikan: DeliveryFigures }> {
    await this.checkOpened(counted);
    checkWaiting(deadlineAt);
    const reads = await this.countReads(counted, days);
    checkWaiting(deadlineAt);
    const deliveries = await this.countDeliveries(counted, days);
    return { readers: readerFigures(reads), dataBalikan: deliveryFigures(deliveries, days) };
  }

  /** The index of the first leaf of a log that is counted and not opened. */
  private async findUnopened(logId: number, size: number): Promise<number | undefined> {
    const { rows } = await this.pool.query<{ index: string | null }>(
      'SELECT verification.first_unopened($1, $2) AS index',
      [logId, size],
    );
    const index = rows[0]?.index ?? null;
    return index === null ? undefined : Number(index);
  }

  private async countReads(counted: Counted, { from, until }: Days): Promise<ReadCount[]> {
    const { rows } = await this.pool.query<ReadCount & { events: string }>(
      `SELECT act, subject AS "readerId", outcome, tries, service, verification_id IS NOT NULL AS "hasLookUp", count(*) AS events
       FROM ${openedOfPeriod} AND type = 'READER_READ'
       GROUP BY 1, 2, 3, 4, 5, 6`,
      [counted.institutionId, ...countedValues(counted), from, until],
    );
    return rows.map(toNumber);
  }

  private async countDeliveries(counted: Counted, { from, until }: Days): Promise<DeliveryCount[]> {
    const { rows } = await this.pool.query<DeliveryCount & { events: string }>(
      `SELECT to_char(day, 'YYYY-MM-DD') AS day, receipt, count(*) AS events
       FROM ${openedOfPeriod} AND type = 'DATA_BALIKAN'
       GROUP BY opened.day, receipt`,
      [counted.institutionId, ...countedValues(counted), from, until],
    );
    return rows.map(toNumber);
  }
}

const toNumber = <T extends { events: string }>(row: T) => ({ ...row, events: Number(row.events) });
