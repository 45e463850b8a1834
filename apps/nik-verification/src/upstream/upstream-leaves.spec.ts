import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { makeLedger, makeReservation, grantQuota, settled, soon } from '../ledger/ledger-fixture.js';
import type { GateEffect, HitLedger } from '../ledger/hit-ledger.js';
import { History } from '../figures/history-fixture.js';
import { encodeLeaf, leafHash, toHex } from '#evidence';
import { GateKeeper } from './gate-keeper.js';
import type { UpstreamDirectory } from './upstream-directory.js';

let history: History;
let office: string;
let ledger: HitLedger;
let answers = true;

beforeAll(async () => {
  history = await History.begin();
  ledger = makeLedger(history.pool);
});
afterAll(() => history.end());
beforeEach(async () => {
  office = randomUUID();
  answers = true;
  await grantQuota(history.pool, office, 1_000);
  await at('2026-03-03T02:00:00Z');
});

const at = (moment: string) => history.database.setLedgerClock({ at: moment });

/** A ministry whose front door answers or not. */
const directory = { find: async () => ({ client: { probe: async () => answers } }) } as unknown as UpstreamDirectory;
const gates = () => new GateKeeper(history.pool, directory, { waitMs: 60_000, mostWaitMs: 600_000 });

async function lookUp(effect: GateEffect): Promise<string> {
  const asked = makeReservation(office);
  const { verdict } = await ledger.reserve(asked, soon());
  const state = effect === 'success' ? 'confirmed' : effect === 'failure' || effect === 'trip' ? 'unknown' : 'released';
  if (verdict === 'reserved')
    await ledger.settle(
      settled(asked.id, { state, effect, outcome: effect === 'success' ? 'FOUND' : 'UPSTREAM_UNAVAILABLE' }),
      soon(),
    );
  return verdict;
}

const acts = async () =>
  (
    await history.pool.query<{ act: string; at: string }>(
      `SELECT replace(act, 'upstream.', '') AS act, to_char(at AT TIME ZONE 'UTC', 'DD HH24:MI') AS at
       FROM verification.reported_event JOIN verification.log_pending ON event_id = id
       WHERE type = 'UPSTREAM' AND reported_event.institution_id = $1 ORDER BY position`,
      [office],
    )
  ).rows.map((row) => `${row.at} ${row.act}`);

test('a way that is ready, and failures that open nothing, are nothing to tell', async () => {
  await lookUp('success');
  await lookUp('failure');
  await lookUp('success');
  expect(await acts()).toEqual([]);
});

test('failures in a row open it once, however often it is tried in vain; a try that succeeds makes it ready', async () => {
  for (let n = 0; n < 3; n += 1) await lookUp('failure');
  expect(await lookUp('success')).toBe('UPSTREAM_UNAVAILABLE');
  answers = false;
  await at('2026-03-03T02:02:00Z');
  await gates().probeDue();
  answers = true;
  // from trial back to open and to trial again: it is not ready yet
  for (const moment of ['2026-03-03T02:10:00Z', '2026-03-03T02:30:00Z']) {
    await at(moment);
    await gates().probeDue();
    expect(await gates().findState(office)).toMatchObject({ state: 'trial' });
    await lookUp('failure');
    expect(await gates().findState(office)).toMatchObject({ state: 'open' });
  }
  await at('2026-03-03T03:00:00Z');
  await gates().probeDue();
  expect(await lookUp('success')).toBe('reserved');
  expect(await acts()).toEqual(['03 02:00 open', '03 03:00 ready']);
  // and once more
  await at('2026-03-03T04:00:00Z');
  await lookUp('trip');
  expect(await acts()).toEqual(['03 02:00 open', '03 03:00 ready', '03 04:00 open']);
});

test('access that is broken until a person has mended it', async () => {
  await lookUp('access-broken');
  expect(await lookUp('success')).toBe('UPSTREAM_ACCESS_BROKEN');
  await at('2026-03-04T01:00:00Z');
  await gates().rearm(office);
  await lookUp('success');
  expect(await acts()).toEqual(['03 02:00 access-broken', '04 01:00 ready']);
});

test('a quota that is used up ends with the first success of the next day; hours, with one after the window opened', async () => {
  await lookUp('quota-used-up');
  expect(await lookUp('success')).toBe('QUOTA_EXHAUSTED');
  // past midnight in Jakarta nobody has noticed yet
  await at('2026-03-04T00:30:00Z');
  expect(await gates().findState(office)).toMatchObject({ state: 'ready' });
  expect(await acts()).toEqual(['03 02:00 quota-used-up']);
  await lookUp('success');
  await lookUp('outside-hours');
  await at('2026-03-04T00:45:00Z');
  await lookUp('success');
  expect(await acts()).toEqual([
    '03 02:00 quota-used-up',
    '04 00:30 ready',
    '04 00:30 outside-hours',
    '04 00:45 ready',
  ]);
});

test('each is a leaf as the specification has it, and no other office’s', async () => {
  await lookUp('access-broken');
  const { rows } = await history.pool.query<{ id: string; hash: string }>(
    `SELECT event_id AS id, encode(leaf_hash, 'hex') AS hash FROM verification.log_pending
     WHERE institution_id = $1 AND verification_id IS NULL`,
    [office],
  );
  expect(rows).toHaveLength(1);
  const [{ id, hash }] = rows as [{ id: string; hash: string }];
  const moment = '2026-03-03T02:00:00.000000Z';
  const leaf = encodeLeaf({
    ...{ id, act: 'upstream.access-broken', actor: null, at: moment, loggedAt: moment, contentHash: null },
    ...{ institution: office, subject: null, subjectHmac: null, type: 'UPSTREAM', v: 1 },
  });
  expect(hash).toBe(toHex(leafHash(leaf)));
});

test('many look-ups that fail and succeed at once: the leaves are the turns of the gate, in order', async () => {
  await at('2026-03-03T02:00:00Z');
  const replicas = Array.from({ length: 4 }, () => makeLedger(history.pool, { holder: randomUUID() }));
  const turn = async (of: HitLedger, effect: GateEffect) => {
    const asked = makeReservation(office);
    const { verdict } = await of.reserve(asked, soon());
    if (verdict === 'reserved')
      await of.settle(settled(asked.id, { state: 'unknown', effect, outcome: 'UPSTREAM_TIMEOUT' }), soon());
  };
  await Promise.all(
    replicas.flatMap((of) => Array.from({ length: 10 }, (_, n) => turn(of, n % 3 === 0 ? 'success' : 'trip'))),
  );
  const seen = (await acts()).map((act) => act.slice('03 02:00 '.length));
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.every((act, n) => act !== seen[n - 1])).toBe(true);
  const { rows } = await history.pool.query<{ act: string }>(
    'SELECT verification.upstream_act(state) AS act FROM verification.upstream_gate WHERE institution_id = $1',
    [office],
  );
  expect(rows[0]!.act).toBe(`upstream.${seen.at(-1)!}`);
});
