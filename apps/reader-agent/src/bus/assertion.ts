import { randomUUID, sign, type KeyObject } from 'node:crypto';
import { assertionSeconds, type AgentAssertion } from '#contracts/readers/agent';

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What the agent shows the broker as `auth_token`: a JWT that counts once (RFC 7519, EdDSA of RFC 8037). NATS wants it at once, so no promise. */
export function makeAssertion(key: KeyObject, by: { readerId: string; instanceId: string; now: number }): string {
  const iat = Math.floor(by.now / 1000);
  const claims: AgentAssertion = {
    iss: by.readerId,
    aud: 'gerbang-bus',
    jti: randomUUID(),
    iat,
    exp: iat + assertionSeconds,
    instanceId: by.instanceId,
  };
  const signed = `${base64url({ alg: 'EdDSA', typ: 'JWT' })}.${base64url(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
}
