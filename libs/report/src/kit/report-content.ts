import { hasRepeatedKey } from '#evidence';
import type { ReportContent } from '#contracts';
import { dayNumber } from '../calendar.js';
import { anything, day, flag, list, one, orNull, record, text, time, whole } from './shape.js';

/** Longest period of a report, days. */
const mostDays = 366;

const agreement = record({
  ...{ id: text, number: text, terminatedAt: orNull(time) },
  versions: list(record({ version: whole, effectiveFrom: day, validFrom: day, validUntil: day, dailyQuota: whole })),
  sptjm: list(record({ number: text, signedOn: day })),
});
const person = record({
  ...{ id: text, userIdLokal: text, role: text, workUnit: orNull(text) },
  ...{ activeFrom: day, activeUntil: orNull(day), revokedAt: orNull(time) },
  nda: orNull(record({ number: text, signedOn: day })),
});
const register = record({
  institution: record({ id: text, name: text, regionCode: text }),
  agreements: list(agreement),
  people: list(person),
  readers: list(record({ id: text, serial: text, workUnit: text, state: text, samId: orNull(text) })),
  sams: list(record({ id: text, agreementId: text, sifilmaNumber: text, state: text })),
  exceptions: list(record({ requestedAt: time, reason: text, decision: orNull(text) })),
  stops: list(record({ stoppedAt: time, liftedAt: orNull(time) })),
});
const content = record({
  format: one('gerbang-report/1'),
  ...{ id: text, type: one('REPORT', 'SUPPLEMENT'), version: whole, corrects: orNull(text), supplements: orNull(text) },
  institution: record({ id: text, name: text }),
  period: record({ kind: one('FIRST_SEMESTER', 'SECOND_SEMESTER', 'OTHER'), from: day, until: day }),
  asOf: record({ at: time, checkpoints: list(record({ origin: text, size: whole, root: text, note: text }), 1) }),
  figures: record({
    dataBalikan: record({ coverage: record({ overdueAfterDays: whole }) }),
    register: record({ sptjm: flag }),
  }),
  reported: orNull(
    record({
      asOf: record({ at: time, origin: text, size: whole }),
      ...{ hits: whole, refused: whole, reads: whole, delivered: whole },
    }),
  ),
  register,
  narrative: anything,
});

/** The content of report.json; nothing when it is none that can be counted anew. */
export function readReportContent(json: string): ReportContent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  // two readers may take different ones of two equal keys
  if (!content(value) || hasRepeatedKey(json)) return undefined;
  const report = value as ReportContent;
  return isPossible(report) ? report : undefined;
}

function isPossible({ period, institution, register, type, reported, supplements }: ReportContent): boolean {
  const { kind, from, until } = period;
  const length = dayNumber(until) - dayNumber(from) + 1;
  const year = from.slice(0, 4);
  const semesters = { FIRST_SEMESTER: ['01-01', '06-30'], SECOND_SEMESTER: ['07-01', '12-31'], OTHER: undefined };
  const [first, last] = semesters[kind]?.map((one) => `${year}-${one}`) ?? [from, until];
  const isSupplement = type === 'SUPPLEMENT';
  return (
    length >= 1 &&
    length <= mostDays &&
    from === first &&
    until === last &&
    institution.id === register.institution.id &&
    (reported !== null) === isSupplement &&
    (supplements !== null) === isSupplement
  );
}
