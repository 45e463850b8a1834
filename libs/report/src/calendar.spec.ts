import { describe, expect, test } from '@jest/globals';
import { addDays, beginningOf, daysOf, instant, jakartaDay, monthsOf, spanOf, wholeMinutes } from './calendar.js';

describe('a time', () => {
  test.each([
    ['2026-12-31T16:59:59.999999Z', '2026-12-31'],
    ['2026-12-31T17:00:00.000000Z', '2027-01-01'],
    ['2028-02-28T17:00:00Z', '2028-02-29'],
    ['2028-02-29T17:00:00.1Z', '2028-03-01'],
    ['2026-01-01T00:00:00.000Z', '2026-01-01'],
  ])('%s is on %s in Jakarta', (at, day) => {
    expect(jakartaDay(at)).toBe(day);
    expect(instant(at)).toBeGreaterThanOrEqual(beginningOf(day));
    expect(instant(at)).toBeLessThan(beginningOf(addDays(day, 1)));
  });

  test('has microseconds, however many decimals are written', () => {
    expect(instant('1970-01-01T00:00:01Z')).toBe(1_000_000);
    expect(instant('1970-01-01T00:00:01.5Z')).toBe(1_500_000);
    expect(instant('2026-06-15T01:02:03.456789Z') - instant('2026-06-15T01:02:03.456Z')).toBe(789);
    expect(instant('2026-06-15T01:02:03.456789123Z')).toBe(instant('2026-06-15T01:02:03.456789Z'));
  });

  test.each(['', '2026-06-15', '2026-06-15T01:02:03', '2026-06-15T01:02:03+07:00', '2026-13-01T00:00:00Z'])(
    '%s is none',
    (text) => {
      expect(() => instant(text)).toThrow(RangeError);
    },
  );
});

test('a period has all of its days and months', () => {
  expect(daysOf({ from: '2028-02-28', until: '2028-03-01' })).toEqual(['2028-02-28', '2028-02-29', '2028-03-01']);
  expect(daysOf({ from: '2028-01-01', until: '2028-12-31' })).toHaveLength(366);
  expect(daysOf({ from: '2026-06-02', until: '2026-06-01' })).toEqual([]);
  expect(monthsOf({ from: '2025-12-31', until: '2026-02-01' })).toEqual(['2025-12', '2026-01', '2026-02']);
  const { from, to } = spanOf({ from: '2026-06-15', until: '2026-06-15' });
  expect(to - from).toBe(86_400_000_000);
  expect(from).toBe(instant('2026-06-14T17:00:00Z'));
});

test('minutes are whole ones', () => {
  expect([59_999_999, 60_000_000, 119_999_999].map(wholeMinutes)).toEqual([0, 1, 1]);
});
