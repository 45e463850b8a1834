import { z } from 'zod';
import { Day } from '../actor.js';
import { plainText, Reason } from '../administration/parts.js';
import { AgentStatus } from './agent.js';

/** Where counters are: the name of a unit kerja, as operators have it on file. */
const WorkUnit = plainText(200);
const Serial = plainText(80);

const readerSettings = {
  brand: plainText(100),
  type: plainText(100),
  workUnit: WorkUnit.meta({ description: 'Unit kerja where it stands; each needs at least one (O-12)' }),
};

export const NewReader = z
  .strictObject({ ...readerSettings, serial: Serial, reason: Reason })
  .meta({ id: 'NewReader', description: 'A card reader as it stands at the counter' });
export type NewReader = z.infer<typeof NewReader>;

export const ReaderUpdate = z
  .strictObject({
    brand: readerSettings.brand.optional(),
    type: readerSettings.type.optional(),
    workUnit: readerSettings.workUnit.optional(),
    reason: Reason,
  })
  .meta({ id: 'ReaderUpdate' });
export type ReaderUpdate = z.infer<typeof ReaderUpdate>;

/** One person takes it away; it is never given back: the same device may be registered anew. */
export const ReaderRevocation = z.strictObject({ reason: Reason }).meta({ id: 'ReaderRevocation' });

export const AgentAct = z.strictObject({ reason: Reason }).meta({ id: 'AgentAct' });

export const samStates = [
  'requested',
  'personalised',
  'activated',
  'expiring',
  'configuration-returned',
  'deactivated',
] as const;
/** `expiring` is an activated one in the last 90 days of the agreement (O-13). */
export const SamState = z.enum(samStates).meta({ id: 'SamState' });
export type SamState = z.infer<typeof SamState>;

/** Days before the end of the agreement from which on an activated SAM is told as expiring. */
export const samExpiringDays = 90;

const Letter = z.strictObject({ number: plainText(100), date: Day });

export const NewSam = z
  .strictObject({
    sifilmaNumber: plainText(100).meta({ description: "Number of the request in the ministry's SIFILMA" }),
    letter: Letter.meta({ description: "The office's letter of request" }),
    reason: Reason,
  })
  .meta({ id: 'NewSam' });
export type NewSam = z.infer<typeof NewSam>;

export const SamPersonalisation = z
  .strictObject({
    serial: Serial,
    pcidFingerprint: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'Tulis SHA-256 dari PCID sebagai 64 angka heksadesimal huruf kecil.')
      .meta({ description: 'SHA-256 of the PCID, hex. The PCID itself is confidential and never told here' }),
    doneOn: Day,
    reason: Reason,
  })
  .meta({ id: 'SamPersonalisation' });
export type SamPersonalisation = z.infer<typeof SamPersonalisation>;

export const SamActivation = z.strictObject({ doneOn: Day, reason: Reason }).meta({ id: 'SamActivation' });
export type SamActivation = z.infer<typeof SamActivation>;

export const SamAssignment = z
  .strictObject({
    readerId: z.uuid().nullable().meta({ description: 'null: it is in no reader any more' }),
    reason: Reason,
  })
  .meta({ id: 'SamAssignment' });
export type SamAssignment = z.infer<typeof SamAssignment>;

export const SamReturn = z
  .strictObject({
    receiptNumber: plainText(100).meta({ description: 'Of the receipt of Disdukcapil for the configuration file' }),
    returnedOn: Day,
    reason: Reason,
  })
  .meta({ id: 'SamReturn' });
export type SamReturn = z.infer<typeof SamReturn>;

export const SamDeactivation = z.strictObject({ doneOn: Day, reason: Reason }).meta({ id: 'SamDeactivation' });
export type SamDeactivation = z.infer<typeof SamDeactivation>;

export const SamDetail = z
  .strictObject({
    id: z.uuid(),
    state: SamState,
    agreementId: z.uuid().meta({ description: 'It may be used only while this is in force' }),
    sifilmaNumber: z.string(),
    letter: z.strictObject({ number: z.string(), date: Day }),
    serial: z.string().nullable(),
    pcidFingerprint: z.string().nullable(),
    readerId: z.uuid().nullable(),
    requestedAt: z.iso.datetime(),
    personalisedOn: Day.nullable(),
    activatedOn: Day.nullable(),
    configurationReturned: z.strictObject({ on: Day, receiptNumber: z.string() }).nullable(),
    deactivatedOn: Day.nullable(),
    history: z
      .array(z.strictObject({ readerId: z.uuid(), from: z.iso.datetime(), until: z.iso.datetime().nullable() }))
      .meta({ description: 'In which readers it has been, oldest first' }),
  })
  .meta({ id: 'SamDetail' });
export type SamDetail = z.infer<typeof SamDetail>;

export const SamList = z.strictObject({ sams: z.array(SamDetail) }).meta({ id: 'SamList' });

/** Without an answer for longer than this, an agent counts as away; it reports every 10 s. */
export const agentSilentSeconds = 25;

export const readerStates = ['no-agent', 'offline', 'online', 'busy', 'revoked'] as const;

export const ReaderDetail = z
  .strictObject({
    id: z.uuid(),
    brand: z.string(),
    type: z.string(),
    serial: z.string(),
    workUnit: z.string(),
    state: z.enum(readerStates),
    registeredAt: z.iso.datetime(),
    revoked: z.strictObject({ at: z.iso.datetime(), reason: z.string() }).nullable(),
    sam: z.strictObject({ id: z.uuid(), serial: z.string().nullable(), state: SamState }).nullable(),
    agent: z
      .strictObject({
        joinedAt: z.iso.datetime(),
        seenAt: z.iso.datetime().nullable(),
        status: AgentStatus.nullable().meta({ description: 'As it told last' }),
      })
      .nullable(),
    joinCodeExpiresAt: z.iso.datetime().nullable().meta({ description: 'A join code is out until then' }),
    secondAgentAt: z.iso
      .datetime()
      .nullable()
      .meta({ description: "When a second agent with this one's credentials was refused last" }),
  })
  .meta({ id: 'ReaderDetail' });
export type ReaderDetail = z.infer<typeof ReaderDetail>;

/** Whether each work unit has a reader with an activated SAM, within a year of the agreement (O-12). */
export const ReaderObligation = z
  .strictObject({
    workUnit: z.string(),
    fulfilled: z.boolean(),
    readers: z.int().meta({ description: 'Not revoked' }),
    withActivatedSam: z.int(),
    dueOn: Day.nullable().meta({ description: 'A year after the first day of the agreement; null without one' }),
  })
  .meta({ id: 'ReaderObligation' });
export type ReaderObligation = z.infer<typeof ReaderObligation>;

export const ReaderRegister = z
  .strictObject({ readers: z.array(ReaderDetail), obligations: z.array(ReaderObligation) })
  .meta({ id: 'ReaderRegister' });
export type ReaderRegister = z.infer<typeof ReaderRegister>;

export const JoinCodeIssued = z
  .strictObject({
    reader: ReaderDetail,
    joinCode: z.string().meta({ description: 'Shown once; on the PC: `reader-agent join <code> --url <gateway>`' }),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'JoinCodeIssued' });
export type JoinCodeIssued = z.infer<typeof JoinCodeIssued>;
