import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { NatsContext } from '@nestjs/microservices';
import type pg from 'pg';
import { uuidv7 } from 'uuidv7';
import type { ReportedEvent } from '#contracts';
import { encodeLeaf, leafHash, toHex } from '#evidence';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { until } from '../../../../test/support/until.js';
import { ReportedEvents } from './reported-events.js';
import { ReportedEventsController } from './reported-events.controller.js';

const loggedAt = '2026-06-15T02:00:00.123456Z';

let database: TestDatabase;
let pool: pg.Pool;
let institutionId: string;

beforeAll(async () => {
  database = await TestDatabase.create();
  await database.setLedgerClock({ at: loggedAt });
  pool = database.pool('nik_verification');
});
afterAll(() => database.drop());
beforeEach(() => {
  institutionId = uuidv7();
});

const makeEvent = (change: Partial<ReportedEvent> = {}): ReportedEvent => ({
  id: uuidv7(),
  at: '2026-06-15T01:59:58.000007Z',
  type: 'ADMINISTRATION',
  institutionId,
  act: 'operator.revoke',
  actorId: uuidv7(),
  subject: uuidv7(),
  contentHash: randomBytes(32).toString('hex'),
  ...change,
});

/** As it comes from the bus: checked against the contract, answered in an envelope. */
async function report(events: unknown, by = pool): Promise<unknown> {
  const controller = new ReportedEventsController(new ReportedEvents(by));
  const handler = controller.report.bind(controller) as unknown as (input: object, context: NatsContext) => unknown;
  return handler({ events }, { getHeaders: () => undefined } as unknown as NatsContext);
}

const taken = (count: number) => ({ value: { taken: count } });
const refused = (code: string) => ({ error: expect.objectContaining({ code }) });

async function inLog(): Promise<{ id: string; hash: string }[]> {
  return database.asSuperuser(
    database.name,
    async (admin) =>
      (
        await admin.query<{ id: string; hash: string }>(
          `SELECT event_id AS id, encode(leaf_hash, 'hex') AS hash FROM verification.log_pending
           WHERE institution_id = $1 ORDER BY position`,
          [institutionId],
        )
      ).rows,
  );
}

const leafOf = ({ id, at, type, institutionId: institution, act, actorId, subject, contentHash }: ReportedEvent) => ({
  id,
  hash: toHex(
    leafHash(
      encodeLeaf({
        act,
        actor: actorId,
        at,
        contentHash,
        id,
        institution,
        loggedAt,
        subject,
        subjectHmac: null,
        type,
        v: 1,
      }),
    ),
  ),
});

test('each event becomes a leaf, to the microsecond', async () => {
  const events = [
    makeEvent(),
    makeEvent({ actorId: null, subject: null }),
    makeEvent({ subject: 'paten “dua”' }),
    makeEvent({ type: 'REPORT', act: 'report.approve' }),
  ];
  expect(await report(events)).toEqual(taken(4));
  expect(await inLog()).toEqual(events.map(leafOf));
});

describe('what is repeated', () => {
  test('changes nothing, alone, among new ones, and twice in one message', async () => {
    const [first, second, third] = [makeEvent(), makeEvent(), makeEvent()];
    expect(await report([first])).toEqual(taken(1));
    expect(await report([first])).toEqual(taken(0));
    expect(await report([first, second])).toEqual(taken(1));
    expect(await report([third, second, third])).toEqual(taken(1));
    expect(await inLog()).toEqual([first, second, third].map(leafOf));
  });

  test.each<[string, Partial<ReportedEvent>]>([
    ['at', { at: '2026-06-15T01:59:58.000008Z' }],
    ['type', { type: 'DATA_BALIKAN' }],
    ['institutionId', { institutionId: uuidv7() }],
    ['act', { act: 'operator.create' }],
    ['actorId', { actorId: uuidv7() }],
    ['actorId', { actorId: null }],
    ['subject', { subject: 'x' }],
    ['subject', { subject: null }],
    ['contentHash', { contentHash: 'ab'.repeat(32) }],
  ])('with another %s is a conflict, and what came with it is taken', async (_name, change) => {
    const [known, fresh] = [makeEvent(), makeEvent()];
    await report([known]);
    const answer = await report([{ ...known, ...change }, fresh]);
    expect(answer).toEqual({ error: { code: 'EVIDENCE_CONFLICT', extras: {} } });
    expect(await inLog()).toEqual([known, fresh].map(leafOf));
  });

  test('with another content in the same message is a conflict', async () => {
    const event = makeEvent();
    expect(await report([event, { ...event, act: 'operator.create' }])).toEqual(refused('EVIDENCE_CONFLICT'));
    expect(await inLog()).toHaveLength(1);
  });

  test('at the same time, in another order, is taken once', async () => {
    const events = Array.from({ length: 100 }, () => makeEvent());
    const batches = Array.from({ length: 8 }, (_, n) => (n % 2 ? events : [...events].reverse()));
    const answers = await Promise.all(batches.map((batch) => report(batch)));
    const counts = answers.map((answer) => (answer as { value: { taken: number } }).value.taken);
    expect(counts.reduce((sum, count) => sum + count)).toBe(100);
    expect((await inLog()).map(({ id }) => id).sort()).toEqual(events.map(({ id }) => id));
  });

  test('with another content, while the first is being written, is a conflict', async () => {
    const event = makeEvent();
    const other = await pool.connect();
    try {
      await other.query('BEGIN');
      await new ReportedEvents(other as unknown as pg.Pool).take([event]);
      const answer = report([{ ...event, act: 'operator.create' }]);
      await until(async () => {
        const { rows } = await other.query("SELECT FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'");
        return rows.length > 0;
      });
      await other.query('COMMIT');
      expect(await answer).toEqual(refused('EVIDENCE_CONFLICT'));
    } finally {
      other.release();
    }
  });
});

test('what is not an event is refused, and none of its message is taken', async () => {
  for (const change of [
    { type: 'PERSON_TRAIL' },
    { type: 'UPSTREAM' },
    { at: '2026-06-15T01:59:58Z' },
    { at: '2026-02-30T01:59:58.000000Z' },
    { subject: 'x'.repeat(201) },
    { subject: 'a\u0000b' },
    { contentHash: 'AB'.repeat(32) },
    { loggedAt },
  ])
    expect(await report([makeEvent(), { ...makeEvent(), ...change }])).toEqual(refused('REQUEST_INVALID'));
  expect(await report([])).toEqual(refused('REQUEST_INVALID'));
  expect(await report(Array.from({ length: 201 }, () => makeEvent()))).toEqual(refused('REQUEST_INVALID'));
  expect(await inLog()).toEqual([]);
});

test('a database that is away is told as such', async () => {
  const away = database.pool('nik_verification', { port: 1 });
  expect(await report([makeEvent()], away)).toEqual(refused('EVIDENCE_UNAVAILABLE'));
});
