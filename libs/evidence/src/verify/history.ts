import { sameBytes } from '../bytes.js';
import { type BundleHeader } from '../bundle.js';
import { type Checkpoint } from '../checkpoint.js';
import { parseOrigin } from '../origin.js';
import { type Frontier } from '../tree.js';
import { ChangedEvents } from './changed-events.js';
import { explain, rootsAt, type Explanation } from './explain.js';
import { nameEnding } from './ending.js';
import { nameExplained } from './explained.js';
import { type Finding, type Findings } from './findings.js';
import { LookUps } from './look-ups.js';
import { hashChanged } from './of-events.js';
import * as says from './of-log.js';
import { type SeenCheckpoints } from './seen-checkpoints.js';
import { Segment, type AddedLine } from './segment.js';
import { Timeline } from './timeline.js';
import { nameUncovered, nameUnexplained } from './unexplained.js';

/** A checkpoint whose signatures are good, and when it was signed: seconds since 1970. */
export interface SignedCheckpoint extends Checkpoint {
  time: number;
}

/**
 * Grows the tree from checkpoint to checkpoint. Where it does not fit, it looks for what was done; if that can be found out, it goes
 * on with what was signed, and otherwise compares only numbers and counts from there.
 */
export class History {
  /** The checkpoint that was reached last, whether the tree fitted it or not. */
  last: SignedCheckpoint | undefined;
  /** Size up to which the tree fits what was signed. */
  proven: number;
  /** Size of the checkpoint that was reached last, or where the bundle begins. */
  private covered: number;
  /** Highest number that a line before that told, plus one. */
  private next: number;
  private segment: Segment;
  private readonly timeline: Timeline;
  private readonly changed: ChangedEvents;
  private readonly lookUps: LookUps;
  /** A checkpoint for which there were too few events: they are missing, unless they follow. */
  private early: { checkpoint: SignedCheckpoint; count: number } | undefined;
  /** How many thorough searches are left: whoever writes a bundle must not be able to keep us busy. */
  private searches = 20;
  /** Lines that the last checkpoint did not cover, although they stood before it. */
  private surplusBefore = 0;

  /** `frontier` is of what lies before the bundle; nothing when it is not known. */
  constructor(
    { from, origin }: Pick<BundleHeader, 'from' | 'origin'>,
    private frontier: Frontier | undefined,
    private readonly findings: Findings,
    private readonly seen: SeenCheckpoints,
  ) {
    this.covered = this.next = this.proven = from;
    this.segment = new Segment(from);
    this.timeline = new Timeline(findings);
    this.changed = new ChangedEvents(findings);
    this.lookUps = new LookUps(from === 0 && (parseOrigin(origin)?.generation ?? 1) === 1, findings);
  }

  add(line: AddedLine): void {
    if (this.segment.count === 0) this.segment.base = this.baseFor(line.index);
    // more than that is no exchange of a few: told at once, and not kept
    const { recomputed } = line;
    if (recomputed !== undefined && this.segment.recomputed.size >= 10_000) {
      this.changed.add(line.index, line.hash, recomputed);
      this.segment.add({ ...line, recomputed: undefined });
    } else this.segment.add(line);
  }

  unreadable(): void {
    this.segment.unreadable += 1;
  }

  checkpoint(checkpoint: SignedCheckpoint, lineNumber: number): void {
    if (checkpoint.size === this.covered && this.segment.count === 0) this.again(checkpoint);
    else if (checkpoint.size <= this.covered) this.behind(checkpoint, lineNumber);
    else this.reach(checkpoint, lineNumber);
  }

  /** `to`: size with which the bundle says that it ends. `isFaulty`: a checkpoint behind the last one was told as faulty. */
  end(to: number, isTruncated: boolean, isFaulty: boolean): void {
    if (this.early !== undefined) this.giveUp(this.early.checkpoint);
    const add = (finding: Finding) => this.findings.add(finding);
    const { segment } = this;
    const { findings, next } = nameUncovered(segment);
    this.tell(segment);
    this.follow(segment);
    findings.forEach(add);
    if (!isTruncated) {
      const { covered, last } = this;
      const { count: lines, unreadable } = segment;
      const hasCheckpoint = last !== undefined;
      nameEnding({ to, covered, hasCheckpoint, isFaulty, lines, unreadable, next }).forEach(add);
    }
    this.changed.end();
    this.lookUps.end();
    if (this.frontier === undefined) this.findings.add(says.historyNotCompared(this.proven));
  }

  /** A checkpoint of the size that was reached already: the one before the first leaf, or one more. */
  private again(checkpoint: SignedCheckpoint): void {
    const known = this.last?.root ?? this.frontier?.root();
    if (known !== undefined && !sameBytes(known, checkpoint.root)) {
      if (this.last !== undefined) this.findings.add(says.forked(checkpoint.size, 'checkpoints'));
      else {
        this.findings.add(says.beginningRewritten(checkpoint.size));
        this.frontier = undefined;
      }
    }
    this.take(checkpoint);
  }

