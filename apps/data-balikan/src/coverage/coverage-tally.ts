import { dayOf } from '#paper';
import type { Coverage } from '#contracts';
import type { BusinessLookUp } from './business-look-ups.js';
import type { Recorded } from './recorded-look-ups.repository.js';

type Standing = Recorded | 'owed' | 'overdue';
type Counts = Coverage['total'];

const mostOpen = 500;
/** Sorts after every UUID. */
const last = 'g';

const nothing = (): Counts => ({ lookUps: 0, sent: 0, accepted: 0, owed: 0, overdue: 0 });

/**
 * Adds up what is owed after look-ups (O-07), one after the other; months and operators stay, the look-ups do not. Those that
 * are open are named, the first 500 that are added.
 */
export class CoverageTally {
  private readonly total = nothing();
  private readonly months: Map<string, { counts: Counts; operators: Map<string | null, Counts> }>;
  private readonly open: Coverage['open'] = [];
  /** The last day whose look-ups are overdue. */
  private readonly overdueUntil: string;

  /** @param today in Asia/Jakarta, `YYYY-MM-DD`; a record is due on the day of the look-up and `overdueAfterDays` more */
  constructor(
    months: readonly string[],
    today: string,
    private readonly overdueAfterDays: number,
  ) {
    this.months = new Map(months.map((month) => [month, { counts: nothing(), operators: new Map() }]));
    this.overdueUntil = new Date(Date.parse(today) - (overdueAfterDays + 1) * 86_400_000).toISOString().slice(0, 10);
  }

  add({ verificationId, at, operatorId, service, reference }: BusinessLookUp, recorded: Recorded | undefined): void {
    const day = dayOf(new Date(at));
    const standing = recorded ?? (day <= this.overdueUntil ? 'overdue' : 'owed');
    const month = this.months.get(day.slice(0, 7));
    if (!month) throw new Error('a look-up of a month that was not asked for');
    let operator = month.operators.get(operatorId);
    if (!operator) month.operators.set(operatorId, (operator = nothing()));
    for (const counts of [this.total, month.counts, operator]) count(counts, standing);
    if (!recorded && this.open.length < mostOpen)
      this.open.push({ verificationId, at, operatorId, service, reference, overdue: standing === 'overdue' });
  }

  result(): Coverage {
    const months = [...this.months].map(([month, { counts, operators }]) => ({
      month,
      ...counts,
      operators: [...operators]
        .map(([operatorId, theirs]) => ({ operatorId, ...theirs }))
        .sort((one, other) => ((one.operatorId ?? last) < (other.operatorId ?? last) ? -1 : 1)),
    }));
    return { overdueAfterDays: this.overdueAfterDays, total: this.total, months, open: this.open };
  }
}

function count(counts: Counts, standing: Standing): void {
  counts.lookUps += 1;
  counts[standing] += 1;
}
