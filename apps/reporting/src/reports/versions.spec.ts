import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { getFigures, type NewReport } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { getContent } from './report.repository.js';
import { actorOf, makeReplica, patience, type TestReplica } from './reports-fixture.js';

let database: TestDatabase;
let pool: pg.Pool;
let replica: TestReplica;

const semester = { year: 2026, semester: 1 } as const;

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('reporting');
  replica = makeReplica(pool);
});
afterAll(() => database.drop());
beforeEach(() => goTo('2026-06-01T02:00:00.000Z'));

async function goTo(at: string): Promise<void> {
  await database.setReportingClock({ at });
  replica.owners.now = at;
}
const draft = (office: string, report: NewReport) => replica.reports.draft(actorOf(office), report, patience);
async function approve(office: string, id: string): Promise<void> {
  await replica.reports.review(actorOf(office), id);
  await replica.reports.approve(actorOf(office), id);
}
async function makeApproved() {
  const office = replica.owners.addOffice();
  replica.owners.addLookUp(office, '2026-03-02T02:00:00.000Z');
  replica.owners.addRead(office, '2026-03-02T02:00:00.000Z');
  const { id } = await draft(office, semester);
  await approve(office, id);
  return { office, id };
}
const conflict = { code: 'STATE_CONFLICT' };

describe('one semester', () => {
  test('has one report, until its draft is discarded', async () => {
    const office = replica.owners.addOffice();
    const { id } = await draft(office, semester);
    await expect(draft(office, semester)).rejects.toMatchObject(conflict);
    await expect(draft(office, { from: '2026-01-01', until: '2026-06-30' })).rejects.toMatchObject(conflict);
    await replica.reports.discard(actorOf(office), id, { reason: 'Uji' });
    expect((await draft(office, semester)).period.kind).toBe('FIRST_SEMESTER');
  });

  test('also when two draft it at once', async () => {
    const office = replica.owners.addOffice();
    const both = await Promise.allSettled([draft(office, semester), draft(office, semester)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: conflict });
  });

  test('days that are no semester may be drafted as often as anybody likes', async () => {
    const office = replica.owners.addOffice();
    const days = { from: '2026-02-01', until: '2026-02-28' };
    const ids = [await draft(office, days), await draft(office, days)].map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('a correction', () => {
  test('is a new version that names the old, counted anew; the old one stays', async () => {
    const { office, id } = await makeApproved();
    const before = await replica.reports.get(actorOf(office), id);
    replica.owners.addLookUp(office, '2026-04-02T02:00:00.000Z');
    const after = await draft(office, { corrects: id });
    expect(after).toMatchObject({ version: 2, corrects: id, supplements: null, type: 'REPORT', state: 'DRAFTED' });
    expect(after.period).toEqual(before.period);
    expect(after.figures.lookUps.total.hits).toBe(2);
    expect(await replica.reports.get(actorOf(office), id)).toEqual(before);
    await approve(office, after.id);
    expect((await draft(office, { corrects: after.id })).version).toBe(3);
  });

  test('takes the narrative along', async () => {
    const office = replica.owners.addOffice();
    const narrative = { obstacles: 'Listrik padam.', followUp: 'Genset dipinjam.' };
    const { id } = await draft(office, semester);
    await replica.reports.write(actorOf(office), id, narrative);
    await approve(office, id);
    expect((await draft(office, { corrects: id })).narrative).toEqual(narrative);
  });

  test('only of what is approved, and one of each that is not discarded', async () => {
    const office = replica.owners.addOffice();
    const { id } = await draft(office, semester);
    await expect(draft(office, { corrects: id })).rejects.toMatchObject(conflict);
    await approve(office, id);
    const second = await draft(office, { corrects: id });
    await expect(draft(office, { corrects: id })).rejects.toMatchObject(conflict);
    await replica.reports.discard(actorOf(office), second.id, { reason: 'Uji' });
    await expect(draft(office, { corrects: second.id })).rejects.toMatchObject(conflict);
    expect((await draft(office, { corrects: id })).version).toBe(2);
  });

  test('of another institution’s there is none', async () => {
    const { id } = await makeApproved();
    const missing = { code: 'RESOURCE_NOT_FOUND' };
    await expect(draft(replica.owners.addOffice(), { corrects: id })).rejects.toMatchObject(missing);
    await expect(draft(replica.owners.addOffice(), { supplements: id })).rejects.toMatchObject(missing);
  });
});

describe('a supplement', () => {
  test('counts the whole period as of its own checkpoint, and says what the report had counted', async () => {
    const { office, id } = await makeApproved();
    await goTo('2026-07-01T02:00:00.000Z');
    replica.owners.addLookUp(office, '2026-06-15T02:00:00.000Z');
    const supplement = await draft(office, { supplements: id });
    expect(supplement).toMatchObject({ type: 'SUPPLEMENT', version: 1, corrects: null, supplements: id });
    expect(supplement.figures.lookUps.total.hits).toBe(2);
    expect((await getContent(pool, supplement.id)).reported).toEqual({
      asOf: { at: '2026-06-01T02:00:00.000Z', origin: `uji.invalid/${office}/1`, size: 2 },
      hits: 1,
      refused: 0,
      reads: 1,
      delivered: 0,
    });
    await expect(draft(office, { supplements: id })).rejects.toMatchObject(conflict);
    await approve(office, supplement.id);
    const corrected = await draft(office, { corrects: supplement.id });
    expect(corrected).toMatchObject({ type: 'SUPPLEMENT', version: 2, supplements: id });
    expect((await getContent(pool, corrected.id)).reported).toMatchObject({ hits: 1 });
    await expect(draft(office, { supplements: supplement.id })).rejects.toMatchObject(conflict);
  });

  test('only of what is approved, in its latest version', async () => {
    const { office, id } = await makeApproved();
    const second = await draft(office, { corrects: id });
    await expect(draft(office, { supplements: second.id })).rejects.toMatchObject(conflict);
    await approve(office, second.id);
    await expect(draft(office, { supplements: id })).rejects.toMatchObject(conflict);
    expect((await draft(office, { supplements: second.id })).supplements).toBe(second.id);
  });

  test('is not drafted when the log says by now that the report had counted something else', async () => {
    const { office, id } = await makeApproved();
    replica.owners.office(office).log[0] = { kind: 'REFUSAL', at: '2026-03-02T02:00:00.000Z' };
    await expect(draft(office, { supplements: id })).rejects.toMatchObject({ code: 'EVIDENCE_MISMATCH' });
    expect(replica.lines.some(({ level, fields }) => level === 'error' && fields.subject === id)).toBe(true);
  });

  test('of a checkpoint that was rolled back it says what the report says', async () => {
    const { office, id } = await makeApproved();
    const asked = replica.owners.asked.filter((subject) => subject === getFigures.subject).length;
    replica.owners.office(office).log.splice(0, 1);
    const supplement = await draft(office, { supplements: id });
    expect(replica.owners.asked.filter((subject) => subject === getFigures.subject)).toHaveLength(asked + 2);
    expect((await getContent(pool, supplement.id)).reported).toMatchObject({ hits: 1, reads: 1 });
  });
});
