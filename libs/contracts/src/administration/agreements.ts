import { z } from 'zod';
import { Day, VerificationMode } from '../actor.js';
import { ElementName } from '../elements.js';
import { errorCodes } from '../errors.js';
import { DocumentSha256, Networks, plainText, Reason } from './parts.js';

/**
 * draft: not yet in force (nothing approved, no SPTJM, or its first day is still to come). ended: its term is over or it was
 * terminated. closing: what is owed is handed over. closed: keys are destroyed, nothing can be opened again.
 */
export const agreementStates = ['draft', 'in-force', 'ended', 'closing', 'closed'] as const;
export const AgreementState = z.enum(agreementStates).meta({ id: 'AgreementState' });
export type AgreementState = z.infer<typeof AgreementState>;

/** Who gets the data balikan: Disdukcapil by the PKS of 2022, Ditjen Dukcapil by Permendagri 17/2023 (O-23). */
export const DataBalikanRecipient = z.enum(['DISDUKCAPIL', 'DITJEN_DUKCAPIL']).meta({ id: 'DataBalikanRecipient' });
export type DataBalikanRecipient = z.infer<typeof DataBalikanRecipient>;

/** Who answers for the one User ID (O-03); the User ID itself is secret and kept elsewhere. */
export const UserIdOwner = z
  .strictObject({ name: plainText(200), position: plainText(200), nip: plainText(40).optional() })
  .meta({ id: 'UserIdOwner' });
export type UserIdOwner = z.infer<typeof UserIdOwner>;

export const ContactPerson = z
  .strictObject({
    party: z.enum(['KECAMATAN', 'DISDUKCAPIL']),
    name: plainText(200),
    position: plainText(200).optional(),
    phone: z
      .string()
      .regex(/^\+?[\d ()-]{5,15}$/, 'Nomor telepon: angka, paling panjang 15.')
      .optional(),
    email: z.email('Alamat surel tidak benar.').max(200).optional(),
  })
  .meta({ id: 'ContactPerson' });
export type ContactPerson = z.infer<typeof ContactPerson>;

/** The terms of an agreement from a day on; the first is the agreement, the others its addenda and extensions (PKS 10(2)). */
export const AgreementTerms = z
  .strictObject({
    effectiveFrom: Day.meta({ description: 'From this day on these terms count' }),
    validFrom: Day,
    validUntil: Day.meta({ description: 'Last day, included' }),
    elements: z.array(ElementName).min(1, 'Sebutkan sedikitnya satu unsur.'),
    modes: z.array(VerificationMode).min(1, 'Sebutkan sedikitnya satu cara pemeriksaan.'),
    dailyQuota: z.int().min(1).max(10_000_000).meta({ description: 'Hits a day (O-03)' }),
    networks: Networks.meta({ description: 'Closed network of the office, CIDR (O-02)' }),
    letterNumber: plainText(100).optional().meta({ description: 'Number of the addendum' }),
    userIdOwner: UserIdOwner.optional(),
    contacts: z.array(ContactPerson).max(20).optional(),
    dataBalikanRecipient: DataBalikanRecipient.optional(),
  })
  .meta({ id: 'AgreementTerms' });
export type AgreementTerms = z.infer<typeof AgreementTerms>;

export const SptjmStatement = z
  .strictObject({
    number: plainText(100),
    signedOn: Day,
    documentSha256: DocumentSha256,
    signedBy: plainText(200).optional(),
  })
  .meta({ id: 'SptjmStatement' });
export type SptjmStatement = z.infer<typeof SptjmStatement>;

export const NewAgreement = z
  .strictObject({
    number: plainText(100).meta({ description: "The kecamatan's number" }),
    counterpartNumber: plainText(100).optional().meta({ description: "Disdukcapil's number" }),
    signedOn: Day.optional(),
    reason: Reason,
  })
  .meta({ id: 'NewAgreement' });
export type NewAgreement = z.infer<typeof NewAgreement>;

