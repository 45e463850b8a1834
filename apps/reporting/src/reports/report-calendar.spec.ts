import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { getFigures, listOffices } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { Deadline } from '../facts/deadline.js';
import { OwnersOfTest } from '../facts/owners-fixture.js';
import { ReportCalendar } from './report-calendar.js';
import { actorOf, makeReplica, patience } from './reports-fixture.js';

let database: TestDatabase;
let pool: pg.Pool;
let owners: OwnersOfTest;
let offices: string[];

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('reporting', { max: 10 });
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.asSuperuser(database.name, (owner) =>
    owner.query('TRUNCATE reporting.report, reporting.occasion, reporting.counted, reporting.evidence_outbox CASCADE'),
  );
  owners = new OwnersOfTest();
  offices = [owners.addOffice({ validUntil: '2030-12-06' })];
});

function makeCalendar(of = pool) {
  const replica = makeReplica(of, owners);
  const pace = { everyMs: 3_600_000, countMs: 10_000, drainMs: 100 };
  return { ...replica, calendar: new ReportCalendar(of, replica.facts, replica.drafting, replica.log, pace) };
}
/** @param owner a connection that stays, where a test goes through many days */
async function goTo(day: string, time = '09:00', owner?: pg.Client): Promise<void> {
  const at = `${day}T${time}:00+07:00`;
  owners.now = new Date(at).toISOString();
  if (!owner) return database.setReportingClock({ at });
  await owner.query(
    `CREATE OR REPLACE FUNCTION reporting.clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT '${at}'::timestamptz $$`,
  );
}
/** What was drafted, oldest first. */
async function drafted(institutionId = offices[0]): Promise<string[]> {
  const { rows } = await pool.query<{ told: string }>(
    `SELECT type || ' ' || period_from AS told FROM reporting.report WHERE institution_id = $1 AND scheduled ORDER BY id`,
    [institutionId],
  );
  return rows.map(({ told }) => told);
}
async function approve(office: string): Promise<void> {
  const { reports } = makeReplica(pool, owners);
  const { rows } = await pool.query<{ id: string; state: string }>(
    `SELECT id, state FROM reporting.report WHERE institution_id = $1 AND state IN ('DRAFTED', 'REVIEWED')`,
    [office],
  );
  for (const { id } of rows) {
    await reports.review(actorOf(office), id);
    await reports.approve(actorOf(office), id);
  }
}

test('day by day through a year: each on its day, once', async () => {
  const { calendar } = makeCalendar();
  owners.office(offices[0]!).validFrom = '2026-01-01';
  const seen: string[] = [];
  await database.asSuperuser(database.name, async (owner) => {
    for (let at = Date.parse('2026-05-28'); at <= Date.parse('2027-07-02'); at += 86_400_000) {
      const day = new Date(at).toISOString().slice(0, 10);
      await goTo(day, '09:00', owner);
      await calendar.round();
      for (const one of (await drafted()).slice(seen.length)) seen.push(`${day}: ${one}`);
      // approved at once, apart from that of the second semester
      if (day < '2026-12-01' || day > '2027-01-10') await approve(offices[0]!);
    }
  });
  expect(seen).toEqual([
    '2026-06-01: REPORT 2026-01-01',
    '2026-07-01: SUPPLEMENT 2026-01-01',
    '2026-12-01: REPORT 2026-07-01',
    // when it became possible: its report was approved on the 11th
    '2027-01-12: SUPPLEMENT 2026-07-01',
    '2027-06-01: REPORT 2027-01-01',
    '2027-07-01: SUPPLEMENT 2027-01-01',
  ]);
});

test.each([
  ['2026-05-31', '23:59', []],
  ['2026-06-01', '00:00', ['REPORT 2026-01-01']],
])('the day is Jakarta’s: %s %s', async (day, time, expected) => {
  owners.office(offices[0]!).validFrom = '2026-01-01';
  await goTo(day, time);
  await makeCalendar().calendar.round();
  expect(await drafted()).toEqual(expected);
});

describe('after downtime', () => {
  test('what was missed is caught up, once: the latest and the one before', async () => {
    owners.office(offices[0]!).validFrom = '2020-01-01';
    await goTo('2027-03-10');
    const { calendar } = makeCalendar();
    await calendar.round();
    await calendar.round();
    expect(await drafted()).toEqual(['REPORT 2026-01-01', 'REPORT 2026-07-01']);
    // both were counted after their periods: nothing is left for a supplement
    await approve(offices[0]!);
    await calendar.round();
    expect(await drafted()).toHaveLength(2);
  });

  test('an office without an agreement in the period gets none', async () => {
    owners.office(offices[0]!).validFrom = '2026-07-01';
    offices.push(owners.addOffice({ validFrom: '2020-01-01', validUntil: '2025-12-31' }));
    await goTo('2026-12-05');
    await makeCalendar().calendar.round();
    expect(await drafted()).toEqual(['REPORT 2026-07-01']);
    expect(await drafted(offices[1])).toEqual([]);
  });

  test('a replica that dies while it counts leaves it to the next one', async () => {
    owners.office(offices[0]!).validFrom = '2026-01-01';
    await goTo('2026-06-01');
    const dying = new pg.Pool({ ...pool.options, password: database.server.passwords.reporting });
    dying.on('error', () => undefined);
    owners.before.set(getFigures.subject, () => dying.end());
    await makeCalendar(dying).calendar.round();
    owners.before.clear();
    expect(await drafted()).toEqual([]);
    const { calendar } = makeCalendar();
    await calendar.round();
    expect(await drafted()).toEqual([]);
    await goTo('2026-06-01', '09:06');
    await calendar.round();
    expect(await drafted()).toEqual(['REPORT 2026-01-01']);
  });
});

