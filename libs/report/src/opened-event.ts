import { sha256 } from '@noble/hashes/sha2.js';
import { canonicalJson, contentHash, fromBase64, toHex } from '#evidence';
import type { OpenedEvent, ReportedLeafRow } from '#contracts';

/** A leaf of what another part reported, and its particulars. */
export interface OpenedLeaf {
  leaf: ReportedLeafRow;
  content: OpenedEvent['content'];
}

/** `contentHash` of particulars in hex; nothing when the salt is not 32 bytes of base64, or they cannot be written in one way only. */
export function openedHash(salt: string, content: unknown): string | undefined {
  const bytes = fromBase64(salt);
  if (bytes?.length !== 32) return undefined;
  try {
    return toHex(contentHash(bytes, withoutFractions(content)));
  } catch {
    return undefined;
  }
}

/** Whether these are the particulars that the leaf commits to. */
export function openedMatches(leaf: { contentHash: string | null }, salt: string, content: unknown): boolean {
  return leaf.contentHash !== null && openedHash(salt, content) === leaf.contentHash;
}

/** SHA-256 of the RFC 8785 form of a report's content, hex. @throws TypeError when it holds what cannot be written in one way only */
export function reportHash(content: unknown): string {
  return toHex(sha256(new TextEncoder().encode(canonicalJson(content))));
}

/** Evidence has exact integers only: any other number stands in particulars as the text that JSON writes it with. */
export function withoutFractions(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return value.map(withoutFractions);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutFractions(inner)]));
}
