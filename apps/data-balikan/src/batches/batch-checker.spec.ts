import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { until } from '../../../../test/support/until.js';
import { defaultColumns, rowFaults, type RowFaultPage } from '#contracts';
import { AppError } from '#service';
import { openTable } from '../files/open-table.js';
import { writeXlsx } from '../files/xlsx/write-xlsx.js';
import { recordContext } from '../people/record-context.js';
import {
  FileReplicas,
  makeActor,
  makeCsv,
  makeNik,
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
});
afterAll(async () => {
  await replicas.close();
  await database.drop();
});

const many = (from: number, count: number) => Array.from({ length: count }, (_, i) => makeRow(from + i));
const counts = (given: object) => ({
  ...{ checked: 0, accepted: 0, alreadyThere: 0, refused: 0, heldBack: 0, faults: 0 },
  ...given,
});

describe('a file without a fault', () => {
  test('is taken whole, and waits to be delivered', async () => {
    const actor = makeActor();
    const id = await replica.upload(actor, makeCsv(many(0, 1_234)), 'ALL_OR_NOTHING', 7_001);
    expect(await replica.get(actor, id)).toMatchObject({ state: 'QUEUED', progress: { rows: 0, percent: 0 } });
    await replica.checkAll();
    const batch = await replica.get(actor, id);
    expect(batch).toMatchObject({
      state: 'DONE',
      format: 'CSV',
      progress: { rows: 1_234, percent: 100 },
      counts: counts({ checked: 1_234, accepted: 1_234 }),
      fileFault: null,
      resultReady: false,
      operatorId: actor.operatorId,
    });
    const records = await replica.recordsOf(actor);
    expect(records).toHaveLength(1_234);
    expect(records[7]).toEqual({ register: makeRow(7).register, batch: id, state: 'WAITING' });
  });

  test('keeps with each record whose it is, who sent it and what proves it', async () => {
    const actor = makeActor();
    const row = makeRow(0, { name: 'Toko "Maju" \\ {a,b}', type: 'Dagang; kelontong', register: ' 500/1/sku/I/2026 ' });
    const id = await replica.upload(actor, csvOf([[row.nik, row.register, row.name, row.type, row.date]]), 'GOOD_ROWS');
    await replica.checkAll();
    interface Stored {
      id: string;
      person_hmac: Buffer;
      sealed_nik: Buffer;
      key_id: string;
      accepted_at: Date;
      due_at: Date;
    }
    const { rows } = await replica.pool.query<Stored>(
      `SELECT *, register_date::text AS day FROM balikan.record WHERE batch_id = $1`,
      [id],
    );
    const [stored] = rows as [Stored];
    expect(rows).toHaveLength(1);
    expect(stored).toMatchObject({
      institution_id: actor.institutionId,
      agreement_id: actor.agreementId,
      agreement_version_id: actor.agreementVersionId,
      client_id: actor.clientId,
      operator_id: actor.operatorId,
      register_number: '500/1/sku/I/2026',
      register_key: '500/1/SKU/I/2026',
      business_name: row.name,
      business_type: row.type,
      day: row.date,
      source: 'UPLOAD',
      kbli_code: null,
    });
    expect(stored.due_at).toEqual(stored.accepted_at);
    const { vault } = replica;
    const opened = await vault.open(actor.agreementId);
    expect(stored.person_hmac).toEqual(opened.hmac('person', row.nik));
    expect(await vault.unseal(stored.key_id, stored.sealed_nik, recordContext(stored.id))).toBe(row.nik);
  });

  test('handed in twice is harmless', async () => {
    const actor = makeActor();
    const file = makeCsv(many(0, 700));
    await replica.upload(actor, file, 'ALL_OR_NOTHING');
    await replica.checkAll();
    const again = await replica.upload(actor, file, 'ALL_OR_NOTHING');
    await replica.checkAll();
    expect(await replica.get(actor, again)).toMatchObject({
      state: 'DONE',
      counts: counts({ checked: 700, alreadyThere: 700 }),
    });
    expect(await replica.recordsOf(actor)).toHaveLength(700);
  });

  test('and without a row is done at once', async () => {
    const actor = makeActor();
    const id = await replica.upload(actor, makeCsv([]), 'ALL_OR_NOTHING');
    await replica.checkAll();
    expect(await replica.get(actor, id)).toMatchObject({ state: 'DONE', counts: counts({}) });
  });
});

const csvOf = (rows: string[][]): Buffer =>
  Buffer.from(
    ['NIK;Nomor Register;Nama Usaha;Jenis Usaha;Tanggal', ...rows.map((row) => row.map(quoted).join(';'))].join('\n'),
  );
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

