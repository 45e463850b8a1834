/** A village or urban ward with everything above it; codes are padded as in the official region code. */
export interface Region {
  readonly noProp: string;
  readonly namaProp: string;
  readonly noKab: string;
  readonly namaKab: string;
  readonly noKec: string;
  readonly namaKec: string;
  readonly noKel: string;
  readonly namaKel: string;
}

/** The 38 provinces, each with the one regency or city of it that the sandbox knows. */
const PROVINCES: readonly (readonly [noProp: string, namaProp: string, noKab: string, namaKab: string])[] = [
  ['11', 'ACEH', '71', 'KOTA BANDA ACEH'],
  ['12', 'SUMATERA UTARA', '71', 'KOTA MEDAN'],
  ['13', 'SUMATERA BARAT', '71', 'KOTA PADANG'],
  ['14', 'RIAU', '71', 'KOTA PEKANBARU'],
  ['15', 'JAMBI', '71', 'KOTA JAMBI'],
  ['16', 'SUMATERA SELATAN', '71', 'KOTA PALEMBANG'],
  ['17', 'BENGKULU', '71', 'KOTA BENGKULU'],
  ['18', 'LAMPUNG', '71', 'KOTA BANDAR LAMPUNG'],
  ['19', 'KEPULAUAN BANGKA BELITUNG', '71', 'KOTA PANGKAL PINANG'],
  ['21', 'KEPULAUAN RIAU', '71', 'KOTA BATAM'],
  ['31', 'DKI JAKARTA', '71', 'KOTA ADM. JAKARTA PUSAT'],
  ['32', 'JAWA BARAT', '73', 'KOTA BANDUNG'],
  ['33', 'JAWA TENGAH', '72', 'KOTA SURAKARTA'],
  ['34', 'DAERAH ISTIMEWA YOGYAKARTA', '71', 'KOTA YOGYAKARTA'],
  ['35', 'JAWA TIMUR', '78', 'KOTA SURABAYA'],
  ['36', 'BANTEN', '71', 'KOTA TANGERANG'],
  ['51', 'BALI', '71', 'KOTA DENPASAR'],
  ['52', 'NUSA TENGGARA BARAT', '71', 'KOTA MATARAM'],
  ['53', 'NUSA TENGGARA TIMUR', '71', 'KOTA KUPANG'],
  ['61', 'KALIMANTAN BARAT', '71', 'KOTA PONTIANAK'],
  ['62', 'KALIMANTAN TENGAH', '71', 'KOTA PALANGKA RAYA'],
  ['63', 'KALIMANTAN SELATAN', '71', 'KOTA BANJARMASIN'],
  ['64', 'KALIMANTAN TIMUR', '72', 'KOTA SAMARINDA'],
  ['65', 'KALIMANTAN UTARA', '71', 'KOTA TARAKAN'],
  ['71', 'SULAWESI UTARA', '71', 'KOTA MANADO'],
  ['72', 'SULAWESI TENGAH', '71', 'KOTA PALU'],
  ['73', 'SULAWESI SELATAN', '71', 'KOTA MAKASSAR'],
  ['74', 'SULAWESI TENGGARA', '71', 'KOTA KENDARI'],
  ['75', 'GORONTALO', '71', 'KOTA GORONTALO'],
  ['76', 'SULAWESI BARAT', '02', 'MAMUJU'],
  ['81', 'MALUKU', '71', 'KOTA AMBON'],
  ['82', 'MALUKU UTARA', '71', 'KOTA TERNATE'],
  ['91', 'PAPUA', '71', 'KOTA JAYAPURA'],
  ['92', 'PAPUA BARAT', '02', 'MANOKWARI'],
  ['93', 'PAPUA SELATAN', '01', 'MERAUKE'],
  ['94', 'PAPUA TENGAH', '01', 'NABIRE'],
  ['95', 'PAPUA PEGUNUNGAN', '01', 'JAYAWIJAYA'],
  ['96', 'PAPUA BARAT DAYA', '71', 'KOTA SORONG'],
];

/** The 17 kecamatan of Kabupaten Karanganyar (33.13), in the order of their codes. */
const KECAMATAN_OF_KARANGANYAR = (
  'JATIPURO JATIYOSO JUMAPOLO JUMANTONO MATESIH TAWANGMANGU NGARGOYOSO KARANGPANDAN KARANGANYAR TASIKMADU JATEN ' +
  'COLOMADU GONDANGREJO KEBAKKRAMAT MOJOGEDANG KERJO JENAWI'
).split(' ');

/** The 11 desa of Kecamatan Jumantono (33.13.04), from code 2001. */
const DESA_OF_JUMANTONO =
  'SEDAYU KEBAK GEMANTAR TUNGGULREJO GENENGAN NGUNUT TUGU SUKOSARI SAMBIREJO BLORONG SRINGIN'.split(' ');

const karanganyar = { noProp: '33', namaProp: 'JAWA TENGAH', noKab: '13', namaKab: 'KARANGANYAR' };

export const JUMANTONO: readonly Region[] = DESA_OF_JUMANTONO.map((namaKel, index) => ({
  ...karanganyar,
  noKec: '04',
  namaKec: 'JUMANTONO',
  noKel: String(2001 + index),
  namaKel,
}));

export const REST_OF_KARANGANYAR: readonly Region[] = KECAMATAN_OF_KARANGANYAR.flatMap((namaKec, index) =>
  namaKec === 'JUMANTONO'
    ? []
    : {
        ...karanganyar,
        noKec: String(index + 1).padStart(2, '0'),
        namaKec,
        noKel: '2001',
        namaKel: `CONTOH ${namaKec}`,
      },
);

/** Below the regency the names are made up: no real village is needed elsewhere. */
export const ALL_PROVINCES: readonly Region[] = PROVINCES.map(([noProp, namaProp, noKab, namaKab]) => ({
  noProp,
  namaProp,
  noKab,
  namaKab,
  noKec: '01',
  namaKec: 'CONTOH UTARA',
  noKel: '1001',
  namaKel: 'CONTOH INDAH',
}));
