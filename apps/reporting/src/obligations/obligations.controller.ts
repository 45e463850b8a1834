import { Controller } from '@nestjs/common';
import { listObligations, type RpcInput } from '#contracts';
import { RpcHandler, unlessAway, type Call } from '#service';
import { Obligations } from './obligations.js';

@Controller()
export class ObligationsController {
  constructor(private readonly obligations: Obligations) {}

  @RpcHandler(listObligations)
  async list({ actor }: RpcInput<typeof listObligations>, { deadlineAt }: Call) {
    return unlessAway(this.obligations.list(actor.institutionId, deadlineAt));
  }
}
