import { expect, test } from '@jest/globals';
import { Clock } from './clock.js';

const year = 365 * 86_400_000;

function pc(wallAt: number) {
  const time = { wall: wallAt, monotonic: 5_000 };
  return {
    time,
    clock: new Clock(
      () => time.wall,
      () => time.monotonic,
    ),
  };
}

test('a PC whose clock is a year behind still knows the gateway’s time, half of the way taken off', () => {
  const { time, clock } = pc(1_000 * year);
  const asked = clock.monotonicNow();
  time.monotonic += 200;
  clock.sync(1_001 * year, asked);
  expect(clock.now()).toBe(1_001 * year + 100);
  expect(clock.skewMs()).toBe(-year - 100);
});

test('somebody who sets the PC’s clock back does not make a permit last longer', () => {
  const { time, clock } = pc(1_000 * year);
  clock.sync(1_000 * year, clock.monotonicNow());
  time.monotonic += 600_000;
  time.wall -= year;
  expect(clock.now()).toBe(1_000 * year + 600_000);
});
