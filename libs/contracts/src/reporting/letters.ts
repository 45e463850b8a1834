import { z } from 'zod';
import { Day } from '../actor.js';
import { plainText } from '../administration/parts.js';
import { freeText } from './report.js';

export const letterKinds = [
  'USER_ID_REQUEST',
  'CLOSED_NETWORK_STATEMENT',
  'QUOTA_REQUEST',
  'OFFICE_HOLDER_CHANGE',
  'SAM_CONFIGURATION_RETURN',
  'SPTJM_FORM',
  'NDA_FORM',
  'DATA_BALIKAN_HANDOVER',
  'BREACH_NOTICE',
] as const;
export const LetterKind = z.enum(letterKinds).meta({ id: 'LetterKind' });
export type LetterKind = z.infer<typeof LetterKind>;

/** An address of the network, or the name of a machine (O-16). */
const holdsAddress = (text: string): boolean =>
  /\d{1,3}(\.\d{1,3}){3}|:\/\/|[\da-f]{0,4}(:[\da-f]{0,4}){2,}|[\w-]+\.[\w.-]*(id|com|net|org|lan|local)\b/i.test(text);

const base = { on: Day.optional().meta({ description: 'Date of the letter; default: today in Asia/Jakarta' }) };
const text = (most: number) => freeText(most).min(1, 'Isi bagian ini.');

/** What a letter says that is not on file. What is on file (names, agreement, figures) is filled in. */
export const NewLetter = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('USER_ID_REQUEST'),
      ...base,
      operatorIds: z
        .array(z.uuid())
        .min(1)
        .max(50)
        .meta({ description: 'Officials for whom a User ID is asked (O-05)' }),
    }),
    z.strictObject({
      kind: z.literal('CLOSED_NETWORK_STATEMENT'),
      ...base,
      connection: text(500)
        .refine((words) => !holdsAddress(words), 'Tulis tanpa alamat jaringan atau nama server (rahasia).')
        .meta({ description: 'How the closed network is connected, in words; no address (O-16)' }),
    }),
    z.strictObject({
      kind: z.literal('QUOTA_REQUEST'),
      ...base,
      wantedQuota: z.int().min(1).max(1_000_000),
      from: Day,
      until: Day,
      reasons: text(4_000),
    }),
    z.strictObject({
      kind: z.literal('OFFICE_HOLDER_CHANGE'),
      ...base,
      leavingId: z.uuid(),
      comingId: z.uuid(),
      decree: text(200).meta({ description: 'Number of the decree (SK)' }),
      from: Day,
    }),
    z.strictObject({ kind: z.literal('SAM_CONFIGURATION_RETURN'), ...base, samIds: z.array(z.uuid()).min(1).max(100) }),
    z.strictObject({ kind: z.literal('SPTJM_FORM'), ...base }),
    z.strictObject({ kind: z.literal('NDA_FORM'), ...base, operatorId: z.uuid() }),
    z.strictObject({
      kind: z.literal('DATA_BALIKAN_HANDOVER'),
      ...base,
      medium: text(80),
      packageNumber: z.int().min(1),
      records: z.int().min(0),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .meta({ description: 'Of the file that is handed over' }),
    }),
    z.strictObject({
      kind: z.literal('BREACH_NOTICE'),
      ...base,
      dutyId: z.uuid().meta({ description: 'The duty whose clock runs' }),
      happenedAt: z.iso.datetime({ offset: true }),
      what: text(2_000).meta({
        description: 'Which personal data were disclosed (UU 27/2022 art. 46): kinds, never values',
      }),
      how: text(2_000),
      measures: text(2_000),
    }),
  ])
  .meta({ id: 'NewLetter' });
export type NewLetter = z.infer<typeof NewLetter>;

export const Letter = z
  .strictObject({
    id: z.uuid(),
    kind: LetterKind,
    number: z.string(),
    on: Day,
    createdAt: z.iso.datetime(),
    createdBy: z.uuid().nullable(),
  })
  .meta({ id: 'Letter' });
export type Letter = z.infer<typeof Letter>;
export const LetterPage = z
  .strictObject({ letters: z.array(Letter), next: z.uuid().nullable() })
  .meta({ id: 'LetterPage' });
export type LetterPage = z.infer<typeof LetterPage>;

/** So that two letters never get the same number: nothing touches it that might be read as a part of it. */
const apart = (name: string) => new RegExp(`(^|[^\\p{L}\\p{N}}])\\{${name}(:\\d)?\\}($|[^\\p{L}\\p{N}{])`, 'u');
const oneLine = (most: number) =>
  plainText(most).refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'Tidak boleh memuat karakter kendali.');
const line = (most: number) => oneLine(most).nullable().default(null);

/**
 * How letters are numbered: `{nomor}` with optional width `{nomor:3}`, `{kode}` of the kind, `{bulan}` in Roman digits, `{tahun}`.
 * Numbers count anew each year. And what stands at their head and is nowhere on file.
 */
export const LetterNumbering = z
  .strictObject({
    pattern: oneLine(80)
      .regex(
        /^[^{}]*(\{(nomor(:\d)?|kode|bulan|tahun)\}[^{}]*)+$/,
        'Pola hanya memuat {nomor}, {kode}, {bulan}, {tahun}.',
      )
      .refine((pattern) => apart('nomor').test(pattern), 'Pola harus memuat {nomor}, terpisah dengan tanda baca.')
      .refine((pattern) => apart('tahun').test(pattern), 'Pola harus memuat {tahun}, terpisah dengan tanda baca.')
      .default('{kode}/{nomor:3}/{bulan}/{tahun}'),
    codes: z.partialRecord(LetterKind, oneLine(20)).default({}).meta({ description: 'Default: 470 or 800' }),
    letterhead: z
      .strictObject({
        government: line(120).meta({ description: 'First line of the letterhead: `Pemerintah Kabupaten …`' }),
        contact: line(200).meta({ description: 'Below the address: telephone, post code, e-mail' }),
        place: line(80).meta({ description: 'Where letters are dated; default: the name of the kecamatan' }),
        recipient: line(200).meta({ description: 'Default: Kepala Dinas Kependudukan dan Pencatatan Sipil' }),
      })
      .prefault({}),
  })
  .meta({ id: 'LetterNumbering' });
export type LetterNumbering = z.infer<typeof LetterNumbering>;