describe('a file with faults', () => {
  const faulty = () => [
    makeRow(0),
    makeRow(1, { nik: '33130441079099O1', name: '' }),
    makeRow(2),
    makeRow(3, { date: '31 Februari' }),
    makeRow(4),
    // the same again, and again with another content
    makeRow(2),
    makeRow(4, { type: 'Jasa' }),
  ];

  test('is held: nothing is taken, and every fault is told at once', async () => {
    const actor = makeActor();
    replica.bus.unknown.add(makeNik(0));
    const id = await replica.upload(actor, makeCsv(faulty()), 'ALL_OR_NOTHING');
    await replica.checkAll();
    replica.bus.unknown.clear();
    expect(await replica.get(actor, id)).toMatchObject({
      state: 'HELD',
      counts: counts({ checked: 7, refused: 7, heldBack: 3, faults: 5 }),
      resultReady: true,
    });
    expect(await replica.recordsOf(actor)).toEqual([]);
    const faults = await replica.faults(actor, id);
    expect(faults.map(({ row, column, field, code, value }) => [row, column, field, code, value])).toEqual([
      [2, 'A', 'nik', 'PERSON_NOT_ACCESSED', 'digits'],
      [3, 'A', 'nik', 'NIK_CHARACTER', 'text'],
      [3, 'C', 'namaUsaha', 'BUSINESS_NAME_EMPTY', 'empty'],
      [5, 'E', 'tanggal', 'DATE_INVALID', 'text'],
      [8, 'B', 'nomorRegister', 'ROW_DIFFERS', 'text'],
    ]);
    expect(faults[0]?.detail).toBe(rowFaults.PERSON_NOT_ACCESSED);
  });

  test('gives its good rows when that is decided, and all that was wrong in a copy of it', async () => {
    const actor = makeActor();
    const id = await replica.upload(actor, makeCsv(faulty()), 'ALL_OR_NOTHING');
    await replica.checkAll();
    expect(await replica.decide(actor, id, 'TAKE_GOOD_ROWS')).toMatchObject({
      state: 'QUEUED',
      policy: 'GOOD_ROWS',
      resultReady: false,
      counts: counts({}),
    });
    await replica.checkAll();
    expect(await replica.get(actor, id)).toMatchObject({
      state: 'DONE',
      counts: counts({ checked: 7, accepted: 3, alreadyThere: 1, refused: 3, faults: 4 }),
      resultReady: true,
    });
    expect((await replica.recordsOf(actor)).map(({ register }) => register)).toEqual(
      [0, 2, 4].map((n) => makeRow(n).register),
    );
    const lines = (await replica.result(actor, id)).toString('utf8').split('\r\n');
    expect(lines[1]).toContain(makeNik(0));
    expect(lines[2]).toContain(rowFaults.NIK_CHARACTER);
    expect(lines[2]).toContain(rowFaults.BUSINESS_NAME_EMPTY);
    expect(lines[7]).toContain(rowFaults.ROW_DIFFERS);
    expect(lines[5]).not.toContain(rowFaults.ROW_DIFFERS);
  });

  test('keeps neither file nor copy of it in the clear', async () => {
    const actor = makeActor();
    const id = await replica.upload(actor, makeCsv(faulty()), 'ALL_OR_NOTHING');
    await replica.checkAll();
    for (const { nik } of [makeRow(0), makeRow(2)]) await expectNowhere(nik);
    expect(await replica.chunksOf(id)).toBe(2);
  });

  test('what was taken before is never changed, and a row that says otherwise is told', async () => {
    const actor = makeActor();
    await replica.upload(actor, makeCsv([makeRow(0)]), 'GOOD_ROWS');
    await replica.checkAll();
    const id = await replica.upload(actor, makeCsv([makeRow(0, { name: 'Lain' }), makeRow(1)]), 'GOOD_ROWS');
    await replica.checkAll();
    expect(await replica.get(actor, id)).toMatchObject({
      counts: counts({ checked: 2, accepted: 1, refused: 1, faults: 1 }),
    });
    expect(await replica.faults(actor, id)).toMatchObject([{ row: 2, column: 'B', code: 'RECORD_DIFFERS' }]);
    const { rows } = await replica.pool.query(
      'SELECT business_name AS name FROM balikan.record WHERE institution_id = $1 ORDER BY register_number',
      [actor.institutionId],
    );
    expect(rows).toEqual([{ name: 'Warung 0' }, { name: 'Warung 1' }]);
  });

  test('tells more of them than fit one statement, in their order', async () => {
    const actor = makeActor();
    const rows = Array.from({ length: 5_100 }, (_, n) => makeRow(n, n % 2 ? { name: '', type: '' } : {}));
    const id = await replica.upload(actor, makeCsv(rows), 'GOOD_ROWS');
    await replica.checkAll();
    expect(await replica.get(actor, id)).toMatchObject({
      counts: counts({ checked: 5_100, accepted: 2_550, refused: 2_550, faults: 5_100 }),
    });
    const faults = await replica.faults(actor, id);
    expect(faults.map(({ row }) => row)).toEqual(Array.from({ length: 5_100 }, (_, i) => 3 + 2 * Math.floor(i / 2)));
  });
});

