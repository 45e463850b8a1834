import { Controller } from '@nestjs/common';
import { closeDuty, listDuties, openDuty, type RpcInput } from '#contracts';
import { RpcHandler, unlessAway } from '#service';
import { Duties } from './duties.js';

@Controller()
export class DutiesController {
  constructor(private readonly duties: Duties) {}

  @RpcHandler(openDuty)
  async open({ actor, duty }: RpcInput<typeof openDuty>) {
    return unlessAway(this.duties.open(actor.institutionId, duty, actor.operatorId));
  }

  @RpcHandler(closeDuty)
  async close({ actor, id, done }: RpcInput<typeof closeDuty>) {
    return unlessAway(this.duties.close(actor.institutionId, id, done, actor.operatorId));
  }

  @RpcHandler(listDuties)
  async list({ actor }: RpcInput<typeof listDuties>) {
    return { duties: await unlessAway(this.duties.list(actor.institutionId)) };
  }
}
