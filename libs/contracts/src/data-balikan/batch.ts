import { z } from 'zod';
import { balikanFields } from './record.js';

/** Limits of one file; rows are counted without header and empty ones. */
export const uploadLimits = { bytes: 50 * 1024 * 1024, rows: 100_000 } as const;

/** What can be wrong with a cell or a row: code -> what the clerk reads. A closed list. */
export const rowFaults = {
  NIK_EMPTY: 'NIK kosong. Isi 16 angka NIK.',
  NIK_NUMBER_CELL:
    'NIK tersimpan sebagai angka. Excel hanya menyimpan 15 angka, sehingga angka terakhir rusak. Ubah format sel menjadi Teks lalu ketik ulang NIK dari KTP-el.',
  NIK_LENGTH: 'NIK tidak berjumlah 16 angka. Periksa kembali pada KTP-el.',
  NIK_CHARACTER: 'NIK memuat huruf atau tanda lain. Tulis hanya 16 angka.',
  NIK_ONE_DIGIT: 'NIK terdiri atas satu angka yang sama. Periksa kembali pada KTP-el.',
  PERSON_NOT_ACCESSED:
    'Orang ini tidak pernah diperiksa di kecamatan ini di bawah perjanjian ini. Data balikan hanya untuk warga yang NIK-nya sudah diperiksa.',
  REGISTER_EMPTY: 'Nomor register kosong. Isi nomor dari buku register.',
  REGISTER_TOO_LONG: 'Nomor register lebih dari 80 huruf. Persingkat.',
  REGISTER_NUMBER_CELL:
    'Nomor register tersimpan sebagai angka, sehingga yang tampak di Excel bukan yang tersimpan. Ubah format sel menjadi Teks lalu ketik ulang nomor dari buku register.',
  REGISTER_PATTERN: 'Nomor register tidak sesuai pola yang berlaku di kecamatan ini. Periksa kembali buku register.',
  BUSINESS_NAME_EMPTY: 'Nama usaha kosong. Isi nama usaha.',
  BUSINESS_NAME_TOO_LONG: 'Nama usaha lebih dari 200 huruf. Persingkat.',
  BUSINESS_TYPE_EMPTY: 'Jenis usaha kosong. Isi jenis usaha.',
  BUSINESS_TYPE_TOO_LONG: 'Jenis usaha lebih dari 200 huruf. Persingkat.',
  HOLDS_NIK: 'Sel ini memuat NIK atau nomor KK. Hapus; NIK hanya boleh di kolom NIK.',
  CONTROL_CHARACTER: 'Sel ini memuat tanda yang tidak dapat dicetak. Ketik ulang isinya.',
  KBLI_FORMAT: 'Kode KBLI harus 5 angka.',
  KBLI_VERSION: 'Versi KBLI harus 2020 atau 2025, dan diisi bila kode KBLI diisi.',
  DATE_EMPTY: 'Tanggal kosong. Isi tanggal register.',
  DATE_INVALID: 'Tanggal tidak dapat dibaca. Tulis tanggal seperti 2026-01-31 atau 31-01-2026.',
  DATE_IN_FUTURE: 'Tanggal lebih lambat dari hari ini. Periksa kembali.',
  DATE_TOO_EARLY: 'Tanggal sebelum perjanjian (PKS) mulai berlaku. Periksa kembali.',
  VERIFICATION_ID: 'ID pemeriksaan tidak benar. Kosongkan, atau salin dari hasil pemeriksaan NIK.',
  FORMULA_CELL: 'Sel ini berisi rumus. Salin lalu tempel sebagai nilai (Paste Special - Values).',
  BOOLEAN_CELL:
    'Sel ini berisi nilai logika (TRUE/FALSE atau BENAR/SALAH), bukan teks. Ubah format sel menjadi Teks lalu ketik ulang isinya.',
  ERROR_CELL: 'Sel ini berisi galat Excel (misalnya #N/A). Ketik ulang isinya.',
  MERGED_CELL: 'Sel ini digabung (merge) dengan sel lain. Pisahkan sel (Unmerge) lalu isi setiap baris.',
  HIDDEN_ROW:
    'Baris ini tersembunyi, sehingga mungkin tidak Anda lihat. Tampilkan (Unhide, atau hapus Filter) atau hapus barisnya.',
  ROW_RAGGED: 'Baris ini mempunyai kolom lebih banyak dari judul. Periksa tanda pemisah dan tanda kutip.',
  QUOTE_UNCLOSED: 'Tanda kutip pada baris ini tidak ditutup. Perbaiki tanda kutipnya.',
  RECORD_DIFFERS:
    'Nomor register ini sudah pernah diterima untuk orang yang sama, dengan isi yang berbeda, dan sudah terkirim atau sedang dalam pengiriman, sehingga tidak dapat diubah. Periksa kembali.',
  ROW_DIFFERS:
    'Nomor register dan NIK ini sudah ada di baris lain berkas ini, dengan isi yang berbeda. Hapus salah satu.',
} as const;
export const rowFaultCodes = Object.keys(rowFaults) as [keyof typeof rowFaults, ...(keyof typeof rowFaults)[]];
export type RowFaultCode = keyof typeof rowFaults;

