import { z } from 'zod';
import { Day } from '../actor.js';
import { plainText } from '../administration/parts.js';

/** What data balikan are made of (O-07), in the order in which the ministry names it. */
export const balikanFields = [
  'nik',
  'nomorRegister',
  'namaUsaha',
  'jenisUsaha',
  'kodeKbli',
  'versiKbli',
  'tanggal',
  'idPemeriksaan',
] as const;
export type BalikanField = (typeof balikanFields)[number];

/** Editions of the classification of business fields (KBLI). */
export const kbliVersions = ['2020', '2025'] as const;

/** Longest texts, characters. */
export const balikanMost = { nomorRegister: 80, namaUsaha: 200, jenisUsaha: 200 } as const;

/** One business that the kecamatan registered for a citizen, as the form and the web service send it (O-07). */
export const BalikanSubmission = z
  .strictObject({
    nik: z
      .string('NIK harus dikirim sebagai teks (string), bukan angka: angka 16 digit berubah di dalam JSON.')
      .max(64, 'NIK harus terdiri atas 16 angka.')
      .meta({ description: '16 digits as a string. Sealed at rest, and erased when the record is delivered' }),
    nomorRegister: plainText(balikanMost.nomorRegister).meta({
      description: 'Running number in the register of such letters, for example 500/001/SKU/I/2026',
    }),
    namaUsaha: plainText(balikanMost.namaUsaha),
    jenisUsaha: plainText(balikanMost.jenisUsaha).meta({ description: 'In words' }),
    kbli: z
      .strictObject({
        kode: z.string().regex(/^\d{5}$/, 'Kode KBLI terdiri atas 5 angka.'),
        versi: z.enum(kbliVersions),
      })
      .optional(),
    tanggal: Day.meta({ description: 'Date of the register entry, Asia/Jakarta' }),
    verificationId: z.uuid().optional().meta({
      description:
        'The look-up that it belongs to. Without it, one of the person’s own is found: of the same case, else one for a business service that has no record yet',
    }),
  })
  .meta({ id: 'BalikanSubmission' });
export type BalikanSubmission = z.infer<typeof BalikanSubmission>;

export const balikanStates = ['WAITING', 'DELIVERED', 'DEAD', 'PACKED', 'HANDED_OVER'] as const;
/**
 * WAITING to be sent; DELIVERED by web service; DEAD: refused for good, a person has to decide; PACKED in an open media
 * package; HANDED_OVER with one, and receipted.
 */
export const BalikanState = z.enum(balikanStates).meta({ id: 'BalikanState' });
export type BalikanState = z.infer<typeof BalikanState>;

export const deliveryFailures = [
  'REFUSED',
  'NOT_CONFIGURED',
  'ACCESS_BROKEN',
  'UNAVAILABLE',
  'TIMEOUT',
  'UNKNOWN_ANSWER',
  'REFUSED_ON_MEDIA',
  'KEY_DESTROYED',
] as const;
export const DeliveryFailure = z.enum(deliveryFailures).meta({ id: 'DeliveryFailure' });
export type DeliveryFailure = z.infer<typeof DeliveryFailure>;

/** A record as it can be read: everything but the person. */
export const BalikanRecord = z
  .strictObject({
    id: z.uuid(),
    nomorRegister: z.string(),
    namaUsaha: z.string(),
    jenisUsaha: z.string(),
    kbli: z.strictObject({ kode: z.string(), versi: z.enum(kbliVersions) }).nullable(),
    tanggal: Day,
    verificationId: z.uuid(),
    source: z.enum(['FORM', 'WEB_SERVICE', 'UPLOAD']),
    batchId: z.uuid().nullable(),
    operatorId: z.uuid().nullable(),
    acceptedAt: z.iso.datetime(),
    delivery: z.strictObject({
      state: BalikanState,
      attempts: z.int(),
      lastAttemptAt: z.iso.datetime().nullable(),
      nextAttemptAt: z.iso.datetime().nullable().meta({ description: 'Of one that waits' }),
      failure: DeliveryFailure.nullable(),
      detail: z.string().nullable().meta({ description: 'Indonesian: why, and what to do next' }),
      deliveredAt: z.iso.datetime().nullable(),
      receipt: z
        .enum(['SUCCESS', 'ALREADY_SENT', 'MEDIA'])
        .nullable()
        .meta({ description: 'ALREADY_SENT: the ministry had it before, which counts as delivered' }),
      mediaPackageId: z.uuid().nullable(),
    }),
  })
  .meta({ id: 'BalikanRecord' });
export type BalikanRecord = z.infer<typeof BalikanRecord>;

export const BalikanAccepted = z
  .strictObject({
    alreadyThere: z.boolean().meta({ description: 'true: this very record was accepted before; nothing changed' }),
    corrected: z.boolean().meta({
      description:
        'true: a record with this register number was dead or had been refused; it has this content now, and is sent again',
    }),
    record: BalikanRecord,
  })
  .meta({ id: 'BalikanAccepted' });
export type BalikanAccepted = z.infer<typeof BalikanAccepted>;

/** Whose data balikan are read. */
export const BalikanOfQuery = z.strictObject({
  institutionId: z
    .uuid()
    .optional()
    .meta({ description: 'For an evaluator who has logged in: a kecamatan of the kabupaten. Default: your own' }),
});
export type BalikanOfQuery = z.infer<typeof BalikanOfQuery>;

export const BalikanQuery = BalikanOfQuery.extend({
  state: BalikanState.optional(),
  from: Day.optional().meta({ description: 'First register date' }),
  to: Day.optional().meta({ description: 'Last register date, included' }),
  nomorRegister: z.string().max(balikanMost.nomorRegister).optional(),
  batchId: z.uuid().optional(),
  verificationId: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z.uuid().optional().meta({ description: 'Go on after this record: the `next` of the page before' }),
});
export type BalikanQuery = z.infer<typeof BalikanQuery>;

/** Newest first. */
export const BalikanPage = z
  .strictObject({ records: z.array(BalikanRecord), next: z.uuid().nullable() })
  .meta({ id: 'BalikanPage' });
export type BalikanPage = z.infer<typeof BalikanPage>;
