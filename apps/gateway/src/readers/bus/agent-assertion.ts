import { decodeJwt, importJWK, jwtVerify } from 'jose';
import { AgentAssertion, assertionSeconds } from '#contracts';
import { isUuid } from '../../administration/visible-institution.js';

/** The clocks of two machines may differ by so much, seconds. */
const clockSkew = 30;

/** What somebody says of themselves; nothing of it is believed yet. */
export function claimedReader(assertion: string): string | undefined {
  try {
    const { iss } = decodeJwt(assertion);
    return iss !== undefined && isUuid(iss) ? iss : undefined;
  } catch {
    return undefined;
  }
}

export interface ProvenAgent {
  instanceId: string;
  jti: string;
  /** From then on the assertion is refused for its age. */
  expiresAt: Date;
}

/**
 * Whether it is signed by the key of this reader's agent, for the bus, and of now. Whether it was used before is another question.
 *
 * @param publicKey Ed25519, `x` of the JWK
 * @throws whatever was wrong with it first: for the log, not for the caller
 */
export async function verifyAssertion(
  assertion: string,
  { readerId, publicKey, now = Date.now() }: { readerId: string; publicKey: string; now?: number },
): Promise<ProvenAgent> {
  const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: publicKey }, 'EdDSA');
  const { payload } = await jwtVerify(assertion, key, {
    algorithms: ['EdDSA'],
    issuer: readerId,
    audience: 'gerbang-bus',
    clockTolerance: clockSkew,
    currentDate: new Date(now),
  });
  const { iat, exp, jti, instanceId } = AgentAssertion.parse(payload);
  const seconds = now / 1_000;
  if (exp - iat > assertionSeconds) throw new Error('good for too long');
  if (iat > seconds + clockSkew) throw new Error('not of now');
  return { instanceId, jti, expiresAt: new Date((exp + clockSkew) * 1_000) };
}
