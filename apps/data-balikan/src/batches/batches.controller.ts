import { Controller } from '@nestjs/common';
import {
  beginUpload,
  decideBatch,
  finishUpload,
  getBatch,
  listBatches,
  listRowFaults,
  readBatchResult,
  readTemplate,
  uploadChunk,
  type RpcInput,
} from '#contracts';
import { RpcHandler } from '#service';
import { makeTemplate } from '../files/template.js';
import { Destinations } from '../destinations/destinations.js';
import { batchView } from './batch-view.js';
import { Batches } from './batches.service.js';
import { columnNames } from './column-names.js';
import { Uploads } from './uploads.js';

/** Files with many records: how they come in, how they stand, and what is decided about them (O-08). */
@Controller()
export class BatchesController {
  constructor(
    private readonly uploads: Uploads,
    private readonly batches: Batches,
    private readonly destinations: Destinations,
  ) {}

  @RpcHandler(beginUpload)
  async begin(input: RpcInput<typeof beginUpload>) {
    return { id: await this.uploads.begin(input) };
  }

  @RpcHandler(uploadChunk)
  async put(input: RpcInput<typeof uploadChunk>) {
    await this.uploads.put(input);
    return { n: input.n };
  }

  @RpcHandler(finishUpload)
  async finish(input: RpcInput<typeof finishUpload>) {
    return batchView(await this.uploads.finish(input));
  }

  @RpcHandler(getBatch)
  async get({ institutionId, id }: RpcInput<typeof getBatch>) {
    return batchView(await this.batches.get(institutionId, id));
  }

  @RpcHandler(listBatches)
  async list(input: RpcInput<typeof listBatches>) {
    return this.batches.list(input);
  }

  @RpcHandler(listRowFaults)
  async faults(input: RpcInput<typeof listRowFaults>) {
    return this.batches.faults(input);
  }

  @RpcHandler(decideBatch)
  async decide(input: RpcInput<typeof decideBatch>) {
    return this.batches.decide(input);
  }

  @RpcHandler(readBatchResult)
  async result({ institutionId, id, n }: RpcInput<typeof readBatchResult>) {
    return this.batches.readResult(institutionId, id, n);
  }

  @RpcHandler(readTemplate)
  async template({ institutionId }: RpcInput<typeof readTemplate>) {
    const destination = await this.destinations.find(institutionId);
    const bytes = await makeTemplate(columnNames(destination), {
      ...(destination && { namaLembaga: destination.namaLembaga }),
      registerPattern: destination?.registerPattern,
    });
    return { bytes: bytes.toString('base64') };
  }
}
