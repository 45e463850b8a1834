import { createLocalJWKSet, jwtVerify } from 'jose';
import { ReaderPermit } from '#contracts/readers/permit';
import type { Clock } from './clock.js';

/** Permits are checked here, too, with keys that were pinned when joining: whoever has the broker cannot order a read. */
export class PermitVerifier {
  private keys: ReturnType<typeof createLocalJWKSet>;

  constructor(
    private readonly trust: { issuer: string; readerId: string },
    jwks: { keys: Record<string, unknown>[] },
    private readonly clock: Clock,
  ) {
    this.keys = createLocalJWKSet(jwks);
  }

  /** Keys change while an agent runs; the new ones come over the line that the broker has proved its right to. */
  trustKeys(jwks: { keys: Record<string, unknown>[] }): void {
    this.keys = createLocalJWKSet(jwks);
  }

  /** The permit's claims; `undefined` for one that is forged, over, not yet begun, of another issuer or for another reader. */
  async verify(permit: string): Promise<ReaderPermit | undefined> {
    try {
      const { payload } = await jwtVerify(permit, this.keys, {
        algorithms: ['EdDSA'],
        issuer: this.trust.issuer,
        audience: 'reader-agent',
        subject: this.trust.readerId,
        requiredClaims: ['exp', 'nbf', 'iat'],
        currentDate: new Date(this.clock.now()),
        // what a message needs to arrive, not more
        clockTolerance: 2,
      });
      return ReaderPermit.parse(payload);
    } catch {
      return undefined;
    }
  }
}
