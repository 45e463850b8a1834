import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decrypter } from 'age-encryption';
import ExcelJS from 'exceljs';
import type pg from 'pg';
import { mediaFileName } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { openingCommand } from './handover-statement.js';
import { makeRecord, MediaOffice, unzipped } from './media-fixture.js';

let database: TestDatabase;
let pool: pg.Pool;
const offices: MediaOffice[] = [];

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('data_balikan');
});
afterEach(async () => {
  for (const office of offices.splice(0)) await office.close();
});
afterAll(() => database.drop());

async function openOffice(...given: Parameters<typeof MediaOffice.open> extends [unknown, ...infer R] ? R : never) {
  const office = await MediaOffice.open(pool, ...given);
  offices.push(office);
  return office;
}

const above2to53 = '9171017008909903';
const dangerous = ['=1+1', '+628', '-1', '@SUM(A1)', '  dua  spasi ', 'a & <b> "c"', '_x0041_', 'baris\nbaru'];

interface SentFile {
  id_lembaga: string;
  nama_lembaga: string;
  data: { NIK: string; param: Record<string, string>[] }[];
}
const jsonIn = (files: Map<string, Buffer>) => JSON.parse(files.get('data.json')!.toString()) as SentFile[];

async function rowsOf(xlsx: Buffer): Promise<{ text: unknown; type: ExcelJS.ValueType; format: string }[][]> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(xlsx as unknown as ArrayBuffer);
  const [sheet] = workbook.worksheets;
  return Array.from({ length: sheet!.rowCount }, (_, row) =>
    Array.from({ length: sheet!.columnCount }, (_, column) => {
      const cell = sheet!.getCell(row + 1, column + 1);
      // exceljs leaves the underscore that ECMA-376 22.9.2.19 escapes as it stands in the file
      const text = typeof cell.value === 'string' ? cell.value.replace(/_x005F_/g, '_') : (cell.value ?? '');
      return { text, type: cell.type, format: cell.numFmt };
    }),
  );
}

