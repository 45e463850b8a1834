import { Controller } from '@nestjs/common';
import { findLookUps, listBusinessLookUps, type RpcInput } from '#contracts';
import { RpcHandler } from '#service';
import { LookUps } from './look-ups.js';

@Controller()
export class LookUpsController {
  constructor(private readonly lookUps: LookUps) {}

  @RpcHandler(findLookUps)
  async find(input: RpcInput<typeof findLookUps>) {
    return { lookUps: await this.lookUps.find(input) };
  }

  @RpcHandler(listBusinessLookUps)
  async listBusiness(input: RpcInput<typeof listBusinessLookUps>) {
    return this.lookUps.listBusiness(input);
  }
}
