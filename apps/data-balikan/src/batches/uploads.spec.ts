import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chunkBytes, uploadLimits, type BalikanActor } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { FileReplicas, makeActor, makeCsv, makeNik, makeRow, poolLimits, type FileReplica } from './batch-fixture.js';

let database: TestDatabase;
let replicas: FileReplicas;
let replica: FileReplica;

beforeAll(async () => {
  database = await TestDatabase.create();
  replicas = await FileReplicas.create(() => database.pool('data_balikan', poolLimits));
  replica = replicas.start();
});
afterAll(async () => {
  await replicas.close();
  await database.drop();
});

const begin = async (actor: BalikanActor) =>
  (await replica.value<{ id: string }>('begin', { actor, policy: 'GOOD_ROWS' })).id;
const put = ({ institutionId }: BalikanActor, id: string, n: number, bytes: Buffer) =>
  replica.ask('put', { institutionId, id, n, bytes: bytes.toString('base64') });
const finish = ({ institutionId }: BalikanActor, id: string, pieces: readonly Buffer[], overrides: object = {}) => {
  const bytes = Buffer.concat(pieces);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return replica.ask('finish', { institutionId, id, chunks: pieces.length, bytes: bytes.length, sha256, ...overrides });
};
const refused = (code: string) => ({ error: { code } });

