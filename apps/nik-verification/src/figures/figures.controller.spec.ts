import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { NatsContext } from '@nestjs/microservices';
import type pg from 'pg';
import { PatternParameters } from '#contracts';
import { Patterns } from '../patterns/patterns.js';
import { FiguresController } from './figures.controller.js';
import { AsOfFinder } from './as-of.js';
import { Figures } from './figures.js';
import { FiguresRepository } from './figures.repository.js';
import { History } from './history-fixture.js';
import { LeafPages } from './leaf-pages.js';
import { LookUpSample } from './sample.js';
import { Turns } from './turns.js';
import { madeEvents } from './year-fixture.js';

let history: History;
const institutionId = randomUUID();
const asked = { institutionId, from: '2024-01-01', until: '2024-12-31' };
const seed = '0f'.repeat(16);

beforeAll(async () => {
  history = await History.begin();
  await history.write(institutionId, madeEvents(institutionId, 21, 300));
  await history.report(institutionId, '2024-05-05T01:00:00Z', 'REPORT', 'report.draft');
});
afterAll(() => history.end());

type Name = 'getFigures' | 'listReportedEvents' | 'sampleLookUps' | 'countPatterns';

function makeController(pool: pg.Pool, poolSize = 10): FiguresController {
  const asOf = new AsOfFinder(pool, history.sequencer());
  return new FiguresController(
    new Figures(asOf, new FiguresRepository(pool)),
    asOf,
    new LeafPages(pool),
    new LookUpSample(pool, asOf),
    new Patterns(pool),
    new Turns(poolSize),
  );
}

/** As it comes from the bus: checked against the contract at both ends, answered in an envelope. */
async function ask(
  name: Name,
  input: object,
  controller = makeController(history.pool),
): Promise<{ value?: object; error?: { code: string } }> {
  const handler = controller[name].bind(controller) as unknown as (
    input: object,
    context: NatsContext,
  ) => Promise<object>;
  return handler(input, { getHeaders: () => undefined } as unknown as NatsContext);
}

test('each message is answered as its contract has it', async () => {
  const { value } = await ask('getFigures', asked);
  const { checkpoints } = value as { checkpoints: { origin: string; size: number }[] };
  const asOf = { origin: checkpoints[0]!.origin, size: checkpoints[0]!.size };
  expect(await ask('listReportedEvents', { ...asked, asOf, types: ['REPORT'], after: null })).toMatchObject({
    value: { events: [{ act: 'report.draft' }], next: null },
  });
  expect(await ask('sampleLookUps', { ...asked, size: 3, seed })).toMatchObject({ value: { asOf } });
  const patterns = await ask('countPatterns', { ...asked, parameters: PatternParameters.parse({}) });
  expect((patterns.value as { patterns: object[] }).patterns).toHaveLength(4);
});

test('a seed that is none is refused; a database that is away is told as such', async () => {
  expect(await ask('sampleLookUps', { ...asked, size: 3, seed: 'x' })).toMatchObject({
    error: { code: 'REQUEST_INVALID' },
  });
  const away = makeController(history.database.pool('nik_verification', { port: 1 }));
  const asOf = { origin: `uji/${institutionId}/1`, size: 1 };
  for (const [name, rest] of [
    ['getFigures', { asOf }],
    ['listReportedEvents', { asOf, types: ['REPORT'], after: null }],
    ['sampleLookUps', { size: 3, seed, asOf }],
    ['countPatterns', { parameters: PatternParameters.parse({}) }],
  ] as const)
    expect(await ask(name, { ...asked, ...rest }, away)).toMatchObject({ error: { code: 'EVIDENCE_UNAVAILABLE' } });
});

test('questions that take long leave connections to look-ups, and each of them has its turn', async () => {
  const pool = history.database.pool('nik_verification', { max: 4 });
  const controller = makeController(pool, 4);
  const { size } = await history.sign(institutionId);
  const asOf = { origin: `uji/${institutionId}/1`, size };
  const waiting = `SELECT count(*)::int AS n FROM pg_locks WHERE relation = 'verification.tally_chunk'::regclass AND NOT granted`;
  const answers = await history.database.asSuperuser(history.database.name, async (client) => {
    await client.query('BEGIN; LOCK TABLE verification.tally_chunk');
    const asked8 = Array.from({ length: 8 }, () => ask('getFigures', { ...asked, asOf }, controller));
    for (let n = 0; n === 0;) n = (await client.query<{ n: number }>(waiting)).rows[0]!.n;
    // somebody is looked up meanwhile
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.query('COMMIT');
    return Promise.all(asked8);
  });
  for (const { value } of answers) expect(value).toEqual(answers[0]!.value);
});

test('what nobody waits for any more is not counted', async () => {
  const asOf = { origin: `uji/${institutionId}/1`, size: (await history.sign(institutionId)).size };
  const figures = new Figures(history.asOf(), new FiguresRepository(history.pool));
  await expect(figures.get({ ...asked, asOf }, performance.now() - 1)).rejects.toMatchObject({
    code: 'EVIDENCE_UNAVAILABLE',
  });
  const late = new Patterns(history.pool).count(
    { ...asked, parameters: PatternParameters.parse({}) },
    performance.now() - 1,
  );
  await expect(late).rejects.toMatchObject({ code: 'EVIDENCE_UNAVAILABLE' });
});
