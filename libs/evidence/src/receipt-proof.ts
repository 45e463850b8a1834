import { fromBase64, fromBase64url, fromUtf8 } from './bytes.js';
import { openCheckpoint, type Checkpoint } from './checkpoint.js';
import { isPlainObject } from './jcs.js';
import { verifyEd25519, type VerifierKey, type VerifySignature } from './keys.js';
import { verifyInclusion } from './proof-check.js';
import { verifyReceipt, type ReceiptClaims } from './receipt.js';
import { type Finding } from './verify/findings.js';
import { checkpointChanged, wrongKey } from './verify/of-log.js';
import { receiptForged, receiptUnproven } from './verify/of-receipts.js';

/** A receipt, and the way from its event to a signed checkpoint. */
export interface ReceiptProof {
  /** Compact JWS. */
  receipt: string;
  /** Signed note. */
  checkpoint: string;
  index: number;
  /** RFC 6962 2.1.1, from the leaf upwards. */
  proof: readonly Uint8Array[];
}

export type CheckedReceiptProof =
  { ok: true; claims: ReceiptClaims; checkpoint: Checkpoint; time: number } | { ok: false; finding: Finding };

/** Whether a receipt is genuine and its event is in the log as of the checkpoint. Needs no bundle. */
export function verifyReceiptProof(
  { receipt, checkpoint, index, proof }: ReceiptProof,
  keys: readonly VerifierKey[],
  verify: VerifySignature = verifyEd25519,
): CheckedReceiptProof {
  const checked = verifyReceipt(receipt, keys, verify);
  if (!checked.ok) return { ok: false, finding: receiptForged('1', checked.fault) };
  const { claims } = checked;
  const opened = openCheckpoint(checkpoint, keys, verify);
  if (!opened.ok) {
    const { fault } = opened;
    return { ok: false, finding: fault === 'WRONG_KEY' ? wrongKey('seen') : checkpointChanged('seen', fault) };
  }
  const { origin, size, root } = opened.checkpoint;
  const leafHash = fromBase64url(claims.leafHash)!;
  if (origin !== claims.iss || !verifyInclusion({ index, size, leafHash, proof, root })) {
    return { ok: false, finding: receiptUnproven(claims.code) };
  }
  return { ok: true, claims, checkpoint: opened.checkpoint, time: opened.time };
}

/**
 * Reads what `POST /v1/receipts/verify` answers, `{ receipt, proof: { checkpoint, index, hashes } }`, the receipt as JWS or with its
 * `jws`, the checkpoint as note or with its `note`. `jws` stands in for a receipt that the answer does not repeat. Nothing when
 * the answer holds no proof, which it does not before the next checkpoint is signed.
 */
export function readReceiptProof(value: unknown, jws?: string): ReceiptProof | undefined {
  if (!isPlainObject(value) || !isPlainObject(value.proof)) return undefined;
  const receipt = textOr(value.receipt, 'jws') ?? jws;
  const { index, hashes } = value.proof;
  const checkpoint = textOr(value.proof.checkpoint, 'note');
  if (receipt === undefined || checkpoint === undefined || !Number.isSafeInteger(index)) return undefined;
  if (!Array.isArray(hashes) || !hashes.every((hash) => typeof hash === 'string')) return undefined;
  const proof = hashes.map(fromBase64);
  if (!proof.every((hash) => hash !== undefined)) return undefined;
  return { receipt, checkpoint, index: index as number, proof };
}

/**
 * The signed notes in what somebody saved: a note as it is, or what `GET /v1/evidence/checkpoints` answers, or one of them. Nothing
 * that is looked for is there: an empty list.
 */
export function readCheckpointNotes(bytes: Uint8Array): string[] {
  const text =
    fromUtf8(bytes)
      ?.replace(/^\uFEFF/, '')
      .replaceAll('\r\n', '\n') ?? '';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text.includes('\n\n— ') ? [text.endsWith('\n') ? text : `${text}\n`] : [];
  }
  if (!isPlainObject(value)) return [];
  const several = Array.isArray(value.checkpoints) ? value.checkpoints : [value.checkpoint ?? value];
  return several.map((one) => textOr(one, 'note')).filter((note) => note !== undefined);
}

function textOr(value: unknown, key: string): string | undefined {
  const text = isPlainObject(value) ? value[key] : value;
  return typeof text === 'string' ? text : undefined;
}
