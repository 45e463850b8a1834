import { Injectable } from '@nestjs/common';
import { findLookUps, type RpcInput } from '#contracts';
import { AppError, RpcClient, takeFitting } from '#service';

export type AskedPerson = RpcInput<typeof findLookUps>['people'][number];

const most = 1_000;

/** Whose data was accessed under an agreement (O-07): nik-verification knows, from its evidence. */
@Injectable()
export class AccessedPeople {
  constructor(private readonly bus: RpcClient) {}

  /**
   * For each person, in the order given, the look-ups that prove it, best first.
   *
   * @param deadlineAt `performance.now()` at which nobody waits any more
   * @throws {AppError} AGREEMENT_CLOSED, EVIDENCE_UNAVAILABLE; SERVICE_UNAVAILABLE or SERVICE_TIMEOUT when nik-verification
   *   does not answer: then nobody knows, and nothing may be accepted
   */
  async find(
    { institutionId, agreementId }: { institutionId: string; agreementId: string },
    people: readonly AskedPerson[],
    deadlineAt: number,
  ): Promise<string[][]> {
    const found: string[][] = [];
    while (found.length < people.length) {
      const part = takeFitting(people.slice(found.length, found.length + most));
      const deadlineMs = Math.max(1, deadlineAt - performance.now());
      const { lookUps } = await this.bus.call(
        findLookUps,
        { institutionId, agreementId, people: part },
        { deadlineMs },
      );
      if (lookUps.length !== part.length)
        throw new AppError('INTERNAL_ERROR', {}, { cause: new Error(`${findLookUps.subject} answered for others`) });
      found.push(...lookUps);
    }
    return found;
  }
}
