import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BalikanDestination, listUndelivered, openBalikanEvents } from '#contracts';
import { contentHash, toHex } from '#evidence';
import { BalikanOutbox } from '../../../../test/support/balikan-outbox.js';
import { deliveredBy } from '../delivery/lane-turn.js';
import { Outbox } from '../delivery/outbox.repository.js';
import { insertRecord } from '../records/records-fixture.js';
import { DeliveredEvents } from './delivered-events.js';
import { UndeliveredRecords } from './undelivered-records.js';

const rules = { strikes: 8, breaker: { failures: 3, waitMs: 10_000, mostWaitMs: 60_000 } };

let fixture: BalikanOutbox;
let delivered: DeliveredEvents;
let undelivered: UndeliveredRecords;

beforeAll(async () => {
  fixture = await BalikanOutbox.create();
  const { pool, destinations } = fixture;
  delivered = new DeliveredEvents(pool);
  undelivered = new UndeliveredRecords(pool, destinations);
});
afterAll(() => fixture.drop());

const open = async (institutionId: string, events: { id: string; subject: string }[]) =>
  openBalikanEvents.output.parse(await delivered.open({ institutionId, events })).events;

test('what a delivery committed to opens its leaf, for the own institution alone', async () => {
  const office = await fixture.office();
  await office.accept(3);
  const outbox = new Outbox(fixture.pool);
  const turn = await outbox.claim('satu', 60_000);
  if (!turn) throw new Error('nothing to claim');
  const [first, second] = turn.records;
  await outbox.settle(
    turn.hold,
    [first, second].flatMap((record) => (record ? [deliveredBy(record, 'ALREADY_SENT')] : [])),
    rules,
    { restMs: 0, portion: null },
  );
  const leaves = await fixture.rows<{ id: string; subject: string; hash: string }>(
    `SELECT id, subject, encode(content_hash, 'hex') AS hash FROM balikan.evidence_outbox WHERE institution_id = $1`,
    [office.institutionId],
  );
  expect(leaves).toHaveLength(2);
  const opened = await open(office.institutionId, leaves);
  expect(opened.map(({ id, salt, content }) => [id, toHex(contentHash(Buffer.from(salt, 'base64'), content))])).toEqual(
    leaves.map(({ id, hash }) => [id, hash]),
  );
  expect(opened[0]?.content).toMatchObject({ receipt: 'ALREADY_SENT', verificationId: first?.verificationId });
  expect(JSON.stringify(opened)).not.toMatch(/\d{16}/);
  expect(await open(randomUUID(), leaves)).toEqual([]);
  // the third one is not delivered
  expect(await open(office.institutionId, [{ id: randomUUID(), subject: turn.records[2]?.id ?? '' }])).toEqual([]);
});

test('what had not arrived at a moment, page by page; what arrived just before is told, too', async () => {
  const office = await fixture.office(
    BalikanDestination.parse({ idLembaga: '000000', namaLembaga: 'Kecamatan Contoh', overdueAfterDays: 3 }),
  );
  const { institutionId } = office;
  const at = Date.parse('2026-06-01T05:00:00Z');
  const time = (minutes: number) => new Date(at + minutes * 60_000);
  const insert = async (id: string, state: string, acceptedAt: Date, deliveredAt?: Date) => {
    await insertRecord(fixture.pool, institutionId, {
      id,
      state,
      accepted_at: acceptedAt,
      person_hmac: randomBytes(32),
    });
    if (deliveredAt)
      await fixture.pool.query('UPDATE balikan.record SET delivered_at = $2 WHERE id = $1', [id, deliveredAt]);
  };
  const ids = Array.from({ length: 8 }, (_, n) => `0190000${n}-0000-7000-8000-000000000000`);
  const [waiting, dead, packed, later, handedOverLater, lately, before, notYet] = ids as [string, ...string[]];
  await insert(waiting, 'WAITING', time(-100));
  await insert(dead!, 'DEAD', time(-100));
  await insert(packed!, 'PACKED', time(0));
  await insert(later!, 'DELIVERED', time(-100), time(1));
  await insert(handedOverLater!, 'HANDED_OVER', time(-100), time(100));
  await insert(lately!, 'DELIVERED', time(-100), time(-59));
  await insert(before!, 'DELIVERED', time(-100), time(-60));
  await insert(notYet!, 'WAITING', time(0.001));

  const found: string[] = [];
  let after: string | null = null;
  do {
    const page = listUndelivered.output.parse(
      await undelivered.list({ institutionId, at: new Date(at).toISOString(), after, limit: 2 }),
    );
    expect(page.overdueAfterDays).toBe(3);
    found.push(...page.records.map(({ id, state }) => `${id.slice(7, 8)} ${state}`));
    after = page.next;
  } while (after !== null);
  expect(found).toEqual(['0 WAITING', '1 DEAD', '2 PACKED', '3 WAITING', '4 PACKED', '5 WAITING']);

  // the log was away for long: it has not been told of this one
  await fixture.pool.query(
    `INSERT INTO balikan.evidence_outbox (id, at, institution_id, act, subject, content_hash)
     VALUES (uuidv7(), $1, $2, 'data-balikan.delivered', $3, sha256('uji'))`,
    [time(-60), institutionId, before],
  );
  const untold = listUndelivered.input.parse({
    institutionId,
    at: '9999-12-31T00:00:00.000Z',
    after: null,
    untold: true,
  });
  expect((await undelivered.list(untold)).records.map(({ id, state }) => `${id.slice(7, 8)} ${state}`)).toEqual([
    '0 WAITING',
    '1 DEAD',
    '2 PACKED',
    '6 WAITING',
    '7 WAITING',
  ]);
  const elsewhere = { institutionId: randomUUID(), at: new Date().toISOString(), after: null, limit: 1_000 };
  expect(await undelivered.list(elsewhere)).toEqual({ records: [], next: null, overdueAfterDays: 14 });
});
