import {
  isSameLogOfOtherGeneration,
  parseCheckpointBody,
  parseNote,
  parseOrigin,
  timeKeyName,
  toBase64,
} from '#evidence';
import type { ReportContent } from '#contracts';
import { instant } from '../calendar.js';
import type { KitFindings } from './findings.js';
import * as says from './says.js';

type AsOf = ReportContent['asOf'];

/** The checkpoints of a report by the generation of their log, as far as each is what its note says. Signatures are for the bundle. */
export function checkpointsByGeneration(
  { asOf, institution }: Pick<ReportContent, 'asOf' | 'institution'>,
  findings: KitFindings,
): Map<number, AsOf['checkpoints'][number]> {
  const found = new Map<number, AsOf['checkpoints'][number]>();
  const last = asOf.checkpoints.at(-1)!;
  for (const [at, state] of asOf.checkpoints.entries()) {
    const origin = parseOrigin(state.origin);
    const isOwn = state.origin === last.origin || isSameLogOfOtherGeneration(state.origin, last.origin);
    // generations count from 1, and none of them is left out
    const isNext = origin?.generation === at + 1 && origin.institution === institution.id && isOwn;
    if (!isNext || !saysTheSame(state)) findings.add(says.checkpointMismatch(`asOf.checkpoints[${at}]`));
    if (origin !== undefined) found.set(origin.generation, state);
  }
  const signedAt = timeOf(last.note);
  if (signedAt === undefined || instant(asOf.at) !== signedAt * 1_000_000) {
    findings.add(says.checkpointMismatch('asOf.at'));
  }
  return found;
}

function saysTheSame({ origin, size, root, note }: AsOf['checkpoints'][number]): boolean {
  const parsed = parseNote(note);
  const body = parsed && parseCheckpointBody(parsed.text);
  return body?.origin === origin && body.size === size && toBase64(body.root) === root;
}

/** Time of signing, seconds since 1970, as the only cosignature tells it. */
function timeOf(note: string): number | undefined {
  const parsed = parseNote(note);
  const body = parsed && parseCheckpointBody(parsed.text);
  if (parsed === undefined || body === undefined) return undefined;
  const [own, ...more] = parsed.signatures.filter(({ name }) => name === timeKeyName(body.origin));
  if (own?.bytes.length !== 72 || more.length > 0) return undefined;
  return own.bytes.subarray(0, 8).reduce((value, byte) => value * 256 + byte, 0);
}
