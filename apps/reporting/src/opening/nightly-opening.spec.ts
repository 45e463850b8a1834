import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type pg from 'pg';
import { getFigures, listReportedEvents } from '#contracts';
import { AppError } from '#service';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { Deadline } from '../facts/deadline.js';
import { OwnersOfTest } from '../facts/owners-fixture.js';
import { fixtureId } from '../forms/report-content-fixture.js';
import { makeReplica } from '../reports/reports-fixture.js';
import { NightlyOpening } from './nightly-opening.js';
import { OpeningNights } from './opening-nights.repository.js';

const at = '2026-03-02T02:00:00.000Z';
let database: TestDatabase;
let pool: pg.Pool;
let owners: OwnersOfTest;
let offices: string[];

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('reporting');
});
afterAll(() => database.drop());
/** Everything is opened, and each office was seen on the evening before. */
beforeEach(async () => {
  await database.asSuperuser(database.name, (owner) => owner.query('TRUNCATE reporting.opening_night'));
  owners = new OwnersOfTest();
  offices = [1, 2].map(() => owners.addOffice());
  const { opening, nightly } = makeNightly();
  for (const office of offices) {
    for (let n = 0; n < 3; n += 1) owners.addDelivery(office, at, owners.addLookUp(office, at));
    owners.addRead(office, at);
    await opening.upTo(office, { origin: 'uji', size: 7 }, new Deadline(20_000));
  }
  await goTo('2026-03-03 22:00');
  await nightly.round();
  owners.asked.length = 0;
});

const goTo = (moment: string) => database.setReportingClock({ at: `${moment}+07` });
function makeNightly() {
  const { facts, opening, events, log, lines } = makeReplica(pool, owners);
  const nights = new OpeningNights(pool);
  const nightly = new NightlyOpening(facts, opening, events, nights, log, 3_600_000);
  return { nightly, nights, opening, events, lines };
}
/** Offices of which everything was opened anew: 4 leaves, on pages of 2. */
const officesOpened = () => owners.asked.filter((subject) => subject === listReportedEvents.subject).length / 2;
const keptOf = (office: string) => [...owners.office(office).kept.entries()];

test('once a night, from 01:00 in Jakarta on; a night that was missed is made up for by day', async () => {
  const { nightly, lines } = makeNightly();
  await goTo('2026-03-04 00:59');
  await nightly.round();
  expect(officesOpened()).toBe(0);
  await goTo('2026-03-04 01:00');
  await nightly.round();
  expect(officesOpened()).toBe(2);
  await goTo('2026-03-04 23:59');
  await nightly.round();
  expect(officesOpened()).toBe(2);
  await goTo('2026-03-07 10:00');
  await nightly.round();
  await nightly.round();
  expect(officesOpened()).toBe(4);
  expect(lines).toEqual([]);
});

test('what was kept otherwise is put right, and told as an error with its office', async () => {
  const { nightly, lines } = makeNightly();
  const { kept } = owners.office(offices[0]!);
  const before = keptOf(offices[0]!);
  const [first, last] = [before[0]!, before.at(-1)!];
  kept.set(first[0], { ...first[1], verificationId: fixtureId(1) });
  kept.set(last[0], { ...last[1], outcome: 'NOT_MATCHED' });
  await goTo('2026-03-04 01:00');
  await nightly.round();
  expect(keptOf(offices[0]!)).toEqual(before);
  const told = lines.map(({ level, fields }) => [level, fields.institutionId, fields.count]);
  expect(told).toEqual([
    ['error', offices[0], 1],
    ['error', offices[0], 1],
  ]);
});

test('what was changed or lost since it was opened is told as an error; all the rest is opened nevertheless', async () => {
  const { nightly, lines } = makeNightly();
  const { opened, kept } = owners.office(offices[0]!);
  const [changed, lost, , last] = [...opened.keys()] as [string, string, string, string];
  const event = opened.get(changed)!;
  opened.set(changed, { ...event, content: { ...event.content, verificationId: fixtureId(1) } });
  opened.delete(lost);
  const proven = kept.get(last)!;
  kept.set(last, { ...proven, tries: 4 });
  await goTo('2026-03-04 01:00');
  await nightly.round();
  const ofOffice = lines.filter(({ level, fields }) => level === 'error' && fields.institutionId === offices[0]);
  expect(ofOffice.map(({ fields }) => [fields.subject, fields.reason, fields.count])).toEqual([
    [undefined, undefined, 1],
    [changed, 'other content', undefined],
    [lost, 'missing', undefined],
    [undefined, undefined, 2],
  ]);
  expect(kept.get(last)).toEqual(proven);
  expect(lines).toHaveLength(4);
  await nightly.round();
  expect(lines).toHaveLength(4);
});

