import { expect, describe, test } from '@jest/globals';
import { create } from 'qrcode';
import { durationText, numberText } from '#paper';
import type { ReportContent, ReportState } from '#contracts';
import { makeDistinctContent } from '../numbers-fixture.js';
import {
  emptyFigures,
  fixtureHash,
  fixtureId,
  makePeople,
  makeRegister,
  makeReportContent,
  makeVersion,
} from '../report-content-fixture.js';
import { sealText } from '../seal.js';
import { pagesOf, streamsOf } from './pdf-text-fixture.js';
import { renderReportPdf } from './report-pdf.js';

const render = (content: ReportContent, state: ReportState = 'APPROVED') =>
  renderReportPdf({ content, contentHash: fixtureHash, state }, { compress: false });
const pages = async (content: ReportContent, state?: ReportState) => pagesOf(await render(content, state));
const textOf = async (content: ReportContent, state?: ReportState) =>
  (await pages(content, state)).flat().join(' ').replace(/\s+/g, ' ');

describe('the file', () => {
  test('is the same, byte for byte, for the same report, and has no time but that of the checkpoint', async () => {
    const content = makeReportContent();
    const pdf = await render(content);
    expect(pdf.equals(await render(makeReportContent()))).toBe(true);
    expect(pdf.toString('latin1').match(/\(D:\d{14}Z\)/g)).toEqual(['(D:20260701010000Z)']);
    expect(pdf.toString('latin1')).toContain('/MediaBox [0 0 595.28 841.89]');
  });

  test('has a foot and a number on every page', async () => {
    const all = await pages(makeReportContent());
    all.forEach((page, index) =>
      expect(page.slice(-2)).toEqual([
        'Laporan Semester I Tahun 2026, Kecamatan Contoh',
        `Halaman ${index + 1} dari ${all.length}`,
      ]),
    );
  });

  test.each(['DRAFTED', 'REVIEWED'] as const)('%s is marked as a draft on every page', async (state) => {
    const all = await pages(makeReportContent(), state);
    for (const page of all) {
      expect(page[0]).toBe('DRAF');
      expect(page.at(-2)).toMatch(/^DRAF - /);
    }
    expect(all.flat()).toContain('DRAF - belum disetujui Camat');
  });

  test.each(['APPROVED', 'SUBMITTED', 'EVALUATED'] as const)('%s is not', async (state) => {
    expect(await textOf(makeReportContent(), state)).not.toContain('DRAF');
  });

  test('of a discarded draft says so', async () => {
    expect((await pages(makeReportContent(), 'DISCARDED')).every(([mark]) => mark === 'BATAL')).toBe(true);
  });
});

