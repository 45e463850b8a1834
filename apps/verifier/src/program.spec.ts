import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inclusionProof, toBase64, type Report } from '#evidence';
import { OfficeLog, officeKey, opening } from '../../../libs/evidence/test/office-log.js';

const program = fileURLToPath(new URL('../../../dist/verifier/gerbang-verify.mjs', import.meta.url));

const log = new OfficeLog();
const answers = [0, 100, 200].map((seconds) => log.lookUp(opening + seconds));
const seen = log.sign(opening + 150, 4);
const note = log.sign(opening + 300);
const key = log.verifierKey;
const receipt = log.receipt(answers[0]!);

let folder: string;
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gerbang-verify-'));
  const tampered = log.bundle();
  tampered.event(3).leaf.outcome = 'NOT_FOUND';
  const other = new OfficeLog(officeKey(2));
  other.lookUp(opening);
  const proof = {
    checkpoint: { note },
    index: 1,
    size: 6,
    hashes: inclusionProof(1, 6, log.read).map(toBase64),
  };
  const files = {
    'bukti.jsonl': log.bundle().toString(),
    'diubah.jsonl': tampered.toString(),
    'terpotong.jsonl': log.bundle().toString().slice(0, 3000),
    'kunci.txt': `${key}\n`,
    'titik-periksa.txt': seen,
    'titik-periksa-lain.txt': other.sign(opening),
    'bukti.jws': receipt,
    'jawaban.json': JSON.stringify({ genuine: true, receipt: { jws: receipt }, proof }, null, 2),
    'jawaban-tanpa-bukti.json': JSON.stringify({
      genuine: true,
      receipt: { code: 'x' },
      proof,
    }),
    'lain.txt': 'Bukan berkas bukti.\n',
  };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(path(name), text)));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function run(args: string[], input?: string): { status: number | null; out: string; error: string } {
  const named = args.map((arg) => (/^[a-z-]+\.[a-z]+$/.test(arg) ? path(arg) : arg));
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...named], { encoding: 'utf8', input });
  return { status, out: stdout, error: stderr };
}

describe('a bundle', () => {
  test('is good', () => {
    const { status, out } = run([
      'bukti.jsonl',
      '--key',
      key,
      '--checkpoint',
      'titik-periksa.txt',
      '--receipt',
      'bukti.jws',
    ]);
    expect(out).toMatchInlineSnapshot(`
     "PEMERIKSAAN BUKTI AKSES DATA KEPENDUDUKAN

     Instansi      : Kecamatan Contoh (0198c1d2-7000-7000-8000-000000000001)
     Catatan       : gerbang-contoh/0198c1d2-7000-7000-8000-000000000001/1
     Diekspor      : 1 November 2025 pukul 09.05.00 WIB
     Waktu         : 1 November 2025 pukul 08.00.00 WIB sampai 1 November 2025 pukul 08.03.21 WIB
     Peristiwa     : 6 (nomor 0 sampai 5)
       Permintaan pemeriksaan                   3
       Jawaban pemeriksaan                      3
     Titik periksa : 2
     Yang terakhir : 6 peristiwa, ditandatangani 1 November 2025 pukul 08.05.00 WIB
     Sidik akar    : ffEVoVu/ksy00efflkcUrtKSw864GPne1J5wAXb8Q+k=
     Kunci         : 5da11ef0 (dari penilai)

     Yang diperiksa: isi, jumlah dan urutan setiap peristiwa, waktunya, tanda tangan titik periksa, dan kesinambungan riwayat.
     Nama instansi dan waktu ekspor tidak ditandatangani.

     HASIL: UTUH. Tidak ditemukan perubahan.
     "
    `);
    expect(status).toBe(0);
  });

  test('is good without a key, which is told', () => {
    const { status, out } = run(['bukti.jsonl']);
    expect(out).toContain('KUNCI BELUM DICOCOKKAN');
    expect(status).toBe(0);
  });

  test('was changed', () => {
    const { status, out } = run(['diubah.jsonl', '--key', 'kunci.txt', '--bahasa', 'en']);
    expect(out).toContain('RESULT: NOT INTACT. 1 findings.');
    expect(out).toContain('EVENT_CHANGED (1)\n  - Event 3 is not what was recorded');
    expect(status).toBe(1);
  });

  test('is told to another program', async () => {
    const { status, out } = run(['-', '--json', '--key', key], await readFile(path('diubah.jsonl'), 'utf8'));
    const { kind, report } = JSON.parse(out) as {
      kind: string;
      report: Report;
    };
    expect(kind).toBe('BUNDLE');
    expect(report).toMatchObject({
      ok: false,
      size: 6,
      findings: [{ name: 'EVENT_CHANGED', index: 3 }],
    });
    expect(status).toBe(1);
  });

  test.each([
    ['breaks off', ['terpotong.jsonl', '--key', key], 'BUNDLE_TRUNCATED'],
    ['is not that of the key', ['bukti.jsonl', '--key', new OfficeLog(officeKey(2)).verifierKey], 'WRONG_KEY'],
    ['contradicts a checkpoint', ['bukti.jsonl', '--checkpoint', 'titik-periksa-lain.txt'], 'WRONG_KEY'],
  ])('%s', (_, args, name) => {
    const { status, out } = run(args);
    expect(out).toContain(name);
    expect(status).toBe(1);
  });
});

