import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Frontier, openCheckpoint, parseVerifierKey, toHex, verifierKey } from '#evidence';
import { KeyFolder } from '#service';
import { LogKey } from '../apps/nik-verification/src/evidence/log-key.js';
import { purpose, RunningStack, type Office } from './support/running-stack.js';
import { until } from './support/until.js';

/** Whatever is killed, stopped or woken up: every event that was committed is in the log, once, and no history contradicts another. */
let stack: RunningStack;
let office: Office;
let token: string;
let asking: Promise<void[]>;
let enough = false;
const receipts: string[] = [];

beforeEach(async () => {
  stack = await RunningStack.start({
    replicas: { nikVerification: 3 },
    env: {
      NIK_VERIFICATION_SEQUENCE_EVERY_MS: '50',
      NIK_VERIFICATION_CHECKPOINT_EVERY_MS: '100',
      NIK_VERIFICATION_BREAKER_FAILURES: '1000',
      NIK_VERIFICATION_UPSTREAM_DEADLINE_MS: '2000',
      GATEWAY_VERIFY_DEADLINE_MS: '4000',
    },
  });
  office = await stack.addOffice({ quota: 1_000_000 });
  token = await stack.token(office);
  const people = await stack.people('FOUND', 200);
  enough = false;
  receipts.length = 0;
  asking = Promise.all(
    Array.from({ length: 6 }, async (_, n) => {
      for (let i = n; !enough; i += 6) {
        const nik = people[i % people.length]?.nik;
        const { status, body } = await stack.verify<{ receipt?: string }>(token, { nik, purpose });
        if (status === 200 && body.receipt) receipts.push(body.receipt);
        if (status !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }),
  );
});
afterEach(async () => {
  enough = true;
  await asking;
  await stack.stop();
});

const leader = async () =>
  (await stack.sql<{ holder: string; term: string }>('SELECT holder, term FROM verification.log_leader'))[0]!;
const logSize = async () =>
  Number((await stack.sql<{ n: string }>('SELECT count(*) AS n FROM verification.log_leaf'))[0]?.n);

async function grows(): Promise<void> {
  const before = await logSize();
  await until(async () => (await logSize()) > before + 20);
}

/** After everything has come to rest. */
async function everythingIsInTheLog(): Promise<void> {
  enough = true;
  await asking;
  await until(async () => (await stack.sql('SELECT 1 FROM verification.log_pending')).length === 0);
  const events = await stack.sql<{ n: number; missing: number; changed: number }>(
    `SELECT count(*)::int AS n, count(*) FILTER (WHERE leaf.index IS NULL)::int AS missing,
       count(*) FILTER (WHERE leaf.leaf_hash <> verification.leaf_hash(verification.access_leaf(event)))::int AS changed
     FROM verification.access_event AS event LEFT JOIN verification.log_leaf AS leaf ON leaf.event_id = event.id`,
  );
  expect(events).toEqual([{ n: expect.any(Number), missing: 0, changed: 0 }]);
  expect(events[0]?.n).toBeGreaterThan(50);
  const logs = await stack.sql<{ id: number; origin: string; institution_id: string }>(
    'SELECT * FROM verification.log',
  );
  for (const log of logs) await historyHolds(log);
  // what a citizen was given a receipt of is there
  const promised = receipts.map(
    (jws) => JSON.parse(Buffer.from(jws.split('.')[1]!, 'base64url').toString()) as { leafHash: string },
  );
  const kept = await stack.sql<{ hash: string }>("SELECT encode(leaf_hash, 'hex') AS hash FROM verification.log_leaf");
  const known = new Set(kept.map(({ hash }) => hash));
  expect(promised.length).toBeGreaterThan(10);
  expect(promised.filter(({ leafHash }) => !known.has(Buffer.from(leafHash, 'base64url').toString('hex')))).toEqual([]);
}

/** Every checkpoint that was ever signed, in the database or on the disk, is the root of this very log. */
async function historyHolds({
  id,
  origin,
  institution_id,
}: {
  id: number;
  origin: string;
  institution_id: string;
}): Promise<void> {
  // what was signed first: an event that comes in between is in the log, and in no checkpoint that was read
  const keyDir = stack.stack.environmentOf('nik-verification').NIK_VERIFICATION_KEY_DIR ?? '';
  const { publicKey } = await new LogKey(new KeyFolder(keyDir)).signer();
  const keys = [parseVerifierKey(verifierKey(origin, publicKey))!];
  const folder = join(keyDir, 'checkpoints', institution_id);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.note'));
  const outside = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  const inside = await stack.sql<{ note: string }>('SELECT note FROM verification.log_checkpoint WHERE log_id = $1', [
    id,
  ]);
  const leaves = await stack.sql<{ index: string; leaf_hash: Buffer }>(
    'SELECT index, leaf_hash FROM verification.log_leaf WHERE log_id = $1 ORDER BY index',
    [id],
  );
  const roots = new Map<number, string>();
  const frontier = new Frontier();
  for (const [n, { index, leaf_hash }] of leaves.entries()) {
    expect(Number(index)).toBe(n);
    frontier.append(leaf_hash);
    roots.set(n + 1, toHex(frontier.root()));
  }
  expect(inside.length).toBeGreaterThan(2);
  for (const note of [...outside, ...inside.map((row) => row.note)]) {
    const opened = openCheckpoint(note, keys);
    if (!opened.ok) throw new Error(`${opened.fault}: ${note}`);
    expect(roots.get(opened.checkpoint.size)).toBe(toHex(opened.checkpoint.root));
  }
}

test('sequencers are killed with -9, one after the other', async () => {
  for (let round = 0; round < 3; round += 1) {
    await grows();
    const victim = stack.stack.replicas['nik-verification'].shift()!.child;
    victim.kill();
    await victim.exited;
    await stack.stack.add('nik-verification');
  }
  await grows();
  await everythingIsInTheLog();
});

test('PostgreSQL is killed with -9 while events are sequenced and signed', async () => {
  for (let round = 0; round < 2; round += 1) {
    await grows();
    stack.stack.postgres.process.kill();
    await stack.stack.postgres.process.exited;
    await stack.stack.postgres.launch();
  }
  await grows();
  await everythingIsInTheLog();
});

test('a sequencer that was paused wakes up when another one leads, and does no harm', async () => {
  const replicas = stack.stack.replicas['nik-verification'];
  let changes = 0;
  for (const { child } of [...replicas]) {
    await grows();
    const before = await leader();
    child.kill('SIGSTOP');
    // if it was the leader, another one takes over; if it was not, nobody notices
    const size = await logSize();
    await until(async () => (await logSize()) > size + 20);
    if ((await leader()).term !== before.term) changes += 1;
    child.kill('SIGCONT');
  }
  expect(changes).toBeGreaterThanOrEqual(1);
  await grows();
  await everythingIsInTheLog();
});