/** What can be wrong with a file as a whole; then no row is read. */
export const fileFaults = {
  FILE_EMPTY: 'Berkas kosong. Unduh contoh (template), isi, lalu unggah lagi.',
  FILE_TYPE: 'Berkas ini bukan Excel (.xlsx) dan bukan CSV. Simpan sebagai .xlsx atau .csv lalu unggah lagi.',
  FILE_OLD_EXCEL:
    'Berkas ini dalam format Excel lama (.xls). Buka di Excel, pilih Simpan Sebagai .xlsx, lalu unggah lagi.',
  FILE_ENCRYPTED:
    'Berkas ini dilindungi kata sandi. Hapus kata sandinya (File - Info - Protect Workbook) lalu unggah lagi.',
  FILE_MACROS: 'Berkas ini memuat makro. Simpan sebagai .xlsx tanpa makro lalu unggah lagi.',
  FILE_DAMAGED: 'Berkas ini rusak. Buka dan simpan lagi di Excel, lalu unggah lagi.',
  FILE_TOO_LARGE: 'Berkas lebih besar dari 50 MB. Bagi menjadi beberapa berkas.',
  FILE_EXPANDS_TOO_MUCH:
    'Isi berkas ini mengembang melebihi batas, sehingga tidak dibuka. Salin datanya ke contoh (template) baru.',
  FILE_XML_FORBIDDEN: 'Berkas ini memuat bagian XML yang tidak diperbolehkan. Salin datanya ke contoh (template) baru.',
  ENCODING_UNKNOWN: 'Huruf di berkas CSV ini tidak dapat dikenali. Simpan sebagai "CSV UTF-8" lalu unggah lagi.',
  TOO_MANY_ROWS: 'Berkas memuat lebih dari 100.000 baris. Bagi menjadi beberapa berkas.',
  TOO_MANY_COLUMNS: 'Berkas memuat lebih dari 200 kolom. Salin datanya ke contoh (template) baru.',
  HEADER_NOT_FOUND: 'Baris judul tidak ditemukan di 20 baris pertama. Gunakan judul kolom dari contoh (template).',
  COLUMN_MISSING: 'Kolom wajib tidak ada. Tambahkan kolom yang disebut.',
  COLUMN_TWICE: 'Judul kolom yang sama ada dua kali. Hapus salah satu kolom.',
  SHEET_HIDDEN:
    'Lembar (sheet) yang memuat data tersembunyi. Tampilkan (klik kanan pada tab lembar - Unhide), simpan, lalu unggah lagi.',
  SHEET_REFUSED_ONLY:
    'Lembar data tidak ditemukan; lembar "Ditolak" dari pemeriksaan sebelumnya tidak dibaca. Salin barisnya ke lembar data dengan judul kolom dari contoh (template), lalu unggah lagi.',
  SEVERAL_SHEETS: 'Lebih dari satu lembar (sheet) memuat data. Sisakan satu lembar saja.',
} as const;
export const fileFaultCodes = Object.keys(fileFaults) as [keyof typeof fileFaults, ...(keyof typeof fileFaults)[]];
export type FileFaultCode = keyof typeof fileFaults;

/** What kind of content a faulty cell has; never the content itself. */
export const valueClasses = ['empty', 'text', 'digits', 'number', 'date', 'boolean', 'formula', 'error'] as const;
export type ValueClass = (typeof valueClasses)[number];