describe('a receipt with its proof', () => {
  test('is genuine', () => {
    const { status, out } = run(['jawaban.json', '--key', key]);
    expect(out).toContain('HASIL: ASLI.');
    expect(out).toContain('Layanan       : KTP_EL');
    expect(status).toBe(0);
    expect(run(['jawaban-tanpa-bukti.json', '--key', key, '--receipt', 'bukti.jws']).status).toBe(0);
    expect(run(['jawaban.json', '--key', key, '--json']).out).toContain('"root": "');
  });

  test('is not of this office', () => {
    const { status, out } = run(['jawaban.json', '--key', new OfficeLog(officeKey(2)).verifierKey]);
    expect(out).toContain('RECEIPT_FORGED');
    expect(status).toBe(1);
  });
});

describe('what cannot be checked', () => {
  test.each([
    ['no file', [], 'node gerbang-verify.mjs <berkas>'],
    ['two files', ['bukti.jsonl', 'bukti.jsonl'], 'node gerbang-verify.mjs <berkas>'],
    ['an unknown option', ['bukti.jsonl', '--x'], 'node gerbang-verify.mjs <berkas>'],
    ['an unknown language', ['bukti.jsonl', '--bahasa', 'nl'], 'node gerbang-verify.mjs <berkas>'],
    ['a file that is not there', ['tiada.jsonl'], 'ENOENT'],
    ['a key that is none', ['bukti.jsonl', '--key', 'lain.txt'], 'Not a verifier key'],
    ['a checkpoint that is none', ['bukti.jsonl', '--checkpoint', 'lain.txt'], 'tidak berisi titik periksa'],
    ['another file', ['lain.txt'], 'Ini bukan berkas bukti'],
    ['a proof without a key', ['jawaban.json'], 'kunci kantor'],
    ['a proof without its receipt', ['jawaban-tanpa-bukti.json', '--key', key], 'JWS'],
    ['another file, in English', ['lain.txt', '--bahasa', 'en'], 'neither an evidence bundle'],
  ])('%s', (_, args, text) => {
    const { status, out, error } = run(args);
    expect(error).toContain(text);
    expect(out).toBe('');
    expect(status).toBe(2);
  });
});

test('the program needs nothing but Node', async () => {
  const text = await readFile(program, 'utf8');
  expect(text.startsWith('#!/usr/bin/env node\n')).toBe(true);
  const imports = [...text.matchAll(/^import .* from ["'](.*)["'];$/gm)].map(([, from]) => from);
  expect(imports.length).toBeGreaterThan(0);
  expect(imports.filter((from) => !from!.startsWith('node:'))).toEqual([]);
  expect(text).not.toMatch(/\bimport\(|\brequire\(/);
});
