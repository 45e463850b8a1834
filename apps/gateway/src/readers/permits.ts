import { SignJWT } from 'jose';
import { uuidv7 } from 'uuidv7';
import { cardElementNames, permitSeconds, type ErrorCode, type ReaderPermit } from '#contracts';
import { agreementGates, findAgreement } from '../access/decide-access.js';
import { readerGates } from '../access/decide-read.js';
import type { SigningKeys } from '../tokens/signing-keys.js';
import type { IssuedPermits } from './issued-permits.js';
import type { OfficeReader } from './reader-facts.js';

const audience = 'reader-agent';

type Claims = Omit<ReaderPermit, 'iss' | 'aud' | 'sub' | 'jti' | 'iat' | 'nbf' | 'exp'>;
type Given = { permit: string } | { refusal: ErrorCode };

/** What an agent may do for the next minutes, signed: it stops by itself when it gets no new one (O-13, O-18, O-19). */
export class Permits {
  /** The last for each reader, as long as there is nothing new to say. */
  private readonly last = new Map<string, { permit: string; says: string; at: number }>();

  constructor(
    private readonly keys: SigningKeys,
    readonly issuer: string,
    private readonly issued: IssuedPermits,
    /** Whether a simulator counts as a reader. */
    private readonly simulated: boolean,
  ) {}

  /** @returns a new permit, or why there is none */
  async give(facts: OfficeReader, now = Date.now()): Promise<Given> {
    const said = this.decide(facts);
    return 'refusal' in said ? said : { permit: await this.sign(facts.reader.id, said, now) };
  }

  /** For an agent that reports every few seconds: each permit is on record, so it keeps the one that is less than half over. */
  async renew(facts: OfficeReader, now = Date.now()): Promise<Given> {
    const said = this.decide(facts);
    const { id } = facts.reader;
    if ('refusal' in said) {
      this.last.delete(id);
      return said;
    }
    const says = JSON.stringify(said);
    const last = this.last.get(id);
    if (last?.says === says && now - last.at < (permitSeconds * 1_000) / 2) return { permit: last.permit };
    const permit = await this.sign(id, said, now);
    this.last.set(id, { permit, says, at: now });
    return { permit };
  }

  private decide(facts: OfficeReader): Claims | { refusal: ErrorCode } {
    const { reader, institution } = facts;
    const agreement = findAgreement(facts);
    const shut = [...agreementGates(facts), ...readerGates(reader, agreement)][0];
    if (shut) return { refusal: shut.code };
    if (!this.simulated && isSimulated(reader)) return { refusal: 'READER_NOT_READY' };
    const samSerial = reader.sam?.serial;
    if (!agreement || !samSerial) return { refusal: 'SAM_NOT_ACTIVATED' };
    return {
      institutionId: institution.id,
      agreementId: agreement.id,
      agreementVersionId: agreement.versionId,
      validUntil: agreement.validUntil,
      samSerial,
      elements: cardElementNames.filter((name) => agreement.elements.includes(name)),
    };
  }

  private async sign(readerId: string, claims: Claims, now: number): Promise<string> {
    const key = await this.keys.current();
    const iat = Math.floor(now / 1_000);
    const exp = iat + permitSeconds;
    const jti = uuidv7();
    const permit = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'reader-permit+jwt', kid: key.kid })
      .setIssuer(this.issuer)
      .setAudience(audience)
      .setSubject(readerId)
      .setJti(jti)
      .setIssuedAt(iat)
      .setNotBefore(iat)
      .setExpirationTime(exp)
      .sign(key.privateKey);
    await this.issued.keep({ permit, readerId, jti, agreementVersionId: claims.agreementVersionId, iat, exp });
    return permit;
  }

  /** Keys by which agents check permits. */
  async jwks(): Promise<{ keys: Record<string, unknown>[] }> {
    return { keys: (await this.keys.publicKeys()).map(({ publicJwk }) => ({ ...publicJwk })) };
  }
}

/** As its agent told last: no card and no finger, a try-out alone. */
export const isSimulated = ({ status }: Pick<OfficeReader['reader'], 'status'>): boolean =>
  status?.adapter === 'simulator';