export const NewAgreementVersion = z
  .strictObject({ terms: AgreementTerms, reason: Reason })
  .meta({ id: 'NewAgreementVersion' });
export type NewAgreementVersion = z.infer<typeof NewAgreementVersion>;

export const NewSptjm = z.strictObject({ sptjm: SptjmStatement, reason: Reason }).meta({ id: 'NewSptjm' });
export type NewSptjm = z.infer<typeof NewSptjm>;

/** Before its time: on breach (PKS 10(1)) or by a change of institution (PKS 6). */
export const Termination = z.strictObject({ letterNumber: plainText(100), reason: Reason }).meta({ id: 'Termination' });
export type Termination = z.infer<typeof Termination>;

export const closingStepNames = ['DATA_BALIKAN_DELIVERED', 'SAM_RETURNED', 'FINAL_REPORT', 'KEYS_DESTROYED'] as const;
export type ClosingStepName = (typeof closingStepNames)[number];
/** KEYS_DESTROYED is done by the system itself when the agreement is closed. */
export const recordableClosingSteps = ['DATA_BALIKAN_DELIVERED', 'SAM_RETURNED', 'FINAL_REPORT'] as const;

export const NewClosingStep = z
  .strictObject({
    step: z.enum(recordableClosingSteps),
    applicable: z
      .boolean()
      .default(true)
      .meta({ description: 'false: there is nothing to hand over; say why in note' }),
    receiptNumber: plainText(100).optional(),
    doneOn: Day.optional(),
    note: plainText(500).optional(),
    reason: Reason,
  })
  .superRefine((step, context) => {
    if (step.applicable && !step.receiptNumber)
      context.addIssue({ code: 'custom', path: ['receiptNumber'], message: 'Isi nomor tanda terima.' });
    if (step.applicable && !step.doneOn)
      context.addIssue({ code: 'custom', path: ['doneOn'], message: 'Isi tanggal serah terima.' });
    if (!step.applicable && !step.note)
      context.addIssue({ code: 'custom', path: ['note'], message: 'Jelaskan mengapa langkah ini tidak berlaku.' });
  })
  .meta({ id: 'NewClosingStep' });
export type NewClosingStep = z.infer<typeof NewClosingStep>;

export const AgreementClosure = z.strictObject({ reason: Reason }).meta({ id: 'AgreementClosure' });

const ClosingStepState = z.strictObject({
  step: z.enum(closingStepNames),
  done: z.boolean(),
  applicable: z.boolean(),
  receiptNumber: z.string().nullable(),
  doneOn: Day.nullable(),
  note: z.string().nullable(),
});

export const AgreementDetail = z
  .strictObject({
    id: z.uuid(),
    number: z.string(),
    counterpartNumber: z.string().nullable(),
    signedOn: Day.nullable(),
    state: AgreementState,
    missing: z.array(z.enum(errorCodes)).meta({ description: 'What keeps a draft from being in force' }),
    currentVersion: z.int().nullable(),
    validUntil: Day.nullable(),
    endsInDays: z.int().nullable(),
    warning: z
      .union([z.literal(180), z.literal(90), z.literal(30), z.literal(7)])
      .nullable()
      .meta({ description: 'The closest threshold of days before the end that was reached (O-18)' }),
    versions: z.array(
      AgreementTerms.extend({
        id: z.uuid(),
        version: z.int(),
        approvedAt: z.iso.datetime(),
        configured: z.boolean().meta({ description: 'Quota and keys have reached the look-up service' }),
      }),
    ),
    sptjm: z.array(SptjmStatement.extend({ recordedAt: z.iso.datetime() })),
    termination: z.strictObject({ at: z.iso.datetime(), reason: z.string() }).nullable(),
    closing: z.strictObject({ since: z.iso.datetime(), steps: z.array(ClosingStepState) }).nullable(),
    closedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'AgreementDetail' });
export type AgreementDetail = z.infer<typeof AgreementDetail>;

export const AgreementList = z.strictObject({ agreements: z.array(AgreementDetail) }).meta({ id: 'AgreementList' });
