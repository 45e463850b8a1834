import { expect, test } from '@jest/globals';
import { periodOf, semesterOf } from './semesters.js';

test('days that are those of a semester are this semester, however they were asked for', () => {
  expect(periodOf('2026-01-01', '2026-06-30')).toEqual(semesterOf(2026, 1));
  expect(periodOf('2026-07-01', '2026-12-31')).toEqual(semesterOf(2026, 2));
  expect(periodOf('2026-01-01', '2026-12-31')).toEqual({ kind: 'OTHER', from: '2026-01-01', until: '2026-12-31' });
  expect(periodOf('2026-07-01', '2027-06-30').kind).toBe('OTHER');
});
