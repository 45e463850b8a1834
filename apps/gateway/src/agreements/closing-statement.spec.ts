import { describe, expect, test } from '@jest/globals';
import { inflateSync } from 'node:zlib';
import { renderClosingStatement, type ClosingStatementData } from './closing-statement.js';

const closedAt = new Date('2026-11-23T02:15:30.123Z');
const eventId = '019ab3c4-5d6e-7f80-9123-456789abcdef';

const data = (overrides: Partial<ClosingStatementData> = {}): ClosingStatementData => ({
  institution: { name: 'Kecamatan Contoh', regionCode: '33.99.01', address: 'Jl. Contoh No. 1' },
  agreement: {
    number: 'PKS/CONTOH/2026',
    counterpartNumber: '470/1/2026',
    validFrom: '2024-12-07',
    validUntil: '2026-11-20',
    versions: 2,
    termination: null,
  },
  steps: [
    { step: 'DATA_BALIKAN_DELIVERED', applicable: true, receiptNumber: 'TT/11/2026', doneOn: '2026-11-21', note: null },
    { step: 'SAM_RETURNED', applicable: false, receiptNumber: null, doneOn: null, note: 'Tidak ada pembaca KTP-el' },
    { step: 'FINAL_REPORT', applicable: true, receiptNumber: 'TT/12/2026', doneOn: '2026-11-22', note: 'Lengkap' },
    { step: 'KEYS_DESTROYED', applicable: true, receiptNumber: null, doneOn: '2026-11-23', note: null },
  ],
  destroyedKeys: [
    { name: 'hmac-019ab3c4', at: closedAt },
    { name: 'seal-1', at: closedAt },
  ],
  proposed: { name: 'Admin Contoh', role: 'admin', at: new Date('2026-11-22T18:30:00Z') },
  approved: { name: 'Camat Contoh', role: 'camat', at: closedAt },
  events: [
    { id: eventId, act: 'proposal.propose' },
    { id: eventId.replace('019', '01a'), act: 'agreement.close' },
  ],
  closedAt,
  ...overrides,
});

const windows1252 = new TextDecoder('windows-1252');

/** The pages of an uncompressed file, each as its lines of text; pdfkit writes them as kerned hexadecimal strings. */
function pagesOf(pdf: Buffer): string[][] {
  const streams = [...pdf.toString('latin1').matchAll(/stream\n([^]*?)\nendstream/g)].map(
    ([, content]) => content ?? '',
  );
  return streams
    .filter((content) => content.includes(' TJ'))
    .map((content) =>
      [...content.matchAll(/\[((?:<[0-9a-f]*>|[\s\d.-])*)\] TJ/g)].map(([, parts = '']) =>
        windows1252.decode(Buffer.from([...parts.matchAll(/<([0-9a-f]*)>/g)].map(([, hex]) => hex).join(''), 'hex')),
      ),
    );
}

const render = async (given: ClosingStatementData) => pagesOf(await renderClosingStatement(given, { compress: false }));
const textOf = async (given: ClosingStatementData) => (await render(given)).flat().join(' ').replace(/\s+/g, ' ');
const countPages = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;

describe('the file', () => {
  test('is a PDF of A4 pages in Indonesian, with its own time and no other', async () => {
    const pdf = await renderClosingStatement(data(), { compress: false });
    const text = pdf.toString('latin1');
    expect(text).toMatch(/^%PDF-1\.\d/);
    expect(text).toMatch(/%%EOF\s*$/);
    expect(text).toContain('/MediaBox [0 0 595.28 841.89]');
    expect(text).toContain('/Lang (id-ID)');
    expect(text.match(/\(D:\d{14}Z\)/g)).toEqual(['(D:20261123021530Z)']);
    expect(countPages(pdf)).toBe((await render(data())).length);
  });

  test('is the same, byte for byte, for the same data, and another for others', async () => {
    const first = await renderClosingStatement(data());
    const again = await renderClosingStatement(data());
    expect(again.equals(first)).toBe(true);
    expect((await renderClosingStatement(data({ closedAt: new Date(closedAt.getTime() + 1) }))).equals(first)).toBe(
      false,
    );
  });

  test('is compressed unless a test wants to read it', async () => {
    const pdf = await renderClosingStatement(data());
    const [, stream = ''] = /stream\n([^]*?)\nendstream/.exec(pdf.toString('latin1')) ?? [];
    expect(inflateSync(Buffer.from(stream, 'latin1')).toString('latin1')).toContain(' TJ');
    expect(pdf.length).toBeLessThan((await renderClosingStatement(data(), { compress: false })).length);
  });
});

