import { beforeEach, expect, test } from '@jest/globals';
import { listOffices, listUnopenedEvents, openBalikanEvents, type OpenedEvent } from '#contracts';
import { OwnersOfTest } from '../facts/owners-fixture.js';
import { makeReplica } from '../reports/reports-fixture.js';
import { OpeningRounds } from './opening-rounds.js';

const at = '2026-03-02T02:00:00.000Z';
let owners: OwnersOfTest;
let offices: string[];

beforeEach(() => {
  owners = new OwnersOfTest();
  offices = [1, 2, 3].map(() => owners.addOffice());
  for (const office of offices)
    for (let n = 0; n < 3; n += 1) owners.addDelivery(office, at, owners.addLookUp(office, at));
});

function makeRounds() {
  const { facts, opening, log, lines } = makeReplica(undefined as never, owners);
  return { rounds: new OpeningRounds(facts, opening, log, 3_600_000), lines };
}
const kept = () => offices.map((id) => owners.office(id).kept.size);

test('opens what is not opened, of every office; then there is nothing to ask for', async () => {
  const { rounds, lines } = makeRounds();
  await rounds.round();
  expect(kept()).toEqual([3, 3, 3]);
  owners.asked.length = 0;
  await rounds.round();
  expect(new Set(owners.asked)).toEqual(new Set([listOffices.subject, listUnopenedEvents.subject]));
  expect(lines).toEqual([]);
});

test('one office that does not fit keeps no other from it, and is told once', async () => {
  const { rounds, lines } = makeRounds();
  const { opened } = owners.office(offices[1]!);
  const [id, event] = [...opened][0]!;
  opened.set(id, { ...event, content: { ...event.content, receipt: 'MEDIA' } });
  await rounds.round();
  expect(kept()).toEqual([3, 0, 3]);
  expect(lines.map(({ level, fields }) => [level, fields.subject ?? fields.count ?? fields.code])).toEqual([
    ['error', id],
    ['error', 1],
    ['warn', 'EVIDENCE_MISMATCH'],
  ]);
  for (const { fields } of lines) expect(fields.institutionId).toBe(offices[1]);
  lines.length = 0;
  await rounds.round();
  await rounds.round();
  expect(lines).toEqual([]);
  opened.set(id, event);
  await rounds.round();
  expect(kept()).toEqual([3, 3, 3]);
  expect(lines).toMatchObject([{ level: 'info', fields: { institutionId: offices[1] } }]);
});

test('a mismatch behind one that was mended is told too', async () => {
  const { rounds, lines } = makeRounds();
  const { opened, kept: found } = owners.office(offices[1]!);
  const [first, , last] = [...opened.values()] as [OpenedEvent, OpenedEvent, OpenedEvent];
  for (const { id } of [first, last]) opened.delete(id);
  const told = () => lines.flatMap(({ fields: { subject } }) => subject ?? []);
  await rounds.round();
  expect(told()).toEqual([first.id]);
  opened.set(first.id, first);
  await rounds.round();
  await rounds.round();
  expect(found.size).toBe(2);
  expect(told()).toEqual([first.id, last.id]);
});

test('a mismatch is told, also where something else failed before', async () => {
  const { rounds, lines } = makeRounds();
  owners.before.set(openBalikanEvents.subject, () => Promise.reject(new Error('away')));
  await rounds.round();
  await rounds.round();
  expect(lines.map(({ level }) => level)).toEqual(['warn', 'warn', 'warn']);
  owners.before.clear();
  owners.office(offices[2]!).opened.clear();
  lines.length = 0;
  await rounds.round();
  expect(kept()).toEqual([3, 3, 0]);
  expect(lines.filter(({ level }) => level === 'error').length).toBeGreaterThan(0);
});

test('two replicas at once: each particular is kept once, and none differs', async () => {
  const both = [makeRounds(), makeRounds()];
  await Promise.all(both.map(({ rounds }) => rounds.round()));
  expect(kept()).toEqual([3, 3, 3]);
  for (const { lines } of both) expect(lines).toEqual([]);
});

test('a shutdown ends it between two pages, and is no failure', async () => {
  const { rounds, lines } = makeRounds();
  let stopped: Promise<void> | undefined;
  owners.before.set(openBalikanEvents.subject, async () => void (stopped = rounds.stop()));
  await rounds.round();
  await stopped;
  expect(kept()).toEqual([0, 0, 0]);
  expect(lines).toEqual([]);
});
