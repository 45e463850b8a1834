import { Controller } from '@nestjs/common';
import { getBalikan, listBalikan, submitBalikan, type RpcInput } from '#contracts';
import { AppError, RpcHandler, unlessAway, type Call } from '#service';
import { RecordRepository } from './record.repository.js';
import { Submissions } from './submissions.js';

@Controller()
export class RecordsController {
  constructor(
    private readonly submissions: Submissions,
    private readonly records: RecordRepository,
  ) {}

  @RpcHandler(submitBalikan)
  async submit(input: RpcInput<typeof submitBalikan>, call: Call) {
    return unlessAway(this.submissions.submit(input, call));
  }

  @RpcHandler(listBalikan)
  async list({ institutionId, query }: RpcInput<typeof listBalikan>) {
    return unlessAway(this.records.list(institutionId, query));
  }

  @RpcHandler(getBalikan)
  async get({ institutionId, id }: RpcInput<typeof getBalikan>) {
    const record = await unlessAway(this.records.find(institutionId, id));
    if (!record) throw new AppError('RESOURCE_NOT_FOUND');
    return record;
  }
}
