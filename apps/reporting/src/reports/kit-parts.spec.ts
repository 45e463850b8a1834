import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { openedMatches, readParticularsLine, readUndeliveredLine } from '#report';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { fixtureId } from '../forms/report-content-fixture.js';
import { fillOffice } from './golden-office.js';
import { KitParts } from './kit-parts.js';
import { actorOf, makeReplica, patience, type TestReplica } from './reports-fixture.js';

let database: TestDatabase;
let pool: pg.Pool;
let replica: TestReplica;
let kit: KitParts;
let id: string;

const office = fixtureId(1);
const actor = actorOf(office);

beforeAll(async () => {
  database = await TestDatabase.create();
  await database.setReportingClock({ at: '2026-06-01 09:00+07' });
  pool = database.pool('reporting');
  replica = makeReplica(pool);
  kit = new KitParts(pool, replica.facts, replica.events);
  const { owners } = replica;
  fillOffice(owners, office);
  const registered = {
    type: 'ADMINISTRATION',
    act: 'reader.register',
    at: '2025-01-06T02:00:00.000000Z',
    subject: null,
  } as const;
  owners.report(office, registered, { act: 'reader.register' });
  // what proves no row of the register stays here: networks of applications, reasons, cases
  owners.report(office, { ...registered, act: 'client.create' }, { act: 'client.create', networks: ['10.1.2.0/24'] });
  // not counted: another day, another act; and one that the gateway does not have any more
  owners.addRead(office, '2025-12-30T02:00:00.000000Z');
  owners.report(office, { ...registered, type: 'DATA_BALIKAN', act: 'data-balikan.packed' }, { records: 3 });
  owners.office(office).opened.delete(owners.report(office, registered, { act: 'reader.register' }));
  owners.addDelivery(office, '2025-12-30T02:00:00.000000Z', fixtureId(0x50f));
  id = (await replica.reports.draft(actor, { year: 2026, semester: 1 }, patience)).id;
  await replica.reports.review(actor, id);
  // after the checkpoint
  owners.addDelivery(office, '2026-06-02T02:00:00.000000Z', fixtureId(0x504));
});
afterAll(() => database.drop());

async function allLines(part: 'particulars' | 'undelivered', of = actor): Promise<string[]> {
  const lines: string[] = [];
  let after: string | null = null;
  do {
    const page: { lines: string[]; next: string | null } = await kit[part](of, id, after);
    lines.push(...page.lines);
    after = page.next;
  } while (after !== null);
  return lines;
}

test('particulars of all that is counted, in the order of the log, and of the steps, as soon as the log has them all', async () => {
  await expect(allLines('particulars')).rejects.toMatchObject({ code: 'EVIDENCE_UNAVAILABLE' });
  await pool.query("DELETE FROM reporting.evidence_outbox WHERE act = 'report.draft'");
  await expect(allLines('particulars')).rejects.toMatchObject({ code: 'EVIDENCE_UNAVAILABLE' });
  await pool.query('DELETE FROM reporting.evidence_outbox');
  const lines = (await allLines('particulars')).map((line) => readParticularsLine(line)!);
  const leaves = replica.owners.office(office).log.flatMap((entry) => (entry.kind === 'REPORTED' ? [entry.leaf] : []));
  const byId = new Map(leaves.map((leaf) => [leaf.id, leaf]));
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM reporting.report_step ORDER BY n');
  expect(lines.map((line) => byId.get(line.id)?.act ?? line.id)).toEqual([
    'data-balikan.delivered',
    'reader.read',
    'reader.read',
    'data-balikan.delivered',
    'reader.register',
    'data-balikan.delivered',
    ...rows.map((step) => step.id),
  ]);
  for (const { id: leaf, salt, content } of lines.slice(0, -2))
    expect(openedMatches(byId.get(leaf)!, salt, content)).toBe(true);
  expect(lines.at(-2)!.content).toMatchObject({ state: 'DRAFTED', version: 1, note: null });
});

test('not for another institution, nor a page that there is not', async () => {
  const missing = { code: 'RESOURCE_NOT_FOUND' };
  const stranger = actorOf(fixtureId(2));
  await expect(kit.particulars(stranger, id, null)).rejects.toMatchObject(missing);
  await expect(kit.undelivered(stranger, id, null)).rejects.toMatchObject(missing);
  await expect(kit.undelivered(actor, id, 'x')).rejects.toMatchObject(missing);
  await expect(kit.particulars(actor, id, 'stepsx')).rejects.toMatchObject(missing);
  const evaluator = actorOf(office, { role: 'evaluator' });
  await expect(kit.particulars(evaluator, id, null)).rejects.toMatchObject(missing);
});

test('the approval of the version that replaces it is among them', async () => {
  await replica.reports.approve(actor, id);
  const second = await replica.reports.draft(actor, { corrects: id }, patience);
  await replica.reports.review(actor, second.id);
  await replica.reports.approve(actor, second.id);
  await pool.query('DELETE FROM reporting.evidence_outbox');
  const steps = (await allLines('particulars')).map((line) => readParticularsLine(line)!.content);
  expect(steps.slice(-4)).toMatchObject([
    { state: 'DRAFTED', corrects: null },
    { state: 'REVIEWED' },
    { state: 'APPROVED', version: 1 },
    { state: 'APPROVED', version: 2, corrects: id, contentHash: second.contentHash },
  ]);
  expect((await replica.reports.get(actor, id)).state).toBe('APPROVED');
});

test('records that had not arrived', async () => {
  expect((await allLines('undelivered')).map((line) => readUndeliveredLine(line)!.state)).toEqual(['PACKED']);
});
