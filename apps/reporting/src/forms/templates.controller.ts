import { Controller } from '@nestjs/common';
import { getTemplate, mapTemplate, uploadTemplate, type RpcInput } from '#contracts';
import { RpcHandler, unlessAway } from '#service';
import { ReportTemplates } from './report-templates.js';

@Controller()
export class TemplatesController {
  constructor(private readonly templates: ReportTemplates) {}

  @RpcHandler(uploadTemplate)
  async upload({ actor, bytes }: RpcInput<typeof uploadTemplate>) {
    return unlessAway(this.templates.upload(actor, Buffer.from(bytes, 'base64')));
  }

  @RpcHandler(mapTemplate)
  async map({ actor, mapping }: RpcInput<typeof mapTemplate>) {
    return unlessAway(this.templates.map(actor, mapping.cells));
  }

  @RpcHandler(getTemplate)
  async get({ actor }: RpcInput<typeof getTemplate>) {
    return unlessAway(this.templates.get(actor.institutionId));
  }
}
