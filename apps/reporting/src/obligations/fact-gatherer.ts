import { Injectable } from '@nestjs/common';
import {
  getCoverage,
  getFigures,
  getRegister,
  getStanding,
  listPeople,
  listUndelivered,
  type RegisterPerson,
  type Rpc,
  type RpcInput,
  type RpcOutput,
} from '#contracts';
import { dayOf } from '#paper';
import { addDays } from '#report';
import { Log, RpcClient, toAppError } from '#service';
import { DutyRepository } from '../duties/duty.repository.js';
import type { Gathered } from './assessment.js';
import type { FactName, Facts } from './facts.js';
import { ReportStandings } from './report-standings.repository.js';

/** Of look-ups (O-04): the days before today that a forecast is made from. */
const forecastDays = 60;
/** Of coverage (O-07): the present month and those before it. */
const coverageMonths = 12;
/** More is counted as "at least". */
const mostUndelivered = 5_000;
const mostPages = 200;

/** Asks the owners, all at once, each of them once; who does not answer by the deadline makes a fact missing and nothing more. */
@Injectable()
export class FactGatherer {
  constructor(
    private readonly bus: RpcClient,
    private readonly reports: ReportStandings,
    private readonly duties: DutyRepository,
    private readonly log: Log,
  ) {}

  /** @param deadlineAt `performance.now()` at which nobody waits any more */
  async gather(institutionId: string, names: readonly FactName[], now: Date, deadlineAt: number): Promise<Gathered> {
    const facts = await Promise.all(
      names.map(async (name) => [name, await this.ask(name, institutionId, now, deadlineAt)] as const),
    );
    return { institutionId, ...(Object.fromEntries(facts) as Omit<Gathered, 'institutionId'>) };
  }

  private async ask<N extends FactName>(name: N, institutionId: string, now: Date, deadlineAt: number) {
    try {
      return { value: await this.sources(institutionId, now, deadlineAt)[name]() };
    } catch (error) {
      const { code, cause } = toAppError(error);
      if (cause !== undefined)
        this.log.failure('a fact of obligations is missing', cause, { institutionId, code }, 'warn');
      return { missing: code };
    }
  }

  private sources(institutionId: string, now: Date, deadlineAt: number): { [N in FactName]: () => Promise<Facts[N]> } {
    const today = dayOf(now);
    const call = <R extends Rpc>(rpc: R, input: RpcInput<R>): Promise<RpcOutput<R>> =>
      this.bus.call(rpc, input, { deadlineMs: Math.max(1, Math.floor(deadlineAt - performance.now())) });
    return {
      register: () => call(getRegister, { institutionId }),
      people: async () => {
        const people: RegisterPerson[] = [];
        let after: string | null = null;
        for (let n = 0; n < mostPages; n += 1) {
          const page: RpcOutput<typeof listPeople> = await call(listPeople, { institutionId, after });
          people.push(...page.people);
          after = page.next;
          if (after === null) return people;
        }
        throw new Error('the list of people has no end');
      },
      coverage: () =>
        call(getCoverage, { institutionId, from: monthBefore(today, coverageMonths - 1), to: today.slice(0, 7) }),
      undelivered: async () => {
        // what was delivered in the last hour is told as it stood before: seen from an hour later, it is not
        const at = new Date(now.getTime() + 3_600_000).toISOString();
        const records: Facts['undelivered']['records'] = [];
        let after: string | null = null;
        for (;;) {
          const page: RpcOutput<typeof listUndelivered> = await call(listUndelivered, {
            institutionId,
            at,
            after,
            limit: 1_000,
          });
          records.push(...page.records);
          after = page.next;
          if (after === null || records.length >= mostUndelivered)
            return { records, more: after !== null, overdueAfterDays: page.overdueAfterDays };
        }
      },
      hits: async () => {
        const period = { from: addDays(today, -forecastDays), until: today };
        const { lookUps } = await call(getFigures, { institutionId, ...period });
        return { ...period, days: lookUps.days };
      },
      standing: () => call(getStanding, { institutionId }),
      reports: () => this.reports.list(institutionId),
      duties: () => this.duties.list(institutionId),
    };
  }
}

/** `YYYY-MM`, so many months before that of `day`. */
export function monthBefore(day: string, months: number): string {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 7);
}
