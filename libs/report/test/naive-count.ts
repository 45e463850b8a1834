import type { AccessLeaf, Leaf, ReportedLeaf } from '#evidence';
import type { LookUpCounts, Period, ReportFigures } from '#contracts';
import type { Recounted } from '../src/recount.js';

// docs/report-format.md written down once more, sentence by sentence, over lists that are all in memory: slow, and easy to see through.

export interface CountedLeaf {
  leaf: Leaf;
  content?: Record<string, unknown>;
}

/** The day in Jakarta by another way than the library's. */
export const dayOf = (at: string): string =>
  new Date(Date.parse(`${at.slice(0, 19)}Z`) + 7 * 3_600_000).toISOString().slice(0, 10);
const millis = (at: string): number => Date.parse(at) + Number(/\.\d{3}(\d{3})Z$/.exec(at)?.[1] ?? 0) / 1000;
const startOf = (day: string): number => Date.parse(`${day}T00:00:00+07:00`);

function monthsOf({ from, until }: Period): string[] {
  const months: string[] = [];
  for (let time = Date.parse(from); time <= Date.parse(until); time += 86_400_000) {
    const month = new Date(time).toISOString().slice(0, 7);
    if (!months.includes(month)) months.push(month);
  }
  return months;
}

function ordered<T>(keys: readonly T[]): T[] {
  const unique = [...new Set(keys)];
  return unique.sort((a, b) => (a === null ? 1 : b === null ? -1 : a! < b! ? -1 : 1));
}

function table<T, K, R extends object>(rows: readonly T[], key: (row: T) => K, count: (of: T[], key: K) => R): R[] {
  const made = ordered(rows.map(key)).map((one) =>
    count(
      rows.filter((row) => key(row) === one),
      one,
    ),
  );
  return made.filter((row) => Object.values(row).some((value) => typeof value === 'number' && value !== 0));
}

interface LookUp {
  request: AccessLeaf;
  day: string;
  end: AccessLeaf | undefined;
  hit: boolean;
}

export interface NaiveOptions {
  period: Period;
  asOfAt: string;
  overdueAfterDays: number;
  undelivered: { verificationId: string; state: string }[];
}

/** `counted`: leaves below the size, all generations one after the other. */
export function naiveCount(counted: readonly CountedLeaf[], options: NaiveOptions): Recounted {
  const { period } = options;
  const inPeriod = (at: string) => dayOf(at) >= period.from && dayOf(at) <= period.until;
  const access = counted.map(({ leaf }) => leaf).filter((leaf): leaf is AccessLeaf => 'verification' in leaf);
  const answers = access.filter(({ type }) => type === 'ANSWERED');
  const all: LookUp[] = access
    .filter(({ type }) => type === 'REQUESTED')
    .map((request) => {
      const end = answers.filter(({ verification }) => verification === request.verification).at(-1);
      return { request, day: dayOf(request.at), end, hit: end?.hit !== 'released' };
    });
  const lookUps = all.filter(({ request }) => inPeriod(request.at));
  const refused = access.filter(({ type, at }) => type === 'REFUSED' && inPeriod(at));
  return {
    lookUps: lookUpFigures(lookUps, refused, period),
    incidents: incidents(counted, options),
    readers: readers(counted.filter(({ leaf }) => leaf.type === 'READER_READ' && inPeriod(leaf.at))),
    dataBalikan: balikan(counted, all, lookUps, options),
  };
}

function counts(lookUps: readonly LookUp[], refused: readonly AccessLeaf[]): LookUpCounts {
  const ended = (hit: string) => lookUps.filter(({ end }) => end?.hit === hit).length;
  return {
    requests: lookUps.length,
    hits: lookUps.length - ended('released'),
    confirmed: ended('confirmed'),
    unknown: ended('unknown'),
    released: ended('released'),
    pending: lookUps.filter(({ end }) => end === undefined).length,
    refused: refused.length,
  };
}

type Asked = { lookUp: LookUp; refusal?: never } | { refusal: AccessLeaf; lookUp?: never };

