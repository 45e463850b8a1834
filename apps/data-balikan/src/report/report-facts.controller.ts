import { Controller } from '@nestjs/common';
import { listUndelivered, openBalikanEvents, type RpcInput } from '#contracts';
import { RpcHandler, unlessAway } from '#service';
import { DeliveredEvents } from './delivered-events.js';
import { UndeliveredRecords } from './undelivered-records.js';

/** What a report asks of data balikan (O-20). */
@Controller()
export class ReportFactsController {
  constructor(
    private readonly delivered: DeliveredEvents,
    private readonly undelivered: UndeliveredRecords,
  ) {}

  @RpcHandler(openBalikanEvents)
  async open(input: RpcInput<typeof openBalikanEvents>) {
    return unlessAway(this.delivered.open(input));
  }

  @RpcHandler(listUndelivered)
  async listUndelivered(input: RpcInput<typeof listUndelivered>) {
    return unlessAway(this.undelivered.list(input));
  }
}
