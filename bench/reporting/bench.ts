import { randomUUID } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import { AsOfFinder } from '../../apps/nik-verification/src/figures/as-of.js';
import { Log } from '#service';
import { Coverage, coverageOptions } from '../../apps/nik-verification/src/figures/coverage.js';
import { Figures } from '../../apps/nik-verification/src/figures/figures.js';
import { FiguresRepository } from '../../apps/nik-verification/src/figures/figures.repository.js';
import { OpenedEvents } from '../../apps/nik-verification/src/figures/opened-events.js';
import { tallyOptions } from '../../apps/nik-verification/src/figures/tally.js';
import { LogDatabase } from '../evidence/log-database.js';
import { describeMachine, load1 } from '../machine.js';
import { save, say } from '../report/results.js';
import { aimsTable } from '../report/table.js';
import type { Run } from '../run.js';
import { judgeReporting, timesFaster, type Measured } from './aims.js';
import { plainFigures } from './plain-figures.js';
import { plainOpenedFigures } from './plain-opened-figures.js';
import type { ReportingPlan } from './plan.js';
import { prepareTables, semester, writeSemester } from './semester-events.js';
import { figuresTable, tallyTable } from './tables.js';

/** The figures of a semester from roll-ups beside one plain statement over the raw rows. False: they differ. */
export async function benchReporting(plan: ReportingPlan, { folder, parts }: Run): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < plan.leastFreeBytes)
    throw new Error(`less than ${plan.leastFreeBytes / 1e9} GB are free on the disk of ${folder} (see TMPDIR)`);
  const machine = describeMachine();
  say(`Reports on ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.loadBefore}\n`);
  const database = parts.keep(await LogDatabase.start(join(folder, 'reporting')));
  await database.asSuperuser(prepareTables);
  const faults: string[] = [];
  const measured: Measured[] = [];
  for (const events of plan.sizes) measured.push(await measure(events, plan.rounds, database, faults));
  await parts.stop(database);

  const aims = judgeReporting(measured);
  for (const one of measured) say(`\nFigures of a semester over ${one.events} events\n${figuresTable(one)}`);
  say(`\nRoll-ups\n${tallyTable(measured)}`);
  say(`\n${aimsTable(aims)}`);
  say(
    `\n${faults.length > 0 ? `WRONG, so the figures above mean nothing:\n${faults.join('\n')}` : 'Exact: both counts were equal in every round.'}`,
  );
  const load = { before: machine.loadBefore, after: load1() };
  say(`Load ${load.before} before, ${load.after} now`);
  await save('reporting', { at: new Date().toISOString(), machine, load, plan, aims, faults, measured });
  return faults.length === 0;
}

async function measure(events: number, rounds: number, database: LogDatabase, faults: string[]): Promise<Measured> {
  const institutionId = randomUUID();
  say(`${events} events`);
  const logId = await database.asSuperuser((admin) => writeSemester(admin, institutionId, events));
  const pool = database.pool();
  const rolledUp = await rollUp(pool, logId, events);
  await database.asSuperuser(async (admin) => {
    for (const table of ['tally_cell', 'sent_look_up']) await admin.query(`VACUUM (ANALYZE) verification.${table}`);
  });
  const noSigning = { signNow: () => Promise.reject(new Error('nothing is signed here')) };
  const finder = new AsOfFinder(pool, noSigning);
  const figures = new Figures(finder, new FiguresRepository(pool));
  const [opened, coverage] = [new OpenedEvents(pool), coverageOf(pool)];
  const asOf = { origin: `bench/${institutionId}/1`, size: events };
  const fromRollUps = () =>
    timed(async () => {
      const { lookUps } = await figures.get({ institutionId, ...semester, asOf });
      const counted = await finder.find(institutionId, asOf);
      const covered = await coverage.count(counted, semester, Infinity);
      return { lookUps, opened: { ...(await opened.figures(counted, semester, Infinity)), covered } };
    });
  const fromRows = () =>
    timed(async () => {
      const values = [institutionId, semester.from, semester.until, logId, events];
      const lookUps = await figuresBy(pool, plainFigures, values);
      return { lookUps, opened: await figuresBy(pool, plainOpenedFigures, values) };
    });
  const measured: Measured = { events, rounds: [], ...rolledUp };
  for (let n = 0; n <= rounds; n += 1) {
    const rollUps = await fromRollUps();
    const plain = await fromRows();
    if (!isDeepStrictEqual(rollUps.result, plain.result))
      faults.push(`${events} events: roll-ups and plain count differ`);
    // the first one warms both up
    if (n === 0) continue;
    const round = { rollUps: rollUps.seconds, plain: plain.seconds };
    measured.rounds.push(round);
    say(`  ${round.rollUps.toFixed(2)} s beside ${round.plain.toFixed(1)} s = ${timesFaster(round).toFixed(0)} times`);
  }
  return measured;
}

const coverageOf = (pool: pg.Pool): Coverage => new Coverage(pool, Log.create('bench', 'error'));

/** Without loops inside of loops, which the planner takes for temporary results that it expects to be small: the baseline is not to be a bad plan. */
async function figuresBy(pool: pg.Pool, statement: string, values: unknown[]): Promise<unknown> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN; SET LOCAL enable_nestloop = off');
    const { rows } = await client.query<{ figures: unknown }>(statement, values);
    await client.query('COMMIT');
    return rows[0]?.figures;
  } finally {
    client.release();
  }
}

/** Everything that is rolled up in the background. */
async function rollUp(
  pool: pg.Pool,
  logId: number,
  events: number,
): Promise<Pick<Measured, 'tallySeconds' | 'chunks' | 'cells' | 'coverSeconds'>> {
  const { seconds: coverSeconds } = await timed(async () => {
    for (let done = 0, before = -1; done > before;) {
      before = done;
      const { rows } = await pool.query<{ done: string }>('SELECT verification.cover_next($1, $2, $3) AS done', [
        logId,
        events,
        coverageOptions.width,
      ]);
      done = Number(rows[0]?.done);
    }
  });
  say(`  coverage worked out in ${coverSeconds.toFixed(1)} s`);
  return { ...(await tally(pool, logId)), coverSeconds };
}

async function tally(pool: pg.Pool, logId: number): Promise<Pick<Measured, 'tallySeconds' | 'chunks' | 'cells'>> {
  const { seconds, result: chunks } = await timed(async () => {
    for (let count = 0; ; count += 1) {
      const { rows } = await pool.query<{ done: boolean }>('SELECT verification.tally_next($1, $2) AS done', [
        logId,
        tallyOptions.width,
      ]);
      if (!rows[0]?.done) return count;
    }
  });
  const { rows } = await pool.query<{ cells: number }>(
    'SELECT count(*)::int AS cells FROM verification.tally_cell WHERE log_id = $1',
    [logId],
  );
  say(`  tallied in ${seconds.toFixed(1)} s`);
  return { tallySeconds: seconds, chunks, cells: rows[0]?.cells ?? 0 };
}

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const startedAt = performance.now();
  const result = await work();
  return { seconds: (performance.now() - startedAt) / 1_000, result };
}