export const uploadPolicies = ['GOOD_ROWS', 'ALL_OR_NOTHING'] as const;
/** GOOD_ROWS takes every row that is right; ALL_OR_NOTHING takes none while one is wrong. */
export const UploadPolicy = z.enum(uploadPolicies).meta({ id: 'UploadPolicy' });
export type UploadPolicy = z.infer<typeof UploadPolicy>;

export const batchStates = [
  'RECEIVING',
  'QUEUED',
  'CHECKING',
  'HELD',
  'DONE',
  'REFUSED',
  'CANCELLED',
  'FAILED',
] as const;
/**
 * HELD: nothing was taken, because rows are wrong and the policy is ALL_OR_NOTHING: a person decides. REFUSED: the file as a
 * whole cannot be read. FAILED: it could not be finished after several attempts, for a reason of ours.
 */
export const BatchState = z.enum(batchStates).meta({ id: 'BatchState' });
export type BatchState = z.infer<typeof BatchState>;

export const Batch = z
  .strictObject({
    id: z.uuid(),
    state: BatchState,
    format: z.enum(['XLSX', 'CSV']).nullable(),
    bytes: z.int(),
    fingerprint: z
      .string()
      .meta({ description: 'The same file has the same one; keyed, so that it tells nothing of what is in the file' }),
    policy: UploadPolicy,
    operatorId: z.uuid().nullable(),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    expiresAt: z.iso.datetime().nullable().meta({ description: 'The file and its marked-up copy are erased then' }),
    progress: z.strictObject({
      rows: z.int().meta({ description: 'Rows looked at so far' }),
      percent: z.int().min(0).max(100).meta({ description: 'Of the file' }),
    }),
    /** `checked = accepted + alreadyThere + refused`, in Indonesian: diperiksa = diterima + sudah ada + ditolak. */
    counts: z.strictObject({
      checked: z.int(),
      accepted: z.int(),
      alreadyThere: z.int(),
      refused: z.int(),
      heldBack: z
        .int()
        .meta({ description: 'Of the refused: right by themselves, not taken because others are wrong' }),
      faults: z.int(),
    }),
    fileFault: z
      .strictObject({
        code: z.enum(fileFaultCodes),
        column: z.string().nullable(),
        detail: z.string().meta({ description: 'Indonesian: what to do' }),
      })
      .nullable(),
    notes: z
      .array(z.string())
      .meta({ description: 'Indonesian: what was passed over, such as a hidden sheet, and what could not be done' }),
    resultReady: z.boolean().meta({ description: 'The marked-up file can be fetched' }),
  })
  .meta({ id: 'Batch' });
export type Batch = z.infer<typeof Batch>;

export const RowFault = z
  .strictObject({
    row: z.int().meta({ description: 'As the spreadsheet counts, from 1' }),
    column: z.string().nullable().meta({ description: 'Letter of the column, A, B, ...; null: the row' }),
    field: z.enum(balikanFields).nullable(),
    code: z.enum(rowFaultCodes),
    value: z.enum(valueClasses).meta({ description: 'What kind of content it has; the content is never told' }),
    detail: z.string().meta({ description: 'Indonesian: what to do' }),
  })
  .meta({ id: 'RowFault' });
export type RowFault = z.infer<typeof RowFault>;

export const BatchQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  before: z.uuid().optional(),
});
export const BatchPage = z
  .strictObject({ batches: z.array(Batch), next: z.uuid().nullable() })
  .meta({ id: 'BatchPage' });
export type BatchPage = z.infer<typeof BatchPage>;

export const RowFaultQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
  after: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .meta({ description: 'Go on after this one: the `next` of the page before' }),
});
export const RowFaultPage = z
  .strictObject({ faults: z.array(RowFault), next: z.int().nullable() })
  .meta({ id: 'RowFaultPage' });
export type RowFaultPage = z.infer<typeof RowFaultPage>;

export const UploadQuery = z.strictObject({
  policy: UploadPolicy.default('ALL_OR_NOTHING').meta({
    description: 'GOOD_ROWS: take the rows that are right now. ALL_OR_NOTHING: none until all are right',
  }),
});
