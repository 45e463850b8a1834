import type { Person, WireStyle } from './person.js';
import { ALL_PROVINCES, JUMANTONO, type Region } from './regions.js';

const genengan = JUMANTONO.find((region) => region.namaKel === 'GENENGAN') as Region;
const jayapura = ALL_PROVINCES.find((region) => region.noProp === '91') as Region;

const plain: WireStyle = {
  date: 'YYYY-MM-DD',
  statusKey: 'STATUS_KAWIN',
  localRegionKeys: false,
  numbersAsText: false,
  trailingBlanks: [],
  lackShownAs: 'missing',
  extras: true,
};

const shared = {
  outcome: 'FOUND',
  dusun: null,
  wire: plain,
  extras: {
    agama: 'ISLAM',
    golonganDarah: 'O',
    pendidikanAkhir: 'SLTA/SEDERAJAT',
    namaIbu: 'IBU CONTOH',
    ektpStatus: 'SUDAH REKAM',
  },
} as const;

/** People whom documents and tests name; the first one's record is the documented example to the letter. */
export const EXAMPLE_PEOPLE: readonly Person[] = [
  {
    ...shared,
    ...genengan,
    nik: '3313044107909901',
    noKk: '3313041203159902',
    namaLengkap: 'SITI CONTOH',
    jenisKelamin: 'PEREMPUAN',
    tempatLahir: 'KARANGANYAR',
    tanggalLahir: '1990-07-01',
    statusPerkawinan: 'KAWIN',
    jenisPekerjaan: 'PEDAGANG',
    alamat: 'JL CONTOH NO 1',
    noRt: '006',
    noRw: '002',
    wire: { ...plain, trailingBlanks: ['namaLengkap'], extras: false },
  },
  {
    ...shared,
    ...genengan,
    nik: '3313043108859903',
    noKk: '3313041203159902',
    namaLengkap: 'BUDI CONTOH',
    jenisKelamin: 'LAKI-LAKI',
    tempatLahir: 'KARANGANYAR',
    tanggalLahir: '1985-08-31',
    statusPerkawinan: 'KAWIN',
    jenisPekerjaan: 'WIRASWASTA',
    alamat: 'JL CONTOH NO 1',
    noRt: '006',
    noRw: '002',
  },
  {
    ...shared,
    ...genengan,
    nik: '3313042902009904',
    noKk: '3313040505189911',
    namaLengkap: 'KABISAT CONTOH',
    jenisKelamin: 'LAKI-LAKI',
    tempatLahir: 'KARANGANYAR',
    tanggalLahir: '2000-02-29',
    statusPerkawinan: 'BELUM KAWIN',
    jenisPekerjaan: 'PELAJAR/MAHASISWA',
    alamat: 'JL CONTOH NO 29',
    noRt: '001',
    noRw: '003',
  },
  {
    ...shared,
    ...jayapura,
    nik: '9171017008909903',
    noKk: '9171011402129907',
    namaLengkap: "NUR'AINI CONTOH",
    jenisKelamin: 'PEREMPUAN',
    tempatLahir: 'JAYAPURA',
    tanggalLahir: '1990-08-30',
    statusPerkawinan: 'KAWIN',
    jenisPekerjaan: 'KARYAWAN SWASTA',
    alamat: 'JL CONTOH RAYA NO 70',
    noRt: '012',
    noRw: '004',
  },
];
