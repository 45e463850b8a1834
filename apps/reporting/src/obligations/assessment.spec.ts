import { expect, test } from '@jest/globals';
import { routes } from '#contracts';
import { assessAll, type Gathered } from './assessment.js';
import {
  institutionId,
  makeAgreement,
  makeDuty,
  makeFacts,
  makeRegister,
  makeReport,
  noonOf,
} from './facts-fixture.js';
import type { FactName, Facts } from './facts.js';
import { links } from './links.js';
import { rules } from './rules/index.js';

const now = noonOf('2026-03-02');
const reports = [
  makeReport({
    period: { kind: 'FIRST_SEMESTER', from: '2025-01-01', until: '2025-06-30' },
    asOfAt: '2025-07-01T03:00:00Z',
  }),
  makeReport({
    period: { kind: 'SECOND_SEMESTER', from: '2025-07-01', until: '2025-12-31' },
    asOfAt: '2026-01-01T03:00:00Z',
  }),
];

function gather(overrides: Partial<Facts> = {}, missing: Partial<Record<FactName, 'SERVICE_TIMEOUT'>> = {}): Gathered {
  const facts = Object.entries(makeFacts({ reports, ...overrides })).map(([name, value]) => [
    name,
    name in missing ? { missing: 'SERVICE_TIMEOUT' } : { value: value as unknown },
  ]);
  return { institutionId, ...(Object.fromEntries(facts) as Omit<Gathered, 'institutionId'>) };
}
/** A year and more after the agreement's first day an office without a reader is late: here nobody is. */
const calm = rules.filter(({ name }) => name !== 'reader-per-work-unit');

test('everything in order', () => {
  const { worst, unknown, assessed } = assessAll(calm, gather(), now);
  expect(assessed.filter(({ obligation }) => !['IN_ORDER', 'NOT_APPLICABLE'].includes(obligation.state))).toEqual([]);
  expect([worst, unknown]).toEqual(['IN_ORDER', []]);
});

test('the worst comes first, then what is due first', () => {
  const duties = [
    makeDuty({ receivedAt: '2026-02-28T04:30:00.000Z' }),
    makeDuty({ receivedAt: '2026-02-27T06:00:00.000Z' }),
  ];
  const { assessed, worst } = assessAll(rules, gather({ duties, reports: [] }), now);
  expect(worst).toBe('BREACHED');
  expect(assessed.slice(0, 5).map(({ obligation }) => [obligation.rule, obligation.state])).toEqual([
    ['semester-report', 'BREACHED'],
    ['reader-per-work-unit', 'BREACHED'],
    ['semester-report', 'BREACHED'],
    ['person-trail', 'DUE_SOON'],
    ['person-trail', 'DUE_SOON'],
  ]);
  expect(assessed[3]?.obligation.dueAt).toBe('2026-03-02T06:00:00.000Z');
});

test.each<[FactName, string[]]>([
  [
    'register',
    [
      'agreement-end',
      'closed-network',
      'emergency-stop',
      'office-holder-letters',
      'quota-forecast',
      'sam-validity',
      'semester-report',
      'sptjm',
      'user-id',
    ],
  ],
  ['people', ['operator-nda']],
  ['coverage', ['balikan-coverage']],
  ['undelivered', ['balikan-delivery']],
  ['hits', ['quota-forecast']],
  ['standing', ['user-id']],
  ['reports', ['closing-supplement', 'semester-report']],
  ['duties', ['breach-notice', 'person-trail']],
])('without %s only its own rules are unknown, and the whole is not in order', (name, expected) => {
  const { unknown, assessed, worst } = assessAll(calm, gather({}, { [name]: 'SERVICE_TIMEOUT' }), now);
  expect(unknown.map(({ rule }) => rule).sort()).toEqual(expected);
  expect(unknown[0]?.reason).toContain('SERVICE_TIMEOUT');
  expect(assessed.some(({ obligation }) => expected.includes(obligation.rule))).toBe(false);
  expect(worst).toBeNull();
});

test('what is bad is said, whatever is unknown', () => {
  const duties = [makeDuty({ receivedAt: '2026-02-25T05:00:00.000Z' })];
  expect(assessAll(calm, gather({ duties }, { people: 'SERVICE_TIMEOUT' }), now).worst).toBe('OVERDUE');
});

test('a register that lacks what one rule needs makes that one unknown', () => {
  const register = makeRegister({ agreements: [makeAgreement({ networks: undefined })] });
  const { unknown } = assessAll(calm, gather({ register }), now);
  expect(unknown.map(({ rule }) => rule)).toEqual(['closed-network']);
});

test('a fault of a rule is no answer', () => {
  const broken = {
    ...rules[0]!,
    assess: () => {
      throw new TypeError('x');
    },
  };
  expect(() => assessAll([broken], gather(), now)).toThrow(TypeError);
});

test('every link leads to a call of the API', () => {
  const id = institutionId;
  const all = [
    links.coverage('2026-01', '2026-03'),
    links.report(id),
    ...[links.reports, links.duties, links.delivery, links.readers, links.accessRights].map((link) => link()),
    ...[links.agreements, links.operators, links.sams, links.upstream, links.events].map((link) => link(id)),
  ];
  const known = new Set(
    routes.filter(({ method }) => method === 'GET').map(({ path }) => path.replace(/\{\w+\}/g, '{}')),
  );
  for (const { href } of all) expect(known).toContain(href.replace(/\?.*/, '').replace(id, '{}'));
});