test('replicas share the offices: each is opened by one of them', async () => {
  const replicas = [1, 2, 3].map(() => makeNightly().nightly);
  await goTo('2026-03-04 01:00');
  await Promise.all(replicas.map((nightly) => nightly.round()));
  expect(officesOpened()).toBe(2);
});

test('a replica that takes long keeps its claim from page to page', async () => {
  const { nightly } = makeNightly();
  const other = makeNightly().nightly;
  await goTo('2026-03-04 01:00');
  const meanwhile = [
    () => goTo('2026-03-04 01:10'),
    async () => {
      await goTo('2026-03-04 01:20');
      owners.before.delete(listReportedEvents.subject);
      // all that is left to it is the second office
      await other.round();
    },
  ];
  owners.before.set(listReportedEvents.subject, () => meanwhile.shift()!());
  await nightly.round();
  expect(meanwhile).toEqual([]);
  expect(officesOpened()).toBe(2);
});

test('one office that fails keeps no other from it, and is tried again when the claim is over', async () => {
  const { nightly, lines } = makeNightly();
  await goTo('2026-03-04 01:00');
  owners.failing.set(offices[0]!, 'EVIDENCE_ROLLED_BACK');
  await nightly.round();
  await nightly.round();
  expect(officesOpened()).toBe(1);
  expect(lines).toMatchObject([{ level: 'warn', fields: { institutionId: offices[0] } }]);
  owners.failing.clear();
  await goTo('2026-03-04 01:14');
  await nightly.round();
  expect(officesOpened()).toBe(1);
  await goTo('2026-03-04 01:15');
  await nightly.round();
  expect(officesOpened()).toBe(2);
});

test('an office that fails again and again is told once, and once more when it works again', async () => {
  const { nightly, lines } = makeNightly();
  owners.failing.set(offices[0]!, 'EVIDENCE_ROLLED_BACK');
  for (const moment of ['01:00', '01:15', '01:30']) {
    await goTo(`2026-03-04 ${moment}`);
    await nightly.round();
  }
  const told = () => lines.map(({ level, fields }) => [level, fields.institutionId, fields.code]);
  expect(told()).toEqual([['warn', offices[0], 'EVIDENCE_ROLLED_BACK']]);
  owners.failing.clear();
  await goTo('2026-03-04 01:45');
  await nightly.round();
  expect(told().slice(1)).toEqual([['info', offices[0], undefined]]);
});

test('a replica that is stopped leaves the rest to another one', async () => {
  const { nightly, lines } = makeNightly();
  await goTo('2026-03-04 01:00');
  let stopped: Promise<void> | undefined;
  owners.before.set(listReportedEvents.subject, async () => void (stopped ??= nightly.stop()));
  await nightly.round();
  await stopped;
  expect(lines).toEqual([]);
  owners.before.clear();
  owners.asked.length = 0;
  await goTo('2026-03-04 01:15');
  await makeNightly().nightly.round();
  expect(officesOpened()).toBe(2);
});

test('a replica that is stopped while it takes up an office asks for nothing any more', async () => {
  const { nightly, nights } = makeNightly();
  await goTo('2026-03-04 01:00');
  let stopped: Promise<void> | undefined;
  const take = nights.take.bind(nights);
  nights.take = async (office) => {
    stopped ??= nightly.stop();
    return take(office);
  };
  await nightly.round();
  await stopped;
  expect(owners.asked).not.toContain(getFigures.subject);
});

test('of many that do not fit a few are kept in mind and named, and all counted', async () => {
  const { nightly, events, lines } = makeNightly();
  const tell = jest.spyOn(events, 'tell');
  const office = offices[0]!;
  for (let n = 0; n < 30; n += 1) owners.addDelivery(office, at, owners.addLookUp(office, at));
  owners.office(office).opened.clear();
  await goTo('2026-03-04 01:00');
  await nightly.round();
  expect(tell.mock.calls.map(([, wrong]) => wrong.length)).toEqual([20]);
  expect(lines.filter(({ fields }) => fields.subject !== undefined)).toHaveLength(20);
  expect(lines.at(-1)!.fields).toMatchObject({ institutionId: office, count: 34 });
});

test('an office of which nothing is in the log has nothing to open', async () => {
  const { nightly, lines } = makeNightly();
  await goTo('2026-03-04 01:00');
  owners.before.set(getFigures.subject, () => Promise.reject(new AppError('RESOURCE_NOT_FOUND')));
  await nightly.round();
  await nightly.round();
  expect(owners.asked.filter((subject) => subject === getFigures.subject)).toHaveLength(2);
  expect(officesOpened()).toBe(0);
  expect(lines).toEqual([]);
});