test('two replicas at once make one report', async () => {
  owners.office(offices[0]!).validFrom = '2026-01-01';
  offices.push(owners.addOffice({ validFrom: '2026-01-01' }));
  await goTo('2026-06-01');
  const replicas = [makeCalendar(), makeCalendar(), makeCalendar()];
  await Promise.all(replicas.map(({ calendar }) => calendar.round()));
  for (const office of offices) expect(await drafted(office)).toEqual(['REPORT 2026-01-01']);
  const { rows } = await pool.query("SELECT 1 FROM reporting.evidence_outbox WHERE act = 'report.draft'");
  expect(rows).toHaveLength(2);
  expect(replicas.flatMap(({ lines }) => lines).filter(({ level }) => level === 'info')).toHaveLength(2);
});

test('two replicas that both count make one report all the same', async () => {
  await goTo('2026-06-01');
  const period = { kind: 'FIRST_SEMESTER', from: '2026-01-01', until: '2026-06-30' } as const;
  const replicas = [makeReplica(pool, owners), makeReplica(pool, owners)];
  const due = { institutionId: offices[0]!, type: 'REPORT' as const, period };
  const both = await Promise.allSettled(
    replicas.map(({ drafting }) => drafting.draftScheduled(due, new Deadline(patience))),
  );
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await drafted()).toEqual(['REPORT 2026-01-01']);
});

test('an office whose figures cannot be had stops no other, and is tried again later and later', async () => {
  owners.office(offices[0]!).validFrom = '2026-01-01';
  offices.push(owners.addOffice({ validFrom: '2026-01-01' }));
  owners.failing.set(offices[0]!, 'EVIDENCE_ROLLED_BACK');
  const { calendar, lines } = makeCalendar();
  const tries: string[] = [];
  for (let minute = 0; minute < 50; minute += 1) {
    const time = `09:${String(minute).padStart(2, '0')}`;
    await goTo('2026-06-01', time);
    const before = lines.length;
    await calendar.round();
    if (lines.slice(before).some(({ fields }) => fields.code === 'EVIDENCE_ROLLED_BACK')) tries.push(time);
  }
  expect(tries).toEqual(['09:00', '09:05', '09:15', '09:35']);
  expect(await drafted(offices[1])).toEqual(['REPORT 2026-01-01']);
  owners.failing.clear();
  await goTo('2026-06-01', '10:15');
  await calendar.round();
  expect(await drafted()).toEqual(['REPORT 2026-01-01']);
});

describe('by hand', () => {
  const draft = (year: number, semester: 1 | 2) =>
    makeReplica(pool, owners).reports.draft(actorOf(offices[0]!), { year, semester }, patience);

  test('a report of the same semester counts', async () => {
    owners.office(offices[0]!).validFrom = '2026-01-01';
    await goTo('2026-05-20');
    const { id } = await draft(2026, 1);
    await goTo('2026-06-01');
    const { calendar, reports } = makeCalendar();
    await calendar.round();
    expect(await drafted()).toEqual([]);
    // until it is discarded
    await reports.discard(actorOf(offices[0]!), id, { reason: 'Uji' });
    await calendar.round();
    expect(await drafted()).toEqual(['REPORT 2026-01-01']);
  });

  test('what the calendar drafted and somebody discarded is not drafted again', async () => {
    owners.office(offices[0]!).validFrom = '2026-01-01';
    await goTo('2026-06-01');
    const { calendar, reports } = makeCalendar();
    await calendar.round();
    const { rows } = await pool.query<{ id: string }>('SELECT id FROM reporting.report');
    await reports.discard(actorOf(offices[0]!), rows[0]!.id, { reason: 'Uji' });
    await goTo('2026-06-02');
    await calendar.round();
    expect(await drafted()).toHaveLength(1);
    expect((await draft(2026, 1)).scheduled).toBe(false);
  });
});

test('as a worker: it begins at once, ends with what it has in hand, and tells a failure once', async () => {
  await goTo('2026-06-01');
  owners.office(offices[0]!).validFrom = '2026-01-01';
  const { calendar, lines } = makeCalendar();
  let asked: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (asked = resolve));
  owners.before.set(listOffices.subject, () => (asked(), Promise.reject(new Error('away'))));
  calendar.start();
  await begun;
  await calendar.stop();
  expect(lines.filter(({ level }) => level === 'warn').length).toBeLessThanOrEqual(1);
  expect(await drafted()).toEqual([]);
});

test('a question that nobody answers does not hold up a shutdown, and nothing is drafted after it', async () => {
  owners.office(offices[0]!).validFrom = '2026-01-01';
  await goTo('2026-06-01');
  const { calendar } = makeCalendar();
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  let asked: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (asked = resolve));
  owners.before.set(getFigures.subject, () => (asked(), answered));
  calendar.start();
  await begun;
  await calendar.stop();
  answer();
  await calendar.stop();
  expect(await drafted()).toEqual([]);
});

test('nothing personal is logged', async () => {
  owners.office(offices[0]!).validFrom = '2026-01-01';
  await goTo('2026-06-01');
  const { calendar, lines } = makeCalendar();
  await calendar.round();
  expect(lines.at(-1)).toMatchObject({ level: 'info', msg: 'a report was drafted by the calendar' });
  expect(JSON.stringify(lines)).not.toMatch(/CONTOH|\d{16}/);
});
