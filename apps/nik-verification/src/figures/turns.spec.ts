import { expect, test } from '@jest/globals';
import { Turns } from './turns.js';

const never = performance.now() + 600_000;
const gate = () => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
};

test('a third of the connections, at least one; the others in the order in which they came', async () => {
  expect([1, 2, 10, 30].map((size) => new Turns(size).most)).toEqual([1, 1, 3, 10]);
  const turns = new Turns(1);
  const { open, opened } = gate();
  const begun: number[] = [];
  const all = [0, 1, 2].map((n) =>
    turns.take(never, async () => {
      begun.push(n);
      await opened;
      if (n === 1) throw new Error('uji');
    }),
  );
  await new Promise(setImmediate);
  expect(begun).toEqual([0]);
  open();
  // one that fails hands its turn on as well
  expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(begun).toEqual([0, 1, 2]);
  expect(await turns.take(never, async () => 'again')).toBe('again');
});

test('one whose caller has gone is not begun, and keeps nobody from theirs', async () => {
  const turns = new Turns(1);
  const { open, opened } = gate();
  const first = turns.take(never, () => opened);
  await expect(turns.take(performance.now() + 5, async () => 'too late')).rejects.toMatchObject({
    code: 'EVIDENCE_UNAVAILABLE',
  });
  const next = turns.take(performance.now() + 60_000, async () => 'next');
  open();
  await first;
  expect(await next).toBe('next');
});

test('the queue has a bound', async () => {
  const turns = new Turns(1);
  const { open, opened } = gate();
  const all = Array.from({ length: 202 }, () => turns.take(performance.now() + 60_000, () => opened));
  await expect(all.pop()).rejects.toMatchObject({ code: 'EVIDENCE_UNAVAILABLE' });
  open();
  await Promise.all(all);
});
