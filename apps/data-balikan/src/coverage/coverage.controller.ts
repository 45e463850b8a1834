import { Controller } from '@nestjs/common';
import { getCoverage, type RpcInput } from '#contracts';
import { RpcHandler, unlessAway, type Call } from '#service';
import { Coverages } from './coverages.js';

@Controller()
export class CoverageController {
  constructor(private readonly coverages: Coverages) {}

  @RpcHandler(getCoverage)
  async get(input: RpcInput<typeof getCoverage>, call: Call) {
    return unlessAway(this.coverages.of(input, call));
  }
}
