import { beforeEach, describe, expect, test } from '@jest/globals';
import { AppError } from '#service';
import { CredentialFailures, freeFailures, longestWait } from './credential-failures.js';

const office = '10.1.2.3';
let clock: { now: number };
let failures: CredentialFailures;

beforeEach(() => {
  clock = { now: 5_000_000 };
  failures = new CredentialFailures(() => clock.now);
});

/** What an attempt gets: seconds to wait, or whether it was right. */
function attempt(right: boolean, { id = 'uji', address = office } = {}): number | boolean {
  try {
    failures.admit(id, address);
    failures.settle(id, address, right);
    return right;
  } catch (error) {
    if (error instanceof AppError && error.code === 'RATE_LIMITED') return error.extras.retryAfter ?? NaN;
    throw error;
  }
}

const fail = (times: number, who = {}) => {
  for (let i = 0; i < times; i += 1) expect(attempt(false, who)).toBe(false);
};

test('who mistypes now and then notices nothing', () => {
  for (let round = 0; round < 10; round += 1) {
    fail(freeFailures - 1);
    expect(attempt(true)).toBe(true);
  }
});

test('after twenty failures in a row the pair waits', () => {
  fail(freeFailures);
  expect(attempt(false)).toBe(1);
  clock.now += 999;
  expect(attempt(false)).toBe(1);
  clock.now += 1;
  expect(attempt(true)).toBe(true);
});

test('each further failure doubles the wait, up to a minute', () => {
  fail(freeFailures);
  const waits = [];
  for (let i = 0; i < 9; i += 1) {
    const wait = attempt(false) as number;
    waits.push(wait);
    clock.now += wait * 1_000;
    fail(1);
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, longestWait, longestWait, longestWait]);
});

test('a right one is refused, too, while the pair waits, and is not counted', () => {
  fail(freeFailures);
  for (let i = 0; i < 100; i += 1) expect(attempt(true)).toBe(1);
  clock.now += 1_000;
  expect(attempt(true)).toBe(true);
});

test('a success begins anew', () => {
  fail(freeFailures);
  clock.now += 1_000;
  expect(attempt(true)).toBe(true);
  fail(freeFailures);
});

describe('nobody else waits', () => {
  beforeEach(() => fail(freeFailures));

  test.each([
    ['the same client from elsewhere', { address: '10.1.2.4' }],
    ['another client at the same address', { id: 'lain' }],
    ['a name and address that read the same together', { id: 'ji', address: `${office}u` }],
  ])('%s', (_name, who) => {
    expect(attempt(true, who)).toBe(true);
    fail(freeFailures, who);
  });
});

test('an hour of quiet is forgiven', () => {
  fail(freeFailures + 0);
  clock.now += 1_000;
  fail(1);
  clock.now += 3_600_000;
  fail(freeFailures);
  expect(attempt(true)).toBe(1);
});

test('many at once are not more guesses than one after the other', () => {
  for (let i = 0; i < 200; i += 1) failures.admit('uji', office);
  let told = 0;
  for (let i = 0; i < 200; i += 1) {
    try {
      failures.settle('uji', office, i === 150);
      told += 1;
    } catch {
      // refused: whether it was right is not told
    }
  }
  expect(told).toBe(freeFailures);
});

test('takes a bounded number of pairs, and lets the oldest go', () => {
  fail(freeFailures);
  for (let i = 0; i < 20_000; i += 1) attempt(false, { id: `nama-${i}`.repeat(20) });
  expect(attempt(true)).toBe(true);
});
