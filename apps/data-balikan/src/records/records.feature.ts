import type { Feature, FeatureContext } from '../feature.js';
import { AccessedPeople } from '../people/accessed-people.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { OldKeys } from './old-keys.js';
import { RecordRepository } from './record.repository.js';
import { RecordsController } from './records.controller.js';
import { Submissions } from './submissions.js';

export const records = (_context: FeatureContext): Feature => ({
  controllers: [RecordsController],
  providers: [AccessedPeople, RecordRepository, IdempotencyKeys, OldKeys, Submissions],
  workers: [OldKeys],
});
