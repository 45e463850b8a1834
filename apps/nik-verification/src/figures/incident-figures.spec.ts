import { expect, test } from '@jest/globals';
import { incidentFigures } from './incident-figures.js';

const micros = (at: string): number => Date.parse(at) * 1_000;
const march = { begin: micros('2026-03-01T00:00:00+07:00'), end: micros('2026-04-01T00:00:00+07:00') };
const later = micros('2026-05-01T00:00:00+07:00');
const leaf = (at: string, act: string) => ({ at: micros(`2026-${at}+07:00`), act: `upstream.${act}` });
const of = (leaves: ReturnType<typeof leaf>[], checkpointAt = later) =>
  Object.fromEntries(
    incidentFigures(leaves, march, checkpointAt).map(({ kind, count, minutes }) => [kind, [count, minutes]]),
  );
const nothing = { BREAKER_OPEN: [0, 0], ACCESS_BROKEN: [0, 0], QUOTA_USED_UP: [0, null], OUTSIDE_HOURS: [0, null] };

test('nothing happened: all four kinds, in their order', () => {
  expect(incidentFigures([], march, later).map(({ kind }) => kind)).toEqual(Object.keys(nothing));
  expect(of([])).toEqual(nothing);
});

test('each ends with the next leaf of another act; lengths add up before they are rounded', () => {
  expect(
    of([
      leaf('03-02T08:00:00', 'open'),
      leaf('03-02T08:00:50', 'ready'),
      leaf('03-02T09:00:00', 'open'),
      leaf('03-02T09:01:15', 'access-broken'),
      leaf('03-02T09:31:00', 'quota-used-up'),
      leaf('03-03T07:00:00', 'outside-hours'),
      leaf('03-03T08:00:00', 'ready'),
    ]),
  ).toEqual({ BREAKER_OPEN: [2, 2], ACCESS_BROKEN: [1, 29], QUOTA_USED_UP: [1, null], OUTSIDE_HOURS: [1, null] });
});

test('a leaf with the act of the one before does not begin anew', () => {
  expect(
    of([leaf('03-02T08:00:00', 'open'), leaf('03-02T08:30:00', 'open'), leaf('03-02T09:00:00', 'ready')]),
  ).toMatchObject({
    BREAKER_OPEN: [1, 60],
  });
});

test('what began before the period lasts in it and is not counted; what lasts on is cut at its end', () => {
  expect(
    of([leaf('02-28T23:00:00', 'open'), leaf('03-01T00:10:00', 'ready'), leaf('03-31T23:50:00', 'access-broken')]),
  ).toMatchObject({
    BREAKER_OPEN: [0, 10],
    ACCESS_BROKEN: [1, 10],
  });
  expect(
    of([leaf('03-01T00:00:00', 'open'), leaf('03-01T00:01:00', 'ready'), leaf('04-01T00:00:00', 'open')]),
  ).toMatchObject({
    BREAKER_OPEN: [1, 1],
  });
});

test('what lasts at the checkpoint is counted up to its time', () => {
  expect(of([leaf('03-02T08:00:00', 'open')], micros('2026-03-02T08:59:59+07:00'))).toMatchObject({
    BREAKER_OPEN: [1, 59],
  });
});
