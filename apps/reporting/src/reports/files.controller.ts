import { Controller } from '@nestjs/common';
import { readKitPart, readReportForm, type RpcInput } from '#contracts';
import { RpcHandler, unlessAway } from '#service';
import { KitParts } from './kit-parts.js';
import { ReportFiles } from './report-files.js';

@Controller()
export class FilesController {
  constructor(
    private readonly files: ReportFiles,
    private readonly kit: KitParts,
  ) {}

  @RpcHandler(readReportForm)
  async readForm({ actor, id, form, n }: RpcInput<typeof readReportForm>) {
    return unlessAway(this.files.read(actor, id, form, n));
  }

  @RpcHandler(readKitPart)
  async readKitPart({ actor, id, part, after }: RpcInput<typeof readKitPart>) {
    return unlessAway(this.kit[part](actor, id, after));
  }
}