describe('what it says', () => {
  test('on top', async () => {
    const [page = []] = await render(data());
    expect(page.slice(0, 2)).toEqual([
      'BERITA ACARA PENUTUPAN AKSES DATA KEPENDUDUKAN',
      'Perjanjian Kerja Sama Nomor PKS/CONTOH/2026 dan Nomor 470/1/2026',
    ]);
    expect(await textOf(data())).toContain(
      'Pada hari Senin, tanggal dua puluh tiga bulan November tahun dua ribu dua puluh enam (23-11-2026), pukul 09.15 ' +
        'WIB, akses data kependudukan Kecamatan Contoh (kode wilayah 33.99.01), beralamat di Jl. Contoh No. 1, ' +
        'berdasarkan Perjanjian Kerja Sama Nomor PKS/CONTOH/2026 dan Nomor 470/1/2026 yang berlaku dari tanggal ' +
        '7 Desember 2024 sampai dengan tanggal 20 November 2026 dan terdiri atas 2 (dua) versi ketentuan',
    );
  });

  test('of the end of the term, or of a termination', async () => {
    expect(await textOf(data())).toContain('karena jangka waktunya selesai pada tanggal 20 November 2026.');
    const termination = { at: new Date('2026-10-01T17:00:00Z'), reason: 'Pelanggaran kerahasiaan.' };
    const text = await textOf(data({ agreement: { ...data().agreement, termination } }));
    expect(text).toContain('pada 2 Oktober 2026 pukul 00.00 WIB, dengan alasan: Pelanggaran kerahasiaan.');
    expect(text).not.toContain('Pelanggaran kerahasiaan..');
  });

  test('of access, data and keys', async () => {
    const text = await textOf(data());
    expect(text).toContain('telah ditutup terhitung sejak 23 November 2026 pukul 09.15 WIB');
    expect(text).toContain('tidak disimpan dalam bentuk apa pun');
    expect(text).toContain('(O-15)');
    expect(text).toContain('Sebanyak 2 kunci Perjanjian telah dimusnahkan');
    expect(text).toMatch(/hmac-019ab3c4 23 November 2026 pukul 09\.15 WIB seal-1/);
    expect(await textOf(data({ destroyedKeys: [] }))).toContain('Tidak ada kunci yang tersimpan');
  });

  test('of every step, row by row', async () => {
    const lines = (await render(data())).flat();
    const table = lines.slice(
      lines.indexOf('No.'),
      lines.findIndex((line) => line.startsWith('Penutupan diusulkan')),
    );
    expect(table.join('|')).toContain('1.|Penyerahan data balikan|TT/11/2026|21 November 2026|-|2.|');
    expect(table.join(' ')).toMatch(/2\. Pengembalian kartu SAM tidak berlaku - Tidak ada pembaca KTP-/);
  });

  test('of who proposed and approved, and where it is on record', async () => {
    const text = await textOf(data());
    expect(text).toContain('oleh Admin Contoh (Admin kecamatan) pada tanggal 23 November 2026 pukul 01.30 WIB');
    expect(text).toContain('oleh Camat Contoh (Camat) pada tanggal 23 November 2026 pukul 09.15 WIB.');
    expect(text).toContain(`proposal.propose ${eventId}`);
    const byServer = data({ proposed: { name: null, role: null, at: closedAt }, events: [] });
    expect(await textOf(byServer)).toContain('oleh pengelola server melalui baris perintah pada tanggal');
    expect(await textOf(byServer)).not.toContain('nomor peristiwa');
  });

  test('at the end: both sign, whoever decided with the own name', async () => {
    const lines = (await render(data())).flat();
    expect(lines).toEqual(expect.arrayContaining(['CAMAT', 'DINAS KEPENDUDUKAN', 'DAN PENCATATAN SIPIL']));
    expect(lines.filter((line) => line === 'Camat Contoh' || line.startsWith('(....'))).toHaveLength(2);
    const evaluated = data({ approved: { name: 'Evaluator Contoh', role: 'evaluator', at: closedAt } });
    expect((await render(evaluated)).flat()).toContain('Evaluator Contoh');
  });

  test('and that may be nothing', async () => {
    const { institution, agreement } = data();
    const text = await textOf(
      data({
        institution: { ...institution, address: null },
        agreement: { ...agreement, counterpartNumber: null },
        steps: [],
      }),
    );
    expect(text).not.toMatch(/null|undefined|beralamat/);
  });
});

