import { Controller } from '@nestjs/common';
import { reportEvents, type RpcInput } from '#contracts';
import { RpcHandler } from '#service';
import { ReportedEvents } from './reported-events.js';

@Controller()
export class ReportedEventsController {
  constructor(private readonly reported: ReportedEvents) {}

  @RpcHandler(reportEvents)
  async report({ events }: RpcInput<typeof reportEvents>) {
    return { taken: await this.reported.take(events) };
  }
}