test('a package opens with the identity of the recipient and with no other', async () => {
  const [office, other] = [await openOffice(), await openOffice()];
  await office.accept([makeRecord(1)]);
  const made = await office.packages.make(office.actor);
  const file = await office.file(made.id);
  expect(file).toHaveLength(made.bytes);
  expect(createHash('sha256').update(file).digest('hex')).toBe(made.sha256);
  expect(file.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
  expect([...(await office.opened(made.id)).keys()]).toEqual([
    'data.json',
    'data.xlsx',
    'manifest.json',
    'manifest.sig',
    'manifest.pub',
  ]);
  const stranger = new Decrypter();
  stranger.addIdentity(other.identity);
  await expect(stranger.decrypt(file)).rejects.toThrow('no identity matched');
  // of the encrypted file no bit can change
  file[file.length - 5]! ^= 1;
  const decrypter = new Decrypter();
  decrypter.addIdentity(office.identity);
  await expect(decrypter.decrypt(file)).rejects.toThrow();
});

const age = spawnSync('age', ['--version']).error === undefined;
(age ? test : test.skip)(
  `a package of many pieces opens with the standard age program${age ? '' : ' (skipped: there is no age on the PATH; apt-get install age)'}`,
  async () => {
    const office = await openOffice();
    await office.accept(
      // what does not compress, so that there are several pieces
      Array.from({ length: 3_000 }, (_, n) =>
        makeRecord(n, {
          nik: `33990141${String(n).padStart(4, '0')}9901`,
          nomorRegister: `500/${n}`,
          namaUsaha: createHash('sha512').update(`${n}`).digest('hex'),
        }),
      ),
    );
    const made = await office.packages.make(office.actor);
    expect(made.bytes).toBeGreaterThan(2 * 128 * 1024);
    const folder = await mkdtemp(join(tmpdir(), 'gerbang-age-'));
    try {
      // under the name of the download, with the very line of the berita acara
      const fileName = mediaFileName(made);
      await writeFile(join(folder, 'kunci.txt'), `${office.identity}\n`);
      await writeFile(join(folder, fileName), await office.file(made.id));
      execFileSync('sh', ['-c', openingCommand(fileName)], { cwd: folder });
      const files = await unzipped(await readFile(join(folder, fileName.replace(/\.age$/, ''))));
      expect(jsonIn(files)[0]!.data).toHaveLength(3_000);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);

test('the manifest counts and names every file, and its signature stands and falls with each bit', async () => {
  const office = await openOffice();
  await office.accept([makeRecord(1), makeRecord(2), makeRecord(3, { state: 'DEAD' })]);
  const made = await office.packages.make(office.actor);
  const files = await office.opened(made.id);
  const bytes = files.get('manifest.json')!;
  const manifest = JSON.parse(bytes.toString()) as Record<string, unknown> & {
    files: { name: string; bytes: number; sha256: string }[];
    signature: { algorithm: string; keyId: string };
  };
  expect(manifest).toMatchObject({
    format: 'gerbang-paten-data-balikan-media-1',
    package: { id: made.id, number: 1 },
    madeAt: made.createdAt,
    institution: { id: office.actor.institutionId, name: 'Kecamatan Contoh' },
    idLembaga: '000123',
    namaLembaga: 'Kecamatan Contoh',
    recipient: 'DITJEN_DUKCAPIL',
    records: 3,
  });
  expect(manifest.files.map(({ name }) => name)).toEqual(['data.json', 'data.xlsx']);
  for (const { name, bytes: size, sha256 } of manifest.files) {
    expect(files.get(name)).toHaveLength(size);
    expect(createHash('sha256').update(files.get(name)!).digest('hex')).toBe(sha256);
  }

  const publicKey = createPublicKey(files.get('manifest.pub')!);
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
  expect(manifest.signature).toEqual({ algorithm: 'Ed25519', keyId: createHash('sha256').update(raw).digest('hex') });
  const signature = files.get('manifest.sig')!;
  expect(verify(null, bytes, publicKey, signature)).toBe(true);
  for (let at = 0; at < bytes.length * 8; at += 37) {
    const changed = Buffer.from(bytes);
    changed[at >> 3]! ^= 1 << (at & 7);
    expect(verify(null, changed, publicKey, signature)).toBe(false);
  }
  signature[0]! ^= 1;
  expect(verify(null, bytes, publicKey, signature)).toBe(false);
});

test('every package of an installation is signed with the same key', async () => {
  const office = await openOffice();
  const keyOf = async (maker: typeof office.packages) => {
    await office.accept([makeRecord(Math.floor(Math.random() * 90), { nomorRegister: `R/${Math.random()}` })]);
    const made = await maker.make(office.actor);
    const key = (await office.opened(made.id)).get('manifest.pub')!.toString();
    await office.packages.cancel(office.actor.institutionId, made.id);
    return key;
  };
  expect(await keyOf(office.packages)).toBe(await keyOf(office.replica));
});

test('JSON and sheet say the same of every record, and every NIK is exact', async () => {
  const office = await openOffice({
    paramKeys: {
      nomorRegister: 'NO_REG',
      namaUsaha: 'NAMA_USAHA',
      jenisUsaha: 'JENIS_USAHA',
      kodeKbli: 'KBLI',
      versiKbli: null,
      tanggal: 'TGL',
    },
  });
  const given = [
    makeRecord(0, { nik: above2to53, tanggal: '2026-11-02', kbli: '47112' }),
    ...dangerous.map((text, n) => makeRecord(n + 1, { namaUsaha: text, jenisUsaha: text, tanggal: '2026-11-01' })),
  ];
  await office.accept(given);
  const made = await office.packages.make(office.actor);
  const files = await office.opened(made.id);

  const [lembaga, ...more] = jsonIn(files);
  expect(more).toEqual([]);
  expect(lembaga).toMatchObject({ id_lembaga: '000123', nama_lembaga: 'Kecamatan Contoh' });
  expect(lembaga!.data.at(-1)).toEqual({
    NIK: above2to53,
    param: [
      {
        NO_REG: '500/000/SKU/XI/2026',
        NAMA_USAHA: 'Warung Contoh 0',
        JENIS_USAHA: 'Perdagangan eceran',
        KBLI: '47112',
        TGL: '2026-11-02',
      },
    ],
  });
  expect(new Set(lembaga!.data.map(({ NIK }) => NIK))).toEqual(new Set(given.map(({ nik }) => nik)));

  const [header, ...rows] = await rowsOf(files.get('data.xlsx')!);
  expect(header!.map(({ text }) => text)).toEqual(['NIK', 'NO_REG', 'NAMA_USAHA', 'JENIS_USAHA', 'KBLI', 'TGL']);
  for (const cell of rows.flat().filter(({ text }) => text !== '')) {
    expect(typeof cell.text).toBe('string');
    expect(cell.type).toBe(ExcelJS.ValueType.String);
    expect(cell.format).toBe('@');
  }
  const told = rows.map((cells) => cells.map(({ text }) => text));
  expect(told).toEqual(
    lembaga!.data.map(({ NIK, param: [param] }) => [
      NIK,
      param!.NO_REG,
      param!.NAMA_USAHA,
      param!.JENIS_USAHA,
      param!.KBLI ?? '',
      param!.TGL,
    ]),
  );
  expect(told.map(([, , name]) => name)).toEqual(expect.arrayContaining(dangerous));
});

test('no table holds a NIK in plain, and no piece does', async () => {
  const office = await openOffice();
  await office.accept([makeRecord(7, { nik: above2to53 })]);
  const made = await office.packages.make(office.actor);
  expect((await office.file(made.id)).includes(above2to53)).toBe(false);
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'balikan'`,
  );
  expect(tables.length).toBeGreaterThan(8);
  const hex = Buffer.from(above2to53).toString('hex');
  for (const { name } of tables) {
    const sql = `SELECT count(*)::int AS count FROM ${name} AS row WHERE row::text LIKE ANY (ARRAY['%${above2to53}%', '%${hex}%'])`;
    const count = await database.asSuperuser(
      database.name,
      async (client) => (await client.query<{ count: number }>(sql)).rows,
    );
    expect({ name, count }).toEqual({ name, count: [{ count: 0 }] });
  }
});
