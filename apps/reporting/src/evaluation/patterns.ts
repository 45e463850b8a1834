import { Injectable } from '@nestjs/common';
import { countPatterns, getCoverage, type PatternReport, type PatternRequest } from '#contracts';
import { dayOf } from '#paper';
import { RpcClient, type Call } from '#service';
import { atOnce } from './at-once.js';
import { marginMs, msUntil } from './deadline.js';
import { monthsToAsk, withoutDataBalikan } from './without-data-balikan.js';

/** Months that data-balikan is asked about at a time: each of them reads look-ups of nik-verification. */
const mostMonthsAtOnce = 3;

/** Patterns that are worth a question (O-21): four that evidence shows, and look-ups without data balikan. */
@Injectable()
export class Patterns {
  constructor(private readonly bus: Pick<RpcClient, 'call'>) {}

  /** @throws {AppError} when one of the two does not answer: a part of the patterns would look like few of them */
  async find(request: PatternRequest, now: Date, { deadlineAt }: Call): Promise<PatternReport> {
    const { institutionId, from, until, parameters } = request;
    const end = deadlineAt - marginMs;
    const [{ patterns }, fifth] = await Promise.all([
      this.bus.call(countPatterns, { institutionId, from, until, parameters }, { deadlineMs: msUntil(end) }),
      this.withoutDataBalikan(request, dayOf(now), end),
    ]);
    return { institutionId, from, until, at: now.toISOString(), patterns: [...patterns, fifth] };
  }

  private async withoutDataBalikan(
    { institutionId, from, until, parameters }: PatternRequest,
    today: string,
    end: number,
  ) {
    const [period, after] = [{ from, until }, parameters.balikanAfterDays];
    const months = await atOnce(monthsToAsk(period, today, after), mostMonthsAtOnce, async (month) => {
      const asked = { institutionId, from: month, to: month };
      return { month, coverage: await this.bus.call(getCoverage, asked, { deadlineMs: msUntil(end) }) };
    });
    return withoutDataBalikan(period, today, after, months);
  }
}
