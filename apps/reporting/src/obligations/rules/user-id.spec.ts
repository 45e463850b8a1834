import { expect, test } from '@jest/globals';
import type { UpstreamState } from '#contracts';
import { makeFacts, stateOn } from '../facts-fixture.js';
import { userId as rule } from './user-id.js';

const standing = (state: UpstreamState['state']) => ({
  standing: { ...makeFacts().standing, upstream: { state, since: null, until: null } },
});

test.each([
  ['ready', 'IN_ORDER'],
  ['open', 'IN_ORDER'],
  ['trial', 'IN_ORDER'],
  ['quota-used-up', 'IN_ORDER'],
  ['outside-hours', 'IN_ORDER'],
  ['not-configured', 'OVERDUE'],
  ['access-broken', 'OVERDUE'],
] as const)('a way that is %s: %s', (way, state) => expect(stateOn(rule, standing(way), '2026-03-01')).toBe(state));

test.each([
  ['2024-12-31', 'NOT_APPLICABLE'],
  ['2025-01-01', 'OVERDUE'],
  ['2026-12-31', 'OVERDUE'],
  ['2027-01-01', 'NOT_APPLICABLE'],
])('only under an agreement that is in force: %s %s', (day, state) =>
  expect(stateOn(rule, standing('not-configured'), day)).toBe(state),
);
