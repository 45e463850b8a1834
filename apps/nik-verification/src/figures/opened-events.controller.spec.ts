import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { NatsContext } from '@nestjs/microservices';
import type pg from 'pg';
import { AsOfFinder } from './as-of.js';
import { Coverage } from './coverage.js';
import { History, nothingSaid } from './history-fixture.js';
import { OpenedEventsController } from './opened-events.controller.js';
import { OpenedEvents } from './opened-events.js';
import { Turns } from './turns.js';
import { madeEvents } from './year-fixture.js';

let history: History;
beforeAll(async () => {
  history = await History.begin();
});
afterAll(() => history.end());

const year = { from: '2024-01-01', until: '2024-12-31' };

type Name = 'listUnopenedEvents' | 'keepOpenedEvents' | 'getOpenedFigures' | 'listAcceptedLookUps';

function makeController(pool: pg.Pool): OpenedEventsController {
  const asOf = new AsOfFinder(pool, history.sequencer());
  return new OpenedEventsController(new OpenedEvents(pool), new Coverage(pool, history.log), asOf, new Turns(10));
}

/** As it comes from the bus: checked against the contract at both ends, answered in an envelope. */
async function ask(
  name: Name,
  input: object,
  controller = makeController(history.pool),
): Promise<{ value?: unknown; error?: { code: string; extras: object } }> {
  const handler = controller[name].bind(controller) as unknown as (
    input: object,
    context: NatsContext,
  ) => Promise<object>;
  return handler(input, { getHeaders: () => undefined } as unknown as NatsContext);
}

test('listed, handed in, counted: each message is answered as its contract has it', async () => {
  const office = randomUUID();
  expect(await ask('listUnopenedEvents', { institutionId: office })).toEqual({ value: { events: [] } });
  await history.write(office, madeEvents(office, 71, 20));
  const [lookedUp, at] = [randomUUID(), '2025-03-03T17:00:00Z'];
  await history.write(office, [
    { verificationId: lookedUp, at, kind: 'REQUESTED', service: 'SKU', hit: 'reserved' },
    { verificationId: lookedUp, at, kind: 'ANSWERED', service: 'SKU', hit: 'confirmed', outcome: 'FOUND' },
  ]);
  const read = await history.report(office, '2024-05-05T01:00:00Z', 'READER_READ', 'reader.read', randomUUID());
  const delivered = await history.report(office, '2024-05-05T01:00:00Z', 'DATA_BALIKAN', 'data-balikan.delivered');
  // nothing is signed for somebody who does not ask for a checkpoint
  expect(await ask('listUnopenedEvents', { institutionId: office })).toEqual({ value: { events: [] } });
  const { origin, size } = await history.sign(office);
  const asked = { institutionId: office, asOf: { origin, size } };

  for (const input of [asked, { institutionId: office }])
    expect(await ask('listUnopenedEvents', input)).toMatchObject({
      value: { events: [{ id: read }, { id: delivered }] },
    });
  expect(await ask('listUnopenedEvents', { ...asked, limit: 1 })).toMatchObject({ value: { events: [{ id: read }] } });
  expect(await ask('getOpenedFigures', { ...asked, ...year })).toEqual({
    error: { code: 'EVIDENCE_UNAVAILABLE', extras: { retryAfter: 2 } },
  });

  const events = [
    { id: read, said: { ...nothingSaid, outcome: 'MATCHED', tries: 2, service: 'SKU' } },
    { id: delivered, said: { ...nothingSaid, receipt: 'MEDIA', verificationId: lookedUp } },
  ];
  for (const office2 of [randomUUID(), office])
    expect(await ask('keepOpenedEvents', { institutionId: office2, events })).toEqual({
      value: { kept: office2 === office ? 2 : 0, differing: 0 },
    });
  expect(await ask('getOpenedFigures', { ...asked, ...year })).toMatchObject({
    value: {
      readers: { reads: 1, byTries: [{ tries: 2, count: 1 }] },
      dataBalikan: { delivered: 1, byMethod: [{ method: 'MEDIA', receipt: 'MEDIA', count: 1 }] },
      covered: expect.any(Array),
    },
  });
  expect(await ask('getOpenedFigures', { ...asked, from: '2025-03-01', until: '2025-03-31' })).toMatchObject({
    value: { readers: { reads: 0 }, covered: [{ day: '2025-03-04', lookUps: 1, sent: 1 }] },
  });
  const named = { named: [randomUUID()], after: null };
  expect(await ask('listAcceptedLookUps', { ...asked, ...year, ...named })).toEqual({
    value: { lookUps: [], next: null },
  });
});

test('a checkpoint that is none is told as such, and so is a database that is away', async () => {
  const institutionId = randomUUID();
  await history.report(institutionId, '2024-05-05T01:00:00Z', 'REPORT', 'report.draft');
  const { origin } = await history.sign(institutionId);
  const away = makeController(history.database.pool('nik_verification', { port: 1 }));
  for (const [name, rest] of [
    ['listUnopenedEvents', {}],
    ['getOpenedFigures', year],
    ['listAcceptedLookUps', { ...year, named: [randomUUID()], after: null }],
  ] as const) {
    const asked = { institutionId, ...rest, asOf: { origin, size: 9 } };
    expect(await ask(name, asked)).toMatchObject({ error: { code: 'NOT_IN_CHECKPOINT' } });
    expect(await ask(name, { ...asked, institutionId: randomUUID() })).toMatchObject({
      error: { code: 'RESOURCE_NOT_FOUND' },
    });
    expect(await ask(name, asked, away)).toMatchObject({ error: { code: 'EVIDENCE_UNAVAILABLE' } });
  }
  const events = [{ id: randomUUID(), said: nothingSaid }];
  for (const [name, rest] of [
    ['listUnopenedEvents', {}],
    ['keepOpenedEvents', { events }],
  ] as const)
    expect(await ask(name, { institutionId, ...rest }, away)).toMatchObject({
      error: { code: 'EVIDENCE_UNAVAILABLE' },
    });
});
