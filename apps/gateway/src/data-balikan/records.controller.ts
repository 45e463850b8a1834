import { Body, Controller, Headers, Param, Query, Req, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  BalikanOfQuery,
  BalikanQuery,
  BalikanSubmission,
  CoverageQuery,
  createBalikan,
  getBalikan,
  getBalikanCoverage,
  getBalikanDelivery,
  getBalikanRecord,
  getBalikanTemplate,
  getCoverage,
  getDelivery,
  listBalikan,
  listBalikanRecords,
  readTemplate,
  submitBalikan,
  type BalikanAccepted,
  type BalikanDelivery,
  type BalikanPage,
  type BalikanRecord,
  type Coverage,
} from '#contracts';
import { RpcClient } from '#service';
import type { AuthorisedRequest } from '../access/principal.js';
import { Administration } from '../administration/administration.service.js';
import { askedInstitution, readerOf } from '../evidence/evidence-reader.js';
import { readIdempotencyKey } from '../http/idempotency-key.js';
import { ApiRoute } from '../http/route.decorator.js';
import { BalikanAccess, idOf } from './balikan-access.js';
import { monthsOf } from './coverage-months.js';

const readDeadlineMs = 5_000;
/** The look-up behind it is asked for, and the record committed. */
const submitDeadlineMs = 10_000;
const coverageDeadlineMs = 20_000;

/** Single records, and how it stands with all of them (O-07). */
@Controller()
export class BalikanRecordsController {
  constructor(
    private readonly bus: RpcClient,
    private readonly access: BalikanAccess,
    private readonly administration: Administration,
  ) {}

  @ApiRoute(createBalikan)
  async create(
    @Req() request: AuthorisedRequest,
    @Body({ schema: BalikanSubmission }) submission: BalikanSubmission,
    @Headers('idempotency-key') given: string | undefined,
  ): Promise<BalikanAccepted> {
    const actor = await this.access.actorOf(request);
    const idempotencyKey = readIdempotencyKey(given);
    const source = request.user.kind === 'client' ? ('WEB_SERVICE' as const) : ('FORM' as const);
    const input = { actor, submission, source, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
    return this.bus.call(submitBalikan, input, { deadlineMs: submitDeadlineMs });
  }

  @ApiRoute(listBalikanRecords)
  async list(
    @Req() request: AuthorisedRequest,
    @Query({ schema: BalikanQuery }) { institutionId: wanted, ...query }: BalikanQuery,
  ): Promise<BalikanPage> {
    const { id: institutionId } = await askedInstitution(this.administration, request, wanted);
    return this.bus.call(listBalikan, { institutionId, query }, { deadlineMs: readDeadlineMs });
  }

  @ApiRoute(getBalikanTemplate)
  async template(
    @Req() { facts }: AuthorisedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    readerOf(facts);
    const input = { institutionId: facts.institution.id };
    const { bytes } = await this.bus.call(readTemplate, input, { deadlineMs: readDeadlineMs });
    void reply
      .type(getBalikanTemplate.response.contentType)
      .header('Content-Disposition', 'attachment; filename="data-balikan.xlsx"');
    return new StreamableFile(Buffer.from(bytes, 'base64'));
  }

  @ApiRoute(getBalikanDelivery)
  async delivery(
    @Req() request: AuthorisedRequest,
    @Query({ schema: BalikanOfQuery }) { institutionId: wanted }: BalikanOfQuery,
  ): Promise<BalikanDelivery> {
    const { id: institutionId } = await askedInstitution(this.administration, request, wanted);
    return this.bus.call(getDelivery, { institutionId }, { deadlineMs: readDeadlineMs });
  }

  @ApiRoute(getBalikanCoverage)
  async coverage(
    @Req() request: AuthorisedRequest,
    @Query({ schema: CoverageQuery }) { institutionId: wanted, ...asked }: CoverageQuery,
  ): Promise<Coverage> {
    const { id: institutionId } = await askedInstitution(this.administration, request, wanted);
    const months = monthsOf(asked, request.facts.today);
    return this.bus.call(getCoverage, { institutionId, ...months }, { deadlineMs: coverageDeadlineMs });
  }

  @ApiRoute(getBalikanRecord)
  async show(
    @Req() request: AuthorisedRequest,
    @Param('id') text: string,
    @Query({ schema: BalikanOfQuery }) { institutionId: wanted }: BalikanOfQuery,
  ): Promise<BalikanRecord> {
    const { id: institutionId } = await askedInstitution(this.administration, request, wanted);
    return this.bus.call(getBalikan, { institutionId, id: idOf(text) }, { deadlineMs: readDeadlineMs });
  }
}
