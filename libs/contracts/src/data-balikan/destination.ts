import { z } from 'zod';
import { DataBalikanRecipient } from '../administration/agreements.js';
import { plainText, Reason } from '../administration/parts.js';
import { balikanFields } from './record.js';

const opaquePath = z.string().regex(/^\/[^?#\s]*$/, 'A path that begins with /');
const wireKey = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'Huruf, angka, garis bawah.');

/**
 * How a record is named on the way out. The ministry's annexes with the real names are not public: whoever has them writes
 * them here (O-08). What is null is not sent.
 */
export const ParamKeys = z
  .strictObject({
    nomorRegister: wireKey.default('NOMOR_REGISTER'),
    namaUsaha: wireKey.default('NAMA_USAHA'),
    jenisUsaha: wireKey.default('JENIS_USAHA'),
    kodeKbli: wireKey.nullable().default(null),
    versiKbli: wireKey.nullable().default(null),
    tanggal: wireKey.nullable().default(null),
  })
  .superRefine((keys, context) => {
    // of two fields with one key, only one would arrive
    const fields = new Map([['NIK', 'nik']]);
    for (const [field, key] of Object.entries(keys)) {
      if (key === null) continue;
      const other = fields.get(key.toUpperCase());
      if (other === undefined) fields.set(key.toUpperCase(), field);
      else
        context.addIssue({
          code: 'custom',
          path: [field],
          message: `Nama "${key}" sudah dipakai untuk ${other} (huruf besar dan kecil sama saja). Beri nama lain.`,
        });
    }
  })
  .meta({ id: 'ParamKeys' });
export type ParamKeys = z.infer<typeof ParamKeys>;
export const defaultParamKeys: ParamKeys = ParamKeys.parse({});

/** The ministry's web service for data balikan. All of it is secret (O-16). */
export const BalikanService = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .regex(
      /^https?:\/\/[^/?#@]+(\/[^?#]*)?$/i,
      'Tulis alamatnya saja, misalnya https://10.1.2.3:8080, tanpa nama pengguna, kata sandi, ? atau #.',
    ),
  path: opaquePath.default('/databalikan/api/store'),
  token: z
    .string()
    .min(1)
    .max(4_000)
    .regex(/^[\x21-\x7e]+$/, 'Token tidak boleh memuat spasi atau baris baru. Salin lagi tokennya saja.'),
  /** JSON_ARRAY: `[{ id_lembaga, nama_lembaga, data: [{ NIK, param: [{...}] }] }]`; FORM: `param` is a JSON string. */
  body: z.enum(['JSON_ARRAY', 'FORM']).default('JSON_ARRAY'),
  /** PEM of the private CA, where it serves https. Verification is never switched off. */
  caPem: z.string().optional(),
  deadlineMs: z.int().min(100).max(120_000).default(20_000),
  /** At most so many requests a second; what an outage piled up is not sent in a storm. */
  perSecond: z.number().min(0.01).max(1_000).default(20),
});
export type BalikanService = z.infer<typeof BalikanService>;

export const defaultColumns: Record<(typeof balikanFields)[number], string[]> = {
  nik: ['NIK', 'No KTP', 'Nomor Induk Kependudukan'],
  nomorRegister: ['Nomor Register', 'No Register', 'No. Register', 'Nomor Surat'],
  namaUsaha: ['Nama Usaha'],
  jenisUsaha: ['Jenis Usaha'],
  kodeKbli: ['Kode KBLI', 'KBLI'],
  versiKbli: ['Versi KBLI'],
  tanggal: ['Tanggal', 'Tanggal Register', 'Tgl Register', 'Tgl'],
  idPemeriksaan: ['ID Pemeriksaan'],
};

const Columns = z
  .partialRecord(z.enum(balikanFields), z.array(plainText(100)).min(1).max(10))
  .superRefine((given, context) => {
    const fields = new Map<string, string>();
    for (const [field, titles] of Object.entries({ ...defaultColumns, ...given }))
      for (const title of titles) {
        // as files are read: neither case nor blanks and signs make a difference
        const key = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
        const other = fields.get(key) ?? field;
        fields.set(key, other);
        if (other === field) continue;
        const named = field in given ? field : other;
        context.addIssue({
          code: 'custom',
          path: [named],
          message: `Judul kolom "${title}" juga berarti ${named === field ? other : field}. Satu judul hanya untuk satu isian: hapus dari salah satunya.`,
        });
      }
  });

/** Where the data balikan of one institution go, and how (O-08, O-23). */
export const BalikanDestination = z.strictObject({
  recipient: DataBalikanRecipient.default('DITJEN_DUKCAPIL').meta({
    description: 'O-23: Permendagri 102/2019 as amended says Ditjen Dukcapil, the PKS of 2022 Disdukcapil',
  }),
  idLembaga: z.string().regex(/^\d{6}$/, 'ID lembaga terdiri atas 6 angka, dengan nol di depan.'),
  namaLembaga: plainText(200),
  service: BalikanService.optional().meta({ description: 'Without one: offline media only (O-08)' }),
  paramKeys: ParamKeys.default(defaultParamKeys),
  columns: Columns.optional().meta({
    description: 'Headers that the upload understands; default: those of the template',
  }),
  registerPattern: plainText(100).optional().meta({
    description:
      'What a register number looks like: {angka} digits, {romawi} a month I-XII, {tahun} four digits, {huruf} letters; anything else as written. Example: 500/{angka}/SKU/{romawi}/{tahun}',
  }),
  mediaRecipients: z
    .array(z.string().regex(/^age1[02-9ac-hj-np-z]{58}$/, 'Kunci publik age: age1 dan 58 huruf kecil atau angka.'))
    .max(5)
    .default([])
    .meta({ description: 'Public keys (age) that open a media package: Disdukcapil’s' }),
  overdueAfterDays: z.int().min(1).max(365).default(14),
});
export type BalikanDestination = z.infer<typeof BalikanDestination>;

/** As an admin gives it: it takes the place of all that was there, so that there is no web service has to be said. */
export const GivenBalikanDestination = BalikanDestination.extend({
  recipient: DataBalikanRecipient.optional().meta({ description: 'Without one: that of the agreement (O-23)' }),
  service: BalikanService.nullable().meta({
    description: 'null: offline media only, and a web service that was there ends (O-08)',
  }),
}).meta({ id: 'GivenBalikanDestination' });
export type GivenBalikanDestination = z.infer<typeof GivenBalikanDestination>;

export const BalikanDestinationConfiguration = z
  .strictObject({ destination: GivenBalikanDestination, reason: Reason })
  .meta({ id: 'BalikanDestinationConfiguration' });
export type BalikanDestinationConfiguration = z.infer<typeof BalikanDestinationConfiguration>;

/** What may be told of it: never an address or a token (O-16). */
export const BalikanDestinationSummary = z
  .strictObject({
    configured: z.boolean(),
    configuredAt: z.iso.datetime().nullable(),
    agreementId: z.uuid().nullable(),
    recipient: BalikanDestination.shape.recipient.unwrap().nullable(),
    webService: z.boolean().meta({ description: 'There is an address and a token' }),
    body: BalikanService.shape.body.unwrap().nullable(),
    paramKeys: ParamKeys.nullable(),
    registerPattern: z.string().nullable(),
    mediaRecipients: z.array(z.string()),
    overdueAfterDays: z.int().nullable(),
  })
  .meta({ id: 'BalikanDestinationSummary' });
export type BalikanDestinationSummary = z.infer<typeof BalikanDestinationSummary>;
