import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import {
  getFigures,
  keepOpenedEvents,
  listAcceptedLookUps,
  openAccessEvents,
  openBalikanEvents,
  ReportContent,
} from '#contracts';
import { canonicalJson } from '#evidence';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { Deadline } from '../facts/deadline.js';
import { fixtureId, makeRegister } from '../forms/report-content-fixture.js';
import { fillOffice } from './golden-office.js';
import { actorOf, makeReplica, patience, type TestReplica } from './reports-fixture.js';

let database: TestDatabase;
let pool: pg.Pool;
let replica: TestReplica;

const semester = { year: 2026, semester: 1 } as const;

beforeAll(async () => {
  database = await TestDatabase.create();
  await database.setReportingClock({ at: '2026-06-01 09:00+07' });
  pool = database.pool('reporting');
  replica = makeReplica(pool);
});
afterAll(() => database.drop());

const contentOf = async (id: string) => {
  const { rows } = await pool.query<{ content: string }>('SELECT content FROM reporting.report WHERE id = $1', [id]);
  return rows[0]!.content;
};
const draft = (office: string, of = replica) => of.reports.draft(actorOf(office), semester, patience);
const countReports = async (office: string) =>
  (await pool.query('SELECT 1 FROM reporting.report WHERE institution_id = $1', [office])).rowCount;

test('the golden report', async () => {
  const office = fixtureId(1);
  fillOffice(replica.owners, office);
  const { id } = await draft(office);
  // what differs from run to run stands in words
  const text = (await contentOf(id)).replaceAll(id, 'id-of-the-report');
  const golden = await readFile(new URL('./golden-report.json', import.meta.url), 'utf8');
  expect(text).toBe(canonicalJson(JSON.parse(golden)));
  expect(ReportContent.safeParse(JSON.parse(await contentOf(id))).success).toBe(true);
});

describe('the same period and checkpoint', () => {
  test('give the same figures, byte for byte, whatever the registers say by then', async () => {
    const { owners } = replica;
    const office = owners.addOffice();
    const lookUp = owners.addLookUp(office, '2026-03-02T02:00:00.000Z');
    owners.addDelivery(office, '2026-03-03T02:00:00.000Z', lookUp);
    const period = { from: '2026-01-01', until: '2026-05-31' };
    const one = await replica.reports.draft(actorOf(office), period, patience);
    const { register } = owners.office(office);
    owners.office(office).register = { ...register, readers: [] };
    const other = await replica.reports.draft(actorOf(office), period, patience);
    const facts = (text: string) => {
      const { asOf, figures, register: declared } = JSON.parse(text) as ReportContent;
      return canonicalJson({ asOf, figures, register: declared });
    };
    expect(other.id).not.toBe(one.id);
    expect(facts(await contentOf(other.id))).toBe(facts(await contentOf(one.id)));
    const { rowCount } = await pool.query('SELECT 1 FROM reporting.counted WHERE institution_id = $1', [office]);
    expect(rowCount).toBe(1);
  });

  test('also when two count at once', async () => {
    const { owners } = replica;
    const office = owners.addOffice();
    owners.addLookUp(office, '2026-03-02T02:00:00.000Z');
    const period = { from: '2026-02-01', until: '2026-05-31' };
    const both = await Promise.all([1, 2].map(() => replica.reports.draft(actorOf(office), period, patience)));
    expect(both[0]!.figures).toEqual(both[1]!.figures);
    const { rowCount } = await pool.query('SELECT 1 FROM reporting.counted WHERE institution_id = $1', [office]);
    expect(rowCount).toBe(1);
  });
});

