import { Injectable } from '@nestjs/common';
import { listBusinessLookUps, type RpcInput, type RpcOutput } from '#contracts';
import { RpcClient } from '#service';
import type { MonthRange } from './months.js';

export type BusinessLookUp = RpcOutput<typeof listBusinessLookUps>['lookUps'][number];

/** After which look-ups a record is owed (O-07): nik-verification knows, from its evidence. */
@Injectable()
export class BusinessLookUps {
  constructor(private readonly bus: RpcClient) {}

  /**
   * Page after page, oldest first.
   *
   * @param deadlineAt `performance.now()` at which nobody waits any more
   * @throws {AppError} EVIDENCE_UNAVAILABLE; SERVICE_UNAVAILABLE or SERVICE_TIMEOUT when nik-verification does not answer
   */
  async *pages(institutionId: string, range: MonthRange, deadlineAt: number): AsyncGenerator<BusinessLookUp[]> {
    const asked: RpcInput<typeof listBusinessLookUps> = { institutionId, ...range, after: null };
    do {
      const deadlineMs = Math.max(1, deadlineAt - performance.now());
      const { lookUps, next } = await this.bus.call(listBusinessLookUps, asked, { deadlineMs });
      yield lookUps;
      asked.after = next;
    } while (asked.after);
  }
}