function lookUpFigures(lookUps: LookUp[], refused: AccessLeaf[], period: Period): Recounted['lookUps'] {
  const both: Asked[] = [...lookUps.map((lookUp) => ({ lookUp })), ...refused.map((refusal) => ({ refusal }))];
  const requestOf = ({ lookUp, refusal }: Asked) => lookUp?.request ?? refusal!;
  const hitsOf = (of: Asked[]) => of.filter(({ lookUp }) => lookUp?.hit).length;
  const refusedOf = (of: Asked[]) => of.filter(({ refusal }) => refusal !== undefined).length;
  const days = table(
    both,
    (one) => dayOf(requestOf(one).at),
    (of, day) => ({
      ...{ day, hits: hitsOf(of) },
      refusedByQuota: of.filter(({ refusal }) => refusal?.outcome === 'QUOTA_EXHAUSTED').length,
    }),
  );
  const months = monthsOf(period).map((month) => {
    const own = days.filter(({ day, hits }) => day.startsWith(month) && hits > 0);
    const most = Math.max(0, ...own.map(({ hits }) => hits));
    const peak = own.find(({ hits }) => hits === most);
    return {
      month,
      ...counts(
        lookUps.filter(({ day }) => day.startsWith(month)),
        refused.filter(({ at }) => dayOf(at).startsWith(month)),
      ),
      peak: peak ? { day: peak.day, hits: peak.hits } : null,
    };
  });
  return {
    total: counts(lookUps, refused),
    months,
    days,
    byMode: table(
      lookUps,
      ({ request }) => request.mode as string | null,
      (of, mode) => ({
        ...{ mode, hits: of.filter(({ hit }) => hit).length },
      }),
    ),
    byService: table(
      both,
      (one) => requestOf(one).service,
      (of, service) => ({
        ...{ service, hits: hitsOf(of), refused: refusedOf(of) },
      }),
    ),
    byOutcome: table(
      lookUps.filter(({ end }) => end),
      ({ end }) => end!.outcome,
      (of, outcome) => ({
        ...{ outcome, count: of.length },
      }),
    ),
    byOperator: table(
      both,
      (one) => requestOf(one).operator,
      (of, operatorId) => ({
        ...{ operatorId, hits: hitsOf(of) },
        found: of.filter(({ lookUp }) => lookUp?.hit && lookUp.end?.outcome === 'FOUND').length,
        refused: refusedOf(of),
      }),
    ),
    byClient: table(
      lookUps,
      ({ request }) => request.client,
      (of, clientId) => ({
        ...{ clientId, hits: of.filter(({ hit }) => hit).length },
      }),
    ),
    refusals: table(
      refused,
      ({ outcome }) => outcome!,
      (of, code) => ({ code, count: of.length }),
    ),
  };
}

function incidents(counted: readonly CountedLeaf[], { period, asOfAt }: NaiveOptions): ReportFigures['incidents'] {
  const said = counted.map(({ leaf }) => leaf).filter((leaf): leaf is ReportedLeaf => leaf.type === 'UPSTREAM');
  const changes = said.filter(({ act }, at) => act !== said[at - 1]?.act);
  const [from, to] = [startOf(period.from), Math.min(startOf(period.until) + 86_400_000, millis(asOfAt))];
  const of = (kind: 'BREAKER_OPEN' | 'ACCESS_BROKEN' | 'QUOTA_USED_UP' | 'OUTSIDE_HOURS', act: string) => {
    const begun = changes
      .map((change, at) => ({ change, next: changes[at + 1] }))
      .filter(({ change }) => change.act === act);
    const lengths = begun.map(({ change, next }) => {
      const end = next === undefined ? millis(asOfAt) : millis(next.at);
      return Math.max(0, Math.min(end, to) - Math.max(millis(change.at), from));
    });
    const minutes = Math.floor(lengths.reduce((sum, one) => sum + one, 0) / 60_000 + 1e-9);
    const count = begun.filter(
      ({ change }) => dayOf(change.at) >= period.from && dayOf(change.at) <= period.until,
    ).length;
    return { kind, count, minutes: kind === 'QUOTA_USED_UP' || kind === 'OUTSIDE_HOURS' ? null : minutes };
  };
  return [
    of('BREAKER_OPEN', 'upstream.open'),
    of('ACCESS_BROKEN', 'upstream.access-broken'),
    of('QUOTA_USED_UP', 'upstream.quota-used-up'),
    of('OUTSIDE_HOURS', 'upstream.outside-hours'),
  ];
}

interface Read {
  act: string;
  subject: string;
  outcome: string;
  tries: number;
  service: string;
  verificationId: string | null;
}