describe('data balikan', () => {
  test('count whenever they were delivered; what the log has as delivered is not undelivered', async () => {
    const { owners } = replica;
    const office = owners.addOffice();
    const [sent, accepted, owed, overdue] = ['04-01', '05-20', '05-25', '02-02'].map((day) =>
      owners.addLookUp(office, `2026-${day}T02:00:00.000Z`),
    );
    const record = '019ab3c4-5d6e-7f80-9123-00000000bbbb';
    owners.addDelivery(office, '2025-12-31T17:30:00.000Z', sent!, record);
    owners.addDelivery(office, '2025-08-01T02:00:00.000Z', '019ab3c4-5d6e-7f80-9123-00000000cccc');
    const acceptedAt = '2026-05-21T02:00:00.000Z';
    owners.office(office).undelivered = [
      { id: record, verificationId: sent!, acceptedAt, state: 'WAITING' },
      { id: '019ab3c4-5d6e-7f80-9123-00000000dddd', verificationId: accepted!, acceptedAt, state: 'DEAD' },
    ];
    const { id, figures } = await draft(office);
    expect(owed && overdue).toBeTruthy();
    expect(figures.dataBalikan).toMatchObject({
      delivered: 1,
      undelivered: { waiting: 0, packed: 0, refused: 1 },
      coverage: { total: { lookUps: 4, sent: 1, accepted: 1, owed: 1, overdue: 1 } },
    });
    const { rows } = await pool.query<{ line: string }>(
      `SELECT line FROM reporting.undelivered_line AS line JOIN reporting.report USING (counted_id) WHERE report.id = $1`,
      [id],
    );
    expect(rows.map(({ line }) => JSON.parse(line) as { state: string })).toMatchObject([{ state: 'DEAD' }]);
  });
});

describe('deliveries that the log has not been told of', () => {
  test('are undelivered as of the checkpoint, however long ago they were, and never overdue', async () => {
    const { owners } = replica;
    const office = owners.addOffice();
    const [early, told, late] = ['02-01', '02-02', '05-31'].map((day) =>
      owners.addLookUp(office, `2026-${day}T02:00:00.000Z`),
    );
    const record = (n: number, verificationId: string, acceptedAt = '2026-05-01T02:00:00.000Z') =>
      ({ id: `019ab3c4-5d6e-7f80-9123-0000000000e${n}`, verificationId, acceptedAt, state: 'WAITING' }) as const;
    // the last one was accepted after the checkpoint
    const untold = [record(1, early!), record(2, told!), record(3, late!, '2026-06-01T02:00:00.001Z')];
    owners.office(office).untold = untold;
    // the log learns of one of them before the checkpoint is signed
    owners.before.set(getFigures.subject, async () => {
      owners.before.clear();
      owners.addDelivery(office, '2026-05-02T02:00:00.000Z', told!, untold[1]!.id);
      owners.office(office).untold = [];
    });
    expect((await draft(office)).figures.dataBalikan).toMatchObject({
      delivered: 1,
      undelivered: { waiting: 1 },
      coverage: { total: { lookUps: 3, sent: 1, accepted: 1, owed: 1, overdue: 0 } },
    });
  });
});

describe('particulars', () => {
  const fill = (office: string) => {
    const { owners } = replica;
    const lookUp = owners.addLookUp(office, '2026-03-02T02:00:00.000Z');
    const read = owners.addRead(office, '2026-03-02T01:59:00.000Z', { verificationId: lookUp });
    return [read, owners.addDelivery(office, '2026-03-03T02:00:00.000Z', lookUp)] as const;
  };
  const expected = {
    readers: { reads: 1, withLookUp: 1 },
    dataBalikan: { delivered: 1, coverage: { total: { sent: 1 } } },
  };

  test('are opened once: what was opened is counted without asking for it again, also when it is changed by then', async () => {
    const { owners } = replica;
    const office = owners.addOffice();
    const ids = fill(office);
    expect((await draft(office)).figures).toMatchObject(expected);
    for (const id of ids) owners.office(office).opened.delete(id);
    owners.asked.length = 0;
    const { figures } = await replica.reports.draft(
      actorOf(office),
      { from: '2026-03-01', until: '2026-03-31' },
      patience,
    );
    expect(figures).toMatchObject(expected);
    for (const { subject } of [openAccessEvents, openBalikanEvents, keepOpenedEvents])
      expect(owners.asked).not.toContain(subject);
  });

  test.each([0, 1])(
    'one that is not opened yet stops a draft when it is missing, of another period as well (%i)',
    async (n) => {
      const { owners } = replica;
      const office = owners.addOffice();
      const ids = fill(office);
      owners.office(office).opened.delete(ids[n]!);
      const period = { from: '2026-05-01', until: '2026-05-31' };
      await expect(replica.reports.draft(actorOf(office), period, patience)).rejects.toMatchObject({
        code: 'EVIDENCE_MISMATCH',
      });
      expect(await countReports(office)).toBe(0);
    },
  );
});

