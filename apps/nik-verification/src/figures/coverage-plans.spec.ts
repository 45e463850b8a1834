import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { History, type MadeEvent } from './history-fixture.js';

/** A node of a plan as EXPLAIN (ANALYZE, FORMAT JSON) tells it. */
interface PlanNode {
  'Node Type': string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Join Filter'?: number;
  Plans?: PlanNode[];
}

let history: History;
beforeAll(async () => {
  history = await History.begin();
});
afterAll(() => history.end());

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

/** Look-ups for a business service that found somebody, and a delivery of each; the first leaves of a log. */
async function fill(count: number, key: (n: number) => Pick<MadeEvent, 'nikHmac' | 'referenceHmac'>) {
  const office = randomUUID();
  const asked = Array.from({ length: count }, (_, n): MadeEvent => ({
    ...{ at: '2024-03-03T03:00:00Z', kind: 'REQUESTED', verificationId: randomUUID(), service: 'SKU', hit: 'reserved' },
    ...key(n),
  }));
  await history.write(office, asked);
  const found = { kind: 'ANSWERED', hit: 'confirmed', outcome: 'FOUND' } as const;
  await history.write(
    office,
    asked.map((event) => ({ ...event, ...found })),
  );
  const named = new Map<string, { verificationId: string }>();
  for (const { verificationId } of asked)
    named.set(await history.report(office, '2024-03-03T03:00:00Z', 'DATA_BALIKAN', 'data-balikan.delivered'), {
      verificationId,
    });
  const asOf = await history.sign(office);
  await history.open(office, named);
  const { logs } = await history.asOf().find(office, { origin: asOf.origin, size: asOf.size });
  await history.opened().checkOpened({ institutionId: office, at: new Date(), logs });
  return {
    ...{ office, logId: logs[0]!.id, size: asOf.size, asked: asked.map(({ verificationId }) => verificationId) },
    said: JSON.stringify([...named].map(([id, said]) => ({ id, receipt: 'SUCCESS', ...said }))),
  };
}

type Filled = Awaited<ReturnType<typeof fill>>;

/** Everything that is opened, worked out and asked of coverage, by one connection. */
async function workOut(client: pg.Client, { office, logId, size, asked, said }: Filled): Promise<void> {
  await client.query('SELECT * FROM verification.list_unopened($1, 0, $2, 1000)', [logId, size]);
  await client.query('SELECT * FROM verification.keep_opened($1, $2)', [office, said]);
  await client.query('UPDATE verification.opened_until SET index = 0 WHERE log_id = $1', [logId]);
  await client.query('SELECT verification.first_unopened($1, $2)', [logId, size]);
  await client.query('SELECT verification.cover_next($1, $2, $3)', [logId, size, size]);
  await client.query('UPDATE verification.covered_until SET checked_on = checked_on - 1 WHERE log_id = $1', [logId]);
  await client.query('SELECT * FROM verification.check_covered($1)', [size]);
  await client.query(
    `SELECT * FROM verification.list_accepted($1, ARRAY[$2::integer], ARRAY[$3::bigint], '2024-01-01', '2024-12-31', $4, NULL, 1000)`,
    [office, logId, size, asked],
  );
}

const rowsOf = (node: PlanNode): number[] => [
  node['Actual Loops'] *
    (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Join Filter'] ?? 0)),
  ...(node.Plans ?? []).flatMap(rowsOf),
];

const lookUps = 250;
test.each([
  ['many people', (n: number) => ({ nikHmac: hash(`person ${n}`), referenceHmac: hash('a case') })],
  ['one person in many cases', (n: number) => ({ nikHmac: hash('one'), referenceHmac: hash(`case ${n}`) })],
  ['one case', () => ({ nikHmac: hash('the one'), referenceHmac: hash('the case') })],
])('plans of small tables read no more for each look-up when tables are large: %s', async (_what, keyOf) => {
  await history.database.asSuperuser(history.database.name, async (client) => {
    const plans: PlanNode[] = [];
    for (const sql of [
      `LOAD 'auto_explain'`,
      'SET auto_explain.log_min_duration = 0',
      'SET auto_explain.log_nested_statements = on',
      'SET auto_explain.log_format = json',
      'SET auto_explain.log_analyze = on',
      'SET auto_explain.log_level = notice',
    ])
      await client.query(sql);
    const key = { nikHmac: hash('another'), referenceHmac: hash('another') };
    for (let n = 0; n < 8; n += 1) await workOut(client, await fill(1, () => key));
    const filled = await fill(lookUps, keyOf);
    client.on('notice', ({ message }) => {
      const [, json] = /plan:\n(\{[^]*\})/.exec(message ?? '') ?? [];
      if (json) plans.push((JSON.parse(json) as { Plan: PlanNode }).Plan);
    });
    await workOut(client, filled);
    const { rows } = await client.query<{ sent: number }>(
      'SELECT count(*)::integer AS sent FROM verification.sent_look_up WHERE log_id = $1',
      [filled.logId],
    );
    expect(rows).toEqual([{ sent: lookUps }]);
    // a plan that reads all of them for each would come to their square
    expect(Math.max(...plans.flatMap(rowsOf))).toBeGreaterThanOrEqual(lookUps);
    expect(Math.max(...plans.flatMap(rowsOf))).toBeLessThan(lookUps * 20);
  });
});
