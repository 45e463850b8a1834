import { z } from 'zod';
import { Day, Role } from '../actor.js';
import { readNik } from '../nik.js';
import { DocumentSha256, LocalId, plainText, Reason, RegionCode } from './parts.js';

const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Jam ditulis HH:MM.');

/** Asia/Jakarta; days as ISO 8601, 1 = Monday. Outside of them the operator looks nothing up. */
export const WorkingHours = z
  .strictObject({ days: z.array(z.int().min(1).max(7)).min(1), from: Clock, until: Clock })
  .refine(({ from, until }) => from < until, { path: ['until'], message: 'Jam selesai harus sesudah jam mulai.' })
  .meta({ id: 'WorkingHours' });
export type WorkingHours = z.infer<typeof WorkingHours>;

/** The operator's pledge of confidentiality (O-17). */
export const NdaStatement = z
  .strictObject({ number: plainText(100), signedOn: Day, documentSha256: DocumentSha256 })
  .meta({ id: 'NdaStatement' });
export type NdaStatement = z.infer<typeof NdaStatement>;

/** What a User ID request names of its receiver (O-05), but for the User ID lokal and the role. */
const details = {
  fullName: plainText(200),
  nip: z
    .string()
    .regex(/^[\d ]{8,25}$/, 'NIP: angka saja.')
    .transform((text) => text.replaceAll(' ', ''))
    .refine((text) => text.length !== 16, 'NIP terdiri atas 18 angka; 16 angka adalah NIK, isi di kolom nik.')
    .optional(),
  employmentStatus: z.enum(['PNS', 'PPPK', 'HONORER', 'LAINNYA']).optional(),
  position: plainText(200).optional().meta({ description: 'Jabatan' }),
  workUnit: plainText(200).optional().meta({ description: 'Unit kerja' }),
  officeName: plainText(200).optional(),
  officeAddress: plainText(300).optional(),
  officeRegionCode: RegionCode.optional(),
  workingHours: WorkingHours.optional(),
};

export const OperatorDetails = z.strictObject(details);
export type OperatorDetails = z.infer<typeof OperatorDetails>;

export const OperatorRecord = z
  .strictObject({
    userIdLokal: LocalId,
    role: Role,
    ...details,
    nik: z
      .string()
      .refine((text) => readNik(text).ok, 'NIK harus terdiri atas 16 angka.')
      .optional()
      .meta({ description: "The official's own NIK, for the User ID request; sealed, never shown again" }),
    activeFrom: Day,
    activeUntil: Day.optional(),
    nda: NdaStatement.optional(),
    username: LocalId.optional().meta({ description: 'Log-in name; default: the User ID lokal' }),
  })
  .refine(({ activeFrom, activeUntil }) => activeUntil === undefined || activeFrom <= activeUntil, {
    path: ['activeUntil'],
    message: 'Tanggal selesai tidak boleh sebelum tanggal mulai.',
  })
  .meta({ id: 'OperatorRecord' });
export type OperatorRecord = z.infer<typeof OperatorRecord>;

export const NewOperator = z.strictObject({ operator: OperatorRecord, reason: Reason }).meta({ id: 'NewOperator' });
export type NewOperator = z.infer<typeof NewOperator>;

/** What is named is replaced; the role is not: that takes a new assignment. */
export const OperatorUpdate = z
  .strictObject({
    ...OperatorDetails.partial().shape,
    workingHours: WorkingHours.nullable().optional(),
    activeUntil: Day.nullable().optional(),
    reason: Reason,
  })
  .meta({ id: 'OperatorUpdate' });
export type OperatorUpdate = z.infer<typeof OperatorUpdate>;

export const NewNda = z.strictObject({ nda: NdaStatement, reason: Reason }).meta({ id: 'NewNda' });
export type NewNda = z.infer<typeof NewNda>;

export const Revocation = z.strictObject({ reason: Reason }).meta({ id: 'Revocation' });
export type Revocation = z.infer<typeof Revocation>;

/** A new assignment of somebody who left or was revoked; it needs an NDA of its own. */
export const OperatorReactivation = z
  .strictObject({ activeFrom: Day, activeUntil: Day.optional(), reason: Reason })
  .meta({ id: 'OperatorReactivation' });
export type OperatorReactivation = z.infer<typeof OperatorReactivation>;

/** O-22: who leaves, who comes, from when, by which letter. */
export const OfficeHolderChange = z
  .strictObject({
    leaver: z.uuid(),
    successor: OperatorRecord,
    from: Day.meta({ description: "The successor's first day; the leaver's access ends as it begins, Asia/Jakarta" }),
    letterNumber: plainText(100),
    letterDate: Day,
    documentSha256: DocumentSha256,
    reason: Reason,
  })
  .meta({ id: 'OfficeHolderChange' });
export type OfficeHolderChange = z.infer<typeof OfficeHolderChange>;

export const OperatorState = z.enum(['active', 'not-started', 'ended', 'revoked']).meta({ id: 'OperatorState' });

export const OperatorDetail = z
  .strictObject({
    id: z.uuid(),
    userIdLokal: z.string(),
    role: Role,
    fullName: z.string(),
    nip: z.string().nullable(),
    employmentStatus: z.string().nullable(),
    position: z.string().nullable(),
    workUnit: z.string().nullable(),
    officeName: z.string().nullable(),
    officeAddress: z.string().nullable(),
    officeRegionCode: z.string().nullable(),
    workingHours: WorkingHours.nullable(),
    nikOnFile: z.boolean(),
    assignment: z.int(),
    activeFrom: Day,
    activeUntil: Day.nullable(),
    state: OperatorState,
    revocationReason: z.string().nullable(),
    nda: NdaStatement.nullable().meta({ description: 'Of the present assignment; null: no look-up (O-17)' }),
    account: z
      .strictObject({
        username: z.string(),
        activated: z.boolean(),
        secondFactor: z.boolean(),
        activationExpiresAt: z.iso.datetime().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'OperatorDetail' });
export type OperatorDetail = z.infer<typeof OperatorDetail>;

export const OperatorList = z.strictObject({ operators: z.array(OperatorDetail) }).meta({ id: 'OperatorList' });

export const OfficeHolderChanged = z
  .strictObject({ leaver: OperatorDetail, successor: OperatorDetail })
  .meta({ id: 'OfficeHolderChanged' });

/** Shown once. Whoever has it sets the password, and with it takes the account: hand it over in person. */
export const ActivationCode = z
  .strictObject({ username: z.string(), activationCode: z.string(), expiresAt: z.iso.datetime() })
  .meta({ id: 'ActivationCode' });
export type ActivationCode = z.infer<typeof ActivationCode>;