function readers(events: CountedLeaf[]): Recounted['readers'] {
  const all = events.map(({ leaf, content }) => ({ ...leaf, ...content }) as unknown as Read);
  const reads = all.filter(({ act }) => act === 'reader.read');
  const offline = all.filter(({ act }) => act === 'reader.offline-check');
  const withLookUp = (of: Read[]) =>
    of.filter(({ act, verificationId }) => act === 'reader.read' && verificationId).length;
  return {
    reads: reads.length,
    offline: offline.length,
    withLookUp: withLookUp(reads),
    byOutcome: table(
      all,
      ({ outcome }) => outcome,
      (of, outcome) => ({ outcome, count: of.length }),
    ),
    byTries: table(
      all.filter(({ outcome }) => outcome === 'MATCHED' || outcome === 'NOT_MATCHED'),
      ({ tries }) => tries,
      (of, tries) => ({ tries, count: of.length }),
    ),
    byService: table(
      reads,
      ({ service }) => service,
      (of, service) => ({ service, reads: of.length }),
    ),
    byReader: table(
      all,
      ({ subject }) => subject,
      (of, readerId) => {
        const own = of.filter(({ act }) => act === 'reader.read');
        return {
          ...{ readerId, reads: own.length, matched: own.filter(({ outcome }) => outcome === 'MATCHED').length },
          ...{ withLookUp: withLookUp(own), offline: of.length - own.length },
        };
      },
    ),
  };
}

function balikan(
  counted: readonly CountedLeaf[],
  all: readonly LookUp[],
  lookUps: readonly LookUp[],
  { period, asOfAt, overdueAfterDays, undelivered }: NaiveOptions,
): Recounted['dataBalikan'] {
  const everDelivered = counted.filter(
    ({ leaf }) => leaf.type === 'DATA_BALIKAN' && leaf.act === 'data-balikan.delivered',
  );
  const delivered = everDelivered.filter(({ leaf }) => dayOf(leaf.at) >= period.from && dayOf(leaf.at) <= period.until);
  const receipts = table(
    delivered,
    ({ content }) => content!.receipt as string,
    (of, receipt) => ({
      ...{ method: receipt === 'MEDIA' ? ('MEDIA' as const) : ('WEB_SERVICE' as const), receipt, count: of.length },
    }),
  );
  const state = (wanted: string) => undelivered.filter((record) => record.state === wanted).length;

  const sameCase = (one: LookUp, other: LookUp) =>
    one.request.verification === other.request.verification ||
    (one.request.nikHmac !== null &&
      one.request.referenceHmac !== null &&
      one.request.nikHmac === other.request.nikHmac &&
      one.request.referenceHmac === other.request.referenceHmac);
  const standingOf = (lookUp: LookUp) => {
    const ids = all.filter((other) => sameCase(lookUp, other)).map(({ request }) => request.verification);
    if (everDelivered.some(({ content }) => ids.includes(content!.verificationId as string))) return 'sent';
    if (undelivered.some(({ verificationId }) => ids.includes(verificationId))) return 'accepted';
    const passed = (Date.parse(dayOf(asOfAt)) - Date.parse(lookUp.day)) / 86_400_000;
    return passed > overdueAfterDays ? 'overdue' : 'owed';
  };
  const covered = lookUps.filter(
    ({ request, end }) =>
      (request.service === 'SKU' || request.service === 'NIB') && end?.hit === 'confirmed' && end.outcome === 'FOUND',
  );
  const coverageOf = (of: LookUp[]) => {
    const standings = of.map(standingOf);
    const count = (wanted: string) => standings.filter((one) => one === wanted).length;
    return {
      ...{ lookUps: of.length, sent: count('sent'), accepted: count('accepted') },
      ...{ owed: count('owed'), overdue: count('overdue') },
    };
  };
  return {
    delivered: delivered.length,
    byMethod: [
      ...receipts.filter(({ method }) => method === 'MEDIA'),
      ...receipts.filter(({ method }) => method !== 'MEDIA'),
    ],
    months: monthsOf(period).map((month) => ({
      ...{ month, delivered: delivered.filter(({ leaf }) => dayOf(leaf.at).startsWith(month)).length },
    })),
    undelivered: { waiting: state('WAITING'), packed: state('PACKED'), refused: state('DEAD') },
    coverage: {
      overdueAfterDays,
      total: coverageOf(covered),
      months: monthsOf(period).map((month) => ({
        month,
        ...coverageOf(covered.filter(({ day }) => day.startsWith(month))),
      })),
    },
  };
}
