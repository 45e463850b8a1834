import { Injectable } from '@nestjs/common';
import { BalikanDestination, type Coverage, type RpcInput, type getCoverage } from '#contracts';
import type { Call } from '#service';
import { Destinations } from '../destinations/destinations.js';
import { RecordRepository } from '../records/record.repository.js';
import { BusinessLookUps, type BusinessLookUp } from './business-look-ups.js';
import { CoverageTally } from './coverage-tally.js';
import { monthsFrom, rangeOf } from './months.js';
import { RecordedLookUps, type Recorded } from './recorded-look-ups.repository.js';

const defaultOverdueAfterDays = BalikanDestination.shape.overdueAfterDays.parse(undefined);

/** For each look-up of a business service: is there a data balikan (O-07)? */
@Injectable()
export class Coverages {
  constructor(
    private readonly lookUps: BusinessLookUps,
    private readonly recorded: RecordedLookUps,
    private readonly records: RecordRepository,
    private readonly destinations: Destinations,
  ) {}

  /** @throws {AppError} as {@link BusinessLookUps.pages}: an answer with a part of the look-ups would be a wrong one */
  async of(
    { institutionId, from, to }: RpcInput<typeof getCoverage>,
    { deadlineAt }: Pick<Call, 'deadlineAt'>,
  ): Promise<Coverage> {
    const [destination, today] = await Promise.all([this.destinations.find(institutionId), this.records.today()]);
    const overdueAfterDays = destination?.overdueAfterDays ?? defaultOverdueAfterDays;
    const tally = new CoverageTally(monthsFrom(from, to), today, overdueAfterDays);
    for await (const page of this.lookUps.pages(institutionId, rangeOf(from, to), deadlineAt)) {
      const ids = page.flatMap(({ verificationId, sameCase }) => [verificationId, ...sameCase]);
      const recorded = await this.recorded.find(institutionId, ids);
      for (const lookUp of page) tally.add(lookUp, bestOf(lookUp, recorded));
    }
    return tally.result();
  }
}

/** One record is enough for a citizen's case, however often the clerk looked. */
function bestOf({ verificationId, sameCase }: BusinessLookUp, recorded: Map<string, Recorded>): Recorded | undefined {
  const found = [verificationId, ...sameCase].map((id) => recorded.get(id));
  return found.includes('sent') ? 'sent' : found.find((one) => one !== undefined);
}
