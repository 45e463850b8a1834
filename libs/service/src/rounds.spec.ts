import { expect, test } from '@jest/globals';
import { Rounds } from './rounds.js';

const makeLog = () => {
  const said: string[] = [];
  const log = {
    event: (_: string, message: string) => said.push(message),
    failure: (message: string) => said.push(message),
  };
  return { said, log: log as unknown as ConstructorParameters<typeof Rounds>[2] };
};

/** Resolves when it has been called so often. */
function calls(most: number, work: (n: number) => Promise<void>) {
  let n = 0;
  let done!: () => void;
  const enough = new Promise<void>((resolve) => (done = resolve));
  const round = async () => {
    n += 1;
    const mine = n;
    if (n === most) done();
    await work(mine);
  };
  return { round, enough, count: () => n };
}

test('what fails is told once, and so is that it works again', async () => {
  const { said, log } = makeLog();
  const { round, enough } = calls(6, async (n) => {
    if (n === 2 || n === 3) throw new Error('uji');
  });
  const rounds = new Rounds(round, { everyMs: 1, what: 'erasing', atOnce: true }, log);
  rounds.start();
  await enough;
  await rounds.stop();
  expect(said).toEqual(['erasing fails', 'erasing works again']);
});

test('never two at a time; the end waits for the one that is on, and nothing begins afterwards', async () => {
  const { said, log } = makeLog();
  let release!: () => void;
  const held = new Promise<void>((resolve) => (release = resolve));
  const { round, enough, count } = calls(1, () => held);
  const rounds = new Rounds(round, { everyMs: 1, what: 'erasing', atOnce: true }, log);
  rounds.start();
  await enough;
  // the timer has come round by then
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(count()).toBe(1);
  let ended = false;
  const stopped = rounds.stop().then(() => (ended = true));
  expect(rounds.stopping).toBe(true);
  await new Promise(setImmediate);
  expect(ended).toBe(false);
  release();
  await stopped;
  expect(count()).toBe(1);
  expect(said).toEqual([]);
});
