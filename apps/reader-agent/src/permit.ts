import { jwtVerify } from 'jose';
import { ReaderPermit } from '#contracts/readers/permit';
import type { Clock } from './clock.js';
import type { TrustedKeys } from './trusted-keys.js';

/** Permits are checked here, too, with the gateway's keys: whoever has the broker cannot make a permit. */
export class PermitVerifier {
  constructor(
    private readonly trust: { issuer: string; readerId: string },
    private readonly keys: TrustedKeys,
    private readonly clock: Clock,
  ) {}

  /** The permit's claims; `undefined` for one that is forged, over, not yet begun, of another issuer or for another reader. */
  async verify(permit: string): Promise<ReaderPermit | undefined> {
    try {
      const { payload } = await jwtVerify(permit, this.keys.find, {
        algorithms: ['EdDSA'],
        typ: 'reader-permit+jwt',
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
