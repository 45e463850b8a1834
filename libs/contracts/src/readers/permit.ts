import { z } from 'zod';
import { Day } from '../actor.js';
import { ElementName } from '../elements.js';

/**
 * What a gateway allows one agent, for a few minutes: the claims of a JWT (EdDSA, signed with a key of the gateway's JWKS;
 * `aud` is `reader-agent`, `sub` the reader's id). It is given only while the agreement is in force, the SAM is activated and
 * registered for this reader, and the reader is not revoked; so an agent that is cut off stops by itself (O-13, O-18, O-19).
 */
export const ReaderPermit = z.object({
  iss: z.string(),
  aud: z.literal('reader-agent'),
  sub: z.uuid(),
  jti: z.uuid(),
  /** Seconds since 1970. */
  iat: z.int(),
  nbf: z.int(),
  exp: z.int(),
  institutionId: z.uuid(),
  agreementId: z.uuid(),
  agreementVersionId: z.uuid(),
  /** Last day of the agreement, Asia/Jakarta. */
  validUntil: Day,
  /** Serial number of the SAM that is registered for this reader; the agent compares it with the one in the slot. */
  samSerial: z.string(),
  /** What may leave the reader at all. */
  elements: z.array(ElementName),
});
export type ReaderPermit = z.infer<typeof ReaderPermit>;

/** How long a permit lasts, seconds; an agent asks for another one when half of it is over. */
export const permitSeconds = 300;
