import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { Narrative, Report, ReportDetail, type ReportState } from '#contracts';
import { contentHash } from '#evidence';
import { reportHash } from '#report';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { moves, type MoveName } from './state-rules.js';
import { actorOf, makeReplica, patience, type TestReplica } from './reports-fixture.js';

let database: TestDatabase;
let pool: pg.Pool;
let replica: TestReplica;
let notes = 0;

const semester = { year: 2026, semester: 1 } as const;
const narrative = { obstacles: 'Listrik padam dua hari.', followUp: 'Genset dipinjam dari kelurahan.' };
const submission = { method: 'PAPER', on: '2026-06-02', receiptNumber: '470/12/2026' } as const;

beforeAll(async () => {
  database = await TestDatabase.create();
  await database.setReportingClock({ at: '2026-06-02 09:00+07' });
  pool = database.pool('reporting');
  replica = makeReplica(pool);
});
afterAll(() => database.drop());

const makeDraft = async () => {
  const office = replica.owners.addOffice();
  const actor = actorOf(office);
  return { office, actor, id: (await replica.reports.draft(actor, semester, patience)).id };
};
const evaluatorOf = (office: string) => actorOf(office, { role: 'evaluator', name: 'Penilai CONTOH' });

const acts: Record<MoveName | 'write', (office: string, id: string) => Promise<ReportDetail>> = {
  write: (office, id) =>
    replica.reports.write(actorOf(office), id, { ...narrative, followUp: `Lagi, catatan ${(notes += 1)}.` }),
  review: (office, id) => replica.reports.review(actorOf(office, { role: 'operator' }), id),
  approve: (office, id) => replica.reports.approve(actorOf(office), id),
  submit: (office, id) => replica.reports.submit(actorOf(office), id, submission),
  evaluate: (office, id) =>
    replica.reports.evaluate(evaluatorOf(office), id, { verdict: 'ACCEPTED', note: 'Lengkap.' }),
  discard: (office, id) => replica.reports.discard(actorOf(office), id, { reason: 'Salah periode.' }),
};
const wayTo: Record<ReportState, MoveName[]> = {
  DRAFTED: [],
  REVIEWED: ['review'],
  APPROVED: ['review', 'approve'],
  SUBMITTED: ['review', 'approve', 'submit'],
  EVALUATED: ['review', 'approve', 'submit', 'evaluate'],
  DISCARDED: ['discard'],
};
const makeReportIn = async (state: ReportState) => {
  const made = await makeDraft();
  for (const act of wayTo[state]) await acts[act](made.office, made.id);
  return made;
};

describe('every act in every state', () => {
  const states = Object.keys(wayTo) as ReportState[];
  const table = states.flatMap((state) => (Object.keys(acts) as (MoveName | 'write')[]).map((act) => ({ state, act })));

  test.each(table)('$act when $state', async ({ state, act }) => {
    const { office, actor, id } = await makeReportIn(state);
    const becomes: Partial<Record<string, ReportState>> = {
      'DRAFTED write': 'DRAFTED',
      'REVIEWED write': 'DRAFTED',
      'DRAFTED review': 'REVIEWED',
      'REVIEWED approve': 'APPROVED',
      'APPROVED submit': 'SUBMITTED',
      'SUBMITTED evaluate': 'EVALUATED',
      'DRAFTED discard': 'DISCARDED',
      'REVIEWED discard': 'DISCARDED',
    };
    const expected = becomes[`${state} ${act}`];
    const before = await replica.reports.get(actor, id);
    if (expected) {
      const after = await acts[act](office, id);
      expect(after.state).toBe(expected);
      expect(ReportDetail.safeParse(after).success).toBe(true);
      return;
    }
    // an evaluator does not see a draft at all
    const code =
      act === 'evaluate' && ['DRAFTED', 'REVIEWED', 'DISCARDED'].includes(state)
        ? 'RESOURCE_NOT_FOUND'
        : 'STATE_CONFLICT';
    await expect(acts[act](office, id)).rejects.toMatchObject({ code });
    expect(await replica.reports.get(actor, id)).toEqual(before);
  });

  test('the Camat approves what he has read, and not what was written and reviewed meanwhile', async () => {
    const { office, id } = await makeDraft();
    const { contentHash: read } = await acts.review(office, id);
    await acts.write(office, id);
    const { contentHash } = await acts.review(office, id);
    await expect(replica.reports.approve(actorOf(office), id, read)).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      extras: { issues: [{ path: 'contentHash' }] },
    });
    expect(await replica.reports.approve(actorOf(office), id, contentHash)).toMatchObject({ state: 'APPROVED' });
  });

  test.each(['operator', 'admin', 'evaluator'] as const)('the Camat alone approves, not %s', async (role) => {
    const { office, id } = await makeReportIn('REVIEWED');
    await expect(replica.reports.approve(actorOf(office, { role }), id)).rejects.toMatchObject({
      code: role === 'evaluator' ? 'RESOURCE_NOT_FOUND' : 'STATE_CONFLICT',
    });
  });

  test('the evaluator alone evaluates', async () => {
    const { actor, id } = await makeReportIn('SUBMITTED');
    await expect(replica.reports.evaluate(actor, id, { verdict: 'ACCEPTED', note: '' })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      extras: { issues: [{ path: 'role' }] },
    });
  });

  test('two who do the same at once: one does it', async () => {
    const { office, id } = await makeReportIn('REVIEWED');
    const both = await Promise.allSettled([acts.approve(office, id), acts.approve(office, id)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const { rows } = await pool.query(
      "SELECT 1 FROM reporting.report_step WHERE report_id = $1 AND act = 'report.approve'",
      [id],
    );
    expect(rows).toHaveLength(1);
  });
});

