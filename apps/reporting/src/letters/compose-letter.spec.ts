import { describe, expect, test } from '@jest/globals';
import { letterKinds, LetterNumbering, NewLetter, type LetterKind } from '#contracts';
import { renderLetter } from './compose-letter.js';
import { packageFaults, partOf, textOf } from './docx-fixture.js';
import { exampleLetters, makeLetterFacts, makeOfficeRegister, nikOf, operators } from './letter-fixture.js';

const madeAt = new Date('2026-11-23T03:04:05.678Z');
const render = (kind: LetterKind, overrides = {}) =>
  renderLetter(exampleLetters[kind], makeLetterFacts(overrides), madeAt);
const agreement = 'Nomor PKS/CONTOH/2024, berlaku sampai dengan 6 Desember 2026';
const signedByCamat = ['Camat Contoh', 'Camat CONTOH, S.Sos., M.Si.', 'NIP 197001011990011001'];
const statement = ['Nomor: 470/007/XI/2026', 'Contoh, 23 November 2026', ...signedByCamat];
const letter = (subject: string, ...more: string[]) => [
  'Contoh, 23 November 2026\n',
  'Nomor | : | 470/007/XI/2026 |',
  'Sifat | : | ',
  'Lampiran | : | ',
  `Hal | : | ${subject} |`,
  'di Tempat',
  'Tembusan:\n1. ',
  ...signedByCamat,
  ...more,
];
const toDisdukcapil = 'Yth. Kepala Dinas Kependudukan dan Pencatatan Sipil\n';

/** What each kind has to say, from DOMAIN 1. */
const needed: Record<LetterKind, string[]> = {
  USER_ID_REQUEST: [
    ...letter('Permohonan User ID Hak Akses Data Kependudukan', toDisdukcapil, agreement),
    'bagi 2 (dua) orang',
    'NIK | Nama Lengkap | NIP | Status Kepegawaian | Jabatan | Kode Wilayah Kantor | Nama dan Alamat Kantor | User ID Lokal |',
    `1 | ${nikOf(1)} | Petugas CONTOH 1 | - | PNS | Petugas loket | 33.98.01 | Kecamatan Contoh\nJl. Contoh Raya No. 1, Contoh | petugas.1 |`,
    `2 | ${nikOf(2)} | Petugas CONTOH 2 |`,
    'Lampiran surat Nomor 470/007/XI/2026',
  ],
  CLOSED_NETWORK_STATEMENT: [
    ...statement,
    'SURAT PERNYATAAN PENGGUNAAN JARINGAN TERTUTUP',
    'hanya dilakukan melalui Jaringan Tertutup, dan tidak melalui internet publik',
    'serat optik milik Dinas Kominfo',
    'IP LAN, User ID, pengguna VPN, alamat server, dan kata sandi dijaga kerahasiaannya',
  ],
  QUOTA_REQUEST: [
    ...letter('Permohonan Penambahan Kuota Akses NIK', toDisdukcapil, agreement),
    'memperoleh kuota 1.000 pemeriksaan NIK per hari',
    'menjadi 1.500 pemeriksaan NIK per hari',
    'Pelayanan NIB bagi pelaku usaha mikro bertambah.\nLoket kedua',
    'KAJIAN TEKNIS KEBUTUHAN KUOTA',
  ],
  OFFICE_HOLDER_CHANGE: [
    ...letter('Pemberitahuan Pergantian Pejabat', toDisdukcapil, agreement),
    'Keputusan Nomor 821.2/CONTOH/2026, terhitung mulai tanggal 1 November 2026',
    'Pejabat lama\nNama | : | Camat CONTOH Lama |',
    'Pejabat baru\nNama | : | Camat CONTOH, S.Sos., M.Si. |',
    'Surat Pernyataan Tanggung Jawab Mutlak (SPTJM) pejabat baru;',
  ],
  SAM_CONFIGURATION_RETURN: [
    ...letter('Pengembalian File Konfigurasi SAM', toDisdukcapil, agreement),
    '2 (dua) file konfigurasi SAM',
    '1 | SIFILMA-UJI-1 | SAM-UJI-1 | 470/1/2025, 3 Januari 2025 | Merek Uji KT-1, nomor seri UJI-0001 (Loket 1) | Aktif |',
    'tidak digunakan lagi sejak tanggal surat ini',
  ],
  SPTJM_FORM: [
    ...statement,
    'SURAT PERNYATAAN TANGGUNG JAWAB MUTLAK',
    agreement,
    'bertanggung jawab mutlak',
    'juga setelah perjanjian berakhir',
    'Meterai',
  ],
  NDA_FORM: [
    ...statement,
    'SURAT PERNYATAAN MENJAGA KERAHASIAAN',
    'Nama | : | Petugas CONTOH 1 |',
    'User ID lokal | : | petugas.1 |',
    'tetap terikat pada pernyataan ini setelah tidak lagi bertugas dan setelah perjanjian berakhir',
    'Mengetahui,',
    'Meterai',
  ],
  DATA_BALIKAN_HANDOVER: [
    ...statement,
    'BERITA ACARA SERAH TERIMA DATA BALIKAN',
    'hari Senin, tanggal dua puluh tiga bulan November tahun dua ribu dua puluh enam (23-11-2026)',
    'Media | Flash disk |',
    'Nomor paket | 7 |',
    'Jumlah data balikan | 1.234 (seribu dua ratus tiga puluh empat) |',
    `Sidik berkas (SHA-256) | ${exampleLetters.DATA_BALIKAN_HANDOVER.sha256} |`,
    'PIHAK KEDUA,\nDinas Kependudukan dan Pencatatan Sipil',
  ],
  BREACH_NOTICE: [
    ...letter('Pemberitahuan Kegagalan Pelindungan Data Pribadi'),
    'Yth. Subjek Data Pribadi yang bersangkutan; dan\nLembaga yang menyelenggarakan pelindungan data pribadi',
    'Pasal 46 Undang-Undang Nomor 27 Tahun 2022',
    'Nomor kejadian | : | KEJADIAN/3/2026 |',
    'Diketahui pada | : | 20 November 2026 pukul 11.00 WIB |',
    'Batas pemberitahuan | : | 23 November 2026 pukul 11.00 WIB (3 x 24 jam) |',
    'Data pribadi yang terungkap\nNama lengkap dan alamat',
    'Kejadian: 20 November 2026 pukul 09.15 WIB.\nLembar itu tertinggal',
    'Upaya penanganan dan pemulihan\nLembar dimusnahkan.',
  ],
};

