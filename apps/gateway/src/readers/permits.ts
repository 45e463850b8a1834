import { SignJWT, jwtVerify } from 'jose';
import { uuidv7 } from 'uuidv7';
import { cardElementNames, permitSeconds, ReaderPermit, type ErrorCode } from '#contracts';
import { AppError } from '#service';
import { agreementGates, findAgreement } from '../access/decide-access.js';
import { readerGates } from '../access/decide-read.js';
import type { SigningKeys } from '../tokens/signing-keys.js';
import type { OfficeReader } from './reader-facts.js';

const audience = 'reader-agent';

/** What an agent may do for the next minutes, signed: it stops by itself when it gets no new one (O-13, O-18, O-19). */
export class Permits {
  constructor(
    private readonly keys: SigningKeys,
    readonly issuer: string,
  ) {}

  /** @returns the permit, or why there is none */
  async give(facts: OfficeReader, now = Date.now()): Promise<{ permit: string } | { refusal: ErrorCode }> {
    const agreement = findAgreement(facts);
    const shut = [...agreementGates(facts), ...readerGates(facts.reader, agreement)][0];
    if (shut) return { refusal: shut.code };
    const samSerial = facts.reader.sam?.serial;
    if (!agreement || !samSerial) return { refusal: 'SAM_NOT_ACTIVATED' };
    const key = await this.keys.current();
    const at = Math.floor(now / 1_000);
    const permit = await new SignJWT({
      institutionId: facts.institution.id,
      agreementId: agreement.id,
      agreementVersionId: agreement.versionId,
      validUntil: agreement.validUntil,
      samSerial,
      elements: cardElementNames.filter((name) => agreement.elements.includes(name)),
    })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'reader-permit+jwt', kid: key.kid })
      .setIssuer(this.issuer)
      .setAudience(audience)
      .setSubject(facts.reader.id)
      .setJti(uuidv7())
      .setIssuedAt(at)
      .setNotBefore(at)
      .setExpirationTime(at + permitSeconds)
      .sign(key.privateKey);
    return { permit };
  }

  /** Keys by which agents check permits. */
  async jwks(): Promise<{ keys: Record<string, unknown>[] }> {
    return { keys: (await this.keys.publicKeys()).map(({ publicJwk }) => ({ ...publicJwk })) };
  }

  /** One of ours, for this reader, that was good at that time; undefined for any other. */
  async read(permit: string, readerId: string, at: Date): Promise<ReaderPermit | undefined> {
    try {
      const { payload } = await jwtVerify(
        permit,
        async ({ kid = '' }) => {
          const key = await this.keys.findVerifier(kid);
          if (!key) throw new AppError('PERMIT_INVALID');
          return key.publicKey;
        },
        {
          algorithms: ['EdDSA'],
          issuer: this.issuer,
          audience,
          subject: readerId,
          typ: 'reader-permit+jwt',
          currentDate: at,
        },
      );
      return ReaderPermit.parse(payload);
    } catch {
      return undefined;
    }
  }
}
