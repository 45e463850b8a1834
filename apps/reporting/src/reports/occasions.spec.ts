import { expect, test } from '@jest/globals';
import { occasionsOn } from './occasions.js';

const told = (today: string) => occasionsOn(today).map(({ type, day, period }) => `${type} ${day} ${period.from}`);

test.each([
  [
    '2026-05-31',
    'REPORT 2025-06-01 2025-01-01',
    'REPORT 2025-12-01 2025-07-01',
    'SUPPLEMENT 2025-07-01 2025-01-01',
    'SUPPLEMENT 2026-01-01 2025-07-01',
  ],
  [
    '2026-06-01',
    'REPORT 2025-12-01 2025-07-01',
    'REPORT 2026-06-01 2026-01-01',
    'SUPPLEMENT 2025-07-01 2025-01-01',
    'SUPPLEMENT 2026-01-01 2025-07-01',
  ],
  [
    '2026-07-01',
    'REPORT 2025-12-01 2025-07-01',
    'REPORT 2026-06-01 2026-01-01',
    'SUPPLEMENT 2026-01-01 2025-07-01',
    'SUPPLEMENT 2026-07-01 2026-01-01',
  ],
  [
    '2027-01-01',
    'REPORT 2026-06-01 2026-01-01',
    'REPORT 2026-12-01 2026-07-01',
    'SUPPLEMENT 2026-07-01 2026-01-01',
    'SUPPLEMENT 2027-01-01 2026-07-01',
  ],
])('due on %s', (today, ...expected) => {
  expect(told(today)).toEqual(expected);
});

test('every day of four years has two of each, none of them from the future or more than a year old', () => {
  for (let at = Date.parse('2024-01-01'); at < Date.parse('2028-01-01'); at += 86_400_000) {
    const today = new Date(at).toISOString().slice(0, 10);
    const occasions = occasionsOn(today);
    expect(occasions.map(({ type }) => type)).toEqual(['REPORT', 'REPORT', 'SUPPLEMENT', 'SUPPLEMENT']);
    for (const { day } of occasions) {
      expect(day <= today).toBe(true);
      expect(at - Date.parse(day)).toBeLessThanOrEqual(366 * 86_400_000);
    }
  }
});
