import { Body, Controller, Param, Query, Req } from '@nestjs/common';
import {
  approveReport,
  approveSemesterReport,
  discardReport,
  discardSemesterReport,
  draftReport,
  draftSemesterReport,
  evaluateReport,
  evaluateSemesterReport,
  getReport,
  getSemesterReport,
  listReports,
  listSemesterReports,
  Narrative,
  NewReport,
  OfficeQuery,
  ReportApproval,
  ReportDiscarding,
  ReportEvaluation,
  ReportQuery,
  ReportSubmission,
  reviewReport,
  reviewSemesterReport,
  submitReport,
  submitSemesterReport,
  writeNarrative,
  writeReportNarrative,
  type ReportDetail,
  type ReportPage,
} from '#contracts';
import { RpcClient } from '#service';
import type { AuthorisedRequest, SessionRequest } from '../access/principal.js';
import { Administration } from '../administration/administration.service.js';
import { idOf } from '../data-balikan/balikan-access.js';
import { ApiRoute } from '../http/route.decorator.js';
import { reportActorOf } from './report-actor.js';

const deadlineMs = 10_000;
/** A checkpoint is signed, and every figure asked for. */
const draftDeadlineMs = 60_000;

/** Semester reports and their steps (O-20, O-21). */
@Controller()
export class ReportsController {
  constructor(
    private readonly administration: Administration,
    private readonly bus: RpcClient,
  ) {}

  @ApiRoute(listSemesterReports)
  async list(
    @Req() request: AuthorisedRequest,
    @Query({ schema: ReportQuery }) { institutionId, ...page }: ReportQuery,
  ): Promise<ReportPage> {
    const actor = await reportActorOf(this.administration, request, institutionId);
    return this.bus.call(listReports, { actor, ...page }, { deadlineMs });
  }

  @ApiRoute(draftSemesterReport)
  async draft(@Req() request: SessionRequest, @Body({ schema: NewReport }) report: NewReport): Promise<ReportDetail> {
    const actor = await reportActorOf(this.administration, request);
    return this.bus.call(draftReport, { actor, report }, { deadlineMs: draftDeadlineMs });
  }

  @ApiRoute(getSemesterReport)
  async show(
    @Req() request: AuthorisedRequest,
    @Param('id') id: string,
    @Query({ schema: OfficeQuery }) { institutionId }: OfficeQuery,
  ): Promise<ReportDetail> {
    return this.bus.call(getReport, await this.one(request, id, institutionId), { deadlineMs });
  }

  @ApiRoute(writeReportNarrative)
  async write(
    @Req() request: SessionRequest,
    @Param('id') id: string,
    @Body({ schema: Narrative }) narrative: Narrative,
  ): Promise<ReportDetail> {
    return this.bus.call(writeNarrative, { ...(await this.one(request, id)), narrative }, { deadlineMs });
  }

  @ApiRoute(reviewSemesterReport)
  async review(@Req() request: SessionRequest, @Param('id') id: string): Promise<ReportDetail> {
    return this.bus.call(reviewReport, await this.one(request, id), { deadlineMs });
  }

  @ApiRoute(approveSemesterReport)
  async approve(
    @Req() request: SessionRequest,
    @Param('id') id: string,
    @Query({ schema: ReportApproval }) approval: ReportApproval,
  ): Promise<ReportDetail> {
    return this.bus.call(approveReport, { ...(await this.one(request, id)), ...approval }, { deadlineMs });
  }

  @ApiRoute(submitSemesterReport)
  async submit(
    @Req() request: SessionRequest,
    @Param('id') id: string,
    @Body({ schema: ReportSubmission }) submission: ReportSubmission,
  ): Promise<ReportDetail> {
    return this.bus.call(submitReport, { ...(await this.one(request, id)), submission }, { deadlineMs });
  }

  @ApiRoute(evaluateSemesterReport)
  async evaluate(
    @Req() request: SessionRequest,
    @Param('id') id: string,
    @Query({ schema: OfficeQuery }) { institutionId }: OfficeQuery,
    @Body({ schema: ReportEvaluation }) evaluation: ReportEvaluation,
  ): Promise<ReportDetail> {
    const one = await this.one(request, id, institutionId);
    return this.bus.call(evaluateReport, { ...one, evaluation }, { deadlineMs });
  }

  @ApiRoute(discardSemesterReport)
  async discard(
    @Req() request: SessionRequest,
    @Param('id') id: string,
    @Body({ schema: ReportDiscarding }) discarding: ReportDiscarding,
  ): Promise<ReportDetail> {
    return this.bus.call(discardReport, { ...(await this.one(request, id)), discarding }, { deadlineMs });
  }

  private async one(request: AuthorisedRequest, id: string, institutionId?: string) {
    return { actor: await reportActorOf(this.administration, request, institutionId), id: idOf(id) };
  }
}
