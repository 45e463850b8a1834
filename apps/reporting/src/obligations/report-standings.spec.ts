import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { actorOf, makeReplica, patience, type TestReplica } from '../reports/reports-fixture.js';
import { ReportStandings } from './report-standings.repository.js';

let database: TestDatabase;
let replica: TestReplica;
let standings: ReportStandings;

beforeAll(async () => {
  database = await TestDatabase.create();
  await database.setReportingClock({ at: '2026-06-02 09:00+07' });
  const pool = database.pool('reporting');
  replica = makeReplica(pool);
  standings = new ReportStandings(pool);
});
afterAll(() => database.drop());

test('a report on its way, as the rules of obligations see it', async () => {
  const office = replica.owners.addOffice();
  const { reports } = replica;
  const actor = actorOf(office);
  const { id, asOf } = await reports.draft(actor, { year: 2026, semester: 1 }, patience);
  const seen = {
    id,
    type: 'REPORT',
    version: 1,
    period: { kind: 'FIRST_SEMESTER', from: '2026-01-01', until: '2026-06-30' },
    asOfAt: asOf.at,
    evaluated: null,
  };
  expect(await standings.list(office)).toEqual([{ ...seen, state: 'DRAFTED' }]);
  await reports.review(actor, id);
  await reports.approve(actor, id);
  await reports.submit(actor, id, { method: 'PAPER', on: '2026-06-02', receiptNumber: '470/12/2026' });
  expect(await standings.list(office)).toEqual([{ ...seen, state: 'SUBMITTED' }]);
  const evaluator = actorOf(office, { role: 'evaluator', name: 'Penilai CONTOH' });
  await reports.evaluate(evaluator, id, { verdict: 'TO_BE_CORRECTED', note: 'Bulan Maret.' });
  expect(await standings.list(office)).toEqual([
    { ...seen, state: 'EVALUATED', evaluated: { at: '2026-06-02T02:00:00.000Z', verdict: 'TO_BE_CORRECTED' } },
  ]);
  const corrected = await reports.draft(actor, { corrects: id }, patience);
  expect((await standings.list(office)).map(({ version, state }) => [version, state])).toEqual([
    [1, 'EVALUATED'],
    [2, 'DRAFTED'],
  ]);
  await reports.discard(actor, corrected.id, { reason: 'Salah hitung.' });
  expect(await standings.list(office)).toHaveLength(1);
  expect(await standings.list(replica.owners.addOffice())).toEqual([]);
});
