import { describe, expect, test } from '@jest/globals';
import { elementNames, errorCodes, outcomes, patenServices, type PersonTrail } from '#contracts';
import { renderPersonTrail, type PersonTrailLetter } from './person-trail-letter.js';
import { elementsWords, maskedNik, outcomeWords, serviceWords } from './person-trail-words.js';

const id = '019ab3c4-5d6e-7f80-9123-456789abcdef';
const nik = '3313044107909901';

type Entry = PersonTrail['entries'][number];

const entry = (overrides: Partial<Entry> = {}): Entry => ({
  id,
  at: '2026-11-20T17:30:00.000Z',
  office: 'Kecamatan Uji, Seksi Pelayanan',
  service: 'SKU',
  reference: '500/001/SKU/XI/2026',
  mode: 'LOOKUP',
  elements: ['namaLengkap', 'alamat'],
  outcome: 'FOUND',
  ...overrides,
});

const letter = (entries: Entry[] = [entry()], overrides: Partial<PersonTrailLetter> = {}): PersonTrailLetter => ({
  trail: {
    id,
    at: '2026-11-23T02:20:00.000Z',
    institution: { id, name: 'Kecamatan Uji' },
    entries,
    complete: true,
  },
  institution: { regionCode: '33.98.01', address: 'Jl. Uji No. 1' },
  requestNumber: '045.2/17/XI/2026',
  nik,
  camat: { name: 'Camat Uji', nip: null },
  ...overrides,
});

const windows1252 = new TextDecoder('windows-1252');

/** The pages of an uncompressed file, each as its lines of text. */
async function pagesOf(given: PersonTrailLetter): Promise<string[][]> {
  const pdf = await renderPersonTrail(given, { compress: false });
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
const textOf = async (given: PersonTrailLetter) => (await pagesOf(given)).flat().join(' ').replace(/\s+/g, ' ');

describe('the letter', () => {
  test('says whose, on which request, when, and nothing of the NIK but its end', async () => {
    const text = await textOf(letter());
    expect(text).toContain('RIWAYAT AKSES DATA KEPENDUDUKAN');
    expect(text).toContain('Jawaban atas permohonan Nomor 045.2/17/XI/2026');
    expect(text).toContain('Kecamatan Uji (kode wilayah 33.98.01), beralamat di Jl. Uji No. 1,');
    expect(text).toContain('pada 23 November 2026 pukul 09.20 WIB');
    expect(text).toContain('NIK ************9901');
    const pdf = (await renderPersonTrail(letter(), { compress: false })).toString('latin1');
    for (const shown of [text, pdf]) expect(shown).not.toContain(nik.slice(0, 12));
  });

  test('tells each look-up in words', async () => {
    const lines = (await pagesOf(letter())).flat().join(' ');
    expect(lines).toMatch(/Hasil 21-11-2026 Kecamatan Uji,/);
    expect(await textOf(letter())).toContain('Surat keterangan');
    for (const part of ['00.30 WIB', 'Seksi Pelayanan', '500/001/SKU/XI/', 'nama lengkap,', 'alamat', 'ditampilkan'])
      expect(lines).toContain(part);
    expect(lines).not.toMatch(/namaLengkap|FOUND|LOOKUP/);
  });

  test('says what is kept, by which law, and where this is on record', async () => {
    const text = await textOf(letter());
    expect(text).toContain('Data kependudukan itu sendiri tidak disimpan');
    expect(text).toContain('Pasal 31 Undang-Undang Nomor 27 Tahun 2022');
    expect(text).toContain('Pasal 32');
    expect(text).toContain(`dengan nomor ${id}.`);
  });

  test('leaves the place for the Camat', async () => {
    const lines = (await pagesOf(letter())).flat();
    expect(lines).toEqual(expect.arrayContaining(['CAMAT', 'Kecamatan Uji', 'Camat Uji']));
    expect(lines.some((line) => /^\.{20}, 23 November 2026$/.test(line))).toBe(true);
    expect(lines.some((line) => /^NIP \.{20,}/.test(line))).toBe(true);
    const withNip = letter([], { camat: { name: 'Camat Uji', nip: '1970' } });
    expect((await pagesOf(withNip)).flat()).toContain('NIP 1970');
  });

  test('of somebody whom nobody looked up', async () => {
    const text = await textOf(letter([], { institution: { regionCode: '33.98.01', address: null } }));
    expect(text).toContain('tidak ada akses yang tercatat.');
    expect(text).not.toMatch(/Waktu|beralamat|null|undefined|tidak lengkap/);
  });

  test('that is not complete says so and why', async () => {
    const { trail } = letter();
    const text = await textOf(letter([], { trail: { ...trail, complete: false } }));
    expect(text).toContain('Riwayat ini tidak lengkap');
    expect(text).toContain('kuncinya dimusnahkan');
  });

  test('is the same, byte for byte, for the same data', async () => {
    expect((await renderPersonTrail(letter())).equals(await renderPersonTrail(letter()))).toBe(true);
  });
});

describe('a thousand look-ups', () => {
  const entries = Array.from({ length: 1_000 }, (_, index) =>
    entry({
      reference: `B${index}/SKU`,
      office: index % 3 === 0 ? `Kecamatan Uji, ${'Seksi yang panjang sekali namanya '.repeat(3)}` : 'Kecamatan Uji',
      elements: index % 2 === 0 ? [...elementNames] : ['nik'],
    }),
  );

  test('go on over pages, each with the head of the table, a foot and its number; no row is torn', async () => {
    const began = performance.now();
    const pages = await pagesOf(letter(entries));
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(pages.length).toBeGreaterThan(30);
    pages.forEach((page, index) =>
      expect(page.slice(-2)).toEqual([
        `Riwayat akses data kependudukan, Nomor ${id}`,
        `Halaman ${index + 1} dari ${pages.length}`,
      ]),
    );
    const ofTable = pages.slice(1, -2);
    // a page begins with the head, and then with the time of a row
    for (const page of ofTable) expect(page.slice(0, 7).join(' ')).toMatch(/^Waktu Kantor .* Hasil 21-11-2026/);
    const text = pages.flat().join(' ');
    for (let index = 0; index < entries.length; index++) expect(text).toContain(`B${index}/SKU`);
    expect(pages.at(-1)).toEqual(expect.arrayContaining(['CAMAT']));
  });
});

describe('words', () => {
  test('there are for all that a trail may say', () => {
    for (const service of patenServices) expect(serviceWords({ service })).toMatch(/^[A-Z]/);
    expect(elementsWords({ elements: [...elementNames] }).split(', ')).toHaveLength(9);
    expect(elementsWords({ elements: [] })).toBe('-');
    for (const outcome of [...outcomes, ...errorCodes, null])
      for (const mode of ['LOOKUP', 'MATCH'] as const) {
        const words = outcomeWords({ mode, outcome });
        expect(words).not.toMatch(/[A-Z]{5}|_|undefined/);
        expect(words.startsWith('Data ditampilkan')).toBe(outcome === 'FOUND' && mode === 'LOOKUP');
      }
  });

  test('of a NIK show the last four digits', () => expect(maskedNik(nik)).toBe('************9901'));
});
