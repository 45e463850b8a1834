import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { AgentJoined, type AgentJoin } from '#contracts/readers/agent';
import { fetchJwks, TrustedKeys } from '../trusted-keys.js';
import { isDiskError, type StateFolder } from './state-folder.js';

/** What joining gave: who this agent is and whom it trusts. */
export const Identity = AgentJoined.extend({ gatewayUrl: z.url() });
export type Identity = z.infer<typeof Identity>;

const PrivateJwk = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() });

/** Not joined, or the files of joining cannot be used: `reader-agent join` has to be run (again). */
export class NotJoined extends Error {
  override readonly name = 'NotJoined';
}

/** @throws {NotJoined} */
export function loadIdentity(folder: StateFolder): { identity: Identity; key: KeyObject } {
  try {
    const key = PrivateJwk.parse(folder.read('key.jwk'));
    return {
      identity: Identity.parse(folder.read('identity.json')),
      key: createPrivateKey({ key, format: 'jwk' }),
    };
  } catch (cause) {
    if (isDiskError(cause)) throw cause;
    throw new NotJoined('no usable identity', { cause });
  }
}

/** The keys that joining pinned; new ones take their place in the folder. */
export function trustedKeys(folder: StateFolder, identity: Identity, monotonicNow: () => number): TrustedKeys {
  return new TrustedKeys(
    identity.jwks,
    () => fetchJwks(identity.gatewayUrl),
    (jwks) => folder.write('identity.json', { ...identity, jwks }),
    monotonicNow,
  );
}

/** A key pair that is made here; only its public half leaves the PC. */
export function makeKey(): { privateJwk: unknown; publicKey: AgentJoin['publicKey'] } {
  const privateJwk = PrivateJwk.parse(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));
  return { privateJwk, publicKey: { kty: 'OKP', crv: 'Ed25519', x: privateJwk.x } };
}