describe.each(letterKinds)('%s', (kind) => {
  test('is accepted by the contract, and says everything it has to', async () => {
    expect(NewLetter.parse(exampleLetters[kind])).toEqual(exampleLetters[kind]);
    const text = textOf(await render(kind));
    expect(text).toContain('PEMERINTAH KABUPATEN CONTOH\nKECAMATAN CONTOH\nJl. Contoh Raya No. 1, Contoh\n');
    for (const words of needed[kind]) expect(text).toContain(words);
  });

  test('is a whole package on A4, nothing of it left unfilled, and a NIK only where it is asked for', async () => {
    const docx = await render(kind);
    expect(packageFaults(docx)).toEqual([]);
    expect(partOf(docx, 'word/document.xml')).toMatch(/<w:pgSz w:w="11906" w:h="16838"/);
    expect(textOf(docx)).not.toMatch(/[{}]|undefined|null|NaN|\[object/);
    const niks = textOf(docx).match(/\b33980141079099\d\d\b/g) ?? [];
    expect(niks).toEqual(kind === 'USER_ID_REQUEST' ? [nikOf(1), nikOf(2)] : []);
  });

  test('gives the same bytes for the same facts, with the letter’s own time', async () => {
    const [one, other] = [await render(kind), await render(kind)];
    expect(one.equals(other)).toBe(true);
    expect(partOf(one, 'docProps/core.xml')).toMatch(/created[^>]*>2026-11-23T03:04:05Z</);
  });

  test('without a Camat, an agreement, an address or columns of officials it has blanks', async () => {
    const register = makeOfficeRegister({ agreements: [], sams: [], readers: [] });
    register.institution.address = null;
    const empty = {
      register,
      camat: null,
      people: new Map(),
      officials: [],
      letterhead: LetterNumbering.parse({}).letterhead,
    };
    const docx = await render(kind, empty);
    expect(packageFaults(docx)).toEqual([]);
    expect(textOf(docx)).toMatch(/PEMERINTAH KABUPATEN \.+\nKECAMATAN CONTOH\n/);
    expect(textOf(docx)).toMatch(/Camat Contoh\n+(Meterai\n+)?\.{40}\nNIP \.{30}/);
    expect(textOf(docx)).not.toMatch(/undefined|null|NaN/);
  });
});

test('letters that are none do not make the file unreadable', async () => {
  const [person] = operators;
  const people = new Map([[person!.id, { ...person!, name: 'A\u0000\u000b\ud800<&>"\ufffe CONTOH' }]]);
  const docx = await render('NDA_FORM', { people });
  expect(packageFaults(docx)).toEqual([]);
  expect(textOf(docx)).toContain('A<&>" CONTOH');
});

test('what the letterhead is configured to say, it says', async () => {
  const { letterhead } = LetterNumbering.parse({
    letterhead: { place: 'Kota Uji', contact: 'Telepon 000', recipient: 'Kepala Dinas Uji' },
  });
  const text = textOf(await render('SAM_CONFIGURATION_RETURN', { letterhead }));
  for (const words of ['Kota Uji, 23 November 2026', 'Telepon 000\n', 'Yth. Kepala Dinas Uji\n'])
    expect(text).toContain(words);
});

test('a statement about the closed network tells no address (O-16)', () => {
  const says = (connection: string) => NewLetter.safeParse({ kind: 'CLOSED_NETWORK_STATEMENT', connection }).success;
  for (const secret of ['VPN ke 10.9.8.7', 'lewat https://server', 'fd00::1', 'vpn.contoh.go.id'])
    expect({ secret, accepted: says(secret) }).toEqual({ secret, accepted: false });
  expect(says('serat optik, dipasang 3 Januari 2025 pukul 08.30, di ruang server.')).toBe(true);
});
