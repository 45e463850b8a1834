import { toBase64url } from '../bytes.js';
import { type VerifySignature } from '../keys.js';
import { type AccessLeaf } from '../leaf.js';
import { isSameLogOfOtherGeneration } from '../origin.js';
import { receiptIssuer, verifyReceipt, type ReceiptClaims } from '../receipt.js';
import { microseconds } from '../times.js';
import { type Findings } from './findings.js';
import * as says from './of-receipts.js';
import { type TrustedKeys } from './trusted-keys.js';

interface Given {
  claims: ReceiptClaims;
  /** The event that it confirms, or else another one about the same look-up. */
  foundAt?: number;
  otherAt?: number;
}

/** Microseconds for which the bundle has to hold what happened. */
export interface HeldTime {
  from: number;
  to: number;
}

/** How far two transactions may stand the other way round, microseconds. */
const tolerance = 60_000_000;

/** Receipts that somebody kept: each of them has to be in the log. */
export class GivenReceipts {
  private readonly byHash = new Map<string, Given>();
  private readonly byLookUp = new Map<string, Given>();

  constructor(
    receipts: readonly string[],
    private readonly origin: string,
    keys: TrustedKeys,
    verify: VerifySignature,
    private readonly findings: Findings,
  ) {
    receipts.forEach((jws, at) => {
      const checked = verifyReceipt(jws.trim(), keys.of(receiptIssuer(jws.trim()) ?? origin), verify);
      if (!checked.ok) findings.add(says.receiptForged(`${at + 1}`, checked.fault));
      else {
        const given = { claims: checked.claims };
        this.byHash.set(checked.claims.leafHash, given);
        this.byLookUp.set(checked.claims.jti, given);
      }
    });
  }

  /** An answer in the log. */
  meet(index: number, hash: Uint8Array, leaf: AccessLeaf): void {
    if (this.byHash.size === 0) return;
    const confirmed = this.byHash.get(toBase64url(hash));
    if (confirmed?.claims.iss !== this.origin) {
      const other = this.byLookUp.get(leaf.verification);
      if (other !== undefined) other.otherAt ??= index;
      return;
    }
    confirmed.foundAt = index;
    const { claims } = confirmed;
    const agrees =
      claims.jti === leaf.verification &&
      claims.at === leaf.at &&
      claims.institution.id === leaf.institution &&
      claims.service === leaf.service &&
      claims.mode === leaf.mode;
    if (!agrees) this.findings.add(says.receiptContradicts(claims.code, index));
  }

  end(held: HeldTime): void {
    for (const { claims, foundAt, otherAt } of this.byHash.values()) {
      const { code, at, iss } = claims;
      if (foundAt !== undefined) continue;
      const time = microseconds(at)!;
      const isBefore = time - tolerance < held.from;
      const isAfter = time + tolerance > held.to;
      if (iss !== this.origin && isSameLogOfOtherGeneration(iss, this.origin)) {
        this.findings.add(says.receiptOutside(code, at));
      } else if (otherAt !== undefined) this.findings.add(says.receiptOtherEvent(code, otherAt));
      else if (iss === this.origin && (isBefore || isAfter)) this.findings.add(says.receiptOutside(code, at));
      else this.findings.add(says.receiptNotInLog(code, at));
    }
  }
}
