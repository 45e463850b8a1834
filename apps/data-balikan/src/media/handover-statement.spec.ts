import { expect, test } from '@jest/globals';
import { renderHandover, type Handover } from './handover-statement.js';

const sha256 = '0123456789abcdef'.repeat(4);
const signingKeyId = 'fedcba9876543210'.repeat(4);

const handover = (overrides: Partial<Handover> = {}): Handover => ({
  id: '019ab3c4-5d6e-7f80-9123-456789abcdef',
  number: 7,
  createdAt: new Date('2026-11-22T18:30:00Z'),
  records: 1_204,
  bytes: 1_234_567,
  sha256,
  minutes: {
    salt: 'ff'.repeat(32),
    fileName: 'data-balikan-7-20261123.zip.age',
    institutionName: 'Kecamatan Contoh',
    idLembaga: '000123',
    namaLembaga: 'Kecamatan Contoh Kabupaten Contoh',
    recipient: 'DISDUKCAPIL',
    mediaRecipients: [`age1${'q'.repeat(58)}`],
    signingKeyId,
  },
  ...overrides,
});

const windows1252 = new TextDecoder('windows-1252');

/** The pages of an uncompressed file, each as its lines of text. */
function pagesOf(pdf: Buffer): string[][] {
  return [...pdf.toString('latin1').matchAll(/stream\n([^]*?)\nendstream/g)]
    .map(([, content = '']) => content)
    .filter((content) => content.includes(' TJ'))
    .map((content) =>
      [...content.matchAll(/\[((?:<[0-9a-f]*>|[\s\d.-])*)\] TJ/g)].map(([, parts = '']) =>
        windows1252.decode(Buffer.from([...parts.matchAll(/<([0-9a-f]*)>/g)].map(([, hex]) => hex).join(''), 'hex')),
      ),
    );
}

const render = async (given = handover()) => pagesOf(await renderHandover(given, { compress: false }));
const textOf = async (given = handover()) => (await render(given)).flat().join(' ').replace(/\s+/g, ' ');

test('it says which package, when, how many, and which file', async () => {
  const text = await textOf();
  expect(text).toContain('BERITA ACARA PENYERAHAN DATA BALIKAN');
  expect(text).toContain('Paket Media Nomor 7');
  expect(text).toContain(
    'hari Senin, tanggal dua puluh tiga bulan November tahun dua ribu dua puluh enam (23-11-2026), pukul 01.30 WIB',
  );
  expect(text).toContain('Jumlah data balikan 1.204 (seribu dua ratus empat)');
  expect(text).toContain('Nama berkas data-balikan-7-20261123.zip.age');
  expect(text).toContain('Ukuran berkas 1.234.567 byte');
  expect(text).toContain('Kecamatan Contoh Kabupaten Contoh (ID lembaga 000123)');
  expect(text).not.toMatch(/null|undefined|NaN/);
});

test('the hashes stand there in full, each on one line', async () => {
  const lines = (await render()).flat();
  expect(lines).toContain(sha256);
  expect(lines).toContain(signingKeyId);
  expect(lines.join(' ')).not.toContain('ffff');
});

test('the recipient is told how to open it', async () => {
  const text = await textOf();
  expect(text).toContain('age-encryption.org/v1');
  expect(text).toContain(`age1${'q'.repeat(58)}`);
  expect(text).toContain(
    'age --decrypt --identity kunci.txt --output data-balikan-7-20261123.zip data-balikan-7-20261123.zip.age',
  );
});

test('both sides sign on the page that says what is handed over; how to open it follows', async () => {
  const [key, minutes] = [`age1${'q'.repeat(58)}`, handover().minutes];
  for (const given of [
    ...[1, 2, 3, 4, 5].map((count) => ({ ...minutes, mediaRecipients: Array<string>(count).fill(key) })),
    {
      ...minutes,
      institutionName: `Kecamatan ${'Nama Panjang '.repeat(4)}`.trim(),
      recipient: 'DITJEN_DUKCAPIL' as const,
    },
  ]) {
    const pages = await render(handover({ minutes: given }));
    pages.forEach((page, index) => {
      expect(page.slice(-2)).toEqual([
        'Berita acara penyerahan data balikan, paket nomor 7',
        `Halaman ${index + 1} dari 2`,
      ]);
    });
    const [signed, annex] = pages.map((page) => page.join(' '));
    for (const text of [
      'PIHAK PERTAMA',
      'PIHAK KEDUA',
      sha256,
      '1.204',
      given.fileName,
      'Demikian berita acara',
      'NIP',
    ])
      expect(signed).toContain(text);
    for (const text of ['age --decrypt', key, signingKeyId]) expect(annex).toContain(text);
    expect(annex).not.toContain('PIHAK');
  }
  expect(await textOf()).toContain('Dinas Kependudukan dan Pencatatan Sipil');
});

test('more records than there are number words for are told in digits', async () => {
  expect(await textOf(handover({ records: 100_000 }))).toContain('Jumlah data balikan 100.000 ');
});

test('the QR symbol is of the hash and of nothing else', async () => {
  const squares = async (given: Handover) =>
    (await renderHandover(given, { compress: false })).toString('latin1').match(/^[\d.]+ [\d.]+ [\d.]+ [\d.]+ re$/gm) ??
    [];
  const [one, same, other] = await Promise.all([
    squares(handover()),
    squares(handover({ records: 1 })),
    squares(handover({ sha256: sha256.replace('0', '1') })),
  ]);
  expect(one.length).toBeGreaterThan(300);
  expect(same).toEqual(one);
  expect(other).not.toEqual(one);
});

test('the same data give the same bytes', async () => {
  const [first, again] = [await renderHandover(handover()), await renderHandover(handover())];
  expect(again.equals(first)).toBe(true);
});