describe('an upload', () => {
  test('is what was sent, even if a piece came twice or first with other bytes', async () => {
    const actor = makeActor();
    const pieces = [randomBytes(1_000), randomBytes(chunkBytes), randomBytes(7)] as const;
    const id = await begin(actor);
    expect(await put(actor, id, 0, randomBytes(3_000))).toEqual({ value: { n: 0 } });
    for (const n of [0, 1, 1, 2, 0]) expect(await put(actor, id, n, pieces[n] as Buffer)).toEqual({ value: { n } });
    const done = await finish(actor, id, pieces);
    expect(done).toMatchObject({ value: { state: 'QUEUED', bytes: 1_007 + chunkBytes } });
    expect(await finish(actor, id, pieces)).toEqual(done);
    const { rows } = await replica.pool.query<{ key_id: string }>('SELECT key_id FROM balikan.batch WHERE id = $1', [
      id,
    ]);
    const file = await replica.store.openFile({ id, keyId: rows[0]?.key_id ?? '' });
    expect(await file.read(0, file.size)).toEqual(Buffer.concat(pieces));
    expect(await file.read(900, 200)).toEqual(Buffer.concat(pieces).subarray(900, 1_100));
    await replica.decide(actor, id, 'CANCEL');
  });

  test('with a piece missing, added or other than sent is not taken', async () => {
    const actor = makeActor();
    const pieces = [randomBytes(10), randomBytes(10)] as const;
    const id = await begin(actor);
    await put(actor, id, 0, pieces[0]);
    expect(await finish(actor, id, pieces)).toMatchObject(refused('STATE_CONFLICT'));
    await put(actor, id, 1, randomBytes(10));
    expect(await finish(actor, id, pieces)).toMatchObject(refused('STATE_CONFLICT'));
    await put(actor, id, 1, pieces[1]);
    expect(await finish(actor, id, [pieces[0]])).toMatchObject(refused('STATE_CONFLICT'));
    expect(await finish(actor, id, pieces, { sha256: 'ab'.repeat(32) })).toMatchObject(refused('STATE_CONFLICT'));
    expect(await finish(actor, id, pieces)).toMatchObject({ value: { state: 'QUEUED' } });
    expect(await put(actor, id, 1, pieces[1])).toMatchObject(refused('STATE_CONFLICT'));
    await replica.decide(actor, id, 'CANCEL');
  });

  test('has limits: of a piece, of the whole, and no gaps', async () => {
    const actor = makeActor();
    const id = await begin(actor);
    expect(await put(actor, id, 0, Buffer.alloc(chunkBytes + 1))).toMatchObject(refused('BODY_TOO_LARGE'));
    expect(await put(actor, id, 1, Buffer.alloc(1))).toMatchObject(refused('BODY_TOO_LARGE'));
    const full = uploadLimits.bytes / chunkBytes;
    // as if they had been sent: sealed zeros would do, but nobody reads them
    await replica.pool.query(
      `INSERT INTO balikan.batch_chunk SELECT $1, 'FILE', n, repeat('x', $2)::bytea FROM generate_series(0, $3) AS n`,
      [id, chunkBytes + 28, full - 2],
    );
    expect(await put(actor, id, full - 1, Buffer.alloc(chunkBytes))).toEqual({ value: { n: full - 1 } });
    expect(await put(actor, id, full, Buffer.alloc(1))).toMatchObject(refused('BODY_TOO_LARGE'));
    expect(await put(actor, id, 0, Buffer.alloc(chunkBytes))).toEqual({ value: { n: 0 } });
  });

  test('leaves no NIK in the clear', async () => {
    const actor = makeActor();
    await replica.upload(actor, makeCsv([makeRow(3), makeRow(4)]), 'GOOD_ROWS');
    const hex = Buffer.from(makeNik(3).slice(0, 12)).toString('hex');
    for (const table of ['batch', 'batch_chunk', 'batch_fault']) {
      const { rows } = await replica.pool.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM balikan.${table} AS one WHERE one::text LIKE '%' || $1 || '%' OR one::text LIKE '%' || $2 || '%'`,
        [makeNik(3), hex],
      );
      expect({ table, ...rows[0] }).toEqual({ table, n: 0 });
    }
  });

  test('of another institution is not there', async () => {
    const actor = makeActor();
    const id = await replica.upload(actor, makeCsv([makeRow(0, { name: '' })]), 'ALL_OR_NOTHING');
    await replica.checkAll();
    const { institutionId } = makeActor();
    const query = { limit: 10, after: 0 };
    for (const [method, input] of [
      ['get', {}],
      ['put', { n: 0, bytes: 'AAAA' }],
      ['finish', { chunks: 1, bytes: 1, sha256: '' }],
      ['faults', { query }],
      ['result', { n: 0 }],
      ['decide', { decision: 'CANCEL' }],
    ] as const)
      expect(await replica.ask(method, { institutionId, id, ...input })).toMatchObject(refused('RESOURCE_NOT_FOUND'));
    expect(await replica.ask('list', { institutionId, query: { limit: 10 } })).toEqual({
      value: { batches: [], next: null },
    });
  });

  test('is refused while fifty of the institution are open', async () => {
    const actor = makeActor();
    const begun = await Promise.all(
      Array.from({ length: 55 }, () => replica.ask('begin', { actor, policy: 'GOOD_ROWS' })),
    );
    const ids = begun.flatMap((answer) => (answer as { value?: { id: string } }).value?.id ?? []);
    expect(ids).toHaveLength(50);
    expect(begun.filter((answer) => 'error' in (answer as object))).toEqual(
      Array.from({ length: 5 }, () =>
        expect.objectContaining({ error: expect.objectContaining({ code: 'OVERLOADED' }) }),
      ),
    );
    await replica.decide(actor, ids[0] ?? '', 'CANCEL');
    expect(await begin(actor)).toEqual(expect.any(String));
    await expect(begin(makeActor())).resolves.toEqual(expect.any(String));
  });
});

test('files are listed newest first, page by page', async () => {
  const actor = makeActor();
  const { institutionId } = actor;
  const ids: string[] = [];
  for (let n = 0; n < 5; n += 1) ids.unshift(await begin(actor));
  interface Page {
    batches: { id: string }[];
    next: string | null;
  }
  const first = await replica.value<Page>('list', { institutionId, query: { limit: 3 } });
  const second = await replica.value<Page>('list', { institutionId, query: { limit: 3, before: first.next } });
  expect([...first.batches, ...second.batches].map(({ id }) => id)).toEqual(ids);
  expect(second.next).toBeNull();
});
