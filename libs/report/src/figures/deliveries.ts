import type { BalikanFigures, Period, UndeliveredRecord } from '#contracts';
import { isIn, jakartaDay, monthOf, monthsOf } from '../calendar.js';
import type { OpenedLeaf } from '../opened-event.js';
import { Counter, sortedBy } from '../order.js';

export const deliveredAct = 'data-balikan.delivered';

type Method = BalikanFigures['byMethod'][number]['method'];

/** Adds up delivered data balikan, leaf by leaf; other leaves, and days outside of the period, are passed over. */
export class DeliveryTally {
  private delivered = 0;
  private readonly receipts = new Counter<string>();
  private readonly months = new Counter<string>();

  constructor(private readonly period: Period) {}

  add({ leaf, content }: OpenedLeaf): void {
    const day = jakartaDay(leaf.at);
    if (leaf.type !== 'DATA_BALIKAN' || leaf.act !== deliveredAct || !isIn(this.period, day)) return;
    this.delivered += 1;
    this.receipts.add(String(content.receipt));
    this.months.add(monthOf(day));
  }

  figures(): Pick<BalikanFigures, 'delivered' | 'byMethod' | 'months'> {
    const byMethod = this.receipts.rows().map(([receipt, count]) => ({ method: methodOf(receipt), receipt, count }));
    return {
      delivered: this.delivered,
      byMethod: sortedBy(
        byMethod,
        ({ method }) => method,
        ({ receipt }) => receipt,
      ),
      months: monthsOf(this.period).map((month) => ({ month, delivered: this.months.get(month) })),
    };
  }
}

export function methodOf(receipt: string): Method {
  return receipt === 'MEDIA' ? 'MEDIA' : 'WEB_SERVICE';
}

export function undeliveredFigures(records: Iterable<Pick<UndeliveredRecord, 'state'>>): BalikanFigures['undelivered'] {
  const states = new Counter<UndeliveredRecord['state']>();
  for (const { state } of records) states.add(state);
  return { waiting: states.get('WAITING'), packed: states.get('PACKED'), refused: states.get('DEAD') };
}