describe('what it says', () => {
  test('on top: whose, of which period, which version', async () => {
    const [page = []] = await pages(makeReportContent());
    expect(page.slice(0, 5)).toEqual([
      'KECAMATAN CONTOH',
      'Kode wilayah 33.98.01',
      'Jl. Contoh Raya No. 1, Contoh',
      'LAPORAN PEMANFAATAN DATA KEPENDUDUKAN',
      'SEMESTER I TAHUN 2026',
    ]);
    expect(await textOf(makeReportContent())).not.toMatch(/Perbaikan|SUPLEMEN|undefined|NaN|\[object/);
    const period = { kind: 'OTHER', from: '2026-03-01', until: '2026-04-15' } as const;
    const other = await textOf(makeReportContent({ period, version: 3, corrects: fixtureId(9), type: 'SUPPLEMENT' }));
    expect(other).toContain('SUPLEMEN LAPORAN PEMANFAATAN DATA KEPENDUDUKAN PERIODE 1 MARET 2026 S.D. 15 APRIL 2026');
    expect(other).toContain('Perbaikan ke-2');
  });

  test('every figure but those of single days, as Indonesians write numbers', async () => {
    const { content, numbers } = makeDistinctContent();
    const text = await textOf(content);
    const ofDays = new Set(content.figures.lookUps.days.flatMap(({ hits, refusedByQuota }) => [hits, refusedByQuota]));
    const missing = numbers
      .filter((number) => !ofDays.has(number))
      .filter((number) => !text.includes(numberText(number)) && !text.includes(durationText(number)));
    expect(missing).toEqual([]);
  });

  test('codes in words', async () => {
    const text = await textOf(makeReportContent());
    for (const words of [
      'Surat keterangan usaha',
      'Ambil data (call NIK)',
      'Ditemukan',
      'Kuota harian habis',
      'Sidik jari cocok',
    ])
      expect(text).toContain(words);
    for (const words of [
      'Sidik jari aus',
      'Menunggu keputusan',
      'Tersambung',
      'Layanan web',
      '3 jam 7 menit',
      'petugas.1',
    ])
      expect(text).toContain(words);
    expect(text).not.toMatch(/WORN_FINGER|MATCHED|WEB_SERVICE|BREAKER_OPEN|in-force/);
  });

  test('agreement with all its versions, NDA and SPTJM', async () => {
    const [agreement] = makeRegister().agreements;
    const versions = [1, 2, 3].map((version) => makeVersion(version, { dailyQuota: 1_000 * version }));
    const text = await textOf(
      makeReportContent({ register: makeRegister({ agreements: [{ ...agreement!, versions }] }) }),
    );
    for (const said of ['PKS/CONTOH/2024', 'ADD-2/', 'ADD-3/', '3.000', 'SPTJM/CONTOH/1', '800/1/2024', 'belum ada'])
      expect(text).toContain(said);
  });

  test('obstacles and follow-up as they were written, and that there are none', async () => {
    const text = await textOf(makeReportContent());
    expect(text).toContain('terputus tiga kali pada bulan Maret.');
    expect(text).toContain('Kabel telah diganti.');
    expect(await textOf(makeReportContent({ narrative: { obstacles: '', followUp: ' ' } }))).toMatch(
      /H\. Hambatan Tidak ada\. I\. Tindak lanjut Tidak ada\./,
    );
  });

  test('who signs: the Camat in office at the checkpoint, or a place for the name', async () => {
    const lines = (await pages(makeReportContent())).flat();
    expect(lines).toEqual(expect.arrayContaining(['CAMAT', 'Camat CONTOH, S.Sos., M.Si.', 'NIP 197001011990011001']));
    const people = makePeople().map((person) =>
      person.role === 'camat' ? { ...person, revokedAt: '2026-06-30T00:00:00.000Z' } : person,
    );
    const without = (await pages(makeReportContent({ register: makeRegister({ people }) }))).at(-1) ?? [];
    expect(without.some((line) => /^NIP \.{20,}/.test(line))).toBe(true);
  });
});

test('the QR symbol is that of the seal, module by module, and its words stand beside it', async () => {
  const content = makeReportContent();
  const seal = sealText(content, fixtureHash);
  expect(seal).toBe(
    `gerbang-report/1 ${content.id} 1 ${fixtureHash} gerbang.invalid/33.98.01/1 42000 ByT2dzT8CvkJH1nJzzLtBPLZzgCK1qfzJ9lY2vXvQ3A=`,
  );
  const { size, data } = create(seal, { errorCorrectionLevel: 'M' }).modules;
  const dark = [...data].flatMap((module, at) => (module ? [[at % size, Math.floor(at / size)]] : []));
  const squares = streamsOf(await render(content)).flatMap((page) =>
    [...page.matchAll(/^([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re$/gm)]
      .map(([, ...numbers]) => numbers.map(Number))
      .filter(([, , width, height]) => width === height && width! < 5 && width! > 0.5),
  );
  const module = squares[0]![2]!;
  const left = Math.min(...squares.map(([x]) => x!));
  const top = Math.min(...squares.map(([, y]) => y!));
  const drawn = squares.map(([x, y]) => [Math.round((x! - left) / module), Math.round((y! - top) / module)]);
  expect(drawn).toEqual(dark);
  const text = await textOf(content);
  for (const word of [content.id, fixtureHash, 'gerbang.invalid/33.98.01/1', '42.000 catatan'])
    expect(text).toContain(word);
});

describe('what is unusual', () => {
  test('nothing happened, nobody is on file', async () => {
    const register = makeRegister({ agreements: [], people: [], readers: [], sams: [], stops: [] });
    const { period } = makeReportContent();
    const content = makeReportContent({ register, figures: emptyFigures(period) });
    const text = await textOf(content);
    expect(text).toContain('Perjanjian kerja sama dan perubahannya: tidak ada.');
    expect(text).not.toMatch(/undefined|NaN|Infinity/);
  });

  test('a leap year, forty operators, a long name: nothing leaves the page, nothing is lost', async () => {
    const name = `Petugas CONTOH ${'Berlanjut '.repeat(20)}Selesai`;
    const people = makePeople(40).map((person, n) =>
      n === 7 ? { ...person, name, userIdLokal: 'x'.repeat(64) } : person,
    );
    const period = { kind: 'FIRST_SEMESTER', from: '2028-01-01', until: '2028-06-30' } as const;
    const pdf = await render(makeReportContent({ register: makeRegister({ people }), period }), 'DRAFTED');
    const all = pagesOf(pdf);
    const text = all.flat().join(' ');
    for (let n = 1; n <= 40; n++) if (n !== 7) expect(text).toContain(`petugas.${n} `);
    expect(text).toContain('Selesai');
    expect(all.every((page) => page.at(-1)?.startsWith('Halaman'))).toBe(true);
    for (const page of streamsOf(pdf)) {
      const places = [...page.matchAll(/1 0 0 1 ([\d.]+) ([\d.]+) Tm/g)].map(([, x, y]) => [Number(x), Number(y)]);
      // the mark turns the page around it; everything else stands between the margins
      for (const [x, y] of places.slice(1)) {
        expect(x).toBeGreaterThanOrEqual(59);
        expect(x).toBeLessThan(536);
        expect(y).toBeGreaterThan(40);
      }
    }
  });
});
