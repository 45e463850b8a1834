import { Controller, Query, Req } from '@nestjs/common';
import type { z } from 'zod';
import { uploadBalikanBatch, UploadQuery, type Batch } from '#contracts';
import { AppError, RpcClient } from '#service';
import type { AuthorisedRequest } from '../access/principal.js';
import { uploadTimeMs } from '../http/adapter.js';
import { allowBodyTime, bodyTimeMs } from '../http/body-time.js';
import { ApiRoute } from '../http/route.decorator.js';
import { BalikanAccess } from './balikan-access.js';
import { sendUpload } from './send-upload.js';
import { uploadedFile } from './uploaded-file.js';

/** At once, in this process. */
const mostUploads = 32;
const busySeconds = 10;

/** A file on its way in. */
@Controller()
export class BalikanUploadController {
  private running = 0;

  constructor(
    private readonly bus: RpcClient,
    private readonly access: BalikanAccess,
  ) {}

  @ApiRoute(uploadBalikanBatch)
  async upload(
    @Req() request: AuthorisedRequest,
    @Query({ schema: UploadQuery }) { policy }: z.infer<typeof UploadQuery>,
  ): Promise<Batch> {
    const actor = await this.access.actorOf(request);
    if (this.running >= mostUploads) throw new AppError('OVERLOADED', { retryAfter: busySeconds });
    this.running += 1;
    // only whoever may upload gets the time for it
    allowBodyTime(request, uploadTimeMs);
    const confirm = () => this.access.confirmActor(uploadBalikanBatch, request);
    try {
      return await sendUpload(this.bus, { actor, policy, file: uploadedFile(request), confirm });
    } finally {
      this.running -= 1;
      // the rest of one that was refused
      allowBodyTime(request, bodyTimeMs);
    }
  }
}