describe('many and long', () => {
  const [first] = data().steps;
  const steps = Array.from({ length: 120 }, (_, index) => ({
    ...(first as NonNullable<typeof first>),
    receiptNumber: `TT/${index}/${'9'.repeat(60)}`,
    note: `Catatan ke-${index} ${'yang panjang sekali '.repeat(20)}selesai`,
  }));

  test('steps go on over pages, each with the head of the table, a foot and its number', async () => {
    const pages = await render(data({ steps }));
    expect(pages.length).toBeGreaterThan(20);
    pages.forEach((page, index) => {
      expect(page.slice(-2)).toEqual([
        'Berita acara penutupan akses, Perjanjian Nomor PKS/CONTOH/2026',
        `Halaman ${index + 1} dari ${pages.length}`,
      ]);
    });
    expect(pages.slice(1, -2).filter((page) => page[0] !== 'No.')).toEqual([]);
    const text = pages.flat().join(' ');
    for (let index = 0; index < steps.length; index++) expect(text).toContain(`Catatan ke-${index} `);
    expect(text.match(/selesai(?! pada)/g)?.length).toBeGreaterThanOrEqual(steps.length);
  });

  test('one row may be longer than a page', async () => {
    const note = Array.from({ length: 1_500 }, (_, index) => `k${index}`).join(' ');
    const text = await textOf(data({ steps: [{ ...steps[0]!, note }] }));
    for (const word of ['k0', 'k700', 'k1499']) expect(text).toMatch(new RegExp(`\\b${word}\\b`));
  });

  test('nobody signs a page without a text', async () => {
    for (let count = 0; count < 40; count++) {
      const events = Array.from({ length: count }, () => ({ id: eventId, act: 'agreement.close' }));
      const last = (await render(data({ events }))).at(-1) ?? [];
      expect(last).toEqual(expect.arrayContaining(['CAMAT', 'DAN PENCATATAN SIPIL']));
      expect(last.some((line) => line.startsWith('Demikian berita acara'))).toBe(true);
    }
  });

  test('a word without blanks is broken, nothing is lost', async () => {
    const name = `Kecamatan ${'X'.repeat(400)}`;
    const text = (await textOf(data({ institution: { ...data().institution, name } }))).replace(/ /g, '');
    expect(text).toContain(`akses data kependudukan ${name} (kode`.replace(/ /g, ''));
  });

  test('no line leaves the page', async () => {
    const pdf = await renderClosingStatement(data({ steps }), { compress: false });
    const heights = [...pdf.toString('latin1').matchAll(/1 0 0 1 ([\d.]+) ([\d.]+) Tm/g)].map(([, , y]) => Number(y));
    expect(heights.length).toBeGreaterThan(100);
    expect(Math.min(...heights)).toBeGreaterThan(40);
    expect(Math.max(...heights)).toBeLessThan(841.89 - 60);
  });
});
