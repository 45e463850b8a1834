import { z } from 'zod';
import { Role } from '../actor.js';
import { InstitutionFile, UpstreamAccess } from '../institution.js';
import { AgreementState } from './agreements.js';
import { plainText, Reason } from './parts.js';

export const InstitutionKind = z.enum(['kecamatan', 'disdukcapil']).meta({ id: 'InstitutionKind' });
export type InstitutionKind = z.infer<typeof InstitutionKind>;

export const InstitutionDetail = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    kind: InstitutionKind,
    regionCode: z.string(),
    address: z.string().nullable(),
    agreementState: AgreementState.nullable().meta({ description: 'Of the agreement that counts today' }),
    stop: z
      .strictObject({ at: z.iso.datetime(), byRole: Role, reason: z.string() })
      .nullable()
      .meta({ description: '"Putus akses": as long as it stands nothing is looked up (O-19)' }),
    openProposals: z.int(),
  })
  .meta({ id: 'InstitutionDetail' });
export type InstitutionDetail = z.infer<typeof InstitutionDetail>;

export const InstitutionList = z
  .strictObject({ institutions: z.array(InstitutionDetail) })
  .meta({ id: 'InstitutionList' });

export const InstitutionUpdate = z
  .strictObject({ name: plainText(200).optional(), address: plainText(300).optional(), reason: Reason })
  .meta({ id: 'InstitutionUpdate' });
export type InstitutionUpdate = z.infer<typeof InstitutionUpdate>;

export const EmergencyStopRequest = z.strictObject({ reason: Reason }).meta({ id: 'EmergencyStopRequest' });

/**
 * One file of everything. What can be done by one person is done; versions of the agreement become proposals. `checkOnly`
 * tells all faults and changes nothing.
 */
export const InstitutionImport = z
  .strictObject({ file: InstitutionFile, checkOnly: z.boolean().default(false), reason: Reason })
  .meta({ id: 'InstitutionImport' });
export type InstitutionImport = z.infer<typeof InstitutionImport>;

export const ImportResult = z
  .strictObject({
    institutionId: z.uuid().nullable().meta({ description: 'null: only checked, and not on file yet' }),
    changes: z.array(z.string()).meta({ description: 'What was done, or would be' }),
    proposals: z.array(z.uuid()),
    secrets: z
      .array(z.strictObject({ clientId: z.string(), secret: z.string() }))
      .meta({ description: 'Of clients for which the file names no secret; shown here, once' }),
  })
  .meta({ id: 'ImportResult' });
export type ImportResult = z.infer<typeof ImportResult>;

export const UpstreamConfiguration = z
  .strictObject({ access: UpstreamAccess, reason: Reason })
  .meta({ id: 'UpstreamConfiguration' });
export type UpstreamConfiguration = z.infer<typeof UpstreamConfiguration>;

export const UpstreamAct = z.strictObject({ reason: Reason }).meta({ id: 'UpstreamAct' });

export const SealingKeyRotated = z
  .strictObject({ keyId: z.string(), destroyedKeyIds: z.array(z.string()) })
  .meta({ id: 'SealingKeyRotated' });
