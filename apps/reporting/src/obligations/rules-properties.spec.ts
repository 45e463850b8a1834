import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { holdsNik, Obligation } from '#contracts';
import { addDays } from '#report';
import { assessAll, type Gathered } from './assessment.js';
import {
  institutionId,
  makeAgreement,
  makeCoverage,
  makeDuty,
  makeFacts,
  makePerson,
  makeRegister,
  makeReport,
  makeVersion,
  noonOf,
} from './facts-fixture.js';
import type { Facts } from './facts.js';
import { severity } from './rule.js';
import { rules } from './rules/index.js';

const aDay = fc.integer({ min: 0, max: 1_400 }).map((n) => addDays('2025-01-01', n));
const aTime = fc
  .tuple(aDay, fc.integer({ min: 0, max: 86_399 }))
  .map(([day, second]) => new Date(Date.parse(`${day}T00:00:00Z`) + second * 1_000).toISOString());
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null });

const aVersion = fc
  .record({
    version: fc.integer({ min: 1, max: 3 }),
    validFrom: aDay,
    length: fc.integer({ min: 0, max: 900 }),
    dailyQuota: fc.integer({ min: 1, max: 2_000 }),
  })
  .map(({ length, ...rest }) =>
    makeVersion({ ...rest, effectiveFrom: rest.validFrom, validUntil: addDays(rest.validFrom, length) }),
  );
const anAgreement = fc
  .record({
    state: fc.constantFrom(
      'draft' as const,
      'in-force' as const,
      'ended' as const,
      'closing' as const,
      'closed' as const,
    ),
    terminatedAt: maybe(aTime),
    versions: fc.array(aVersion, { maxLength: 3 }),
    sptjm: fc.array(
      aDay.map((signedOn) => ({ number: 'SPTJM/1', signedOn, signedBy: null })),
      { maxLength: 2 },
    ),
    openClosingSteps: fc.subarray(['DATA_BALIKAN_DELIVERED', 'SAM_RETURNED', 'FINAL_REPORT', 'KEYS_DESTROYED']),
    networks: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
  })
  .map((one) => makeAgreement({ ...one, closedAt: one.state === 'closed' ? '2026-01-01T00:00:00.000Z' : null }));
const aSam = (agreements: string[]) =>
  fc
    .record({
      agreementId: fc.constantFrom(...agreements, '019ab3c4-0000-7000-8000-000000000000'),
      state: fc.constantFrom('REQUESTED', 'PERSONALISED', 'ACTIVE', 'RETURNED', 'DEACTIVATED'),
    })
    .map((one) => ({
      ...one,
      id: '019ab3c4-0000-7000-8000-00000000000a',
      sifilmaNumber: 'S',
      letterNumber: '1',
      letterDate: '2025-01-01',
      serial: null,
    }));
const aPerson = fc
  .record({
    role: fc.constantFrom('operator' as const, 'camat' as const, 'admin' as const),
    workUnit: maybe(fc.constantFrom('Loket', 'Pojok')),
    activeFrom: aDay,
    activeUntil: maybe(aDay),
    revokedAt: maybe(aTime),
    nda: maybe(fc.constant({ number: 'NDA/1', signedOn: '2025-01-01' })),
  })
  .map(makePerson);
const aReport = fc
  .record({
    type: fc.constantFrom('REPORT' as const, 'SUPPLEMENT' as const),
    version: fc.integer({ min: 1, max: 3 }),
    half: fc.constantFrom(1, 2),
    year: fc.constantFrom(2025, 2026, 2027),
    state: fc.constantFrom(
      'DRAFTED' as const,
      'REVIEWED' as const,
      'APPROVED' as const,
      'SUBMITTED' as const,
      'EVALUATED' as const,
    ),
    asOfAt: aTime,
    evaluated: maybe(
      fc.record({ at: aTime, verdict: fc.constantFrom('ACCEPTED' as const, 'TO_BE_CORRECTED' as const) }),
    ),
  })
  .map(({ half, year, ...rest }) =>
    makeReport({
      ...rest,
      period:
        half === 1
          ? { kind: 'FIRST_SEMESTER', from: `${year}-01-01`, until: `${year}-06-30` }
          : { kind: 'SECOND_SEMESTER', from: `${year}-07-01`, until: `${year}-12-31` },
    }),
  );
