import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { BalikanActor } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { FileReplicas, makeActor, makeCsv, makeNik, makeRow, poolLimits, type FileReplica } from './batch-fixture.js';

let database: TestDatabase;
let replicas: FileReplicas;
let replica: FileReplica;
let actor: BalikanActor;

beforeAll(async () => {
  database = await TestDatabase.create();
  replicas = await FileReplicas.create(() => database.pool('data_balikan', poolLimits));
});
beforeEach(() => {
  replica = replicas.start();
  actor = makeActor();
});
afterAll(async () => {
  await replicas.close();
  await database.drop();
});

const handIn = async (rows: Parameters<typeof makeCsv>[0], policy: 'GOOD_ROWS' | 'ALL_OR_NOTHING' = 'GOOD_ROWS') => {
  const id = await replica.upload(actor, makeCsv(rows), policy);
  await replica.checkAll();
  return replica.get(actor, id);
};
interface Stored {
  register: string;
  name: string;
  state: string;
  agreement: string;
  version: string;
  keyId: string;
  lookUp: string;
}
const stored = async () => {
  const { rows } = await replica.pool.query<Stored>(
    `SELECT register_number AS register, business_name AS name, state, agreement_id AS agreement,
       agreement_version_id AS version, key_id AS "keyId", verification_id AS "lookUp"
     FROM balikan.record WHERE institution_id = $1 ORDER BY register_number`,
    [actor.institutionId],
  );
  return rows;
};
const codes = async (id: string) =>
  (await replica.faults(actor, id)).map(({ row, column, code }) => [row, column, code]);

describe('rows of several agreements', () => {
  let ended: { agreementId: string; agreementVersionId: string; validFrom: string };
  beforeEach(() => {
    ended = { agreementId: randomUUID(), agreementVersionId: randomUUID(), validFrom: '2025-01-01' };
    actor = makeActor({ validFrom: '2026-01-01', otherAgreements: [ended] });
  });
  const notUnder = ({ agreementId }: { agreementId: string }, ...numbers: number[]) => {
    for (const n of numbers) replica.bus.lookUps.set(`${agreementId} ${makeNik(n)}`, []);
  };

  test('belong each to the one under which its person was looked up', async () => {
    notUnder(actor, 1, 3);
    notUnder(ended, 2, 3);
    const { id, counts } = await handIn([
      makeRow(0),
      makeRow(1, { date: '2025-12-31' }),
      // looked up under the new one alone, and dated before it
      makeRow(2, { date: '2025-12-31' }),
      makeRow(3),
      makeRow(4, { date: '2025-12-31' }),
      makeRow(5, { date: '2024-12-31' }),
    ]);
    expect(counts).toMatchObject({ checked: 6, accepted: 3, refused: 3 });
    expect(await codes(id)).toEqual([
      [4, 'E', 'DATE_TOO_EARLY'],
      [5, 'A', 'PERSON_NOT_ACCESSED'],
      [7, 'E', 'DATE_TOO_EARLY'],
    ]);
    const keyIdOf = async ({ agreementId }: { agreementId: string }) => (await replica.vault.open(agreementId)).keyId;
    const of = async (one: typeof ended) => ({
      agreement: one.agreementId,
      version: one.agreementVersionId,
      keyId: await keyIdOf(one),
    });
    expect(await stored()).toMatchObject([await of(actor), await of(ended), await of(ended)]);
    // the same file again
    expect((await handIn([makeRow(0), makeRow(1, { date: '2025-12-31' })])).counts).toMatchObject({ alreadyThere: 2 });
  });

  test('one whose keys are destroyed while the file waits, or while it is checked, is passed over', async () => {
    notUnder(actor, 1);
    const destroy = async () => {
      await replica.keys.close(ended.agreementId);
      await replica.keys.destroyAll(ended.agreementId);
    };
    replica.bus.before = async (call) => (call === 2 ? destroy() : undefined);
    const { id, state, counts } = await handIn([makeRow(0), makeRow(1)]);
    expect(state).toBe('DONE');
    expect(counts).toMatchObject({ accepted: 1, refused: 1 });
    expect(await codes(id)).toEqual([[3, 'A', 'PERSON_NOT_ACCESSED']]);
    expect((await handIn([makeRow(2)])).counts).toMatchObject({ accepted: 1 });
  });
});

