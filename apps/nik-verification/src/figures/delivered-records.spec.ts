import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DeliveredRecords } from './delivered-records.js';
import { History } from './history-fixture.js';

let history: History;
let records: DeliveredRecords;
beforeAll(async () => {
  history = await History.begin();
  records = new DeliveredRecords(history.pool);
});
afterAll(() => history.end());

async function report(institutionId: string, subject: string, act = 'data-balikan.delivered', type = 'DATA_BALIKAN') {
  await history.pool.query(
    `INSERT INTO verification.reported_event (id, at, logged_at, type, institution_id, act, subject, content_hash)
     VALUES (uuidv7(), now(), now(), $1, $2, $3, $4, sha256('uji'))`,
    [type, institutionId, act, subject],
  );
}
const findAsOf = async (institutionId: string, asked: string[], asOf?: { origin: string; size: number }) =>
  (await records.find(await history.asOf().find(institutionId, asOf), asked)).sort();

test('records with a delivery that the checkpoint covers, of this office', async () => {
  const [here, there] = [randomUUID(), randomUUID()];
  const [told, late, packed, read, foreign, waiting] = Array.from({ length: 6 }, () => randomUUID()) as [
    ...[string, string, string, string, string, string],
  ];
  const all = [told, late, packed, read, foreign, waiting];
  await report(here, told);
  // told of twice: by the web service, and by a receipt
  await report(here, told);
  await report(here, packed, 'data-balikan.packed');
  await report(here, read, 'reader.read', 'READER_READ');
  await report(there, foreign);
  const { origin, size } = await history.sign(here);
  await history.sign(there);
  await report(here, late);
  await history.sign(here);
  expect(await findAsOf(here, all, { origin, size })).toEqual([told]);
  expect(await findAsOf(here, all)).toEqual([told, late].sort());
  expect(await findAsOf(here, [told.toUpperCase()])).toEqual([told]);
  expect(await findAsOf(there, all)).toEqual([foreign]);
});

test('also those of an earlier generation, up to its last checkpoint', async () => {
  const office = randomUUID();
  const [kept, gone, newer] = [randomUUID(), randomUUID(), randomUUID()];
  await report(office, kept);
  await history.sign(office);
  await report(office, gone);
  await history.sign(office);
  await history.setBack(office, 1);
  await history.sequencer().acknowledge(office, null, 'Dipulihkan dari cadangan');
  await report(office, newer);
  expect(await findAsOf(office, [kept, gone, newer])).toEqual([kept, newer].sort());
});
