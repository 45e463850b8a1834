import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { reportStates, type ReportState } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { actorOf, makeReplica, patience, type TestReplica } from './reports-fixture.js';

let database: TestDatabase;
/** As the service connects: what it cannot do, no fault of its program does. */
let pool: pg.Pool;
let replica: TestReplica;

beforeAll(async () => {
  database = await TestDatabase.create();
  await database.setReportingClock({ at: '2026-06-02 09:00+07' });
  pool = database.pool('reporting');
  replica = makeReplica(pool);
});
afterAll(() => database.drop());

const way: ReportState[] = ['REVIEWED', 'APPROVED', 'SUBMITTED', 'EVALUATED'];
async function makeReportIn(state: ReportState): Promise<string> {
  const actor = actorOf(replica.owners.addOffice());
  const { id } = await replica.reports.draft(actor, { year: 2026, semester: 1 }, patience);
  const steps = state === 'DISCARDED' ? [state] : way.slice(0, way.indexOf(state) + 1);
  for (const step of steps) await pool.query('UPDATE reporting.report SET state = $2 WHERE id = $1', [id, step]);
  return id;
}
const fixed = ['APPROVED', 'SUBMITTED', 'EVALUATED', 'DISCARDED'] as const;

describe('the database alone, asked by the role of the service', () => {
  test.each(fixed)('keeps the content of what is %s', async (state) => {
    const id = await makeReportIn(state);
    const rewrite = `UPDATE reporting.report SET content = $2, content_hash = sha256(convert_to($2, 'UTF8')), state = `;
    const { rows } = await pool.query<{ content: string }>('SELECT content FROM reporting.report WHERE id = $1', [id]);
    const content = rows[0]!.content.replace('"obstacles":""', '"obstacles":"lain"');
    expect(content).not.toBe(rows[0]!.content);
    for (const to of [`'${state}'`, `'DRAFTED'`])
      await expect(pool.query(rewrite + `${to} WHERE id = $1`, [id, content])).rejects.toThrow(/does not change/);
  });

  test.each(['DRAFTED', 'REVIEWED'] as const)('lets the narrative alone be written while it is %s', async (state) => {
    const id = await makeReportIn(state);
    const { rows } = await pool.query<{ content: string }>('SELECT content FROM reporting.report WHERE id = $1', [id]);
    const write = (content: string, to: string) =>
      pool.query(
        `UPDATE reporting.report SET content = $2, content_hash = sha256(convert_to($2, 'UTF8')), state = $3 WHERE id = $1`,
        [id, content, to],
      );
    const narrative = rows[0]!.content.replace('"obstacles":""', '"obstacles":"lain"');
    await expect(write(narrative.replace(/"hits":0/, '"hits":1'), 'DRAFTED')).rejects.toThrow(/does not change/);
    await expect(write(narrative, 'REVIEWED')).rejects.toThrow(/does not change/);
    await write(narrative, 'DRAFTED');
  });

  test('takes no content whose hash is another one', async () => {
    const id = await makeReportIn('DRAFTED');
    await expect(
      pool.query("UPDATE reporting.report SET content_hash = sha256('x') WHERE id = $1", [id]),
    ).rejects.toThrow(/check constraint|does not change/);
  });

  test('lets states go one way', async () => {
    const allowed = ['DRAFTED REVIEWED', 'REVIEWED APPROVED', 'APPROVED SUBMITTED', 'SUBMITTED EVALUATED'];
    allowed.push('DRAFTED DISCARDED', 'REVIEWED DISCARDED');
    for (const from of reportStates) {
      const id = await makeReportIn(from);
      for (const to of reportStates.filter((state) => !allowed.includes(`${from} ${state}`)))
        await expect(pool.query('UPDATE reporting.report SET state = $2 WHERE id = $1', [id, to])).rejects.toThrow(
          /does not go/,
        );
    }
  });

  test.each([
    "UPDATE reporting.report SET period_until = '2030-01-01'",
    'UPDATE reporting.report SET scheduled = true',
    'UPDATE reporting.report SET counted_id = gen_random_uuid()',
    'DELETE FROM reporting.report',
    'TRUNCATE reporting.report CASCADE',
    "UPDATE reporting.counted SET facts = '{}'",
    'DELETE FROM reporting.counted',
    "UPDATE reporting.report_step SET actor_name = 'Lain CONTOH'",
    'DELETE FROM reporting.report_step',
    'DELETE FROM reporting.undelivered_line',
    'ALTER TABLE reporting.report DISABLE TRIGGER guard_report',
  ])('does not let it: %s', async (statement) => {
    await expect(pool.query(statement)).rejects.toThrow(/permission denied|must be owner/);
  });

  test('not even its owner moves a period or deletes a report', async () => {
    const id = await makeReportIn('APPROVED');
    await database.asSuperuser(database.name, async (owner) => {
      await expect(
        owner.query("UPDATE reporting.report SET period_until = '2030-01-01' WHERE id = $1", [id]),
      ).rejects.toThrow(/does not change/);
      await expect(owner.query('DELETE FROM reporting.report WHERE id = $1', [id])).rejects.toThrow(/never deleted/);
    });
  });
});
