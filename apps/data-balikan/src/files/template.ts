import { balikanFields, balikanMost, kbliVersions, uploadLimits, type BalikanField } from '#contracts';
import { requiredFields, type ColumnNames } from './table.js';
import { writeXlsx, type ColumnValidation, type WrittenColumn } from './xlsx/write-xlsx.js';

export interface TemplateOffice {
  /** As the sheet of instructions names it. */
  namaLembaga?: string;
  /** What register numbers look like there; the example is made of it. */
  registerPattern?: string | undefined;
}

/** Last row with drop-downs; more of them make the file slow to open. Every row of the sheet is text. */
const preparedTo = 5_001;

/**
 * An empty workbook to be filled in and uploaded. Every column is text, so that Excel keeps all digits of a NIK. The example
 * stands on a sheet of its own, with titles that no upload understands: nobody sends it by accident.
 */
export async function makeTemplate(names: ColumnNames, office: TemplateOffice = {}): Promise<Buffer> {
  const title = (field: BalikanField): string => names[field][0] ?? field;
  const example = exampleOf(office);
  const columnsWith = (header: (field: BalikanField) => string, validated: boolean): WrittenColumn[] =>
    balikanFields.map((field) => ({
      header: header(field),
      width: widths[field],
      kind: 'text',
      ...(validated && { validation: validationOf(field, title(field), example[field]) }),
    }));
  const workbook = writeXlsx([
    { kind: 'table', name: 'Data Balikan', columns: columnsWith(title, true), rows: [], validatedTo: preparedTo },
    {
      kind: 'table',
      name: 'Contoh',
      columns: columnsWith((field) => `${title(field)} (contoh)`, false),
      rows: [balikanFields.map((field) => example[field])],
    },
    { kind: 'text', name: 'Petunjuk', lines: instructions(title, example, office) },
  ]);
  const pieces: Buffer[] = [];
  for await (const piece of workbook) pieces.push(piece);
  return Buffer.concat(pieces);
}

const widths: Record<BalikanField, number> = {
  nik: 22,
  nomorRegister: 26,
  namaUsaha: 32,
  jenisUsaha: 32,
  kodeKbli: 12,
  versiKbli: 12,
  tanggal: 14,
  idPemeriksaan: 40,
};

function exampleOf({
  registerPattern = '500/{angka}/SKU/{romawi}/{tahun}',
}: TemplateOffice): Record<BalikanField, string> {
  const register = registerPattern
    .replaceAll('{angka}', '001')
    .replaceAll('{romawi}', 'I')
    .replaceAll('{tahun}', '2026')
    .replaceAll('{huruf}', 'ABC');
  return {
    nik: '3313044107909901',
    nomorRegister: register,
    namaUsaha: 'Warung Contoh',
    jenisUsaha: 'Perdagangan eceran bahan makanan',
    kodeKbli: '47111',
    versiKbli: '2020',
    tanggal: '2026-01-31',
    idPemeriksaan: '',
  };
}

/** What Excel asks of a cell; the upload checks it again. */
const rules: Record<BalikanField, ColumnValidation & { hint: string }> = {
  nik: { textLength: { min: 16, max: 16 }, strictness: 'WARNING', hint: '16 angka dari KTP-el.' },
  nomorRegister: {
    textLength: { min: 1, max: balikanMost.nomorRegister },
    hint: `Nomor dari buku register, paling panjang ${balikanMost.nomorRegister} huruf.`,
  },
  namaUsaha: {
    textLength: { min: 1, max: balikanMost.namaUsaha },
    hint: `Nama usaha, paling panjang ${balikanMost.namaUsaha} huruf.`,
  },
  jenisUsaha: {
    textLength: { min: 1, max: balikanMost.jenisUsaha },
    hint: `Jenis usaha dengan kata-kata, paling panjang ${balikanMost.jenisUsaha} huruf.`,
  },
  kodeKbli: { textLength: { min: 5, max: 5 }, hint: '5 angka. Boleh kosong.' },
  versiKbli: { list: kbliVersions, hint: 'Pilih 2020 atau 2025. Wajib bila kode KBLI diisi.' },
  tanggal: { hint: 'Tanggal register: tahun-bulan-hari.' },
  idPemeriksaan: { hint: 'Salin dari hasil pemeriksaan NIK. Boleh kosong.' },
};

function validationOf(field: BalikanField, title: string, example: string): ColumnValidation {
  const { hint, ...rule } = rules[field];
  const text = example === '' ? hint : `${hint} Contoh: ${example}`;
  return { ...rule, prompt: { title, text }, message: { title, text } };
}

function instructions(
  title: (field: BalikanField) => string,
  example: Record<BalikanField, string>,
  { namaLembaga }: TemplateOffice,
): string[] {
  const required = new Set<BalikanField>(requiredFields);
  return [
    `Petunjuk pengisian data balikan${namaLembaga ? ` ${namaLembaga}` : ''}`,
    '',
    '1. Isi lembar "Data Balikan" mulai baris 2: satu baris untuk satu usaha. Jangan mengubah judul kolom.',
    '2. Lembar "Contoh" menunjukkan satu baris yang benar. Lembar itu tidak ikut dikirim; NIK di sana bukan milik siapa pun.',
    '3. Hanya warga yang NIK-nya sudah diperiksa di kecamatan ini yang boleh dimasukkan.',
    '4. Bila menyalin dari berkas lain, tempel sebagai nilai (Paste Special - Values), supaya kolom tetap berformat Teks.',
    '5. Simpan sebagai .xlsx, lalu unggah. Berkas kembali dengan tanda pada setiap sel yang salah beserta cara memperbaikinya.',
    `6. Satu berkas memuat paling banyak ${uploadLimits.rows.toLocaleString('id-ID')} baris dan ${uploadLimits.bytes / 1024 / 1024} MB. Berkas yang sama boleh diunggah lagi: tidak ada data yang terkirim dua kali.`,
    '',
    'Kolom:',
    ...balikanFields.map((field) => {
      const sample = example[field] === '' ? '' : ` Contoh: ${example[field]}`;
      return `${title(field)}${required.has(field) ? ' (wajib)' : ''}: ${rules[field].hint}${sample}`;
    }),
    '',
    'Jangan menulis NIK atau nomor KK di kolom lain selain kolom NIK.',
  ];
}
