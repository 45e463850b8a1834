import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { until } from '../../../../test/support/until.js';
import { AppError } from '#service';
import { dataXml, handParts, headerXml, zipOf } from '../files/xlsx/xlsx-fixture.js';
import { FileReplicas, makeActor, makeCsv, makeRow, poolLimits, type FileReplica } from './batch-fixture.js';
import { mostFailures } from './batch-queue.js';

let database: TestDatabase;
let replicas: FileReplicas;
let replica: FileReplica;

beforeAll(async () => {
  database = await TestDatabase.create();
  replicas = await FileReplicas.create(() => database.pool('data_balikan', poolLimits));
});
afterAll(async () => {
  await replicas.close();
  await database.drop();
});
beforeEach(() => {
  replica = replicas.start();
});

const told = (id: string): string =>
  `Salinan berkas dengan tanda kesalahan tidak dapat dibuat. Baca daftar kesalahannya (GET /v1/data-balikan/batches/${id}/faults), perbaiki di berkas Anda sendiri, lalu unggah lagi.`;
const faulty = makeCsv([makeRow(0), makeRow(1, { name: '' })]);

/** The check asks for the destination once; what asks after it is marking. */
function failMarking(times: number, error: Error): void {
  const { destinations } = replica;
  const find = destinations.find.bind(destinations);
  let calls = 0;
  destinations.find = (id) => {
    calls += 1;
    return calls > 1 && calls <= times + 1 ? Promise.reject(error) : find(id);
  };
}

/** A workbook with a picture whose checksum is wrong: its rows are read without it, a copy cannot be made. */
async function unmarkable(): Promise<Buffer> {
  const rows = headerXml() + dataXml() + dataXml({ 2: '<c/>' });
  const picture = 'xl/media/image1.png';
  const zip = await zipOf(handParts({ sheets: [{ rows }], parts: { [picture]: Buffer.from('x') } }));
  const entry = zip.lastIndexOf(picture) - 46;
  zip.writeUInt32LE(1, entry + 16);
  return zip;
}

describe('a file that is checked and cannot be marked', () => {
  test('says so, and where its faults are told; what was taken stays', async () => {
    const actor = makeActor();
    const id = await replica.upload(actor, await unmarkable(), 'GOOD_ROWS');
    await replica.checkAll();
    expect(await replica.get(actor, id)).toMatchObject({
      state: 'DONE',
      counts: { accepted: 1, refused: 1 },
      resultReady: false,
      notes: [told(id)],
    });
    expect(await replica.faults(actor, id)).toMatchObject([{ row: 3, code: 'BUSINESS_NAME_EMPTY' }]);
    await replica.housekeeping.round();
    expect(await replica.chunksOf(id)).toBe(0);
  });

  test('can still be decided about, and says it once', async () => {
    const actor = makeActor();
    const id = await replica.upload(actor, await unmarkable(), 'ALL_OR_NOTHING');
    await replica.checkAll();
    expect(await replica.get(actor, id)).toMatchObject({ state: 'HELD', notes: [told(id)] });
    await replica.housekeeping.round();
    expect(await replica.decide(actor, id, 'TAKE_GOOD_ROWS')).toMatchObject({ state: 'QUEUED', notes: [] });
    await replica.checkAll();
    expect(await replica.get(actor, id)).toMatchObject({ state: 'DONE', counts: { accepted: 1 }, notes: [told(id)] });
  });

  test('for a fault of ours is tried several times', async () => {
    const actor = makeActor();
    failMarking(mostFailures, new Error('rusak'));
    const id = await replica.upload(actor, faulty, 'GOOD_ROWS');
    await until(async () => {
      await replica.checker.next();
      return (await replica.get(actor, id)).resultReady;
    });
    expect(await replica.get(actor, id)).toMatchObject({ notes: [] });
  });

  test('and is given up in the end', async () => {
    const actor = makeActor();
    failMarking(Infinity, new Error('rusak'));
    const id = await replica.upload(actor, faulty, 'GOOD_ROWS');
    await until(async () => {
      await replica.checker.next();
      return (await replica.get(actor, id)).notes.length > 0;
    });
    expect(await replica.get(actor, id)).toMatchObject({ state: 'DONE', resultReady: false, notes: [told(id)] });
    expect(await replica.checker.next()).toBe(false);
  });

  test('because its holder dies is given up too', async () => {
    const actor = makeActor();
    failMarking(1, new Error('rusak'));
    const id = await replica.upload(actor, faulty, 'GOOD_ROWS');
    await until(() => replica.checker.next());
    for (let deaths = 0; deaths < mostFailures; deaths += 1) {
      await until(async () => (await replica.queue.claim()) !== undefined);
      await replica.pool.query(
        `UPDATE balikan.batch SET held_until = clock_timestamp() - interval '1 second' WHERE id = $1`,
        [id],
      );
    }
    await replica.checkAll();
    expect(await replica.get(actor, id)).toMatchObject({ resultReady: false, notes: [told(id)] });
  });

  test('while something is away waits for it, however long that is', async () => {
    const actor = makeActor();
    failMarking(3 * mostFailures, new AppError('SERVICE_UNAVAILABLE'));
    const id = await replica.upload(actor, faulty, 'GOOD_ROWS');
    await until(async () => {
      await replica.checker.next();
      return (await replica.get(actor, id)).resultReady;
    });
    expect(await replica.get(actor, id)).toMatchObject({ notes: [] });
  });
});
