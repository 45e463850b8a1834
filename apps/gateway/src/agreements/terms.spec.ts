import { expect, test } from '@jest/globals';
import type { AgreementTerms } from '#contracts';
import { faultsOfTerms } from './terms.js';

const today = '2026-06-15';
const good = {
  effectiveFrom: '2026-01-01',
  validFrom: '2026-01-01',
  validUntil: '2027-12-31',
  elements: ['nik'],
  modes: ['LOOKUP'],
  dailyQuota: 1000,
  networks: ['10.1.2.0/24'],
} satisfies AgreementTerms;
const onFile = [{ version: 1, effectiveFrom: '2026-01-01', validFrom: '2026-01-01', validUntil: '2026-12-31' }];

const paths = (terms: Partial<AgreementTerms>, before: typeof onFile = [], day: string | null = today) =>
  faultsOfTerms({ ...good, ...terms }, before, day).map(({ path }) => path);

test.each([
  ['good ones', {}, [], []],
  [
    'an end before the beginning',
    { validUntil: '2025-12-31' },
    [],
    ['terms.validUntil', 'terms.effectiveFrom', 'terms.validUntil'],
  ],
  ['an end that has passed', { validUntil: '2026-06-14' }, [], ['terms.validUntil']],
  ['an addendum from today on', { effectiveFrom: today }, onFile, []],
  ['an addendum from yesterday on', { effectiveFrom: '2026-06-14' }, onFile, ['terms.effectiveFrom']],
  ['an extension that follows on', { effectiveFrom: '2027-01-01' }, onFile, []],
  ['an extension a day too late', { effectiveFrom: '2027-01-02' }, onFile, ['terms.effectiveFrom']],
  ['a public network', { networks: ['10.0.0.0/8', '203.0.113.0/24'] }, [], ['terms.networks.1']],
  ['the whole internet', { networks: ['0.0.0.0/0', '::/0'] }, [], ['terms.networks.0', 'terms.networks.1']],
  ['a range that is wider than a private one', { networks: ['10.0.0.0/7'] }, [], ['terms.networks.0']],
  ['a range by an address within it', { networks: ['10.1.2.3/24'] }, [], ['terms.networks.0']],
  ['a private IPv6 range', { networks: ['fd00:1234::/48'] }, [], []],
] as const)('%s', (_name, terms, before, expected) =>
  expect(paths(terms as Partial<AgreementTerms>, [...before])).toEqual(expected),
);

test('history is taken as it was, but for what contradicts itself', () => {
  expect(paths({ effectiveFrom: '2022-12-07', validFrom: '2022-12-07', validUntil: '2024-12-06' }, [], null)).toEqual(
    [],
  );
  expect(paths({ effectiveFrom: '2025-01-01' }, onFile, null)).toEqual(['terms.effectiveFrom']);
});

test('what waited for a second person may have been overtaken by the calendar, but leaves no gap', () => {
  const waited = (effectiveFrom: string) =>
    faultsOfTerms({ ...good, effectiveFrom }, onFile, today, true).map(({ path }) => path);
  expect(waited('2026-06-14')).toEqual([]);
  expect(waited('2027-01-01')).toEqual([]);
  expect(waited('2027-01-02')).toEqual(['terms.effectiveFrom']);
});

test('the faults of a file are told all at once', () =>
  expect(paths({ validUntil: '2020-01-01', effectiveFrom: '2025-01-01', networks: ['8.8.8.0/24'] }, onFile)).toEqual(
    expect.arrayContaining(['terms.validUntil', 'terms.effectiveFrom', 'terms.networks.0']),
  ));
