import { sameBytes } from '../bytes.js';
import { openCheckpoint, parseCheckpointBody, type Checkpoint } from '../checkpoint.js';
import { type VerifySignature } from '../keys.js';
import { parseNote } from '../note.js';
import { type Findings } from './findings.js';
import * as says from './of-log.js';
import { type TrustedKeys } from './trusted-keys.js';

interface Seen extends Checkpoint {
  time: number;
  isCompared: boolean;
}

/** Checkpoints of another day, from a printed report or from somebody else: the history has to fit them too. */
export class SeenCheckpoints {
  private readonly ofThisLog: Seen[] = [];
  private readonly ofOthers: Seen[] = [];

  constructor(
    notes: readonly string[],
    private readonly origin: string,
    keys: TrustedKeys,
    verify: VerifySignature,
    private readonly findings: Findings,
  ) {
    for (const note of notes) {
      const opened = openCheckpoint(note, keys.of(originOf(note) ?? origin), verify);
      if (opened.ok) this.hold({ ...opened.checkpoint, time: opened.time, isCompared: false });
      else if (opened.fault === 'WRONG_KEY') findings.add(says.wrongKey('seen', sizeOf(note)));
      else findings.add(says.checkpointChanged('seen', opened.fault, sizeOf(note)));
    }
    this.ofThisLog.sort((a, b) => a.size - b.size);
  }

  /** Sizes above `from` and below `to`, rising, each once. */
  sizesBetween(from: number, to: number): number[] {
    const sizes = this.ofThisLog.map(({ size }) => size).filter((size) => size > from && size < to);
    return [...new Set(sizes)];
  }

  /** What the history of the bundle is at a size. */
  compare(size: number, root: Uint8Array): void {
    for (const seen of this.ofThisLog) {
      if (seen.size !== size || seen.isCompared) continue;
      seen.isCompared = true;
      if (!sameBytes(seen.root, root)) this.findings.add(says.forked(size, 'history'));
    }
  }

  /** Those of the log before a gap. */
  takePrevious(origin: string): readonly Checkpoint[] {
    const previous = this.ofOthers.filter((seen) => seen.origin === origin);
    previous.forEach((seen) => (seen.isCompared = true));
    return previous;
  }

  /** `exportedAt`: seconds since 1970, as the bundle tells it. */
  end(from: number, to: number, exportedAt: number): void {
    for (const { size, time, isCompared } of this.ofThisLog) {
      if (isCompared) continue;
      if (size < from) this.findings.add(says.seenNotCompared(size, 'SMALLER'));
      else if (size <= to) this.findings.add(says.seenNotCompared(size, 'BROKEN'));
      else if (time > exportedAt) this.findings.add(says.seenNotCompared(size, 'LATER'));
      else this.findings.add(says.rolledBack(size, to));
    }
    for (const { size, isCompared } of this.ofOthers) {
      if (!isCompared) this.findings.add(says.seenNotCompared(size, 'OTHER_LOG'));
    }
  }

  private hold(seen: Seen): void {
    if (seen.origin !== this.origin) this.ofOthers.push(seen);
    else if (this.ofThisLog.some(({ size, root }) => size === seen.size && !sameBytes(root, seen.root))) {
      this.findings.add(says.forked(seen.size, 'checkpoints'));
    } else this.ofThisLog.push(seen);
  }
}

function originOf(note: string): string | undefined {
  return bodyOf(note)?.origin;
}

/** For a message only: nobody has vouched for it. */
function sizeOf(note: string): number | undefined {
  return bodyOf(note)?.size;
}

function bodyOf(note: string): Checkpoint | undefined {
  const parsed = parseNote(note);
  return parsed && parseCheckpointBody(parsed.text);
}
