import { contentHash, toHex } from '#evidence';
import type { AdminEvent } from '../administration/entities.js';

/** What is on record of an act and not in its leaf, which has the rest: id, time, institution, act, actor and subject. */
export type Particulars = Pick<
  AdminEvent,
  'act' | 'actorKind' | 'actorRole' | 'after' | 'before' | 'proposalId' | 'reason' | 'subjectType'
>;

/** `contentHash` of the leaf of an act, in hex: SHA-256(salt || RFC 8785 of the particulars). */
export function contentHashOf({ salt, ...event }: Particulars & { salt: Uint8Array }): string {
  return toHex(contentHash(salt, contentOf(event)));
}

/** The particulars as they are hashed. */
export function contentOf(event: Particulars): Record<string, unknown> {
  const { act, actorKind, actorRole, after, before, proposalId, reason, subjectType } = event;
  const content = { act, actorKind, actorRole, after, before, proposalId, reason, subjectType };
  return withoutFractions(content) as Record<string, unknown>;
}

/** Evidence has exact integers only: any other number stands there as the text that JSON writes it with. */
function withoutFractions(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return value.map(withoutFractions);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutFractions(inner)]));
}
