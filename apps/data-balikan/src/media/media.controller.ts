import { Controller } from '@nestjs/common';
import {
  cancelMediaPackage,
  getMediaPackage,
  listMediaPackages,
  makeMediaPackage,
  readMediaPackage,
  receiptMediaPackage,
  type RpcInput,
} from '#contracts';
import { RpcHandler, unlessAway } from '#service';
import { MediaPackages } from './media-packages.js';

@Controller()
export class MediaController {
  constructor(private readonly packages: MediaPackages) {}

  @RpcHandler(makeMediaPackage)
  async make({ actor }: RpcInput<typeof makeMediaPackage>) {
    return unlessAway(this.packages.make(actor));
  }

  @RpcHandler(listMediaPackages)
  async list({ institutionId }: RpcInput<typeof listMediaPackages>) {
    return { packages: await unlessAway(this.packages.list(institutionId)) };
  }

  @RpcHandler(getMediaPackage)
  async get({ institutionId, id }: RpcInput<typeof getMediaPackage>) {
    return unlessAway(this.packages.get(institutionId, id));
  }

  @RpcHandler(readMediaPackage)
  async read({ institutionId, id, part, n }: RpcInput<typeof readMediaPackage>) {
    const { bytes, last } = await unlessAway(
      part === 'FILE' ? this.packages.readFile(institutionId, id, n) : this.packages.readMinutes(institutionId, id, n),
    );
    return { bytes: bytes.toString('base64'), last };
  }

  @RpcHandler(receiptMediaPackage)
  async receipt({ institutionId, id, receipt }: RpcInput<typeof receiptMediaPackage>) {
    return unlessAway(this.packages.receipt(institutionId, id, receipt));
  }

  @RpcHandler(cancelMediaPackage)
  async cancel({ institutionId, id }: RpcInput<typeof cancelMediaPackage>) {
    return unlessAway(this.packages.cancel(institutionId, id));
  }
}
