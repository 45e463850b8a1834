import { expect, test } from '@jest/globals';
import { quotaHeaders } from './quota-headers.js';

const quota = { day: '2026-06-15', limit: 1_000, used: 127, left: 873, resetAt: '2026-06-16T00:00:00+07:00' };
const midnight = Date.parse(quota.resetAt);

test('tells what is left and the seconds until midnight in Jakarta', () => {
  expect(quotaHeaders(quota, midnight - 90_000)).toEqual({
    'RateLimit-Policy': '"hits";q=1000;w=86400',
    RateLimit: '"hits";r=873;t=90',
  });
});

test('rounds up, so that nobody comes back too early, and never below zero', () => {
  expect(quotaHeaders(quota, midnight - 1).RateLimit).toBe('"hits";r=873;t=1');
  expect(quotaHeaders(quota, midnight).RateLimit).toBe('"hits";r=873;t=0');
  expect(quotaHeaders(quota, midnight + 5_000).RateLimit).toBe('"hits";r=873;t=0');
});

test.each([undefined, null, {}, { ...quota, left: '873' }, { ...quota, nik: '3313043108859903' }])(
  'says nothing of what is no quota: %j',
  (given) => expect(quotaHeaders(given, midnight)).toEqual({}),
);