describe('what is on record', () => {
  test('who did what and when; a change of the narrative takes the review back', async () => {
    const { office, actor, id } = await makeReportIn('REVIEWED');
    expect((await replica.reports.get(actor, id)).reviewed).toMatchObject({ name: 'Camat CONTOH' });
    const written = await replica.reports.write(actor, id, narrative);
    expect(written).toMatchObject({ state: 'DRAFTED', reviewed: null, narrative });
    for (const act of ['review', 'approve', 'submit', 'evaluate'] as const) await acts[act](office, id);
    const at = '2026-06-02T02:00:00.000Z';
    const camat = { at, by: actor.operatorId, name: 'Camat CONTOH' };
    const report = await replica.reports.get(actor, id);
    expect(report).toMatchObject({
      state: 'EVALUATED',
      drafted: camat,
      reviewed: camat,
      approved: camat,
      submitted: { ...camat, ...submission },
      evaluated: { ...camat, name: 'Penilai CONTOH', verdict: 'ACCEPTED', note: 'Lengkap.' },
      discarded: null,
    });
    const { figures: _, ...told } = report;
    expect(Report.safeParse(told).success).toBe(true);
  });

  test('the same narrative again changes nothing', async () => {
    const { actor, id } = await makeDraft();
    await replica.reports.write(actor, id, narrative);
    await replica.reports.review(actor, id);
    expect((await replica.reports.write(actor, id, narrative)).state).toBe('REVIEWED');
  });

  test('the hash is of the content that is kept, and of what the narrative says now', async () => {
    const { actor, id } = await makeDraft();
    const before = await replica.reports.get(actor, id);
    const after = await replica.reports.write(actor, id, narrative);
    expect(after.contentHash).not.toBe(before.contentHash);
    expect(after.figures).toEqual(before.figures);
    const { rows } = await pool.query<{ content: string }>('SELECT content FROM reporting.report WHERE id = $1', [id]);
    const content: unknown = JSON.parse(rows[0]!.content);
    expect(reportHash(content)).toBe(after.contentHash);
    expect(content).toMatchObject({ id, narrative, version: 1, type: 'REPORT' });
  });

  test('each step waits for the evidence log, which can be opened with the salt that is kept', async () => {
    const { office, actor, id } = await makeReportIn('SUBMITTED');
    const { rows } = await pool.query<{ act: string; hash: Buffer; salt: Buffer; particulars: string; actor: string }>(
      `SELECT event.act, event.content_hash AS hash, salt, particulars, event.actor_id AS actor
       FROM reporting.evidence_outbox AS event JOIN reporting.report_step AS step USING (id)
       WHERE event.subject = $1 AND event.institution_id = $2 AND event.at = step.at ORDER BY n`,
      [id, office],
    );
    expect(rows.map(({ act }) => act)).toEqual(['report.draft', 'report.review', 'report.approve', 'report.submit']);
    for (const row of rows) {
      expect(row.actor).toBe(actor.operatorId);
      expect(Buffer.from(contentHash(row.salt, JSON.parse(row.particulars)))).toEqual(row.hash);
    }
    const { contentHash: hash } = await replica.reports.get(actor, id);
    expect(JSON.parse(rows[3]!.particulars)).toEqual({
      contentHash: hash,
      corrects: null,
      note: 'PAPER 2026-06-02 470/12/2026',
      state: 'SUBMITTED',
      version: 1,
    });
  });
});

