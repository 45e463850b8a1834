import { Controller } from '@nestjs/common';
import {
  approveReport,
  discardReport,
  draftReport,
  evaluateReport,
  getReport,
  listReports,
  reviewReport,
  submitReport,
  writeNarrative,
  type RpcInput,
} from '#contracts';
import { RpcHandler, unlessAway, type Call } from '#service';
import { Reports } from './reports.js';

@Controller()
export class ReportsController {
  constructor(private readonly reports: Reports) {}

  @RpcHandler(draftReport)
  async draft({ actor, report }: RpcInput<typeof draftReport>, { deadlineAt }: Call) {
    return unlessAway(this.reports.draft(actor, report, deadlineAt - performance.now()));
  }

  @RpcHandler(listReports)
  async list({ actor, limit, before }: RpcInput<typeof listReports>) {
    return unlessAway(this.reports.list(actor, limit, before));
  }

  @RpcHandler(getReport)
  async get({ actor, id }: RpcInput<typeof getReport>) {
    return unlessAway(this.reports.get(actor, id));
  }

  @RpcHandler(writeNarrative)
  async write({ actor, id, narrative }: RpcInput<typeof writeNarrative>) {
    return unlessAway(this.reports.write(actor, id, narrative));
  }

  @RpcHandler(reviewReport)
  async review({ actor, id }: RpcInput<typeof reviewReport>) {
    return unlessAway(this.reports.review(actor, id));
  }

  @RpcHandler(approveReport)
  async approve({ actor, id, contentHash }: RpcInput<typeof approveReport>) {
    return unlessAway(this.reports.approve(actor, id, contentHash));
  }

  @RpcHandler(submitReport)
  async submit({ actor, id, submission }: RpcInput<typeof submitReport>) {
    return unlessAway(this.reports.submit(actor, id, submission));
  }

  @RpcHandler(evaluateReport)
  async evaluate({ actor, id, evaluation }: RpcInput<typeof evaluateReport>) {
    return unlessAway(this.reports.evaluate(actor, id, evaluation));
  }

  @RpcHandler(discardReport)
  async discard({ actor, id, discarding }: RpcInput<typeof discardReport>) {
    return unlessAway(this.reports.discard(actor, id, discarding));
  }
}
