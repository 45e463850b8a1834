import { beforeEach, describe, expect, test } from '@jest/globals';
import { AppError } from '#service';
import { GuessLimiter } from './guess-limiter.js';

let now: number;
let limiter: GuessLimiter;
beforeEach(() => {
  now = 1_000_000;
  limiter = new GuessLimiter(() => now);
});

const isWrong = (answer: unknown): boolean => answer === 'wrong' || answer instanceof Error;

/** What the caller is told: the answer, or for how long there is none. */
async function ask(answer: string, keys = ['by a']): Promise<string> {
  try {
    return await limiter.guard(keys, async () => answer, isWrong);
  } catch (error) {
    const { code, extras } = error as AppError;
    return `${code} ${extras.retryAfter}`;
  }
}

async function repeat(times: number, work: () => Promise<unknown>): Promise<void> {
  for (let index = 0; index < times; index++) await work();
}

describe('one caller', () => {
  test('gets ten wrong answers in a minute', async () => {
    await repeat(9, () => ask('wrong'));
    now += 20_000;
    expect(await ask('wrong')).toBe('wrong');
    expect(await ask('wrong')).toBe('RATE_LIMITED 40');
    // whether this one would have been genuine is not told either
    expect(await ask('genuine')).toBe('RATE_LIMITED 40');
    now += 39_999;
    expect(await ask('genuine')).toBe('RATE_LIMITED 1');
    now += 1;
    expect(await ask('wrong')).toBe('wrong');
  });

  test('gets a hundred in an hour', async () => {
    for (let minute = 0; minute < 10; minute++) {
      await repeat(10, () => ask('wrong'));
      now += 60_000;
    }
    expect(await ask('wrong')).toBe('RATE_LIMITED 3000');
    now += 3_000_000;
    await repeat(10, async () => expect(await ask('wrong')).toBe('wrong'));
    expect(await ask('genuine')).toMatch('RATE_LIMITED');
  });

  test('is not held up by genuine ones, however many, before or between', async () => {
    await repeat(9, () => ask('wrong'));
    await repeat(500, async () => expect(await ask('genuine')).toBe('genuine'));
    expect(await ask('wrong')).toBe('wrong');
    expect(await ask('genuine')).toMatch('RATE_LIMITED');
  });

  test('is told faults, which count only if they are those of a guess', async () => {
    const fail = (error: Error) =>
      limiter.guard(
        ['by a'],
        () => Promise.reject(error),
        (given) => given instanceof AppError,
      );
    await repeat(50, () => expect(fail(new Error('weg'))).rejects.toThrow('weg'));
    await repeat(10, () => expect(fail(new AppError('RECEIPT_MALFORMED'))).rejects.toThrow('RECEIPT_MALFORMED'));
    await expect(fail(new Error('weg'))).rejects.toThrow('RATE_LIMITED');
  });
});

describe('at the same time', () => {
  test('no more are tried than may be wrong', async () => {
    let asked = 0;
    const answers = await Promise.all(
      Array.from({ length: 60 }, async () => {
        try {
          return await limiter.guard(
            ['by a'],
            async () => {
              asked += 1;
              await Promise.resolve();
              return 'wrong';
            },
            isWrong,
          );
        } catch (error) {
          return (error as AppError).code;
        }
      }),
    );
    expect(asked).toBe(10);
    expect(answers.filter((answer) => answer === 'RATE_LIMITED')).toHaveLength(50);
  });

  test('genuine ones only wait for one another', async () => {
    let most = 0;
    let asking = 0;
    const answers = await Promise.all(
      Array.from({ length: 60 }, () =>
        limiter.guard(
          ['by a'],
          async () => {
            most = Math.max(most, (asking += 1));
            await Promise.resolve();
            asking -= 1;
            return 'genuine';
          },
          isWrong,
        ),
      ),
    );
    expect(answers).toEqual(Array(60).fill('genuine'));
    expect(most).toBe(10);
  });

  test('the queue has an end', async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const asked = Array.from({ length: 120 }, () =>
      limiter.guard(['by a'], () => gate.then(() => 'genuine'), isWrong).catch((error: AppError) => error.code),
    );
    await new Promise(setImmediate);
    open();
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => answer === 'genuine')).toHaveLength(110);
    expect(answers.filter((answer) => answer === 'RATE_LIMITED')).toHaveLength(10);
  });
});

test('callers are counted by each of their keys', async () => {
  await repeat(10, () => ask('wrong', ['by a', 'from 10.0.0.1']));
  expect(await ask('genuine', ['by b', 'from 10.0.0.2'])).toBe('genuine');
  expect(await ask('genuine', ['by a', 'from 10.0.0.2'])).toMatch('RATE_LIMITED');
  expect(await ask('genuine', ['by b', 'from 10.0.0.1'])).toMatch('RATE_LIMITED');
});

test('so many callers that the oldest are forgotten do not fill the memory', async () => {
  await repeat(10, () => ask('wrong', ['by a']));
  for (let index = 0; index < 10_000; index++) await ask('wrong', [`by ${index}`]);
  expect(await ask('wrong', ['by a'])).toBe('wrong');
});
