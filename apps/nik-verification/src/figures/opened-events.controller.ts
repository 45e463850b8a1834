import { Controller } from '@nestjs/common';
import { getOpenedFigures, keepOpenedEvents, listAcceptedLookUps, listUnopenedEvents, type RpcInput } from '#contracts';
import { RpcHandler, type Call } from '#service';
import { AsOfFinder } from './as-of.js';
import { Coverage } from './coverage.js';
import { OpenedEvents } from './opened-events.js';
import { Turns } from './turns.js';
import { unavailable } from './unavailable.js';

/** What reporting opens for the log, and what is counted of it (docs/report-format.md). */
@Controller()
export class OpenedEventsController {
  constructor(
    private readonly opened: OpenedEvents,
    private readonly coverage: Coverage,
    private readonly asOf: AsOfFinder,
    private readonly turns: Turns,
  ) {}

  @RpcHandler(listUnopenedEvents)
  async listUnopenedEvents({ institutionId, asOf, limit }: RpcInput<typeof listUnopenedEvents>, { deadlineAt }: Call) {
    const list = async () => {
      const counted = await (asOf ? this.asOf.find(institutionId, asOf) : this.asOf.findNewest(institutionId));
      return { events: counted ? await this.opened.listUnopened(counted, limit) : [] };
    };
    return this.turns.take(deadlineAt, list).catch(unavailable);
  }

  @RpcHandler(keepOpenedEvents)
  async keepOpenedEvents({ institutionId, events }: RpcInput<typeof keepOpenedEvents>, { deadlineAt }: Call) {
    return this.turns.take(deadlineAt, () => this.opened.keep(institutionId, events)).catch(unavailable);
  }

  @RpcHandler(getOpenedFigures)
  async getOpenedFigures({ institutionId, asOf, ...days }: RpcInput<typeof getOpenedFigures>, { deadlineAt }: Call) {
    const count = async () => {
      const counted = await this.asOf.find(institutionId, asOf);
      // first of all whether everything is opened: deliveries count for the coverage too
      const figures = await this.opened.figures(counted, days, deadlineAt);
      return { ...figures, covered: await this.coverage.count(counted, days, deadlineAt) };
    };
    return this.turns.take(deadlineAt, count).catch(unavailable);
  }

  @RpcHandler(listAcceptedLookUps)
  async listAcceptedLookUps(
    { institutionId, asOf, ...page }: RpcInput<typeof listAcceptedLookUps>,
    { deadlineAt }: Call,
  ) {
    const list = async () => {
      const counted = await this.asOf.find(institutionId, asOf);
      await this.opened.checkOpened(counted);
      return this.coverage.listAccepted(counted, page, deadlineAt);
    };
    return this.turns.take(deadlineAt, list).catch(unavailable);
  }
}
