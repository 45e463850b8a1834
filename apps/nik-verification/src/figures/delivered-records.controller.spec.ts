import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { NatsContext } from '@nestjs/microservices';
import type pg from 'pg';
import { AsOfFinder } from './as-of.js';
import { DeliveredRecordsController } from './delivered-records.controller.js';
import { DeliveredRecords } from './delivered-records.js';
import { History } from './history-fixture.js';
import { Turns } from './turns.js';

let history: History;
beforeAll(async () => {
  history = await History.begin();
});
afterAll(() => history.end());

/** As it comes from the bus: checked against the contract at both ends, answered in an envelope. */
async function ask(input: object, pool: pg.Pool = history.pool): Promise<object> {
  const asOf = new AsOfFinder(pool, history.sequencer());
  const controller = new DeliveredRecordsController(new DeliveredRecords(pool), asOf, new Turns(10));
  const handler = controller.listDeliveredRecords.bind(controller) as unknown as (
    input: object,
    context: NatsContext,
  ) => Promise<object>;
  return handler(input, { getHeaders: () => undefined } as unknown as NatsContext);
}

test('is answered as its contract has it; a checkpoint that is none, and a database that is away, are told as such', async () => {
  const institutionId = randomUUID();
  const record = randomUUID();
  await history.report(institutionId, '2024-05-05T01:00:00Z', 'DATA_BALIKAN', 'data-balikan.delivered', record);
  const { origin, size } = await history.sign(institutionId);
  const asked = { institutionId, asOf: { origin, size }, records: [randomUUID(), record] };
  expect(await ask(asked)).toEqual({ value: { records: [record] } });
  const later = { ...asked, asOf: { origin, size: 9 } };
  expect(await ask(later)).toMatchObject({ error: { code: 'NOT_IN_CHECKPOINT' } });
  expect(await ask({ ...asked, institutionId: randomUUID() })).toMatchObject({
    error: { code: 'RESOURCE_NOT_FOUND' },
  });
  const away = history.database.pool('nik_verification', { port: 1 });
  expect(await ask(asked, away)).toMatchObject({ error: { code: 'EVIDENCE_UNAVAILABLE' } });
});