test('a page of faults that does not fit one message ends early, and says where', async () => {
  const actor = makeActor();
  const { institutionId } = actor;
  const one = replicas.start();
  const rows = many(0, 1_000);
  for (const { nik } of rows) one.bus.unknown.add(nik);
  const id = await one.upload(actor, makeCsv(rows), 'GOOD_ROWS');
  await one.checkAll();
  const page = await one.value<RowFaultPage>('faults', { institutionId, id, query: { limit: 1_000, after: 0 } });
  expect(page.faults.length).toBeLessThan(1_000);
  expect(JSON.stringify(page).length).toBeLessThan(256 * 1024);
  const rest = { institutionId, id, query: { limit: 1_000, after: page.next } };
  const second = await one.value<RowFaultPage>('faults', rest);
  expect([...page.faults, ...second.faults].map(({ row }) => row)).toEqual(rows.map((_, n) => n + 2));
});

describe('a workbook', () => {
  const titles = ['NIK', 'Nomor Register', 'Nama Usaha', 'Jenis Usaha', 'Tanggal'];
  const workbook = async (rows: (string | number)[][]): Promise<Buffer> => {
    const columns = titles.map((header) => ({ header }));
    const pieces: Buffer[] = [];
    for await (const piece of writeXlsx([{ kind: 'table', name: 'Data', columns, rows }])) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  const cells = ({ nik, register, name, type, date }: FileRow) => [nik, register, name, type, date];

  test('is read by the types of its cells, and comes back marked as a workbook', async () => {
    const actor = makeActor();
    const rows = Array.from({ length: 300 }, (_, n) => cells(makeRow(n)));
    const damaged = [Number(makeNik(300)), ...cells(makeRow(300)).slice(1)];
    const id = await replica.upload(actor, await workbook([...rows, damaged]), 'GOOD_ROWS', 5_000);
    await replica.checkAll();
    expect(await replica.get(actor, id)).toMatchObject({
      state: 'DONE',
      format: 'XLSX',
      counts: counts({ checked: 301, accepted: 300, refused: 1, faults: 1 }),
      resultReady: true,
    });
    expect(await replica.faults(actor, id)).toMatchObject([{ row: 302, column: 'A', code: 'NIK_NUMBER_CELL' }]);
    const marked = await replica.result(actor, id);
    // what is marked can be handed in again: the sheet of refused rows is no obstacle
    const again = await replica.upload(actor, marked, 'GOOD_ROWS');
    await replica.checkAll();
    expect(await replica.get(actor, again)).toMatchObject({
      state: 'DONE',
      counts: counts({ checked: 301, alreadyThere: 300, refused: 1, faults: 1 }),
    });
  });

  test('made from the template has the titles that the upload understands, and fits one message', async () => {
    const actor = makeActor();
    const { institutionId } = actor;
    const { bytes } = await replica.value<{ bytes: string }>('template', { institutionId });
    expect(bytes.length).toBeLessThan(200_000);
    const template = Buffer.from(bytes, 'base64');
    const table = await openTable(
      { size: template.length, read: async (at, n) => template.subarray(at, at + n) },
      defaultColumns,
    );
    expect(table.format).toBe('XLSX');
    const id = await replica.upload(actor, template, 'ALL_OR_NOTHING');
    await replica.checkAll();
    expect(await replica.get(actor, id)).toMatchObject({ state: 'DONE', counts: counts({}) });
  });
});

/** The bytes of all tables of files, sealed ones included. */
async function expectNowhere(nik: string): Promise<void> {
  const text = Buffer.from(nik).toString('hex');
  for (const table of ['batch', 'batch_chunk', 'batch_fault', 'record']) {
    const { rows } = await replica.pool.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM balikan.${table} AS one WHERE one::text LIKE $1 OR one::text LIKE $2`,
      [`%${nik}%`, `%${text}%`],
    );
    expect({ table, ...rows[0] }).toEqual({ table, n: 0 });
  }
}

describe('a file that cannot be read as a whole', () => {
  test.each([
    ['FILE_EMPTY', Buffer.alloc(0), null],
    ['HEADER_NOT_FOUND', Buffer.from('a;b;c\n1;2;3\n'), null],
    ['COLUMN_MISSING', Buffer.from('NIK;Nomor Register;Nama Usaha;Tanggal\n'), 'Jenis Usaha'],
    ['FILE_TYPE', Buffer.from('%PDF-1.7'), null],
  ])('%s', async (code, bytes, column) => {
    const actor = makeActor();
    const id = await replica.upload(actor, bytes, 'GOOD_ROWS');
    await replica.checkAll();
    expect(await replica.get(actor, id)).toMatchObject({
      state: 'REFUSED',
      fileFault: { code, column, detail: expect.any(String) },
      counts: counts({}),
    });
  });

  test('and that shows it only in the middle leaves nothing', async () => {
    const actor = makeActor();
    const rows = Array.from({ length: 100_001 }, (_, n) => makeRow(n, n < 600 ? {} : { name: '' }));
    const id = await replica.upload(actor, makeCsv(rows), 'GOOD_ROWS', 128 * 1024);
    await replica.checkAll();
    expect(await replica.get(actor, id)).toMatchObject({ state: 'REFUSED', fileFault: { code: 'TOO_MANY_ROWS' } });
    expect(await replica.recordsOf(actor)).toEqual([]);
    expect(await replica.faults(actor, id)).toEqual([]);
  });
});

describe('cancelling', () => {
  test('in the middle leaves nothing behind', async () => {
    const actor = makeActor();
    const one = replicas.start();
    let atWork = 0;
    let go = () => undefined as void;
    one.bus.before = async (call) => {
      atWork = call;
      // some rows are taken by then
      if (call > 3) await new Promise<void>((resolve) => (go = resolve));
    };
    const id = await one.upload(actor, makeCsv(many(0, 4_000)), 'GOOD_ROWS');
    const checking = one.checkAll();
    await until(async () => atWork > 3);
    await until(async () => (await one.get(actor, id)).progress.rows > 0);
    expect(await one.get(actor, id)).toMatchObject({ state: 'CHECKING' });
    expect(await one.decide(actor, id, 'CANCEL')).toMatchObject({ state: 'CANCELLED' });
    await checking;
    go();
    expect(await one.get(actor, id)).toMatchObject({ state: 'CANCELLED', counts: counts({}) });
    expect(await one.recordsOf(actor)).toEqual([]);
    await one.housekeeping.round();
    expect(await one.chunksOf(id)).toBe(0);
    await expect(one.decide(actor, id, 'TAKE_GOOD_ROWS')).rejects.toThrow('STATE_CONFLICT');
  });

  test('comes too late for a file that is done', async () => {
    const actor = makeActor();
    const id = await replica.upload(actor, makeCsv(many(0, 1)), 'GOOD_ROWS');
    await replica.checkAll();
    await expect(replica.decide(actor, id, 'CANCEL')).rejects.toThrow('STATE_CONFLICT');
  });
});

describe('when something is away', () => {
  test('the file waits and is taken later, however often that is', async () => {
    const actor = makeActor();
    const one = replicas.start();
    one.bus.before = async (call) => {
      if (call <= 14 && call % 2 === 0) throw new AppError('SERVICE_UNAVAILABLE');
    };
    const id = await one.upload(actor, makeCsv(many(0, 1_200)), 'GOOD_ROWS');
    await until(async () => {
      await one.checker.next();
      return (await one.get(actor, id)).state === 'DONE';
    });
    expect(one.bus.calls).toBeGreaterThan(14);
    expect(await one.recordsOf(actor)).toHaveLength(1_200);
  });

  test('a fault of ours is tried five times', async () => {
    const actor = makeActor();
    const one = replicas.start();
    one.bus.before = async () => {
      throw new Error('rusak');
    };
    const id = await one.upload(actor, makeCsv(many(0, 1)), 'GOOD_ROWS');
    await until(async () => {
      await one.checker.next();
      return (await one.get(actor, id)).state === 'FAILED';
    });
    expect(one.bus.calls).toBe(5);
    expect(await one.recordsOf(actor)).toEqual([]);
  });

  test('the keys of a closed agreement are away for good', async () => {
    const actor = makeActor();
    const id = await replica.upload(actor, makeCsv(many(0, 1)), 'GOOD_ROWS');
    await replica.keys.destroyAll(actor.agreementId);
    await replica.checkAll();
    expect(await replica.get(actor, id)).toMatchObject({ state: 'FAILED' });
    await expect(replica.value('begin', { actor, policy: 'GOOD_ROWS' })).rejects.toThrow('AGREEMENT_CLOSED');
  });
});
