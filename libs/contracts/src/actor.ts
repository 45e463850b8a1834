import { z } from 'zod';
import { ElementName } from './elements.js';

export const roles = ['operator', 'camat', 'admin', 'evaluator'] as const;
export const Role = z.enum(roles).meta({ id: 'Role' });
export type Role = z.infer<typeof Role>;

export const verificationModes = ['LOOKUP', 'MATCH'] as const;
/** LOOKUP asks for elements ("call NIK"); MATCH sends elements and learns only whether they agree. */
export const VerificationMode = z.enum(verificationModes).meta({ id: 'VerificationMode' });
export type VerificationMode = z.infer<typeof VerificationMode>;

/** A calendar day in Asia/Jakarta, `YYYY-MM-DD`. */
export const Day = z.iso.date().meta({ id: 'Day' });

/**
 * On whose behalf a message is sent; it travels in the message itself, never in ambient state.
 * The gateway fills it in after the access decision.
 */
export const Actor = z.strictObject({
  institutionId: z.uuid(),
  /** For the receipt, which is read by people who know the office by its name. */
  institutionName: z.string(),
  regionCode: z.string(),
  agreementId: z.uuid(),
  agreementVersionId: z.uuid(),
  /** The agreement's term; the ledger refuses a hit on a day outside of it (O-18). */
  validFrom: Day,
  validUntil: Day,
  clientId: z.string(),
  operatorId: z.uuid(),
  role: Role,
  /** Elements that agreement and client both grant (O-01). */
  elements: z.array(ElementName),
});
export type Actor = z.infer<typeof Actor>;
