import { z } from 'zod';
import type { Person } from './person.js';

const text = z.string().min(1).max(200);
const digits = (most: number) => z.string().regex(new RegExp(`^\\d{1,${most}}$`));

/** Somebody whom the control API brings in: every value as the caller wants it. Synthetic, like everybody here. */
export const Guest = z.strictObject({
  outcome: z.enum(['FOUND', 'DECEASED', 'DUPLICATE', 'INACTIVE']).default('FOUND'),
  nik: z.string().regex(/^\d{12}99\d\d$/, 'serials of synthetic people are 9900 and above'),
  noKk: digits(16).nullable(),
  namaLengkap: text.regex(/CONTOH/, 'names of synthetic people hold CONTOH'),
  jenisKelamin: text,
  tempatLahir: text.nullable(),
  tanggalLahir: z.iso.date(),
  statusPerkawinan: text.nullable(),
  jenisPekerjaan: text.nullable(),
  alamat: text.nullable(),
  noRt: digits(3).nullable(),
  noRw: digits(3).nullable(),
  dusun: text.nullable(),
  noProp: digits(2),
  namaProp: text,
  noKab: digits(2),
  namaKab: text,
  noKec: digits(2),
  namaKec: text,
  noKel: digits(4),
  namaKel: text,
  extras: z.strictObject({
    agama: text,
    golonganDarah: text,
    pendidikanAkhir: text,
    namaIbu: text,
    ektpStatus: text,
  }),
  wire: z
    .strictObject({
      date: z.enum(['YYYY-MM-DD', 'DD-MM-YYYY', 'DD.MM.YYYY']),
      statusKey: z.enum(['STATUS_KAWIN', 'STAT_KWN']),
      localRegionKeys: z.boolean(),
      numbersAsText: z.boolean(),
    })
    .partial()
    .default({})
    .transform((style) => ({
      date: 'YYYY-MM-DD' as const,
      statusKey: 'STATUS_KAWIN' as const,
      localRegionKeys: false,
      numbersAsText: false,
      trailingBlanks: [],
      lackShownAs: 'missing' as const,
      extras: true,
      ...style,
    })),
});
export type Guest = z.input<typeof Guest>;

export const readGuest = (body: unknown): Person => Guest.parse(body) as Person;