  private behind(checkpoint: SignedCheckpoint, lineNumber: number): void {
    const { last } = this;
    if (checkpoint.size === last?.size && !sameBytes(checkpoint.root, last.root)) {
      this.findings.add(says.forked(checkpoint.size, 'checkpoints'));
    } else if (last !== undefined && checkpoint.size < last.size && checkpoint.time > last.time) {
      this.findings.add(says.signedBackwards(last.size, checkpoint.size));
    } else if (checkpoint.size < this.covered || this.segment.count > 0) this.misplaced(lineNumber);
  }

  private reach(checkpoint: SignedCheckpoint, lineNumber: number): void {
    const need = checkpoint.size - this.covered;
    const { frontier, segment } = this;
    const explanation =
      frontier && explain(frontier, segment, need, checkpoint.root, this.searches > 0 && segment.count >= need);
    if (frontier !== undefined && explanation !== undefined) {
      this.accept(frontier, explanation, checkpoint, lineNumber);
    } else if (frontier !== undefined && segment.count < need && segment.regular && this.early === undefined) {
      this.early = { checkpoint, count: segment.count };
    } else {
      this.searches -= 1;
      this.giveUp(checkpoint);
    }
  }

  private accept(frontier: Frontier, how: Explanation, checkpoint: SignedCheckpoint, lineNumber: number): void {
    const { segment, covered } = this;
    if (how.kind !== 'AS_IT_STANDS') this.searches -= 1;
    this.compareSeen(frontier, how, checkpoint);
    this.follow(segment, how.order, checkpoint.time);
    if (this.surplusBefore > 0 && how.kind === 'AS_IT_STANDS') this.misplaced(lineNumber);
    this.surplusBefore = 0;
    nameExplained(segment, how, covered).forEach((finding) => this.findings.add(finding));

    this.frontier = how.frontier;
    this.proven = checkpoint.size;
    const rest = how.kind === 'FIRST_ONLY' ? how.order!.length : segment.count;
    this.tell(rest === segment.count ? segment : segment.part(0, rest, segment.base), how);
    this.startSegment(checkpoint, rest);
    // whether they belong to the next checkpoint or to none shows there
    this.surplusBefore = this.segment.count;
  }

  /** No explanation: what is known by numbers and counts is told, and from here the tree is not known. */
  private giveUp(checkpoint: SignedCheckpoint): void {
    const compared = this.frontier !== undefined;
    this.frontier = undefined;
    const { early } = this;
    this.early = undefined;
    if (early !== undefined) this.close(early.checkpoint, early.count, compared);
    if (early?.checkpoint !== checkpoint) this.close(checkpoint, this.segment.count, compared && early === undefined);
  }

  private close(checkpoint: SignedCheckpoint, count: number, compared: boolean): void {
    const { segment, covered } = this;
    const lines = count === segment.count ? segment : segment.part(0, count, segment.base);
    const expected = { from: covered, to: checkpoint.size, compared, following: segment.indexes[count] };
    nameUnexplained(lines, expected).forEach((one) => this.findings.add(one));
    this.follow(lines, undefined, checkpoint.time);
    this.tell(lines);
    this.startSegment(checkpoint, count);
  }

  private startSegment(checkpoint: SignedCheckpoint, from: number): void {
    const { segment } = this;
    this.covered = checkpoint.size;
    const done = from < segment.count ? segment.part(0, from, segment.base) : segment;
    this.next = done.highestIndex + 1;
    const first = segment.indexes[from];
    this.segment =
      first === undefined ? new Segment(this.next) : segment.part(from, segment.count, this.baseFor(first));
    this.take(checkpoint);
  }

  private follow(lines: Segment, order?: readonly number[], signedAt?: number): void {
    this.timeline.check(lines, order, this.covered, signedAt);
    this.lookUps.check(lines, order, this.covered);
  }

  /** Number that a first line should have which tells `index`: behind removed events, the others may keep their numbers or not. */
  private baseFor(index: number): number {
    const { covered, next } = this;
    return index === covered || (next < covered && index > covered) ? covered : next;
  }

  private tell(lines: Segment, how?: Explanation): void {
    for (const [at, found] of lines.recomputed) {
      const index = lines.indexes[at]!;
      if (how?.kind === 'HASHES_CHANGED') this.findings.add(hashChanged(index));
      else this.changed.add(index, lines.hash(at), found);
    }
  }

  private compareSeen(frontier: Frontier, how: Explanation, checkpoint: SignedCheckpoint): void {
    if (this.early !== undefined) {
      const early = this.early.checkpoint;
      const [root] = rootsAt(frontier, this.segment, how, [early.size]);
      // one that is larger than what is reached stands before a smaller one
      if (root === undefined || sameBytes(root, early.root)) this.misplaced();
      else this.findings.add(says.forked(early.size, 'checkpoints'));
      this.early = undefined;
    }
    const sizes = this.seen.sizesBetween(frontier.size, checkpoint.size);
    if (sizes.length === 0) return;
    const roots = rootsAt(frontier, this.segment, how, sizes);
    roots.forEach((root, at) => this.seen.compare(sizes[at]!, root));
  }

  private take(checkpoint: SignedCheckpoint): void {
    this.last = checkpoint;
    this.seen.compare(checkpoint.size, checkpoint.root);
  }

  private misplaced(line?: number): void {
    const [english, indonesian] = [
      'a checkpoint does not stand in its place',
      'titik periksa tidak berada di tempatnya',
    ];
    this.findings.add(says.malformed(english, indonesian, line));
  }
}
