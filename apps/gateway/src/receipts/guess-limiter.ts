import { LRUCache } from 'lru-cache';
import { AppError } from '#service';

/** Wrong answers that one caller gets in any such time. */
const windows = [
  { most: 10, ms: 60_000 },
  { most: 100, ms: 3_600_000 },
] as const;
const longestMs = Math.max(...windows.map(({ ms }) => ms));
const mostKept = Math.max(...windows.map(({ most }) => most));
/** Callers that are remembered; those seen longest ago are forgotten first. */
const mostCallers = 10_000;
/** Requests of one caller that wait for the answers to others. */
const mostWaiting = 100;

interface Caller {
  /** When wrong answers were given, oldest first. */
  wrong: number[];
  asking: number;
  waiting: (() => void)[];
}

/**
 * Keeps anybody from trying codes until one is genuine. Only wrong answers count, so whoever checks many genuine receipts is never
 * held up; what is asked at the same time counts as wrong until it is answered, or else many could be tried at once.
 */
export class GuessLimiter {
  private readonly callers = new LRUCache<string, Caller>({ max: mostCallers });

  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * @param keys under which the caller is known; each is counted by itself
   * @param ask answers
   * @param isWrong whether an answer, or what was thrown, is that of a wrong guess
   * @throws {AppError} RATE_LIMITED, and whatever `ask` throws
   */
  async guard<R>(keys: readonly string[], ask: () => Promise<R>, isWrong: (answer: unknown) => boolean): Promise<R> {
    const callers = keys.map((key) => this.callerOf(key));
    await this.enter(callers);
    let wrong = false;
    try {
      const answer = await ask();
      wrong = isWrong(answer);
      return answer;
    } catch (error) {
      wrong = isWrong(error);
      throw error;
    } finally {
      this.leave(callers, wrong);
    }
  }

  private async enter(callers: readonly Caller[]): Promise<void> {
    for (;;) {
      for (const caller of callers) this.refuseTooMany(caller);
      const full = callers.find((caller) => this.leftNow(caller) <= caller.asking);
      if (!full) break;
      if (full.waiting.length >= mostWaiting) throw new AppError('RATE_LIMITED', { retryAfter: 1 });
      await new Promise<void>((resolve) => full.waiting.push(resolve));
    }
    for (const caller of callers) caller.asking += 1;
  }

  private leave(callers: readonly Caller[], wrong: boolean): void {
    for (const caller of callers) {
      caller.asking -= 1;
      if (wrong) caller.wrong = [...caller.wrong.slice(1 - mostKept), this.now()];
      // one after another would do, but a wrong answer may have taken the place
      for (const wake of caller.waiting.splice(0)) wake();
    }
  }

  private refuseTooMany(caller: Caller): void {
    const waits = windows.map(({ most, ms }) => {
      const first = caller.wrong.at(-most);
      return first === undefined ? 0 : first + ms - this.now();
    });
    const wait = Math.max(...waits);
    if (wait > 0) throw new AppError('RATE_LIMITED', { retryAfter: Math.ceil(wait / 1_000) });
  }

  /** How many wrong answers there may still be. */
  private leftNow(caller: Caller): number {
    const now = this.now();
    return Math.min(...windows.map(({ most, ms }) => most - caller.wrong.filter((at) => at + ms > now).length));
  }

  private callerOf(key: string): Caller {
    const now = this.now();
    const caller = this.callers.get(key) ?? { wrong: [], asking: 0, waiting: [] };
    caller.wrong = caller.wrong.filter((at) => at + longestMs > now);
    this.callers.set(key, caller);
    return caller;
  }
}
