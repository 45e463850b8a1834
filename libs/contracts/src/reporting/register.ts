import { z } from 'zod';
import { Day, Role } from '../actor.js';

/** What the office has on file, as the gateway knows it: the part of a report that is declared, not counted. No NIK, no secret. */
export const RegisterAgreement = z.strictObject({
  id: z.uuid(),
  number: z.string(),
  state: z.enum(['draft', 'in-force', 'ended', 'closing', 'closed']),
  signedOn: Day.nullable(),
  terminatedAt: z.iso.datetime().nullable(),
  closedAt: z.iso.datetime().nullable(),
  versions: z.array(
    z.strictObject({
      id: z.uuid(),
      version: z.int(),
      letterNumber: z.string().nullable(),
      effectiveFrom: Day,
      validFrom: Day,
      validUntil: Day,
      dailyQuota: z.int(),
      modes: z.array(z.string()),
      elements: z.array(z.string()),
    }),
  ),
  sptjm: z.array(z.strictObject({ number: z.string(), signedOn: Day, signedBy: z.string().nullable() })),
  openClosingSteps: z.array(z.string()).meta({ description: 'Steps of the closing that are not done' }),
  /** O-16: how many, never which. */
  networks: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'Ranges of the closed network that are on file for the version that counts today (O-02)' }),
});
export type RegisterAgreement = z.infer<typeof RegisterAgreement>;

export const RegisterPerson = z.strictObject({
  id: z.uuid(),
  userIdLokal: z.string(),
  name: z.string(),
  nip: z.string().nullable(),
  position: z.string().nullable(),
  role: Role,
  workUnit: z.string().nullable(),
  activeFrom: Day,
  activeUntil: Day.nullable(),
  revokedAt: z.iso.datetime().nullable(),
  nda: z
    .strictObject({ number: z.string(), signedOn: Day })
    .nullable()
    .meta({ description: 'Of the present assignment (O-17)' }),
});
export type RegisterPerson = z.infer<typeof RegisterPerson>;

export const RegisterReader = z.strictObject({
  id: z.uuid(),
  serial: z.string(),
  brand: z.string(),
  type: z.string(),
  workUnit: z.string(),
  registeredAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
  state: z.enum(['CONNECTED', 'DISCONNECTED', 'NOT_JOINED', 'REVOKED']),
  samId: z.uuid().nullable(),
});
export type RegisterReader = z.infer<typeof RegisterReader>;

export const RegisterSam = z.strictObject({
  id: z.uuid(),
  agreementId: z.uuid(),
  sifilmaNumber: z.string(),
  letterNumber: z.string(),
  letterDate: Day,
  serial: z.string().nullable(),
  state: z.enum(['REQUESTED', 'PERSONALISED', 'ACTIVE', 'RETURNED', 'DEACTIVATED']),
});
export type RegisterSam = z.infer<typeof RegisterSam>;

/** An act that another clause asks a letter for, as it stands on record. */
export const RegisterChange = z.strictObject({
  id: z.uuid(),
  at: z.iso.datetime(),
  act: z.string(),
  letterNumber: z.string().nullable(),
});

export const Register = z
  .strictObject({
    institution: z.strictObject({
      id: z.uuid(),
      name: z.string(),
      regionCode: z.string(),
      address: z.string().nullable(),
    }),
    agreements: z.array(RegisterAgreement),
    people: z.array(RegisterPerson),
    readers: z.array(RegisterReader),
    sams: z.array(RegisterSam),
    exceptions: z
      .array(z.strictObject({ requestedAt: z.iso.datetime(), reason: z.string(), decision: z.string().nullable() }))
      .meta({ description: 'Exceptions at readers in the period asked for, oldest first' }),
    stops: z.array(z.strictObject({ stoppedAt: z.iso.datetime(), liftedAt: z.iso.datetime().nullable() })),
    officeHolderChanges: z.array(RegisterChange).meta({ description: 'Newest first, at most 20 (O-22)' }),
  })
  .meta({ id: 'OfficeRegister' });
export type Register = z.infer<typeof Register>;
