import { canonicalJson } from '#evidence';
import type { ReportContent } from '#contracts';
import { dayNumber } from '../calendar.js';
import { day, flag, list, one, orNull, record, recordWith, text, time, whole } from './shape.js';

/** Longest period of a report, days. */
const mostDays = 366;

// every key is named: a report says nothing beside what is counted, declared, or written by the office
const agreement = record(
  {
    ...{
      id: text,
      number: text,
      state: text,
      signedOn: orNull(day),
      terminatedAt: orNull(time),
      closedAt: orNull(time),
    },
    versions: list(
      record({
        ...{
          id: text,
          version: whole,
          letterNumber: orNull(text),
          effectiveFrom: day,
          validFrom: day,
          validUntil: day,
        },
        ...{ dailyQuota: whole, modes: list(text), elements: list(text) },
      }),
    ),
    sptjm: list(record({ number: text, signedOn: day, signedBy: orNull(text) })),
    openClosingSteps: list(text),
  },
  { networks: whole },
);
const person = record({
  ...{ id: text, userIdLokal: text, name: text, nip: orNull(text), position: orNull(text), role: text },
  ...{ workUnit: orNull(text), activeFrom: day, activeUntil: orNull(day), revokedAt: orNull(time) },
  nda: orNull(record({ number: text, signedOn: day })),
});
const reader = record({
  ...{ id: text, serial: text, brand: text, type: text, workUnit: text, registeredAt: time, revokedAt: orNull(time) },
  ...{ state: text, samId: orNull(text) },
});
const sam = record({
  ...{ id: text, agreementId: text, sifilmaNumber: text, letterNumber: text, letterDate: day, serial: orNull(text) },
  state: text,
});
const institution = record({ id: text, name: text, regionCode: text, address: orNull(text) });
const register = record({
  ...{ institution, agreements: list(agreement), people: list(person), readers: list(reader), sams: list(sam) },
  exceptions: list(record({ requestedAt: time, reason: text, decision: orNull(text) })),
  stops: list(record({ stoppedAt: time, liftedAt: orNull(time) })),
  officeHolderChanges: list(record({ id: text, at: time, act: text, letterNumber: orNull(text) })),
});
const content = record({
  format: one('gerbang-report/1'),
  ...{ id: text, type: one('REPORT', 'SUPPLEMENT'), version: whole, corrects: orNull(text), supplements: orNull(text) },
  institution,
  period: record({ kind: one('FIRST_SEMESTER', 'SECOND_SEMESTER', 'OTHER'), from: day, until: day }),
  asOf: record({ at: time, checkpoints: list(record({ origin: text, size: whole, root: text, note: text }), 1) }),
  // what else they hold is compared with the count
  figures: recordWith({
    dataBalikan: recordWith({ coverage: recordWith({ overdueAfterDays: whole }) }),
    register: recordWith({ sptjm: flag }),
  }),
  reported: orNull(
    record({
      asOf: record({ at: time, origin: text, size: whole }),
      ...{ hits: whole, refused: whole, reads: whole, delivered: whole },
    }),
  ),
  register,
  narrative: record({ obstacles: text, followUp: text }),
});

/**
 * The content of report.json; nothing when it is none that can be counted anew. There is one way of writing it (RFC 8785): whoever hashes the
 * file gets the hash of the content, and no two readers take different ones of two equal keys.
 */
export function readReportContent(json: string): ReportContent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
    if (!content(value) || canonicalJson(value) !== json) return undefined;
  } catch {
    return undefined;
  }
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
