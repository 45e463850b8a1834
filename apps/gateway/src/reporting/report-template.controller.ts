import { Body, Controller, Req } from '@nestjs/common';
import {
  getReportTemplate,
  getTemplate,
  mapReportTemplate,
  mapTemplate,
  mostTemplateBytes,
  TemplateMapping,
  uploadReportTemplate,
  uploadTemplate,
  type ReportTemplate,
} from '#contracts';
import { RpcClient } from '#service';
import { buffer } from 'node:stream/consumers';
import type { SessionRequest } from '../access/principal.js';
import { Administration } from '../administration/administration.service.js';
import { uploadedFile } from '../data-balikan/uploaded-file.js';
import { ApiRoute } from '../http/route.decorator.js';
import { reportActorOf } from './report-actor.js';

/** The workbook is opened and its names are read. */
const deadlineMs = 20_000;

/** The ministry's own form, which only the office can download (JT 5d). */
@Controller()
export class ReportTemplateController {
  constructor(
    private readonly administration: Administration,
    private readonly bus: RpcClient,
  ) {}

  @ApiRoute(getReportTemplate)
  async show(@Req() request: SessionRequest): Promise<ReportTemplate> {
    const actor = await reportActorOf(this.administration, request);
    return this.bus.call(getTemplate, { actor }, { deadlineMs });
  }

  @ApiRoute(uploadReportTemplate)
  async upload(@Req() request: SessionRequest): Promise<ReportTemplate> {
    const actor = await reportActorOf(this.administration, request);
    const file = await buffer(uploadedFile(request, mostTemplateBytes));
    return this.bus.call(uploadTemplate, { actor, bytes: file.toString('base64') }, { deadlineMs });
  }

  @ApiRoute(mapReportTemplate)
  async map(
    @Req() request: SessionRequest,
    @Body({ schema: TemplateMapping }) mapping: TemplateMapping,
  ): Promise<ReportTemplate> {
    const actor = await reportActorOf(this.administration, request);
    return this.bus.call(mapTemplate, { actor, mapping }, { deadlineMs });
  }
}
