import { Controller } from '@nestjs/common';
import { listDeliveredRecords, type RpcInput } from '#contracts';
import { RpcHandler, type Call } from '#service';
import { AsOfFinder } from './as-of.js';
import { DeliveredRecords } from './delivered-records.js';
import { Turns } from './turns.js';
import { unavailable } from './unavailable.js';

/** Which records reporting must not count as undelivered. */
@Controller()
export class DeliveredRecordsController {
  constructor(
    private readonly delivered: DeliveredRecords,
    private readonly asOf: AsOfFinder,
    private readonly turns: Turns,
  ) {}

  @RpcHandler(listDeliveredRecords)
  async listDeliveredRecords(
    { institutionId, asOf, records }: RpcInput<typeof listDeliveredRecords>,
    { deadlineAt }: Call,
  ) {
    const find = async () => ({
      records: await this.delivered.find(await this.asOf.find(institutionId, asOf), records),
    });
    return this.turns.take(deadlineAt, find).catch(unavailable);
  }
}
