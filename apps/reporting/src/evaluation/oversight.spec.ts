import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import type { Obligation, ObligationList } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { KabupatenOversight } from './oversight.js';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('reporting');
});
afterAll(() => database.drop());

const now = new Date('2026-06-25T02:00:00Z');
const makeOffices = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    institutionId: randomUUID(),
    name: `Kecamatan Uji ${n}`,
    regionCode: '33.98.01',
  }));
const makeList = (id: string, states: Obligation['state'][]): ObligationList => ({
  institution: { id, name: 'Kecamatan Uji', regionCode: '33.98.01' },
  at: now.toISOString(),
  worst: states[0] ?? null,
  obligations: states.map((state) => ({
    rule: 'uji',
    clause: 'O-20',
    title: 'Uji',
    state,
    dueOn: null,
    dueAt: null,
    facts: [],
    evidence: [],
    nextStep: null,
  })),
  unknown: [],
});
const failures: unknown[] = [];
const oversightOf = (list: (institutionId: string) => Promise<ObligationList>) =>
  new KabupatenOversight(pool, { list }, { failure: (_message, thrown) => failures.push(thrown) });

test('worst state, counts and the report of the latest period that an evaluator may see', async () => {
  const [office, without] = makeOffices(2) as [ReturnType<typeof makeOffices>[0], ReturnType<typeof makeOffices>[0]];
  const ids = await insertReports(office.institutionId);
  const oversight = oversightOf(async (id) => makeList(id, ['OVERDUE', 'IN_ORDER', 'IN_ORDER']));
  const seen = await oversight.of([office, without], now, { deadlineAt: performance.now() + 5_000 });
  expect(seen).toEqual({
    at: now.toISOString(),
    offices: [
      {
        ...office,
        worst: 'OVERDUE',
        counts: { OVERDUE: 1, IN_ORDER: 2 },
        lastReport: {
          id: ids[1],
          type: 'REPORT',
          version: 1,
          state: 'APPROVED',
          period: { kind: 'SECOND_SEMESTER', from: '2025-07-01', until: '2025-12-31' },
        },
      },
      { ...without, worst: 'OVERDUE', counts: { OVERDUE: 1, IN_ORDER: 2 }, lastReport: null },
    ],
  });
});

test('100 offices, a few at a time; one that fails and one that never ends keep no other from it', async () => {
  const offices = makeOffices(100);
  const [failing, endless] = [offices[3]!.institutionId, offices[50]!.institutionId];
  let [running, most] = [0, 0];
  const oversight = oversightOf(async (id) => {
    if (id === failing) throw new Error('uji');
    if (id === endless) return new Promise<never>(() => undefined);
    most = Math.max(most, (running += 1));
    await new Promise(setImmediate);
    running -= 1;
    return makeList(id, ['IN_ORDER']);
  });
  const began = performance.now();
  const seen = await oversight.of(offices, now, { deadlineAt: began + 1_500 });
  expect(performance.now() - began).toBeLessThan(1_500);
  expect(seen.offices.filter(({ worst }) => worst === null).map(({ institutionId }) => institutionId)).toEqual([
    failing,
    endless,
  ]);
  expect(seen.offices.map(({ institutionId }) => institutionId)).toEqual(
    offices.map(({ institutionId }) => institutionId),
  );
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(6);
  expect(failures).toHaveLength(1);
});

/** Of two semesters; and one after them that was discarded. */
async function insertReports(institutionId: string): Promise<string[]> {
  const periods = [
    ['FIRST_SEMESTER', '2025-01-01', '2025-06-30'],
    ['SECOND_SEMESTER', '2025-07-01', '2025-12-31'],
    ['FIRST_SEMESTER', '2026-01-01', '2026-06-30'],
  ];
  const ids: string[] = [];
  for (const [n, [kind, from, until]] of periods.entries()) {
    const [counted, id] = [randomUUID(), `019ab3c4-5d6e-7f80-9123-00000000000${9 - n}`];
    await pool.query(
      `INSERT INTO reporting.counted (id, institution_id, period_from, period_until, origin, size, as_of_at, facts, undelivered)
       VALUES ($1, $2, $3, $4, 'uji.invalid/1', 1, now(), '{}', 0)`,
      [counted, institutionId, from, until],
    );
    await pool.query(
      `INSERT INTO reporting.report (id, institution_id, type, version, period_kind, period_from, period_until, state, scheduled,
         counted_id, closing, content, content_hash)
       VALUES ($1, $2, 'REPORT', 1, $3, $4, $5, 'DRAFTED', false, $6, false, '{}', sha256('{}'))`,
      [id, institutionId, kind, from, until, counted],
    );
    ids.push(id);
  }
  // the third is a draft, which an evaluator does not see
  for (const state of ['REVIEWED', 'APPROVED'])
    await pool.query('UPDATE reporting.report SET state = $1 WHERE id = ANY ($2)', [state, ids.slice(0, 2)]);
  return ids;
}
