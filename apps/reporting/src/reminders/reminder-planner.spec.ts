import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  getCoverage,
  getFigures,
  getRegister,
  getStanding,
  listOffices,
  listPeople,
  listUndelivered,
} from '#contracts';
import { AppError, type Log, type RpcClient } from '#service';
import { DutyRepository } from '../duties/duty.repository.js';
import { FactGatherer } from '../obligations/fact-gatherer.js';
import { makeAgreement, makeFacts, makeRegister } from '../obligations/facts-fixture.js';
import { Obligations } from '../obligations/obligations.js';
import { OfficeNames } from '../obligations/offices.repository.js';
import { ReportStandings } from '../obligations/report-standings.repository.js';
import { ReminderDesk } from './reminder-desk-fixture.js';
import { ReminderChecks } from './reminder-checks.repository.js';
import { ReminderPlanner } from './reminder-planner.js';

let desk: ReminderDesk;
let office: string;
let silent: Set<string>;
let asked: string[];

beforeAll(async () => {
  desk = await ReminderDesk.create();
});
afterAll(() => desk.drop());
beforeEach(async () => {
  office = await desk.office(['camat@contoh.example'], {
    url: 'https://contoh.example/x',
    secret: 'rahasia-webhook-uji',
  });
  silent = new Set();
  asked = [];
});

/** The owners, of one office that owes the report of the first semester 2026 and has neither people nor readers. */
function answer(subject: string): unknown {
  const facts = makeFacts({ people: [] });
  if (subject === listOffices.subject)
    return {
      offices: [
        {
          id: office,
          name: 'Kecamatan Contoh',
          regionCode: '33.99.01',
          validFrom: '2026-01-01',
          validUntil: '2027-12-31',
          closed: false,
        },
      ],
      next: null,
    };
  if (subject === getRegister.subject) {
    const agreement = makeAgreement();
    const versions = agreement.versions.map((one) => ({
      ...one,
      validFrom: '2026-01-01',
      effectiveFrom: '2026-01-01',
      validUntil: '2027-12-31',
    }));
    const register = makeRegister({ agreements: [{ ...agreement, versions }] });
    return { ...register, institution: { ...register.institution, id: office } };
  }
  if (subject === listPeople.subject) return { people: [], next: null };
  if (subject === getCoverage.subject) return facts.coverage;
  if (subject === listUndelivered.subject) return { records: [], next: null, overdueAfterDays: 14 };
  if (subject === getFigures.subject) return { lookUps: { days: [] } };
  if (subject === getStanding.subject) return facts.standing;
  throw new Error(`nobody answers ${subject}`);
}

/** One replica, with connections of its own. */
function replica({ mailServer = true } = {}) {
  const pool = desk.database.pool('reporting');
  const bus = {
    call: async ({ subject }: { subject: string }) => {
      asked.push(subject);
      if (silent.has(subject)) throw new AppError('SERVICE_TIMEOUT');
      return answer(subject);
    },
  } as unknown as RpcClient;
  const log = { event: () => undefined, failure: () => undefined } as unknown as Log;
  const duties = new DutyRepository(pool);
  const gatherer = new FactGatherer(bus, new ReportStandings(pool), duties, log);
  const obligations = new Obligations(gatherer, new OfficeNames(pool), duties);
  return new ReminderPlanner(
    obligations,
    duties,
    new ReminderChecks(pool),
    desk.settings,
    bus,
    mailServer,
    60_000,
    log,
  );
}

async function queued(): Promise<string[]> {
  const { rows } = await desk.pool.query<{ key: string }>(
    `SELECT rule || ' ' || obligation_state || ' ' || channel AS key FROM reporting.reminder WHERE institution_id = $1 ORDER BY id`,
    [office],
  );
  return rows.map(({ key }) => key);
}
const at = (moment: string) => desk.database.setReportingClock({ at: moment });
const both = (what: string) => [`${what} EMAIL`, `${what} WEBHOOK`];