describe('nothing is drafted', () => {
  test.each([
    ['says something else', (event: { content: object }) => ({ ...event, content: { ...event.content, tries: 3 } })],
    ['has another salt', (event: { salt: string }) => ({ ...event, salt: Buffer.alloc(32).toString('base64') })],
    ['is missing', () => undefined],
  ])('when a register %s: EVIDENCE_MISMATCH, and its id in the log', async (_what, change) => {
    const { owners, lines } = replica;
    const office = owners.addOffice();
    owners.addRead(office, '2026-03-02T02:00:00.000Z');
    const id = owners.addRead(office, '2026-03-02T03:00:00.000Z');
    const { opened } = owners.office(office);
    const changed = change(opened.get(id)!);
    if (changed) opened.set(id, changed as never);
    else opened.delete(id);
    await expect(draft(office)).rejects.toMatchObject({ code: 'EVIDENCE_MISMATCH' });
    expect(await countReports(office)).toBe(0);
    const named = lines.filter(({ level, fields }) => level === 'error' && fields.institutionId === office);
    expect(named[0]!.fields.subject).toBe(id);
    expect(named[1]!.fields.count).toBe(1);
  });

  test('when an owner does not answer', async () => {
    const office = replica.owners.addOffice();
    replica.owners.addDelivery(office, '2026-03-02T02:00:00.000Z', fixtureId(9));
    replica.owners.before.set(openBalikanEvents.subject, () => Promise.reject(new Error('away')));
    await expect(draft(office)).rejects.toThrow('away');
    replica.owners.before.clear();
    expect(await countReports(office)).toBe(0);
  });

  test('when what was opened is put right in between: it may be tried again', async () => {
    const { owners } = replica;
    const office = owners.addOffice();
    const lookUp = owners.addLookUp(office, '2026-03-02T02:00:00.000Z');
    const delivery = owners.addDelivery(office, '2026-03-03T02:00:00.000Z', lookUp);
    const record = { id: fixtureId(8), verificationId: lookUp, acceptedAt: '2026-03-03T02:00:00.000Z' };
    owners.office(office).undelivered = [{ ...record, state: 'WAITING' }];
    const { kept } = owners.office(office);
    owners.before.set(listAcceptedLookUps.subject, async () => {
      owners.before.clear();
      kept.set(delivery, { ...kept.get(delivery)!, verificationId: fixtureId(9) });
    });
    await expect(draft(office)).rejects.toMatchObject({ code: 'EVIDENCE_UNAVAILABLE', extras: { retryAfter: 5 } });
    expect(await countReports(office)).toBe(0);
    expect((await draft(office)).figures.dataBalikan.coverage.total).toMatchObject({ sent: 0, accepted: 1 });
  });

  test('when the time is over', async () => {
    const office = replica.owners.addOffice();
    await expect(replica.reports.draft(actorOf(office), semester, 0)).rejects.toMatchObject({
      code: 'SERVICE_TIMEOUT',
    });
    const deadline = new Deadline(patience);
    replica.owners.before.set(getFigures.subject, async () => deadline.end());
    await expect(
      replica.drafting.draft(office, { operatorId: null, name: null }, semester, deadline),
    ).rejects.toMatchObject({
      code: 'SERVICE_TIMEOUT',
    });
    replica.owners.before.clear();
    expect(await countReports(office)).toBe(0);
  });

  test.each([
    ['a period that lies in the future', { year: 2026, semester: 2 }],
    ['a period before the first agreement', { year: 2024, semester: 1 }],
  ] as const)('of %s', async (_what, report) => {
    const actor = actorOf(replica.owners.addOffice());
    await expect(replica.reports.draft(actor, report, patience)).rejects.toMatchObject({ code: 'PERIOD_NOT_BEGUN' });
  });

  test('of an institution that has only a draft of an agreement, or that nobody knows', async () => {
    const register = makeRegister();
    const office = replica.owners.addOffice();
    const agreements = register.agreements.map((one) => ({ ...one, state: 'draft' as const }));
    const { institution } = replica.owners.office(office).register;
    replica.owners.office(office).register = { ...register, institution, agreements };
    await expect(draft(office)).rejects.toMatchObject({ code: 'PERIOD_NOT_BEGUN' });
    await expect(draft(fixtureId(77))).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  });
});
