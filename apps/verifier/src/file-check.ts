import {
  BundleVerifier,
  LineSplitter,
  parseVerifierKey,
  readBundleLine,
  readReceiptProof,
  verifyReceiptProof,
  type BundleOptions,
  type CheckedReceiptProof,
  type Report,
} from '#evidence';
import { type KitReport } from '#report';
import { isZip } from './zip/byte-source.js';

/**
 * What became of a file. KEY_NEEDED: a receipt with its proof tells no key, so one has to be given. NO_RECEIPT: a proof for which the
 * receipt itself has to be given. NO_KIT: a ZIP that is damaged, or holds no report. KIT_STREAMED: a kit that came by a way on which nobody can
 * look back. UNKNOWN: nothing of ours.
 */
export type FileVerdict =
  | { kind: 'BUNDLE'; report: Report }
  | { kind: 'RECEIPT'; checked: CheckedReceiptProof }
  | { kind: 'KIT'; kit: KitReport }
  | { kind: 'KEY_NEEDED' | 'NO_RECEIPT' | 'NO_KIT' | 'KIT_STREAMED' | 'UNKNOWN' };

/** A receipt with its proof is small; what is larger and no bundle is nothing of ours. */
const longestProof = 1024 * 1024;

/** Checks a file while it is read: a bundle, or the answer about a receipt. */
export class FileCheck {
  private readonly splitter = new LineSplitter();
  private readonly verifier: BundleVerifier;
  private isBundle: boolean | undefined;
  private isKit: boolean | undefined;
  /** The text of what is no bundle. */
  private text = '';

  /** Throws a TypeError when one of the keys is not a verifier key. */
  constructor(private readonly given: BundleOptions) {
    this.verifier = new BundleVerifier(given);
  }

  push(chunk: Uint8Array): void {
    if (chunk.length > 0) this.isKit ??= isZip(chunk);
    if (this.isKit) return;
    for (const line of this.splitter.push(chunk)) this.line(line);
  }

  end(): FileVerdict {
    if (this.isKit) return { kind: 'KIT_STREAMED' };
    const last = this.splitter.end();
    if (last !== undefined) this.line(last);
    return this.isBundle ? { kind: 'BUNDLE', report: this.verifier.end() } : this.receipt();
  }

  private line(line: string): void {
    if (this.isBundle === undefined && line.trim() !== '') this.isBundle = isHeader(line);
    if (this.isBundle) this.verifier.line(line);
    else if (this.text.length < longestProof) this.text += `${line}\n`;
  }

  private receipt(): FileVerdict {
    let value: unknown;
    try {
      value = JSON.parse(this.text.replace(/^\uFEFF/, ''));
    } catch {
      return { kind: 'UNKNOWN' };
    }
    const { keys, receipts, verifySignature } = this.given;
    const proof = readReceiptProof(value, receipts?.[0]);
    if (proof === undefined) {
      return { kind: readReceiptProof(value, '') === undefined ? 'UNKNOWN' : 'NO_RECEIPT' };
    }
    if (keys === undefined) return { kind: 'KEY_NEEDED' };
    const trusted = keys.map((key) => parseVerifierKey(key.trim())).filter((key) => key !== undefined);
    return { kind: 'RECEIPT', checked: verifyReceiptProof(proof, trusted, verifySignature) };
  }
}

/** Receipts in what somebody saved: one JWS in each line, or the answer of the gateway that holds one. */
export function readReceipts(text: string): string[] {
  try {
    const receipt = readReceiptProof({
      proof: { index: 0, hashes: [], checkpoint: '' },
      ...(JSON.parse(text) as object),
    });
    return receipt === undefined ? [] : [receipt.receipt];
  } catch {
    return text.split(/\s+/).filter((line) => line !== '');
  }
}

/** Verifier keys in what somebody pasted or saved, one in each line. */
export function readKeys(text: string): string[] {
  return text.split(/\s+/).filter((line) => line !== '');
}

function isHeader(line: string): boolean {
  const text = line.replace(/^\uFEFF/, '').trim();
  // a bundle whose first line is broken is a bundle still
  return readBundleLine(text)?.kind === 'header' || text.includes('"gerbang-evidence/');
}