test('from 07:00 on the day on which something is due soon: once, whatever replicas and restarts there are', async () => {
  for (const moment of ['2026-05-31T10:00:00Z', '2026-05-31T23:59:59Z']) {
    await at(moment);
    await replica().round();
    expect(await queued()).toEqual([]);
  }
  await at('2026-06-01T00:00:00Z');
  await Promise.all([replica().round(), replica().round(), replica().round()]);
  expect(await queued()).toEqual(both('semester-report DUE_SOON'));
  for (const moment of ['2026-06-01T05:00:00Z', '2026-06-02T00:00:00Z', '2026-06-29T00:00:00Z']) {
    await at(moment);
    await replica().round();
  }
  expect(await queued()).toHaveLength(2);
});

test('a day is looked at once; days that were missed are caught up by one look', async () => {
  await at('2026-06-01T00:30:00Z');
  const planner = replica();
  for (let n = 0; n < 3; n += 1) await planner.round();
  expect(asked.filter((subject) => subject === getRegister.subject)).toHaveLength(1);
  await at('2026-06-20T11:00:00Z');
  for (let n = 0; n < 3; n += 1) await planner.round();
  expect(asked.filter((subject) => subject === getRegister.subject)).toHaveLength(2);
});

test('overdue: again every week, and not on Monday what was told on Sunday; breached is another one', async () => {
  const planner = replica({ mailServer: false });
  const counts: number[] = [];
  // Sunday, Monday, Saturday, Sunday, Monday
  for (const day of ['2026-07-05', '2026-07-06', '2026-07-11', '2026-07-12', '2026-07-13', '2026-07-31']) {
    await at(`${day}T00:00:05Z`);
    await planner.round();
    counts.push((await queued()).filter((key) => key.startsWith('semester-report')).length);
  }
  expect(counts).toEqual([1, 1, 1, 2, 2, 3]);
  expect((await queued()).at(-1)).toBe('semester-report BREACHED WEBHOOK');
});

test('without a mail server nothing is queued for addresses', async () => {
  await at('2026-06-01T00:00:00Z');
  await replica({ mailServer: false }).round();
  expect(await queued()).toEqual(['semester-report DUE_SOON WEBHOOK']);
});

test('what is unknown is no reminder, is looked at again soon, and then tells what it found', async () => {
  await at('2026-06-01T00:00:00Z');
  // the office was seen before: its name is known
  await replica().round();
  await at('2026-07-01T00:00:00Z');
  silent.add(getRegister.subject);
  await replica().round();
  expect(await queued()).toHaveLength(2);
  silent.clear();
  await at('2026-07-01T00:14:00Z');
  await replica().round();
  expect(await queued()).toHaveLength(2);
  await at('2026-07-01T00:15:01Z');
  await replica().round();
  expect(await queued()).toEqual([...both('semester-report DUE_SOON'), ...both('semester-report OVERDUE')]);
});

test('clocks of hours are looked at every hour, from what is known here, while everybody else is silent', async () => {
  await at('2026-03-02T02:00:00Z');
  await replica().round();
  const duties = new DutyRepository(desk.pool);
  await duties.open(office, { kind: 'BREACH_NOTICE', number: 'INSIDEN/1', receivedAt: '2026-03-02T02:00:00Z' }, null);
  silent.add(listOffices.subject).add(getRegister.subject);
  const look = async (moment: string) => {
    await at(moment);
    await replica()
      .round()
      .catch(() => undefined);
    return (await queued()).filter((key) => key.startsWith('breach'));
  };
  expect(await look('2026-03-04T01:59:00Z')).toEqual([]);
  expect(await look('2026-03-04T02:59:00Z')).toEqual(both('breach-notice DUE_SOON'));
  expect(await look('2026-03-04T10:00:00Z')).toHaveLength(2);
  expect(await look('2026-03-05T03:00:00Z')).toEqual([
    ...both('breach-notice DUE_SOON'),
    ...both('breach-notice OVERDUE'),
  ]);
  const { rows } = await desk.pool.query<{ text: string }>(
    'SELECT row_to_json(r)::text AS text FROM reporting.reminder r WHERE institution_id = $1',
    [office],
  );
  // the number of an incident stays in the office
  expect(rows.map(({ text }) => text).join()).not.toContain('INSIDEN');
});

test('whoever has nobody to remind is not looked at', async () => {
  await desk.settings.configure(office, { emails: [], webhook: null }, null);
  await at('2026-06-01T00:00:00Z');
  await replica().round();
  expect(asked).not.toContain(getRegister.subject);
});
