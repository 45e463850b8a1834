import { expect, test } from '@jest/globals';
import { InFlight } from './in-flight.js';

/** Work that ends when it is told to. */
function pending<T>() {
  let end!: { resolve: (value: T) => void; reject: (error: Error) => void };
  const promise = new Promise<T>((resolve, reject) => (end = { resolve, reject }));
  return { promise, ...end };
}

test('counts what is being worked on, and hands its result through', async () => {
  const inFlight = new InFlight();
  const [one, other] = [pending<string>(), pending<string>()];
  const tracked = [inFlight.track(() => one.promise), inFlight.track(() => other.promise)];
  expect(inFlight.size).toBe(2);
  one.resolve('satu');
  expect(await tracked[0]).toBe('satu');
  expect(inFlight.size).toBe(1);
  other.resolve('dua');
  expect(await tracked[1]).toBe('dua');
  expect(inFlight.size).toBe(0);
});

test('what fails is no longer in flight either', async () => {
  const inFlight = new InFlight();
  await expect(inFlight.track(() => Promise.reject(new Error('gagal')))).rejects.toThrow('gagal');
  const thrown = inFlight.track(() => {
    throw new Error('sebelum mulai');
  });
  await expect(thrown).rejects.toThrow('sebelum mulai');
  expect(inFlight.size).toBe(0);
  expect(await inFlight.drained(1)).toBe(true);
});

test('is drained at once when nothing is in flight', async () => {
  expect(await new InFlight().drained(0)).toBe(true);
});

test('is drained when the last one has ended, for all who wait', async () => {
  const inFlight = new InFlight();
  const [one, other] = [pending<void>(), pending<void>()];
  const tracked = [inFlight.track(() => one.promise), inFlight.track(() => other.promise)];
  let drained = 0;
  const waiting = [inFlight.drained(60_000), inFlight.drained(60_000)].map((promise) =>
    promise.then((done) => {
      drained += 1;
      return done;
    }),
  );
  one.resolve();
  await tracked[0];
  expect(drained).toBe(0);
  other.resolve();
  expect(await Promise.all(waiting)).toEqual([true, true]);
});

test('gives up at the bound, and can be asked again', async () => {
  const inFlight = new InFlight();
  const work = pending<void>();
  const tracked = inFlight.track(() => work.promise);
  expect(await inFlight.drained(5)).toBe(false);
  const again = inFlight.drained(60_000);
  work.resolve();
  await tracked;
  expect(await again).toBe(true);
});
