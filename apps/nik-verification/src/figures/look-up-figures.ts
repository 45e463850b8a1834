import type { LookUpCounts, LookUpFigures } from '#contracts';
import type { Count, Counts, DayCount } from './cell.js';
import { monthsBetween } from './months.js';
import { Sums } from './sums.js';

const noCounts = (): LookUpCounts => ({
  requests: 0,
  hits: 0,
  confirmed: 0,
  unknown: 0,
  released: 0,
  pending: 0,
  refused: 0,
});

type Counted = Pick<Count, 'kind' | 'hitState' | 'outcome' | 'events'>;

/** Whether the end of a look-up has this state. */
const ended = ({ kind, hitState }: Counted, state: string) => kind === 'ANSWERED' && hitState === state;

function add(to: LookUpCounts, counted: Counted): void {
  const { kind, events } = counted;
  if (kind === 'REQUESTED') to.requests += events;
  if (kind === 'REFUSED') to.refused += events;
  for (const state of ['confirmed', 'unknown', 'released'] as const) if (ended(counted, state)) to[state] += events;
  to.hits = to.requests - to.released;
  to.pending = to.requests - to.confirmed - to.unknown - to.released;
}

/** Hits are what was asked, without what never left. */
function hitsOf(counted: Counted): number {
  if (counted.kind === 'REQUESTED') return counted.events;
  return ended(counted, 'released') ? -counted.events : 0;
}

const refusedOf = ({ kind, events }: Counted): number => (kind === 'REFUSED' ? events : 0);

const foundOf = (counted: Counted): number =>
  counted.kind === 'ANSWERED' && counted.hitState !== 'released' && counted.outcome === 'FOUND' ? counted.events : 0;

/** The figures of a report, as docs/report-format.md defines them. */
export function lookUpFigures({ days, all }: Counts, { from, until }: { from: string; until: string }): LookUpFigures {
  const total = noCounts();
  for (const counted of days) add(total, counted);
  return {
    total,
    months: monthsOf(days, from, until),
    days: daysOf(days),
    ...listsOf(all),
  };
}

function daysOf(counts: DayCount[]): LookUpFigures['days'] {
  const sums = new Sums<['hits', 'refusedByQuota']>(['hits', 'refusedByQuota']);
  for (const counted of counts)
    sums.add(counted.day, {
      hits: hitsOf(counted),
      refusedByQuota: counted.outcome === 'QUOTA_EXHAUSTED' ? refusedOf(counted) : 0,
    });
  return sums.list((day, numbers) => ({ day: day ?? '', ...numbers }));
}

function monthsOf(counts: DayCount[], from: string, until: string): LookUpFigures['months'] {
  const months = new Map<string, LookUpFigures['months'][number]>(
    monthsBetween(from, until).map((month) => [month, { month, ...noCounts(), peak: null }]),
  );
  for (const counted of counts) {
    const month = months.get(counted.day.slice(0, 7));
    if (month) add(month, counted);
  }
  for (const { day, hits } of daysOf(counts)) {
    const month = months.get(day.slice(0, 7));
    if (month && hits > (month.peak?.hits ?? 0)) month.peak = { day, hits };
  }
  return [...months.values()];
}

function listsOf(counts: Count[]) {
  const modes = new Sums<['hits']>(['hits']);
  const services = new Sums<['hits', 'refused']>(['hits', 'refused']);
  const outcomes = new Sums<['count']>(['count']);
  const operators = new Sums<['hits', 'found', 'refused']>(['hits', 'found', 'refused']);
  const clients = new Sums<['hits']>(['hits']);
  const refusals = new Sums<['count']>(['count']);
  for (const counted of counts) {
    const hits = hitsOf(counted);
    const refused = refusedOf(counted);
    modes.add(counted.mode, { hits });
    services.add(counted.service, { hits, refused });
    operators.add(counted.operatorId, { hits, found: foundOf(counted), refused });
    clients.add(counted.clientId, { hits });
    if (counted.kind === 'ANSWERED') outcomes.add(counted.outcome, { count: counted.events });
    refusals.add(counted.outcome, { count: refused });
  }
  return {
    byMode: modes.list((mode, numbers) => ({ mode, ...numbers })),
    byService: services.list((service, numbers) => ({ service, ...numbers })),
    byOutcome: outcomes.list((outcome, numbers) => ({ outcome, ...numbers })),
    byOperator: operators.list((operatorId, numbers) => ({ operatorId, ...numbers })),
    byClient: clients.list((clientId, numbers) => ({ clientId: clientId ?? '', ...numbers })),
    refusals: refusals.list((code, numbers) => ({ code: code ?? '', ...numbers })),
  };
}