const someFacts = fc.array(anAgreement, { maxLength: 3 }).chain((agreements) =>
  fc
    .record({
      sams: fc.array(aSam(agreements.map(({ id }) => id)), { maxLength: 3 }),
      stops: fc.array(
        aTime.map((stoppedAt) => ({ stoppedAt, liftedAt: null })),
        { maxLength: 2 },
      ),
      changes: fc.array(fc.record({ at: aTime, letterNumber: maybe(fc.constant('800/1')) }), { maxLength: 3 }),
      people: fc.array(aPerson, { maxLength: 4 }),
      looked: fc.array(aTime, { maxLength: 3 }),
      records: fc.array(
        fc.record({
          acceptedAt: aTime,
          state: fc.constantFrom('WAITING' as const, 'PACKED' as const, 'DEAD' as const),
        }),
        { maxLength: 3 },
      ),
      days: fc.array(
        fc.record({ day: aDay, hits: fc.integer({ min: 0, max: 2_000 }), refusedByQuota: fc.constantFrom(0, 0, 3) }),
        { maxLength: 20 },
      ),
      upstream: fc.constantFrom('ready' as const, 'not-configured' as const, 'access-broken' as const),
      reports: fc.array(aReport, { maxLength: 4 }),
      duties: fc.array(
        fc.record({ kind: fc.constantFrom('PERSON_TRAIL' as const, 'BREACH_NOTICE' as const), receivedAt: aTime }),
        { maxLength: 3 },
      ),
    })
    .map(({ sams, stops, changes, people, looked, records, days, upstream, reports, duties }): Facts =>
      makeFacts({
        register: makeRegister({
          agreements,
          sams,
          stops,
          officeHolderChanges: changes.map((one, n) => ({
            ...one,
            id: `019ab3c4-0000-7000-8000-0000000000b${n}`,
            act: 'operator.change-office-holder',
          })),
        }),
        people,
        coverage: makeCoverage([...looked].sort()),
        undelivered: {
          records: records.map((one) => ({ ...one, id: institutionId, verificationId: institutionId })),
          more: false,
          overdueAfterDays: 14,
        },
        hits: { from: '2025-01-01', until: '2025-03-01', days },
        standing: { ...makeFacts().standing, upstream: { state: upstream, since: null, until: null } },
        reports,
        duties: duties.map(makeDuty),
      }),
    ),
);

const gather = (facts: Facts): Gathered => ({
  institutionId,
  ...(Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, { value: value as unknown }])) as Omit<
    Gathered,
    'institutionId'
  >),
});

test('whatever the facts and the time, every rule answers a valid obligation or that it cannot', () => {
  fc.assert(
    fc.property(someFacts, aDay, (facts, day) => {
      const { assessed, unknown } = assessAll(rules, gather(facts), noonOf(day));
      const answered = new Set([
        ...assessed.map(({ obligation }) => obligation.rule),
        ...unknown.map(({ rule }) => rule),
      ]);
      expect(answered.size).toBe(rules.length);
      for (const { obligation, instance } of assessed) {
        Obligation.parse(obligation);
        const isAmiss = obligation.state !== 'IN_ORDER' && obligation.state !== 'NOT_APPLICABLE';
        // whoever is reminded is told what to do, and by what it is known
        if (isAmiss) expect(obligation.nextStep).not.toBeNull();
        if (isAmiss) expect(instance + (obligation.dueOn ?? obligation.dueAt ?? obligation.rule)).not.toBe('');
        expect(holdsNik(`${obligation.title} ${obligation.nextStep ?? ''}`)).toBe(false);
        expect(`${obligation.nextStep ?? ''}`).not.toMatch(/CONTOH|operator\.contoh|\d{3}/);
      }
    }),
    { numRuns: 150 },
  );
});

/** What an end makes good, or takes away: an agreement's, an assignment's. */
const endsByItself = new Set([
  'reader-per-work-unit',
  'user-id',
  'closed-network',
  'sptjm',
  'quota-forecast',
  'operator-nda',
  'sam-validity',
  'agreement-end',
]);

test('while nothing is done, nothing gets better by waiting', () => {
  const lasting = rules.filter(({ name }) => !endsByItself.has(name));
  fc.assert(
    fc.property(someFacts, aDay, fc.integer({ min: 1, max: 400 }), (facts, day, later) => {
      for (const rule of lasting) {
        const rank = (on: string) =>
          Math.min(
            ...rule
              .assess({ ...facts, institutionId }, noonOf(on))
              .map(({ state }) => severity.indexOf(state === 'NOT_APPLICABLE' ? 'IN_ORDER' : state)),
          );
        expect([rule.name, rank(addDays(day, later)) <= rank(day)]).toEqual([rule.name, true]);
      }
    }),
    { numRuns: 300 },
  );
});

test('nor, under an agreement that lasts and people who stay, do the others', () => {
  const stable = rules.filter(({ name }) => name !== 'quota-forecast');
  const agreements = [makeAgreement({ sptjm: [], networks: 0, versions: [makeVersion({ validUntil: '2040-12-31' })] })];
  fc.assert(
    fc.property(someFacts, aDay, fc.integer({ min: 1, max: 400 }), (facts, day, later) => {
      const people = facts.people.map((one) => ({ ...one, activeUntil: null, revokedAt: null }));
      const sams = facts.register.sams.map((sam) => ({ ...sam, agreementId: agreements[0]?.id ?? '' }));
      const lasting = { ...facts, people, register: { ...facts.register, agreements, sams } };
      for (const rule of stable) {
        const rank = (on: string) =>
          Math.min(
            ...rule
              .assess({ ...lasting, institutionId }, noonOf(on))
              .map(({ state }) => severity.indexOf(state === 'NOT_APPLICABLE' ? 'IN_ORDER' : state)),
          );
        expect([rule.name, rank(addDays(day, later)) <= rank(day)]).toEqual([rule.name, true]);
      }
    }),
    { numRuns: 200 },
  );
});
