import { fromBase64, toBase64 } from './bytes.js';
import { canonicalJson, isPlainObject } from './jcs.js';
import { hasRepeatedKey } from './repeated-key.js';
import { type Leaf } from './leaf.js';

export const bundleFormat = 'gerbang-evidence/1';

/** First line of a bundle: the leaves `from` ≤ index < `to` of the log `origin`. */
export interface BundleHeader {
  format: typeof bundleFormat;
  origin: string;
  institution: { id: string; name: string | null };
  /** Verifier keys. */
  keys: string[];
  from: number;
  to: number;
  /** base64 of the roots of the perfect subtrees that make up the first `from` leaves, largest first. */
  before: string[];
  exportedAt: string;
}

export type BundleLine =
  | { kind: 'header'; header: BundleHeader }
  | { kind: 'leaf'; index: number; hash: Uint8Array; leaf: unknown }
  | { kind: 'checkpoint'; note: string }
  | { kind: 'end'; leaves: number; checkpoints: number };

// the lines of a bundle, without their newline

export function headerLine(header: Omit<BundleHeader, 'format'>): string {
  return JSON.stringify({ format: bundleFormat, ...header });
}

export function leafLine(index: number, hash: Uint8Array, leaf: Leaf): string {
  return `{"i":${index},"h":"${toBase64(hash)}","leaf":${canonicalJson(leaf)}}`;
}

export function checkpointLine(note: string): string {
  return JSON.stringify({ checkpoint: note });
}

export function endLine(leaves: number, checkpoints: number): string {
  return JSON.stringify({ end: true, leaves, checkpoints });
}

/** Nothing when it is none of the lines of a bundle, with exactly their keys, each once. `leaf` may be anything. */
export function readBundleLine(text: string): BundleLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  // two readers may take different ones of two equal keys; our own lines need no closer look
  if (!isPlainObject(value) || (JSON.stringify(value) !== text && hasRepeatedKey(text))) return undefined;
  if ('leaf' in value) return readLeafLine(value);
  if ('checkpoint' in value) {
    const note = value.checkpoint;
    return hasKeys(value, 1) && typeof note === 'string' ? { kind: 'checkpoint', note } : undefined;
  }
  if ('end' in value) {
    const { end, leaves, checkpoints } = value;
    if (!hasKeys(value, 3) || end !== true || !isCount(leaves) || !isCount(checkpoints)) return undefined;
    return { kind: 'end', leaves, checkpoints };
  }
  return isHeader(value) ? { kind: 'header', header: value } : undefined;
}

function readLeafLine(value: Record<string, unknown>): BundleLine | undefined {
  const { i, h, leaf } = value;
  const hash = typeof h === 'string' ? fromBase64(h) : undefined;
  if (!hasKeys(value, 3) || !isCount(i) || hash?.length !== 32) return undefined;
  return { kind: 'leaf', index: i, hash, leaf };
}

function isHeader(value: unknown): value is BundleHeader {
  if (!isPlainObject(value) || !hasKeys(value, 8)) return false;
  const { format, origin, institution, keys, from, to, before, exportedAt } = value;
  return (
    format === bundleFormat &&
    isPlainObject(institution) &&
    typeof institution.id === 'string' &&
    (typeof institution.name === 'string' || institution.name === null) &&
    typeof origin === 'string' &&
    areTexts(keys) &&
    isCount(from) &&
    isCount(to) &&
    from <= to &&
    areTexts(before) &&
    typeof exportedAt === 'string'
  );
}

function hasKeys(value: object, count: number): boolean {
  return Object.keys(value).length === count;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
