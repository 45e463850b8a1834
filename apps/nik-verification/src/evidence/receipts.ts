import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Actor, ElementName, Outcome, ReceiptVerdict, VerificationMode } from '#contracts';
import {
  codeBits,
  encodeLeaf,
  leafHash,
  readReceiptCode,
  receiptCode,
  receiptType,
  verifyReceipt,
  type AccessLeaf,
  type ReceiptClaims,
} from '#evidence';
import { AppError } from '#service';
import type { LogKey } from './log-key.js';
import { openLog } from './log.repository.js';
import type { Proofs } from './proofs.js';
import { keysOf } from './sequencer.js';

/** How long the origin of a log is taken for granted, milliseconds: a new generation is told within a second. */
const trustMs = 1_000;

/** A look-up that has been answered, as its `ANSWERED` event is on record. */
export interface AnsweredLookUp {
  leaf: AccessLeaf;
  institution: Pick<Actor, 'institutionName' | 'regionCode'>;
  /** Elements that were shown or compared. */
  elements: readonly ElementName[];
}

interface Recorded {
  id: string;
  at: string;
  institutionId: string;
  agreementVersionId: string;
  service: string;
  mode: VerificationMode;
  outcome: Outcome;
  fields: ElementName[];
  leafHash: Buffer;
  storedHash: Buffer | null;
}

/** Receipts of look-ups: made, and confirmed by JWS, short code or id, without a word about the person (O-06). */
@Injectable()
export class Receipts {
  private readonly origins = new Map<string, { at: number; origin: Promise<string> }>();

  constructor(
    private readonly pool: Pool,
    private readonly key: LogKey,
    private readonly proofs: Proofs,
    private readonly installation: string,
  ) {}

  async issue({ leaf, institution, elements }: AnsweredLookUp): Promise<{ receipt: string; receiptCode: string }> {
    const code = receiptCode(leaf.verification);
    const claims: ReceiptClaims = {
      iss: await this.originOf(leaf.institution),
      jti: leaf.verification,
      iat: Math.floor(Date.parse(leaf.at) / 1_000),
      at: leaf.at,
      institution: { id: leaf.institution, name: institution.institutionName, regionCode: institution.regionCode },
      agreement: { version: leaf.agreementVersion ?? '' },
      service: leaf.service ?? '',
      mode: leaf.mode as VerificationMode,
      outcome: leaf.outcome ?? '',
      elements: [...elements],
      code,
      leafHash: Buffer.from(leafHash(encodeLeaf(leaf))).toString('base64url'),
    };
    return { receipt: (await this.key.signer()).signReceipt(claims, receiptType), receiptCode: code };
  }

  /** @throws {AppError} RECEIPT_MALFORMED for what is no JWS, no id, and no code with the right check character */
  async verify(text: string): Promise<ReceiptVerdict> {
    if (text.includes('.')) return this.verifyJws(text);
    if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return this.confirm(await this.findById(text));
    const code = readReceiptCode(text);
    if (code === undefined) throw new AppError('RECEIPT_MALFORMED');
    return this.confirm(await this.findByCode(code));
  }

  private async verifyJws(jws: string): Promise<ReceiptVerdict> {
    const issuer = issuerOf(jws);
    if (issuer === undefined) throw new AppError('RECEIPT_MALFORMED');
    const checked = verifyReceipt(jws, keysOf(issuer, await this.key.signer()));
    if (!checked.ok && checked.fault === 'MALFORMED') throw new AppError('RECEIPT_MALFORMED');
    if (!checked.ok) return verdicts.FORGED;
    const recorded = await this.findById(checked.claims.jti);
    if (recorded?.leafHash.toString('base64url') !== checked.claims.leafHash) return verdicts.NOT_IN_LOG;
    return this.confirm(recorded, jws);
  }

  private async confirm(recorded: Recorded | undefined, jws?: string): Promise<ReceiptVerdict> {
    if (!recorded) return verdicts.UNKNOWN;
    // the event as it is now against its hash in the log, as it was when it was committed
    if (recorded.storedHash && !recorded.storedHash.equals(recorded.leafHash)) return verdicts.NOT_IN_LOG;
    const proof = await this.proofs
      .proveInclusion(recorded.institutionId, { verificationId: recorded.id })
      .catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'NOT_IN_CHECKPOINT') return null;
        throw error;
      });
    return {
      genuine: true,
      message: proof
        ? 'Bukti ini asli dan tercatat.'
        : 'Bukti ini asli. Pencatatannya ke dalam checkpoint menyusul dalam satu menit.',
      receipt: {
        id: recorded.id,
        code: receiptCode(recorded.id),
        at: recorded.at,
        institution: { id: recorded.institutionId, name: null, regionCode: null },
        agreement: { versionId: recorded.agreementVersionId, number: null },
        service: recorded.service as never,
        mode: recorded.mode,
        outcome: recorded.outcome,
        elements: recorded.mode === 'LOOKUP' && recorded.outcome !== 'FOUND' ? [] : recorded.fields,
        ...(jws === undefined ? {} : { jws }),
      },
      proof,
    };
  }

  private findById(id: string): Promise<Recorded | undefined> {
    return this.find('receipt_by_id', 'event.verification_id = $1', id);
  }

  private findByCode(code: string): Promise<Recorded | undefined> {
    return this.find(
      'receipt_by_code',
      'verification.receipt_code(event.verification_id) = $1',
      Buffer.from(codeBits(code)),
    );
  }

  private async find(name: string, condition: string, value: unknown): Promise<Recorded | undefined> {
    const { rows } = await this.pool.query<Recorded>({
      name,
      text: `
        SELECT event.verification_id AS id, verification.micros(event.at) AS at, event.institution_id AS "institutionId",
          event.agreement_version_id AS "agreementVersionId", event.service, event.mode, event.outcome, event.fields,
          verification.leaf_hash(verification.access_leaf(event)) AS "leafHash",
          (SELECT leaf_hash FROM verification.log_leaf WHERE event_id = event.id) AS "storedHash"
        FROM verification.access_event AS event
        WHERE event.kind = 'ANSWERED' AND event.hit_state = 'confirmed' AND ${condition} LIMIT 1`,
      values: [value],
    });
    return rows[0];
  }

  private async originOf(institutionId: string): Promise<string> {
    const known = this.origins.get(institutionId);
    if (known && performance.now() - known.at < trustMs) return known.origin;
    const origin = openLog(this.pool, this.installation, institutionId).then((log) => log.origin);
    this.origins.set(institutionId, { at: performance.now(), origin });
    origin.catch(() => this.origins.delete(institutionId));
    return origin;
  }
}

const verdicts = {
  UNKNOWN: { genuine: false, fault: 'UNKNOWN', message: 'Bukti ini tidak tercatat di sini.' },
  FORGED: { genuine: false, fault: 'FORGED', message: 'Bukti ini palsu: tanda tangannya bukan dari sistem ini.' },
  NOT_IN_LOG: {
    genuine: false,
    fault: 'NOT_IN_LOG',
    message: 'Tanda tangannya benar, tetapi catatannya hilang atau diubah. Laporkan kepada Camat dan Disdukcapil.',
  },
} as const satisfies Record<string, ReceiptVerdict>;

function issuerOf(jws: string): string | undefined {
  try {
    const claims = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as { iss?: unknown };
    return typeof claims.iss === 'string' ? claims.iss : undefined;
  } catch {
    return undefined;
  }
}
