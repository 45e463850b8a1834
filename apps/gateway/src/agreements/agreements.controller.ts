import { Body, Controller, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  addAgreementVersion,
  closeAgreement,
  createAgreement,
  getAgreement,
  getClosingStatement,
  listAgreements,
  NewAgreement,
  NewAgreementVersion,
  NewClosingStep,
  NewSptjm,
  recordClosingStep,
  recordSptjm,
  terminateAgreement,
  Termination,
  AgreementClosure,
  type AgreementDetail,
  type ProposalDetail,
} from '#contracts';
import { RpcClient } from '#service';
import type { SessionRequest } from '../access/principal.js';
import { actorOf, Administration } from '../administration/administration.service.js';
import { ApiRoute } from '../http/route.decorator.js';
import * as acts from './agreement-acts.js';
import { describeAgreement, getAgreementFile, listAgreementFiles } from './agreement-detail.js';
import * as closing from './closing-acts.js';
import { closingStatementOf } from './closing-record.js';
import { renderClosingStatement } from './closing-statement.js';

@Controller()
export class AgreementsController {
  constructor(
    private readonly administration: Administration,
    private readonly bus: RpcClient,
  ) {}

  @ApiRoute(listAgreements)
  async list(@Req() request: SessionRequest, @Param('institutionId') id: string) {
    return this.administration.read(actorOf(request), id, async ({ manager, institution, today }) => ({
      agreements: (await listAgreementFiles(manager, institution.id)).map((file) => describeAgreement(file, today)),
    }));
  }

  @ApiRoute(getAgreement)
  async show(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('agreementId') agreementId: string,
  ): Promise<AgreementDetail> {
    return this.administration.read(actorOf(request), id, async ({ manager, institution, today }) =>
      describeAgreement(await getAgreementFile(manager, institution.id, agreementId), today),
    );
  }

  @ApiRoute(createAgreement)
  async create(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Body({ schema: NewAgreement }) { reason, ...agreement }: NewAgreement,
  ): Promise<AgreementDetail> {
    return this.administration.perform(acts.createAgreement, actorOf(request), id, agreement, reason);
  }

  @ApiRoute(addAgreementVersion)
  async addVersion(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('agreementId') agreementId: string,
    @Body({ schema: NewAgreementVersion }) { terms, reason }: NewAgreementVersion,
  ): Promise<ProposalDetail> {
    const input = { agreementId, terms };
    return this.administration.propose(acts.addAgreementVersion, actorOf(request), id, input, reason);
  }

  @ApiRoute(recordSptjm)
  async sptjm(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('agreementId') agreementId: string,
    @Body({ schema: NewSptjm }) { sptjm, reason }: NewSptjm,
  ): Promise<AgreementDetail> {
    return this.administration.perform(acts.recordSptjm, actorOf(request), id, { agreementId, sptjm }, reason);
  }

  @ApiRoute(terminateAgreement)
  async terminate(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('agreementId') agreementId: string,
    @Body({ schema: Termination }) { letterNumber, reason }: Termination,
  ): Promise<AgreementDetail> {
    const input = { agreementId, letterNumber, why: reason };
    return this.administration.perform(acts.terminateAgreement, actorOf(request), id, input, reason);
  }

  @ApiRoute(recordClosingStep)
  async closingStep(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('agreementId') agreementId: string,
    @Body({ schema: NewClosingStep }) { reason, ...step }: NewClosingStep,
  ): Promise<AgreementDetail> {
    const input = { agreementId, ...step };
    return this.administration.perform(closing.recordClosingStep, actorOf(request), id, input, reason);
  }

  @ApiRoute(closeAgreement)
  async close(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('agreementId') agreementId: string,
    @Body({ schema: AgreementClosure }) { reason }: { reason: string },
  ): Promise<ProposalDetail> {
    const act = closing.makeCloseAgreement(this.bus);
    return this.administration.propose(act, actorOf(request), id, { agreementId }, reason);
  }

  @ApiRoute(getClosingStatement)
  async statement(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('agreementId') agreementId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const data = await this.administration.read(actorOf(request), id, (context) =>
      closingStatementOf(context, agreementId),
    );
    void reply
      .type('application/pdf')
      .header('Content-Disposition', `attachment; filename="berita-acara-penutupan-${agreementId}.pdf"`);
    return renderClosingStatement(data);
  }
}
