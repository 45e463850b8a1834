import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { NatsContext } from '@nestjs/microservices';
import pg from 'pg';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { MediaOffice } from './media-fixture.js';
import type { MediaPackages } from './media-packages.js';
import { MediaController } from './media.controller.js';

let database: TestDatabase;
let nowhere: pg.Pool;
let office: MediaOffice;

beforeAll(async () => {
  database = await TestDatabase.create();
  nowhere = new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 2_000 });
  office = await MediaOffice.open(nowhere);
});
afterAll(async () => {
  await office.close();
  await nowhere.end();
  await database.drop();
});

/** As it comes from the bus: checked against the contract, answered in an envelope. */
const ask = (packages: MediaPackages, name: keyof MediaController, input: object): unknown => {
  const controller = new MediaController(packages);
  const handler = controller[name].bind(controller) as unknown as (input: object, context: NatsContext) => unknown;
  return handler(input, { getHeaders: () => undefined } as unknown as NatsContext);
};

test('while the database is away every call may be made again', async () => {
  const one = { institutionId: office.actor.institutionId, id: randomUUID() };
  const counts = { accepted: 1, refused: 0, refusedRegisters: [] };
  const receipt = { number: '470/112/2026', date: '2026-11-23', ...counts, part: 1, last: true };
  const calls = {
    make: ask(office.packages, 'make', { actor: office.actor }),
    list: ask(office.packages, 'list', { institutionId: one.institutionId }),
    get: ask(office.packages, 'get', one),
    file: ask(office.packages, 'read', { ...one, part: 'FILE', n: 0 }),
    minutes: ask(office.packages, 'read', { ...one, part: 'MINUTES', n: 0 }),
    receipt: ask(office.packages, 'receipt', { ...one, receipt }),
    cancel: ask(office.packages, 'cancel', one),
  };
  for (const [name, answer] of Object.entries(calls))
    expect({ name, answer: await answer }).toMatchObject({ name, answer: { error: { code: 'SERVICE_UNAVAILABLE' } } });
});

test('what is not there stays not there', async () => {
  const here = await MediaOffice.open(database.pool('data_balikan'));
  const one = { institutionId: here.actor.institutionId, id: randomUUID() };
  expect(await ask(here.packages, 'get', one)).toMatchObject({
    error: { code: 'RESOURCE_NOT_FOUND' },
  });
  await here.close();
});
