import { concat, fromBase64, toBase64, utf8 } from './bytes.js';
import {
  isKeyName,
  keyId,
  signatureTypes,
  verifyEd25519,
  type SignatureType,
  type VerifierKey,
  type VerifySignature,
} from './keys.js';
import { formatNote, parseNote, type Note, type NoteSignature } from './note.js';

/** What a log commits itself to: C2SP tlog-checkpoint, without extension lines. */
export interface Checkpoint {
  origin: string;
  /** Number of leaves. */
  size: number;
  /** 32 bytes. */
  root: Uint8Array;
}

export interface CheckpointSigner {
  /** Ed25519, 32 bytes. */
  publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/**
 * MALFORMED: no checkpoint. WRONG_KEY: signed, but with none of the given keys. SIGNATURE_INVALID: said to be signed with one of them,
 * which did not sign this. TIME_MISSING: no cosignature that binds the time of signing.
 */
export type CheckpointFault = 'MALFORMED' | 'WRONG_KEY' | 'SIGNATURE_INVALID' | 'TIME_MISSING';

export type OpenedCheckpoint =
  { ok: true; checkpoint: Checkpoint; time: number } | { ok: false; fault: CheckpointFault };

/** Name that the cosignature of a log stands under. */
export function timeKeyName(origin: string): string {
  return `${origin}/time`;
}

export function checkpointBody({ origin, size, root }: Checkpoint): string {
  if (!isKeyName(origin)) throw new TypeError(`Not an origin: ${origin}`);
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`Not a tree size: ${size}`);
  if (root.length !== 32) throw new TypeError('A root is 32 bytes');
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** Exactly the three lines, each in its only form; nothing otherwise. */
export function parseCheckpointBody(text: string): Checkpoint | undefined {
  const [, origin, digits, encoded] = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([^\n]+)\n$/.exec(text) ?? [];
  if (origin === undefined || !isKeyName(origin)) return undefined;
  const size = Number(digits);
  const root = fromBase64(encoded!);
  return Number.isSafeInteger(size) && root?.length === 32 ? { origin, size, root } : undefined;
}

/**
 * The whole note with both signatures: the log's own over the text, and a cosignature/v1 (C2SP tlog-cosignature) over the text
 * and `timeSeconds`, seconds since 1970.
 */
export function signCheckpoint(checkpoint: Checkpoint, timeSeconds: number, signer: CheckpointSigner): string {
  const text = checkpointBody(checkpoint);
  const signature = (name: string, type: SignatureType, bytes: Uint8Array): NoteSignature => {
    return { name, id: keyId(name, signer.publicKey, type), bytes };
  };
  const cosigned = concat(bigEndian(timeSeconds), signer.sign(cosignedMessage(text, timeSeconds)));
  return formatNote({
    text,
    signatures: [
      signature(checkpoint.origin, signatureTypes.ed25519, signer.sign(utf8(text))),
      signature(timeKeyName(checkpoint.origin), signatureTypes.cosignature, cosigned),
    ],
  });
}

/** The checkpoint and its time in seconds since 1970, if both signatures are those of a key whose name is the origin. */
export function openCheckpoint(
  note: string,
  keys: readonly VerifierKey[],
  verify: VerifySignature = verifyEd25519,
): OpenedCheckpoint {
  const parsed = parseNote(note);
  const checkpoint = parsed && parseCheckpointBody(parsed.text);
  if (parsed === undefined || checkpoint === undefined) return { ok: false, fault: 'MALFORMED' };

  let fault: CheckpointFault = 'WRONG_KEY';
  for (const key of keys.filter(({ name }) => name === checkpoint.origin)) {
    const opened = openWithKey(parsed, key, verify);
    if (typeof opened === 'number') return { ok: true, checkpoint, time: opened };
    if (opened !== 'WRONG_KEY') fault = opened;
  }
  return { ok: false, fault };
}

function openWithKey(note: Note, key: VerifierKey, verify: VerifySignature): number | CheckpointFault {
  const own = note.signatures.filter(({ name }) => name === key.name);
  const isGood = ({ bytes }: NoteSignature) => verify(bytes, utf8(note.text), key.publicKey);
  const signature = own.find(({ id }) => id === key.id);
  // a good signature under a changed key id is not one of another key: the line was changed
  if (signature === undefined) return own.some(isGood) ? 'SIGNATURE_INVALID' : 'WRONG_KEY';
  if (!isGood(signature)) return 'SIGNATURE_INVALID';

  const name = timeKeyName(key.name);
  const id = keyId(name, key.publicKey, signatureTypes.cosignature);
  const cosignature = note.signatures.find((candidate) => candidate.name === name && candidate.id === id);
  if (cosignature === undefined) return 'TIME_MISSING';
  return cosignatureTime(note.text, cosignature.bytes, key.publicKey, verify) ?? 'SIGNATURE_INVALID';
}

/** Time of a cosignature/v1, seconds since 1970; nothing when it is not one of the key over the text. */
export function cosignatureTime(
  text: string,
  bytes: Uint8Array,
  publicKey: Uint8Array,
  verify: VerifySignature = verifyEd25519,
): number | undefined {
  if (bytes.length !== 72) return undefined;
  const time = bytes.subarray(0, 8).reduce((value, byte) => value * 256 + byte, 0);
  if (!Number.isSafeInteger(time)) return undefined;
  return verify(bytes.subarray(8), cosignedMessage(text, time), publicKey) ? time : undefined;
}

function cosignedMessage(text: string, time: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${time}\n${text}`);
}

function bigEndian(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`Not whole seconds: ${value}`);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
