import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { fromBase64, openCheckpoint, parseVerifierKey, verifyConsistency, verifyInclusion } from '#evidence';
import { KeyFolder, Log } from '#service';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { CheckpointFolder } from './checkpoint-folder.js';
import { Leadership } from './leadership.js';
import { LogKey } from './log-key.js';
import { findLog, sequence } from './log.repository.js';
import { Proofs } from './proofs.js';
import { Sequencer } from './sequencer.js';

let database: TestDatabase;
let pool: pg.Pool;
let folder: string;

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('nik_verification', { max: 10 });
  folder = await mkdtemp(join(tmpdir(), 'gerbang-log-'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const log = Log.create('uji', 'error');
const asSuperuser = (sql: string, values: unknown[] = []) =>
  database.asSuperuser(database.name, (client) => client.query(sql, values));

/** One replica as it runs, but for the timer. */
function makeReplica(keyDir = folder, holder = randomBytes(4).toString('hex')) {
  const key = new LogKey(new KeyFolder(keyDir));
  const sequencer = new Sequencer(
    pool,
    new Leadership(pool, { holder, silenceMs: 20_000 }),
    new CheckpointFolder(join(folder, 'checkpoints')),
    key,
    log,
    { installation: 'uji', enabled: true, everyMs: 50, signEveryMs: 0 },
  );
  return { sequencer, proofs: new Proofs(pool, key) };
}

async function write(institutionId: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await pool.query(
    `INSERT INTO verification.access_event (id, at, kind, verification_id, institution_id, client_id, fields)
     SELECT id, clock_timestamp(), 'REFUSED', uuidv7(), $1, 'uji', '{}' FROM unnest($2::uuid[]) AS id`,
    [institutionId, ids],
  );
  return ids;
}

const eventsInOrder = async (institutionId: string, generation = 1) => {
  const { rows } = await pool.query<{ index: string; event_id: string }>(
    `SELECT index, event_id FROM verification.log_leaf JOIN verification.log ON log.id = log_id
     WHERE institution_id = $1 AND generation = $2 ORDER BY index`,
    [institutionId, generation],
  );
  expect(rows.map(({ index }) => Number(index))).toEqual(rows.map((_, n) => n));
  return rows.map(({ event_id }) => event_id);
};

const root = (checkpoint: { root: string }) => fromBase64(checkpoint.root)!;

describe('sequencing', () => {
  test('gives every committed event one index, whoever writes and whoever leads', async () => {
    const [office, other] = [randomUUID(), randomUUID()];
    const replicas = Array.from({ length: 4 }, () => makeReplica());
    let writing = true;
    const rounds = replicas.map(async ({ sequencer }, n) => {
      while (writing) await (n === 0 ? sequencer.signNow(office).catch(() => undefined) : sequencer.round());
    });
    const written = await Promise.all(
      Array.from({ length: 12 }, async (_, writer) => {
        const ids: string[] = [];
        for (let n = 0; n < 10; n += 1) ids.push(...(await write(writer % 3 === 0 ? other : office, 1 + (n % 7))));
        return { writer, ids };
      }),
    );
    writing = false;
    await Promise.all(rounds);
    await replicas[0]!.sequencer.signNow(office);
    await replicas[0]!.sequencer.signNow(other);
    const of = (isOther: boolean) =>
      written.filter(({ writer }) => (writer % 3 === 0) === isOther).flatMap(({ ids }) => ids);
    expect((await eventsInOrder(office)).sort()).toEqual(of(false).sort());
    expect((await eventsInOrder(other)).sort()).toEqual(of(true).sort());
    const { rowCount } = await pool.query('SELECT 1 FROM verification.log_pending WHERE institution_id = ANY ($1)', [
      [office, other],
    ]);
    expect(rowCount).toBe(0);
  });

  test('keeps the order in which one connection committed', async () => {
    const office = randomUUID();
    const ids: string[] = [];
    for (let n = 0; n < 30; n += 1) ids.push(...(await write(office, 1)));
    await makeReplica().sequencer.signNow(office);
    expect(await eventsInOrder(office)).toEqual(ids);
  });

  test('an event whose transaction is still open waits, and those beside it do not', async () => {
    const office = randomUUID();
    const client = await pool.connect();
    await client.query('BEGIN');
    const late = randomUUID();
    await client.query(
      `INSERT INTO verification.access_event (id, at, kind, verification_id, institution_id, client_id, fields)
       VALUES ($1, clock_timestamp(), 'REFUSED', uuidv7(), $2, 'uji', '{}')`,
      [late, office],
    );
    const [early] = await write(office, 1);
    const { sequencer } = makeReplica();
    expect(await sequencer.signNow(office)).toMatchObject({ size: 1 });
    await client.query('COMMIT');
    client.release();
    expect(await sequencer.signNow(office)).toMatchObject({ size: 2 });
    expect(await eventsInOrder(office)).toEqual([early, late]);
  });

  test('the service can neither change nor remove what is in the log', async () => {
    const office = randomUUID();
    await write(office, 3);
    await makeReplica().sequencer.signNow(office);
    for (const table of ['access_event', 'log_leaf', 'log_node', 'log_checkpoint', 'log_gap', 'reported_event', 'log'])
      for (const sql of [
        `DELETE FROM verification.${table}`,
        `UPDATE verification.${table} SET ${table === 'log' ? 'origin' : 'log_id'} = NULL`,
      ])
        await expect(pool.query(sql)).rejects.toThrow(/permission denied|does not exist/);
    for (const table of ['log_leaf', 'log_pending', 'log_gap'])
      await expect(pool.query(`INSERT INTO verification.${table} DEFAULT VALUES`)).rejects.toThrow(/permission denied/);
    await expect(pool.query('DELETE FROM verification.log_pending')).rejects.toThrow(/permission denied/);
  });
});

describe('checkpoints and proofs', () => {
  test('every leaf is proven against every checkpoint that covers it, and each checkpoint continues the one before', async () => {
    const office = randomUUID();
    const { sequencer, proofs } = makeReplica();
    const sizes = [1, 2, 255, 256, 257, 600, 1300];
    const checkpoints = [];
    let written = 0;
    for (const size of sizes) {
      await write(office, size - written);
      written = size;
      checkpoints.push(await sequencer.signNow(office));
    }
    expect(checkpoints.map(({ size }) => size)).toEqual(sizes);
    const page = await proofs.listCheckpoints(office, { limit: 100 });
    const keys = page.keys.map((key) => parseVerifierKey(key)!);
    for (const { note, size, signedAt } of checkpoints) {
      const opened = openCheckpoint(note, keys);
      expect(opened).toMatchObject({
        ok: true,
        checkpoint: { origin: `uji/${office}/1`, size },
        time: Date.parse(signedAt) / 1000,
      });
    }
    for (const [n, newer] of checkpoints.entries()) {
      for (const older of checkpoints.slice(0, n + 1)) {
        const { from, to, hashes } = await proofs.proveConsistency(office, older.size, newer.size);
        const claim = {
          from,
          to,
          fromRoot: root(older),
          toRoot: root(newer),
          proof: hashes.map((one) => fromBase64(one)!),
        };
        expect(verifyConsistency(claim)).toBe(true);
      }
      for (const index of [0, 1, 254, 255, 256, 511, 512, 599, 1024, 1299].filter((one) => one < newer.size)) {
        const proof = await proofs.proveInclusion(office, { index }, newer.size);
        const claim = {
          index,
          size: newer.size,
          leafHash: fromBase64(proof.leafHash)!,
          proof: proof.hashes.map((one) => fromBase64(one)!),
        };
        expect(verifyInclusion({ ...claim, root: root(newer) })).toBe(true);
        expect(verifyInclusion({ ...claim, root: randomBytes(32) })).toBe(false);
      }
    }
    await expect(proofs.proveInclusion(office, { index: 600 }, 600)).rejects.toMatchObject({
      code: 'NOT_IN_CHECKPOINT',
    });
    await expect(proofs.proveInclusion(office, { index: 0 }, 3)).rejects.toMatchObject({ code: 'NOT_IN_CHECKPOINT' });
    await expect(proofs.proveInclusion(office, { index: 5000 })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    await expect(proofs.proveInclusion(randomUUID(), { index: 0 })).rejects.toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
  });

  test('subtrees of 2^16 leaves are stored and proven', async () => {
    const office = randomUUID();
    await asSuperuser(
      `INSERT INTO verification.access_event (id, at, kind, verification_id, institution_id, client_id, fields)
       SELECT gen_random_uuid(), clock_timestamp(), 'REFUSED', gen_random_uuid(), $1, 'uji', '{}' FROM generate_series(1, 66000)`,
      [office],
    );
    const { sequencer, proofs } = makeReplica();
    const checkpoint = await sequencer.signNow(office);
    expect(checkpoint.size).toBe(66_000);
    for (const index of [0, 255, 65_535, 65_536, 65_999]) {
      const proof = await proofs.proveInclusion(office, { index });
      const claim = {
        index,
        size: proof.size,
        leafHash: fromBase64(proof.leafHash)!,
        proof: proof.hashes.map((one) => fromBase64(one)!),
      };
      expect(verifyInclusion({ ...claim, root: root(checkpoint) })).toBe(true);
    }
    const { rows } = await pool.query(
      `SELECT level, count(*)::int AS n FROM verification.log_node JOIN verification.log ON log.id = log_id
       WHERE institution_id = $1 GROUP BY level ORDER BY level`,
      [office],
    );
    expect(rows).toEqual([
      { level: 4, n: 4125 },
      { level: 8, n: 257 },
      { level: 12, n: 16 },
      { level: 16, n: 1 },
    ]);
  });

  test('of what waits it is told that it waits', async () => {
    const office = randomUUID();
    const { sequencer, proofs } = makeReplica();
    const [first] = await write(office, 1);
    await sequencer.signNow(office);
    const [second] = await write(office, 1);
    expect(await proofs.proveInclusion(office, { eventId: first! })).toMatchObject({ index: 0, size: 1 });
    await expect(proofs.proveInclusion(office, { eventId: second! })).rejects.toMatchObject({
      code: 'NOT_IN_CHECKPOINT',
    });
    await expect(proofs.proveInclusion(office, { eventId: randomUUID() })).rejects.toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
    // another office’s event is not there
    await expect(proofs.proveInclusion(randomUUID(), { eventId: first! })).rejects.toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
  });
});

describe('a database that was set back', () => {
  /** As a restore from a backup leaves it: everything from an index on is gone. */
  async function setBack(office: string, size: number): Promise<void> {
    await asSuperuser(
      `WITH gone AS (DELETE FROM verification.log_leaf WHERE index >= $2 AND log_id =
         (SELECT id FROM verification.log WHERE institution_id = $1 ORDER BY generation DESC LIMIT 1) RETURNING event_id)
       DELETE FROM verification.access_event WHERE id IN (SELECT event_id FROM gone)`,
      [office, size],
    );
    await asSuperuser(
      'DELETE FROM verification.log_checkpoint WHERE size > $2 AND log_id IN (SELECT id FROM verification.log WHERE institution_id = $1)',
      [office, size],
    );
    await asSuperuser(
      `DELETE FROM verification.log_node WHERE (index + 1) * (1 << level) > $2 AND log_id IN (SELECT id FROM verification.log WHERE institution_id = $1)`,
      [office, size],
    );
  }

  test('is not signed until an admin acknowledges it; then a new generation begins with a signed statement', async () => {
    const office = randomUUID();
    const { sequencer, proofs } = makeReplica();
    await write(office, 300);
    const before = await sequencer.signNow(office);
    await write(office, 40);
    const last = await sequencer.signNow(office);
    expect(await sequencer.inspect(pool, office)).toBe(null);

    await setBack(office, 300);
    expect(await sequencer.inspect(pool, office)).toBe('ROLLED_BACK');
    const [event] = await write(office, 1);
    for (const replica of [sequencer, makeReplica().sequencer]) {
      await expect(replica.signNow(office)).rejects.toMatchObject({ code: 'EVIDENCE_ROLLED_BACK' });
      await replica.round();
    }
    // nothing is signed and nothing gets an index
    expect(await proofs.listCheckpoints(office, { limit: 10 })).toMatchObject({ checkpoints: [{ size: 300 }] });
    expect(await eventsInOrder(office)).toHaveLength(300);
    const status = await pool.query('SELECT 1 FROM verification.log_pending WHERE event_id = $1', [event]);
    expect(status.rowCount).toBe(1);

    const other = makeReplica();
    const admin = randomUUID();
    expect(await other.sequencer.acknowledge(office, admin, 'Dipulihkan dari cadangan')).toEqual({
      fault: 'ROLLED_BACK',
      previousOrigin: `uji/${office}/1`,
      origin: `uji/${office}/2`,
      keptSize: 300,
      lostEvents: 40,
    });
    await sequencer.round();
    expect(await sequencer.inspect(pool, office)).toBe(null);
    const signed = await sequencer.signNow(office);
    expect(signed).toMatchObject({ origin: `uji/${office}/2`, size: 2 });
    const [statement, ...events] = await eventsInOrder(office, 2);
    expect(events).toEqual([event]);
    const { rows } = await pool.query<Record<string, unknown>>('SELECT * FROM verification.log_gap WHERE id = $1', [
      statement,
    ]);
    expect(rows[0]).toMatchObject({
      previous_origin: `uji/${office}/1`,
      last_checkpoint: last.note,
      kept_size: '300',
      acknowledged_by: admin,
      reason: 'Dipulihkan dari cadangan',
    });
    expect((rows[0]?.kept_root as Buffer).toString('base64')).toBe(before.root);
    await expect(sequencer.acknowledge(office, admin, 'lagi')).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });

  test('is noticed also when it has grown beyond the last checkpoint again', async () => {
    const office = randomUUID();
    const { sequencer } = makeReplica();
    await write(office, 20);
    await sequencer.signNow(office);
    await setBack(office, 10);
    await write(office, 15);
    // somebody who sequences by hand, as carefully as the service
    const log = await findLog(pool, office);
    await database.asSuperuser(database.name, (client) => sequence(client as never, log!.id, 1_000));
    await expect(sequencer.signNow(office)).rejects.toMatchObject({ code: 'EVIDENCE_ROLLED_BACK' });
    expect(await sequencer.inspect(pool, office)).toBe('FORKED');
    expect(await sequencer.acknowledge(office, null, 'Diperiksa')).toMatchObject({
      fault: 'FORKED',
      keptSize: 25,
      lostEvents: 0,
    });
    expect(await sequencer.inspect(pool, office)).toBe(null);
  });

  test('is noticed when the whole log is gone, and when it is gone again after a gap', async () => {
    const office = randomUUID();
    const { sequencer } = makeReplica();
    await write(office, 5);
    await sequencer.signNow(office);
    await setBack(office, 0);
    await asSuperuser('DELETE FROM verification.log WHERE institution_id = $1', [office]);
    await write(office, 1);
    await expect(sequencer.signNow(office)).rejects.toMatchObject({ code: 'EVIDENCE_ROLLED_BACK' });
    expect(await sequencer.acknowledge(office, null, 'Diperiksa')).toMatchObject({ keptSize: 0, lostEvents: 5 });
    // set back to before the acknowledgement
    await asSuperuser(
      'DELETE FROM verification.log_leaf WHERE log_id IN (SELECT id FROM verification.log WHERE institution_id = $1)',
      [office],
    );
    await asSuperuser('DELETE FROM verification.log WHERE institution_id = $1 AND generation = 2', [office]);
    await write(office, 1);
    await expect(makeReplica().sequencer.signNow(office)).rejects.toMatchObject({ code: 'EVIDENCE_ROLLED_BACK' });
    expect(await sequencer.acknowledge(office, null, 'Diperiksa')).toMatchObject({ origin: `uji/${office}/3` });
    expect(await sequencer.inspect(pool, office)).toBe(null);
  });

  test('a lost signing key is noticed: nothing is signed with another one as if nothing had been', async () => {
    const office = randomUUID();
    await write(office, 3);
    await makeReplica().sequencer.signNow(office);
    const otherKeys = await mkdtemp(join(tmpdir(), 'gerbang-log-'));
    const { sequencer } = makeReplica(otherKeys);
    await expect(sequencer.signNow(office)).rejects.toMatchObject({ code: 'EVIDENCE_ROLLED_BACK' });
    expect(await sequencer.inspect(pool, office)).toBe('KEY_CHANGED');
    expect(await sequencer.acknowledge(office, null, 'Kunci hilang')).toMatchObject({
      fault: 'KEY_CHANGED',
      lostEvents: 0,
    });
    expect(await sequencer.signNow(office)).toMatchObject({ origin: `uji/${office}/2`, size: 1 });
    await rm(otherKeys, { recursive: true });
  });

  test('a log that cannot be sequenced for another reason holds up no other one, and is told', async () => {
    const [broken, sound] = [randomUUID(), randomUUID()];
    const { sequencer } = makeReplica();
    const [event] = await write(broken, 1);
    await sequencer.signNow(broken);
    // the same event once more, as no service may queue it
    await asSuperuser(
      `INSERT INTO verification.log_pending (institution_id, event_id, verification_id, leaf_hash)
       SELECT $1, event_id, verification_id, leaf_hash FROM verification.log_leaf WHERE event_id = $2`,
      [broken, event],
    );
    await write(sound, 4);
    await asSuperuser("UPDATE verification.log_leader SET seen_at = '-infinity'");
    await expect(sequencer.round()).rejects.toThrow(/log_leaf_event/);
    expect(await eventsInOrder(sound)).toHaveLength(4);
    await asSuperuser('DELETE FROM verification.log_pending WHERE institution_id = $1', [broken]);
    await sequencer.round();
  });

  test('other institutions go on', async () => {
    const [broken, sound] = [randomUUID(), randomUUID()];
    const { sequencer } = makeReplica();
    await write(broken, 5);
    await sequencer.signNow(broken);
    await setBack(broken, 2);
    await write(broken, 1);
    await write(sound, 4);
    await asSuperuser("UPDATE verification.log_leader SET seen_at = '-infinity'");
    await sequencer.round();
    expect(await eventsInOrder(sound)).toHaveLength(4);
    expect(await eventsInOrder(broken)).toHaveLength(2);
  });
});