describe('look-ups', () => {
  test('of one person are shared out to the rows, also over several pieces of a file; what comes again takes none', async () => {
    const lookUps = Array.from({ length: 4 }, () => randomUUID()).sort();
    const nik = makeNik(0);
    replica.bus.lookUps.set(nik, lookUps.slice(0, 3));
    const [one, two, three, four] = ['1', '2', '3', '4'].map((register) => makeRow(0, { nik, register }));
    // 500 rows are taken at once
    const between = Array.from({ length: 500 }, (_, n) => makeRow(n + 1));
    const { counts } = await handIn([one!, one!, two!, ...between, one!, three!]);
    expect(counts).toMatchObject({ accepted: 503, alreadyThere: 2 });
    const ofNik = async () =>
      (await stored()).filter(({ register }) => register.length === 1).map(({ lookUp }) => lookUp);
    expect(await ofNik()).toEqual(lookUps.slice(0, 3));
    replica.bus.lookUps.set(nik, lookUps);
    await handIn([one!, two!, three!, four!]);
    expect(await ofNik()).toEqual(lookUps);
  });
});

describe('a row with other content', () => {
  const become = (set: string) =>
    replica.pool.query(`UPDATE balikan.record SET ${set} WHERE institution_id = $1`, [actor.institutionId]);
  const dead = `state = 'DEAD', strikes = 8, failure = 'REFUSED'`;
  const corrected = makeRow(0, { name: 'Warung Benar' });

  test.each([dead, `failure = 'REFUSED', strikes = 3`, `failure = 'REFUSED_ON_MEDIA'`])(
    'corrects what was refused or is dead, and counts as accepted: %s',
    async (set) => {
      await handIn([makeRow(0), makeRow(1)], 'ALL_OR_NOTHING');
      await become(set);
      const { state, counts } = await handIn([corrected, makeRow(1), makeRow(2)], 'ALL_OR_NOTHING');
      expect(state).toBe('DONE');
      expect(counts).toMatchObject({ checked: 3, accepted: 2, alreadyThere: 1, refused: 0 });
      expect((await stored()).map(({ name }) => name)).toEqual(['Warung Benar', 'Warung 1', 'Warung 2']);
      expect((await stored())[0]).toMatchObject({ state: 'WAITING' });
    },
  );

  test('of a record on its way is told, and nothing is changed', async () => {
    await handIn([makeRow(0)]);
    await become(`failure = 'REFUSED', claimed_until = clock_timestamp() + interval '1 minute'`);
    const { id, counts } = await handIn([corrected]);
    expect(counts).toMatchObject({ accepted: 0, refused: 1 });
    expect(await codes(id)).toEqual([[2, 'B', 'RECORD_DIFFERS']]);
    expect(await stored()).toMatchObject([{ name: 'Warung 0' }]);
  });

  test('is the first that counts, where the file has several for one record', async () => {
    await handIn([makeRow(0)]);
    await become(dead);
    const between = Array.from({ length: 500 }, (_, n) => makeRow(n + 1));
    const rows = [corrected, corrected, makeRow(0, { name: 'Lain' }), ...between, makeRow(0, { name: 'Lain' })];
    const { id, counts } = await handIn(rows);
    expect(counts).toMatchObject({ accepted: 501, alreadyThere: 1, refused: 2 });
    expect(await codes(id)).toEqual([
      [4, 'B', 'ROW_DIFFERS'],
      [505, 'B', 'ROW_DIFFERS'],
    ]);
    expect((await stored())[0]).toMatchObject({ name: 'Warung Benar' });
  });

  test('corrects nothing as long as the file is held', async () => {
    await handIn([makeRow(0)]);
    await become(dead);
    const { state, counts } = await handIn([corrected, makeRow(1, { name: '' })], 'ALL_OR_NOTHING');
    expect(state).toBe('HELD');
    expect(counts).toMatchObject({ accepted: 0, heldBack: 1 });
    expect(await stored()).toMatchObject([{ name: 'Warung 0', state: 'DEAD' }]);
  });
});
