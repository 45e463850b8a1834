import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AsOf } from '#contracts';
import { type AppError } from '#service';
import { History } from './history-fixture.js';
import { madeEvents, randomFrom } from './year-fixture.js';

let history: History;
const [here, there] = [randomUUID(), randomUUID()];

const periods = [
  { from: '2024-01-01', until: '2024-06-30' },
  { from: '2024-07-01', until: '2024-12-31' },
  { from: '2024-01-01', until: '2024-12-31' },
  { from: '2024-02-29', until: '2024-02-29' },
  { from: '2024-02-01', until: '2024-03-31' },
  { from: '2023-12-31', until: '2024-01-01' },
  { from: '2026-01-01', until: '2026-06-30' },
];

const figuresOf = (institutionId: string, period: { from: string; until: string }, asOf?: AsOf) =>
  history.figures().get({ institutionId, ...period, ...(asOf ? { asOf } : {}) });

beforeAll(async () => {
  history = await History.begin();
  // checkpoints on the way, as a log has them
  for (const [institutionId, seed] of [
    [here, 1],
    [there, 2],
  ] as const) {
    const events = madeEvents(institutionId, seed, 700);
    for (const part of [events.slice(0, 333), events.slice(333, 900), events.slice(900)]) {
      await history.write(institutionId, part);
      await history.sign(institutionId);
    }
  }
});
afterAll(() => history.end());

/** Sizes of the signed checkpoints, and the origin. */
async function checkpoints(institutionId: string): Promise<AsOf[]> {
  const { rows } = await history.pool.query<{ origin: string; size: string }>(
    `SELECT origin, size FROM verification.log_checkpoint JOIN verification.log ON log.id = log_id
     WHERE institution_id = $1 ORDER BY generation, size`,
    [institutionId],
  );
  return rows.map(({ origin, size }) => ({ origin, size: Number(size) }));
}

async function expectPlain(institutionId: string): Promise<string> {
  const answers = [];
  for (const asOf of await checkpoints(institutionId))
    for (const period of periods) {
      const figures = await figuresOf(institutionId, period, asOf);
      expect(figures.lookUps).toEqual(await history.plainFigures(institutionId, { ...period, size: asOf.size }));
      answers.push(figures);
    }
  return JSON.stringify(answers);
}

test('what is compared is worth it: every kind of end, and figures that differ from checkpoint to checkpoint', async () => {
  const all = await checkpoints(here);
  expect(all).toHaveLength(3);
  const totals = [];
  for (const asOf of all) totals.push((await figuresOf(here, periods[2]!, asOf)).lookUps);
  for (const name of ['confirmed', 'unknown', 'released', 'pending', 'refused'] as const)
    expect(totals[2]!.total[name]).toBeGreaterThan(10);
  expect(new Set(totals.map(({ total }) => total.hits)).size).toBe(3);
  expect(totals[2]!.byOperator.at(-1)!.operatorId).toBeNull();
  expect(totals[2]!.byService.at(-1)!.service).toBeNull();
});

describe('figures equal a plain count, byte for byte the same', () => {
  const answers: string[] = [];

  test('from the rows alone', async () => {
    answers.push(await expectPlain(here), await expectPlain(there));
  });

  test('with some chunks tallied, the size in the middle of one', async () => {
    await history.tally(64, 5).round();
    expect([await expectPlain(here), await expectPlain(there)]).toEqual(answers);
  });

  test('with all that are full tallied', async () => {
    await history.tally().round();
    const { rows } = await history.pool.query('SELECT log_id FROM verification.tally_chunk GROUP BY log_id');
    expect(rows).toHaveLength(2);
    expect([await expectPlain(here), await expectPlain(there)]).toEqual(answers);
  });
});

test('sums of the cells of any prefix are the count of its rows', async () => {
  const random = randomFrom(3);
  const [last] = (await checkpoints(here)).slice(-1);
  for (let n = 0; n < 40; n += 1) {
    const size = Math.floor(random() * (last!.size + 1));
    // a checkpoint that nobody signed: only its size matters here
    await history.asSuperuser(
      `INSERT INTO verification.log_checkpoint SELECT id, $2, '2025-01-01', sha256(''), '' FROM verification.log WHERE institution_id = $1
       ON CONFLICT DO NOTHING`,
      [here, size],
    );
    const period = periods[n % periods.length]!;
    const { lookUps } = await figuresOf(here, period, { origin: last!.origin, size });
    expect(lookUps).toEqual(await history.plainFigures(here, { ...period, size }));
  }
});

describe('the checkpoint', () => {
  test('is signed now where none is given, and the time is that of its cosignature', async () => {
    await history.database.setLedgerClock({ at: '2025-01-02T03:04:05.678901Z' });
    const figures = await figuresOf(here, periods[0]!);
    expect(figures.at).toBe('2025-01-02T03:04:05.000Z');
    expect(figures.checkpoints).toHaveLength(1);
    const [state] = figures.checkpoints;
    expect(state!.note.split('\n').slice(0, 3)).toEqual([state!.origin, String(state!.size), state!.root]);
    // signed once more, and asked with and without its time
    await history.database.setLedgerClock({ at: '2025-02-02T00:00:00Z' });
    await history.sign(here);
    const { origin, size } = state!;
    expect(await figuresOf(here, periods[0]!, { origin, size, at: figures.at })).toEqual(figures);
    const first = await figuresOf(here, periods[0]!, { origin, size });
    await history.sign(here);
    expect(await figuresOf(here, periods[0]!, { origin, size })).toEqual(first);
    await history.database.setLedgerClock({ offsetMs: 0 });
  });

  test('must be there, and this office’s', async () => {
    const [own] = await checkpoints(here);
    const refusal = async (institutionId: string, asOf?: AsOf) =>
      figuresOf(institutionId, periods[0]!, asOf).then(
        () => 'answered',
        (error: unknown) => (error as AppError).code,
      );
    expect(await refusal(there, own)).toBe('RESOURCE_NOT_FOUND');
    expect(await refusal(here, { ...own!, size: 1_000_000 })).toBe('NOT_IN_CHECKPOINT');
    expect(await refusal(here, { ...own!, at: '2020-01-01T00:00:00Z' })).toBe('NOT_IN_CHECKPOINT');
    expect(await refusal(randomUUID())).toBe('RESOURCE_NOT_FOUND');
  });
});
