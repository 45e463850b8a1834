import { expect, test } from '@jest/globals';
import { findingsOf, makeDuty } from '../facts-fixture.js';
import { personTrail as rule } from './person-trail.js';

// received on 2 March, 09.00 WIB: due on 5 March, 09.00
const duty = makeDuty();
const states = (duties: ReturnType<typeof makeDuty>[], now: string) =>
  findingsOf(rule, { duties }, new Date(now)).map(({ state }) => state);

test.each([
  ['2026-03-02T02:00:00Z', 'IN_ORDER'],
  ['2026-03-04T02:00:00Z', 'IN_ORDER'],
  ['2026-03-04T02:00:01Z', 'DUE_SOON'],
  ['2026-03-05T02:00:00Z', 'DUE_SOON'],
  ['2026-03-05T02:00:01Z', 'OVERDUE'],
  ['2026-03-08T02:00:00Z', 'OVERDUE'],
  ['2026-03-08T02:00:01Z', 'BREACHED'],
])('at %s: %s', (now, state) => expect(states([duty], now)).toEqual([state]));

test('72 hours go over a 29 February', () => {
  const leap = makeDuty({ receivedAt: '2028-02-27T02:00:00.000Z' });
  expect(leap.dueAt).toBe('2028-03-01T02:00:00.000Z');
  expect(states([leap], '2028-03-01T02:00:01Z')).toEqual(['OVERDUE']);
});

const done = { at: '2026-03-06T02:00:00.000Z', letterNumber: '470/2', note: null, late: true };
test('what is done is in order, and late ones are counted; the other kind is none of its business', () => {
  expect(states([{ ...duty, done }], '2026-04-01T00:00:00Z')).toEqual(['IN_ORDER']);
  expect(findingsOf(rule, { duties: [{ ...duty, done }] }, new Date('2026-04-01T00:00:00Z'))[0]?.facts).toContainEqual([
    'Selesai terlambat',
    '1',
  ]);
  expect(states([makeDuty({ kind: 'BREACH_NOTICE' })], '2026-04-01T00:00:00Z')).toEqual(['NOT_APPLICABLE']);
});

test('each request has a clock of its own; the one that is due first comes first', () => {
  const later = makeDuty({ receivedAt: '2026-03-03T02:00:00.000Z' });
  expect(
    findingsOf(rule, { duties: [later, duty] }, new Date('2026-03-05T03:00:00Z')).map(({ instance, state }) => [
      instance,
      state,
    ]),
  ).toEqual([
    [duty.id, 'OVERDUE'],
    [later.id, 'DUE_SOON'],
  ]);
});
