import { sameBytes } from '../bytes.js';
import { openCheckpoint, type Checkpoint } from '../checkpoint.js';
import { type VerifySignature } from '../keys.js';
import { type GapLeaf } from '../leaf.js';
import { parseOrigin } from '../origin.js';
import { type Findings } from './findings.js';
import * as says from './of-gap.js';
import { forked } from './of-log.js';
import { type TrustedKeys } from './trusted-keys.js';

interface Surroundings {
  /** Of the log that the gap stands in. */
  origin: string;
  keys: TrustedKeys;
  /** Checkpoints of the log before it that were seen earlier. */
  seen: readonly Checkpoint[];
  verify: VerifySignature;
}

/** Checks the statement with which a log begins that goes on behind a lost part of another. */
export function checkGap(
  index: number,
  gap: GapLeaf,
  { origin, keys, seen, verify }: Surroundings,
  to: Findings,
): void {
  const own = parseOrigin(origin);
  const previous = parseOrigin(gap.previousOrigin);
  if (index !== 0 || own?.generation === 1) {
    to.add(
      says.gapMismatch(index, 'A gap is declared where none can be.', 'Celah dinyatakan di tempat yang tidak mungkin.'),
    );
  }
  const isBefore =
    own !== undefined &&
    previous?.generation === own.generation - 1 &&
    previous.institution === own.institution &&
    previous.installation === own.installation;
  if (!isBefore) {
    to.add(
      says.gapMismatch(
        index,
        `The gap names a log that is not the one before this: ${gap.previousOrigin}.`,
        `Pernyataan celah menyebut catatan yang bukan pendahulu catatan ini: ${gap.previousOrigin}.`,
      ),
    );
  }
  const opened = openCheckpoint(gap.lastCheckpoint, keys.of(gap.previousOrigin), verify);
  if (!opened.ok || opened.checkpoint.origin !== gap.previousOrigin) {
    to.add(says.gapUnsigned(index));
    return;
  }
  const last = opened.checkpoint;
  to.add(says.gapDeclared(index, gap, last.size));
  for (const { size, root } of seen) {
    if (size > last.size) {
      to.add(
        says.gapMismatch(
          index,
          `The gap tells of ${last.size} signed events, but a checkpoint of ${size} was seen earlier.`,
          `Pernyataan celah menyebut ${last.size} peristiwa bertanda tangan, padahal pernah terlihat titik periksa dengan ${size}.`,
        ),
      );
    } else if (size === last.size && !sameBytes(root, last.root)) to.add(forked(size, 'checkpoints'));
  }
}
