import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BurstLimiter } from './burst-limiter.js';

const limit = { perSecond: 2, size: 3 };

/** A limiter whose clock stands still until it is moved on. */
function stopped() {
  const clock = { now: 5_000 };
  return { clock, limiter: new BurstLimiter(() => clock.now) };
}

test('lets a full bucket through, then refuses until a token has grown', () => {
  const { clock, limiter } = stopped();
  const take = () => limiter.take('a', limit);
  expect([take(), take(), take()].every(({ allowed }) => allowed)).toBe(true);
  expect(take()).toEqual({ allowed: false, retryAfter: 1, first: true });
  expect(take()).toEqual({ allowed: false, retryAfter: 1, first: false });
  clock.now += 499;
  expect(take()).toEqual({ allowed: false, retryAfter: 1, first: false });
  clock.now += 1;
  expect(take()).toEqual({ allowed: true });
  // the refusal after a success is the first of a new row, which goes on record again
  expect(take()).toEqual({ allowed: false, retryAfter: 1, first: true });
});

test('tells in whole seconds when a repeat makes sense', () => {
  const { clock, limiter } = stopped();
  const slow = { perSecond: 0.1, size: 1 };
  expect(limiter.take('a', slow)).toEqual({ allowed: true });
  expect(limiter.take('a', slow)).toMatchObject({ retryAfter: 10 });
  clock.now += 9_500;
  expect(limiter.take('a', slow)).toMatchObject({ retryAfter: 1 });
  clock.now += 500;
  expect(limiter.take('a', slow)).toEqual({ allowed: true });
});

test('keeps callers apart', () => {
  const { limiter } = stopped();
  for (let i = 0; i < 3; i += 1) limiter.take('a', limit);
  expect(limiter.take('a', limit).allowed).toBe(false);
  expect(limiter.take('b', limit).allowed).toBe(true);
});

test('never saves up more than the bucket holds', () => {
  const { clock, limiter } = stopped();
  limiter.take('a', limit);
  clock.now += 3_600_000;
  const allowed = Array.from({ length: 10 }, () => limiter.take('a', limit).allowed);
  expect(allowed.filter(Boolean)).toHaveLength(3);
});

test('in any stretch of time lets through no more than the bucket and what grew', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 50 }), (waits, size, perSecond) => {
      const { clock, limiter } = stopped();
      const began = clock.now;
      let allowed = 0;
      for (const wait of waits) {
        clock.now += wait;
        if (limiter.take('a', { perSecond, size }).allowed) allowed += 1;
        expect(allowed).toBeLessThanOrEqual(size + ((clock.now - began) / 1000) * perSecond + 1e-6);
      }
    }),
  );
});
