import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, agreementState, lastDay, versionOn, warningAt, type TermsInTime } from './agreement-state.js';

const terms = (version: number, effectiveFrom: string, validUntil: string, validFrom = '2022-12-07'): TermsInTime => ({
  version,
  effectiveFrom,
  validFrom,
  validUntil,
});
/** The PKS of 2022 (O-18), and an extension that follows on. */
const original = terms(1, '2022-12-07', '2024-12-06');
const extension = terms(2, '2024-12-07', '2026-12-06');
const open = { terminatedAt: null, closingAt: null, closedAt: null };
const signed = ['2022-12-07'];

describe('the version that counts', () => {
  test.each([
    ['before the first day, the first', [original, extension], '2022-12-06', 1],
    ['on its first day', [original, extension], '2022-12-07', 1],
    ['on the last day of the first', [original, extension], '2024-12-06', 1],
    ['from its effective date, the extension', [original, extension], '2024-12-07', 2],
    ['of two that begin on one day, the later one', [original, terms(2, '2022-12-07', '2023-01-01')], '2022-12-08', 2],
    ['whatever the order they come in', [extension, original], '2025-01-01', 2],
  ] as const)('%s', (_name, versions, today, version) => expect(versionOn(versions, today)?.version).toBe(version));

  test('is none without versions', () => expect(versionOn([], '2026-01-01')).toBeUndefined());
});

describe('the last day', () => {
  test.each([
    ['of the agreement alone', [original], '2024-01-01', '2024-12-06'],
    ['with an extension that follows on', [original, extension], '2024-01-01', '2026-12-06'],
    ['with one that leaves a gap', [original, terms(2, '2024-12-08', '2026-12-06')], '2024-01-01', '2024-12-06'],
    ['with one that makes it shorter', [original, terms(2, '2024-06-01', '2024-06-30')], '2024-01-01', '2024-06-30'],
    ['with two extensions', [original, extension, terms(3, '2026-12-07', '2028-12-06')], '2024-01-01', '2028-12-06'],
  ] as const)('%s', (_name, versions, today, until) => expect(lastDay(versions, today)).toBe(until));
});

describe('the state', () => {
  test.each([
    ['without a version', open, [], signed, '2023-01-01', 'draft', ['AGREEMENT_MISSING']],
    ['without SPTJM', open, [original], [], '2023-01-01', 'draft', ['SPTJM_MISSING']],
    ['with an SPTJM of tomorrow', open, [original], ['2023-01-02'], '2023-01-01', 'draft', ['SPTJM_MISSING']],
    ['before its first day', open, [original], ['2022-12-01'], '2022-12-06', 'draft', ['AGREEMENT_NOT_STARTED']],
    [
      'before its terms take effect',
      open,
      [terms(1, '2023-06-01', '2024-12-06')],
      signed,
      '2023-01-01',
      'draft',
      ['AGREEMENT_NOT_STARTED'],
    ],
    ['in its term', open, [original], signed, '2023-01-01', 'in-force', []],
    ['on its last day', open, [original], signed, '2024-12-06', 'in-force', []],
    ['on the day after', open, [original], signed, '2024-12-07', 'ended', []],
    ['extended before the end', open, [original, extension], signed, '2024-12-07', 'in-force', []],
    ['terminated', { ...open, terminatedAt: new Date() }, [original], signed, '2023-01-01', 'ended', []],
    ['closing', { ...open, closingAt: new Date() }, [original, extension], signed, '2023-01-01', 'closing', []],
    ['closed', { ...open, closedAt: new Date() }, [original, extension], signed, '2023-01-01', 'closed', []],
  ] as const)('%s', (_name, course, versions, sptjm, today, state, missing) =>
    expect(agreementState(course, versions, sptjm, today)).toEqual({ state, missing }),
  );

  test('is never in force on a day outside of every term', () => {
    const day = fc.integer({ min: 0, max: 400 }).map((days) => addDays('2023-01-01', days));
    const version = fc.record({ effectiveFrom: day, validFrom: day, validUntil: day });
    fc.assert(
      fc.property(fc.array(version, { maxLength: 5 }), day, (list, today) => {
        const versions = list.map((one, index) => ({ ...one, version: index + 1 }));
        const { state } = agreementState(open, versions, ['2022-01-01'], today);
        if (state !== 'in-force') return;
        expect(versions.some((one) => one.validFrom <= today && one.effectiveFrom <= today)).toBe(true);
        expect(versions.some((one) => today <= one.validUntil)).toBe(true);
      }),
    );
  });
});

test.each([
  [181, null],
  [180, 180],
  [91, 180],
  [90, 90],
  [31, 90],
  [30, 30],
  [8, 30],
  [7, 7],
  [0, 7],
  [-1, null],
])('%i days before the end the warning is %s', (days, warning) => expect(warningAt(days)).toBe(warning));

test('days are counted over months, leap days and years', () => {
  expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
  expect(addDays('2023-12-31', 1)).toBe('2024-01-01');
  expect(addDays('2024-12-07', -1)).toBe('2024-12-06');
});
