import { Controller, Param, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  getReportCsv,
  getReportForm,
  getReportJson,
  getReportPdf,
  getReportXlsx,
  OfficeQuery,
  readReportForm,
  type ReportForm,
  type Route,
} from '#contracts';
import { RpcClient } from '#service';
import type { AuthorisedRequest } from '../access/principal.js';
import { StandingAccess } from '../access/standing-access.js';
import { Administration } from '../administration/administration.service.js';
import { idOf } from '../data-balikan/balikan-access.js';
import { Downloads } from '../data-balikan/downloads.js';
import { ApiRoute } from '../http/route.decorator.js';
import { reportActorOf } from './report-actor.js';

/** The first piece has the whole file made. */
const deadlineMs = 30_000;

/** A report in its forms. */
@Controller()
export class ReportFilesController {
  constructor(
    private readonly administration: Administration,
    private readonly bus: RpcClient,
    private readonly standing: StandingAccess,
    private readonly downloads: Downloads,
  ) {}

  @ApiRoute(getReportPdf)
  async pdf(
    @Req() request: AuthorisedRequest,
    @Param('id') id: string,
    @Query({ schema: OfficeQuery }) query: OfficeQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    return this.send(getReportPdf, 'PDF', { request, id, query, reply });
  }

  @ApiRoute(getReportXlsx)
  async xlsx(
    @Req() request: AuthorisedRequest,
    @Param('id') id: string,
    @Query({ schema: OfficeQuery }) query: OfficeQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    return this.send(getReportXlsx, 'XLSX', { request, id, query, reply });
  }

  @ApiRoute(getReportCsv)
  async csv(
    @Req() request: AuthorisedRequest,
    @Param('id') id: string,
    @Query({ schema: OfficeQuery }) query: OfficeQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    return this.send(getReportCsv, 'CSV', { request, id, query, reply });
  }

  @ApiRoute(getReportJson)
  async json(
    @Req() request: AuthorisedRequest,
    @Param('id') id: string,
    @Query({ schema: OfficeQuery }) query: OfficeQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    return this.send(getReportJson, 'JSON', { request, id, query, reply });
  }

  @ApiRoute(getReportForm)
  async form(
    @Req() request: AuthorisedRequest,
    @Param('id') id: string,
    @Query({ schema: OfficeQuery }) query: OfficeQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    return this.send(getReportForm, 'TEMPLATE', { request, id, query, reply });
  }

  private async send(
    route: Route,
    form: ReportForm,
    asked: { request: AuthorisedRequest; id: string; query: OfficeQuery; reply: FastifyReply },
  ): Promise<StreamableFile> {
    const { request, query, reply } = asked;
    const actor = await reportActorOf(this.administration, request, query.institutionId);
    const one = { actor, id: idOf(asked.id), form };
    const readPiece = async (n: number) => {
      if (n > 0) await this.standing.confirm(route, request);
      return this.bus.call(readReportForm, { ...one, n }, { deadlineMs });
    };
    const contentType = route.response.contentType ?? 'application/octet-stream';
    return this.downloads.send({ contentType, institutionId: actor.institutionId, readPiece }, reply);
  }
}