describe('submitted', () => {
  test.each([
    ['2026-06-03', 'belum tiba'],
    ['2026-06-01', 'mendahului'],
  ])('not on %s', async (on, why) => {
    const { actor, id } = await makeReportIn('APPROVED');
    await expect(replica.reports.submit(actor, id, { ...submission, on })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      extras: { issues: [{ path: 'on', message: expect.stringContaining(why) }] },
    });
  });
});

describe('who sees what', () => {
  test('another institution sees nothing of it', async () => {
    const { id } = await makeReportIn('APPROVED');
    const stranger = actorOf(replica.owners.addOffice());
    await expect(replica.reports.get(stranger, id)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    await expect(replica.reports.review(stranger, id)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    expect(await replica.reports.list(stranger, 20, undefined)).toEqual({ reports: [], next: null });
  });

  test('an evaluator sees a report from its approval on', async () => {
    const { office, id } = await makeReportIn('REVIEWED');
    const evaluator = evaluatorOf(office);
    await expect(replica.reports.get(evaluator, id)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    expect((await replica.reports.list(evaluator, 20, undefined)).reports).toEqual([]);
    await acts.approve(office, id);
    expect((await replica.reports.get(evaluator, id)).state).toBe('APPROVED');
    expect((await replica.reports.list(evaluator, 20, undefined)).reports.map((one) => one.id)).toEqual([id]);
  });

  test('the list goes on where a page ends, newest first', async () => {
    const office = replica.owners.addOffice();
    const actor = actorOf(office);
    const ids: string[] = [];
    for (const until of ['2026-01-31', '2026-02-28', '2026-03-31'])
      ids.unshift((await replica.reports.draft(actor, { from: '2026-01-01', until }, patience)).id);
    const first = await replica.reports.list(actor, 2, undefined);
    expect(first.reports.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(first.next).toBe(ids[1]);
    const second = await replica.reports.list(actor, 2, first.next!);
    expect(second).toMatchObject({ reports: [{ id: ids[2] }], next: null });
  });
});

test('a page of the list holds what fits one message', async () => {
  const office = replica.owners.addOffice();
  const actor = actorOf(office);
  const long = { obstacles: 'a'.repeat(8_000), followUp: 'b'.repeat(8_000) };
  for (let day = 1; day <= 14; day += 1) {
    const until = `2026-01-${String(day).padStart(2, '0')}`;
    const { id } = await replica.reports.draft(actor, { from: '2026-01-01', until }, patience);
    await replica.reports.write(actor, id, long);
  }
  const first = await replica.reports.list(actor, 100, undefined);
  expect(JSON.stringify(first).length).toBeLessThan(256_000);
  const second = await replica.reports.list(actor, 100, first.next!);
  expect(new Set([...first.reports, ...second.reports].map(({ id }) => id)).size).toBe(14);
  expect(second.next).toBeNull();
});

test.each([
  ['a\0', false],
  ['a\ud800', false],
  ['NIK 3313044107909901', false],
  ['Sinyal hilang 😀\nlalu kembali', true],
])('text of the office that can be hashed, stored and shown: %j', (text, fits) => {
  expect(Narrative.safeParse({ obstacles: text, followUp: '' }).success).toBe(fits);
});

test('the rules of the program are those of the database', () => {
  expect(Object.values(moves).flatMap(({ from, to }) => from.map((state) => `${state} ${to}`))).toEqual([
    'DRAFTED REVIEWED',
    'REVIEWED APPROVED',
    'APPROVED SUBMITTED',
    'SUBMITTED EVALUATED',
    'DRAFTED DISCARDED',
    'REVIEWED DISCARDED',
  ]);
});
