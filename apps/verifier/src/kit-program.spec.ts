import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KitReport } from '#report';
import { OfficeKit } from '../../../libs/report/test/office-kit.js';

const built = (path: string) => fileURLToPath(new URL(`../../../dist/${path}`, import.meta.url));
const program = built('verifier/gerbang-verify.mjs');
const gerbang = built('apps/gateway/src/command-line/main.js');

const honest = OfficeKit.honest();
const key = honest.log.verifierKey;
let folder: string;
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gerbang-verify-kit-'));
  const zip = (kit: OfficeKit) => zipSync(Object.fromEntries(kit.files()));
  await writeFile(path('laporan.zip'), zip(honest));
  const changed = OfficeKit.honest();
  changed.content.figures.lookUps.months[0]!.hits = 17;
  await writeFile(path('diubah.zip'), zip(changed));
  await writeFile(path('terpotong.zip'), zip(honest).subarray(0, 9000));
  await writeFile(path('lain.zip'), zipSync({ 'foto.jpg': Buffer.from('x') }));
  await writeFile(
    path('ganda.zip'),
    twice(Buffer.from(zipSync({ ...Object.fromEntries(honest.files()), 'report.jsox': Buffer.from('{}') }))),
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A second report.json, which some programs would open instead. */
function twice(zip: Buffer): Buffer {
  for (let at = zip.indexOf('report.jsox'); at >= 0; at = zip.indexOf('report.jsox', at)) zip.write('report.json', at);
  return zip;
}

function run(args: string[], { by = [program], input }: { by?: string[]; input?: Buffer } = {}) {
  const named = args.map((arg) => (/^[a-z-]+\.zip$/.test(arg) ? path(arg) : arg));
  const options = input === undefined ? {} : { input };
  const { status, stdout, stderr } = spawnSync(process.execPath, [...by, ...named], { encoding: 'utf8', ...options });
  return { status, out: stdout, error: stderr };
}

describe('the kit of a report', () => {
  test('is good', () => {
    const { status, out } = run(['laporan.zip', '--key', key]);
    expect(out).toContain('HASIL: COCOK. Semua angka laporan sama dengan catatan.');
    expect(out).toContain('Masa          : 1 Juni 2026 – 30 Juni 2026');
    expect(status).toBe(0);
  });

  test('is good without a key, which is told', () => {
    const { status, out } = run(['laporan.zip', '--bahasa', 'en']);
    expect(out).toContain('RESULT: IT AGREES, BUT THE KEY WAS NOT COMPARED.');
    expect(status).toBe(0);
  });

  test('was changed', () => {
    const { status, out } = run(['diubah.zip', '--key', key, '--bahasa', 'en']);
    expect(out).toContain('FIGURE_DIFFERS (1)\n  - figures.lookUps.months[0].hits: report says 17, log says 16.');
    expect(out).toContain('REPORT_NOT_AS_APPROVED (1)');
    expect(status).toBe(1);
  });

  test('has an entry twice', () => {
    const { status, out } = run(['ganda.zip', '--key', key]);
    expect(out).toContain('FILE_TWICE (1)');
    expect(status).toBe(1);
  });

  test('is told to another program', () => {
    const { status, out } = run(['diubah.zip', '--key', key, '--json']);
    const { kind, kit } = JSON.parse(out) as { kind: string; kit: KitReport };
    expect(kind).toBe('KIT');
    expect(kit).toMatchObject({ ok: false, isKeyPinned: true, register: { rows: 8, proven: 8, notOpened: 0 } });
    expect(kit.tables[0]).toMatchObject({ path: 'figures.lookUps', basis: 'LOG', differing: 1 });
    expect(status).toBe(1);
  });

  test('gives the same sample again', () => {
    const seed = '000102030405060708090a0b0c0d0e0f';
    const { status, out } = run(['laporan.zip', '--key', key, '--sample', `${seed}:3`, '--json']);
    const { kit } = JSON.parse(out) as { kit: KitReport };
    const counted = honest.content.figures.lookUps.total.requests;
    expect([status, kit.sample?.population, kit.sample?.ids.length]).toEqual([0, counted, 3]);
    expect(run(['laporan.zip', '--sample', 'abc:3']).status).toBe(2);
  });

  test('is checked by `gerbang verify` as well', () => {
    const { status, out } = run(['verify', 'diubah.zip', '--key', key], { by: [gerbang] });
    expect(out).toContain('HASIL: TIDAK COCOK.');
    expect(status).toBe(1);
  });
});

describe('what cannot be checked', () => {
  test.each([
    ['a ZIP that is cut off', 'terpotong.zip', 'ZIP ini rusak'],
    ['a ZIP of something else', 'lain.zip', 'ZIP ini rusak, atau bukan paket laporan.'],
  ])('%s', (_, name, text) => {
    const { status, out, error } = run([name]);
    expect([status, out]).toEqual([2, '']);
    expect(error).toContain(text);
  });

  test('a kit from standard input', async () => {
    const { status, error } = run(['-'], { input: await readFile(path('laporan.zip')) });
    expect(status).toBe(2);
    expect(error).toContain('bukan dari masukan standar');
  });

  test('a key that is none', () => {
    expect(run(['laporan.zip', '--key', 'a+5da11ef0+AAAA'])).toMatchObject({ status: 2, out: '' });
  });
});
