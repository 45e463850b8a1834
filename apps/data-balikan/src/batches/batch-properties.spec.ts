import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TestDatabase } from '../../../../test/support/test-database.js';
import {
  FileReplicas,
  makeActor,
  makeCsv,
  makeRow,
  poolLimits,
  type FileReplica,
  type FileRow,
} from './batch-fixture.js';

let database: TestDatabase;
let replicas: FileReplicas;
let replica: FileReplica;

beforeAll(async () => {
  database = await TestDatabase.create();
  replicas = await FileReplicas.create(() => database.pool('data_balikan', poolLimits));
  replica = replicas.start();
  for (let n = 6; n < 8; n += 1) replica.bus.unknown.add(makeRow(n).nik);
});
afterAll(async () => {
  await replicas.close();
  await database.drop();
});

/** Few of them, so that they meet: who, in which of two versions, and with how many faults of its own. */
const row = fc.record({
  n: fc.nat(7),
  version: fc.nat(1),
  faults: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 }) }),
});
type Given = { n: number; version: number; faults: number };

const fileRow = ({ n, version, faults }: Given): FileRow =>
  makeRow(n, {
    type: `Jasa ${version}`,
    ...(faults > 0 ? { name: '' } : {}),
    ...(faults > 1 ? { date: 'besok' } : {}),
  });

/** What a clerk with paper would come to. */
function model(rows: readonly Given[], known: ReadonlyMap<number, number>, policy: string) {
  const taken = new Map<number, number>();
  const told: number[] = [];
  let repeated = 0;
  let alreadyThere = 0;
  let faults = 0;
  rows.forEach((one, index) => {
    const line = index + 2;
    if (one.faults > 0) {
      told.push(line);
      faults += one.faults;
    } else {
      const before = known.get(one.n) ?? taken.get(one.n);
      if (one.n >= 6 || (before !== undefined && before !== one.version)) {
        told.push(line);
        faults += 1;
      } else if (known.has(one.n)) alreadyThere += 1;
      else if (before === one.version) repeated += 1;
      else taken.set(one.n, one.version);
    }
  });
  const held = policy === 'ALL_OR_NOTHING' && faults > 0;
  return {
    told,
    taken: held ? new Map<number, number>() : taken,
    state: held ? 'HELD' : 'DONE',
    counts: {
      checked: rows.length,
      accepted: held ? 0 : taken.size,
      alreadyThere: held ? alreadyThere : alreadyThere + repeated,
      refused: held ? told.length + taken.size + repeated : told.length,
      heldBack: held ? taken.size + repeated : 0,
      faults,
    },
  };
}

test('diperiksa = diterima + sudah ada + ditolak, as a plain count comes to it, file after file', async () => {
  const file = fc.record({
    policy: fc.constantFrom('GOOD_ROWS' as const, 'ALL_OR_NOTHING' as const),
    rows: fc.array(row, { maxLength: 25 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 3 }), async (files) => {
      const actor = makeActor();
      const known = new Map<number, number>();
      for (const { policy, rows } of files) {
        const expected = model(rows, known, policy);
        const id = await replica.upload(actor, makeCsv(rows.map(fileRow)), policy);
        await replica.checkAll();
        const { state, counts } = await replica.get(actor, id);
        expect({ state, counts }).toEqual({ state: expected.state, counts: expected.counts });
        expect(counts.checked).toBe(counts.accepted + counts.alreadyThere + counts.refused);
        const told = (await replica.faults(actor, id)).map((fault) => fault.row);
        expect([...new Set(told)]).toEqual(expected.told);
        for (const [n, version] of expected.taken) known.set(n, version);
        expect(await replica.recordsOf(actor)).toHaveLength(known.size);
        if (state === 'HELD') await replica.decide(actor, id, 'CANCEL');
      }
    }),
    { numRuns: 40 },
  );
});
