import { sameBytes, toBase64, utf8 } from '../bytes.js';
import { type BundleHeader } from '../bundle.js';
import { openCheckpoint, parseCheckpointBody } from '../checkpoint.js';
import { canonicalJson } from '../jcs.js';
import { type VerifySignature } from '../keys.js';
import { readLeaf, type Leaf } from '../leaf.js';
import { parseNote } from '../note.js';
import { leafHash } from '../tree.js';
import { EventRules } from './event-rules.js';
import { type Findings } from './findings.js';
import { beginning, checkHeader, keysOfBundle } from './first-line.js';
import { checkGap } from './gap.js';
import { GivenReceipts } from './given-receipts.js';
import { History } from './history.js';
import { packedId } from './id-set.js';
import { leafUnknown } from './of-events.js';
import * as says from './of-log.js';
import { SeenCheckpoints } from './seen-checkpoints.js';
import { type LookUpPart } from './segment.js';
import { Tally } from './tally.js';
import { TrustedKeys } from './trusted-keys.js';

export interface Given {
  keys: readonly string[] | undefined;
  checkpoints: readonly string[];
  receipts: readonly string[];
  verify: VerifySignature;
  onLeaf: ((leaf: Leaf, index: number) => void) | undefined;
}

/** A bundle whose first line was read. */
export class OpenBundle {
  readonly tally = new Tally();
  readonly keys: TrustedKeys;
  readonly history: History;
  /** Checkpoints with good signatures. */
  checkpoints = 0;
  private readonly seen: SeenCheckpoints;
  private readonly receipts: GivenReceipts;
  private readonly rules: EventRules;
  private checkpointLines = 0;
  /** A checkpoint was told as faulty since the last one that was reached: that none is there needs no telling. */
  private isFaulty = false;
  private startTime = -Infinity;

  constructor(
    readonly header: BundleHeader,
    private readonly given: Given,
    private readonly findings: Findings,
  ) {
    const { origin, from } = header;
    this.keys = given.keys === undefined ? keysOfBundle(header, findings) : new TrustedKeys(given.keys);
    if (given.keys === undefined) findings.add(says.keyNotPinned());
    if (this.keys.of(origin).length === 0) findings.add(says.noKey(origin));
    checkHeader(header, findings);
    this.seen = new SeenCheckpoints(given.checkpoints, origin, this.keys, given.verify, findings);
    this.receipts = new GivenReceipts(given.receipts, origin, this.keys, given.verify, findings);
    this.rules = new EventRules(origin, from, findings);
    this.history = new History(header, beginning(header, findings), findings, this.seen);
  }

  leaf(index: number, told: Uint8Array, value: unknown): void {
    if (this.tally.leaves === 0) this.checkStart();
    const leaf = readLeaf(value);
    const found = hashOf(value);
    const isSame = found !== null && sameBytes(found, told);
    const time = this.tally.count(leaf);
    if (leaf === undefined && isSame) this.findings.add(leafUnknown(index));
    const twice = leaf !== undefined && this.rules.check(index, leaf);
    this.history.add({
      index,
      hash: told,
      recomputed: isSame ? undefined : found,
      time,
      twice,
      lookUp: lookUpOf(leaf),
    });
    if (found !== null && leaf !== undefined) this.meet(index, found, leaf);
    if (leaf !== undefined) this.given.onLeaf?.(leaf, index);
  }

  unreadable(): void {
    this.history.unreadable();
  }

  checkpoint(note: string, lineNumber: number): void {
    this.checkpointLines += 1;
    const { origin } = this.header;
    const opened = openCheckpoint(note, this.keys.of(origin), this.given.verify);
    if (!opened.ok) {
      this.isFaulty = true;
      this.tellFault(note, opened.fault);
      return;
    }
    const checkpoint = { ...opened.checkpoint, time: opened.time };
    this.checkpoints += 1;
    this.isFaulty = false;
    if (checkpoint.size === this.header.from) this.startTime = checkpoint.time * 1_000_000;
    this.history.checkpoint(checkpoint, lineNumber);
  }

  /** `closing` is what the last line says; nothing when there is none. */
  end(closing: { leaves: number; checkpoints: number } | undefined): void {
    const { from, to, exportedAt } = this.header;
    if (closing === undefined) this.findings.add(says.truncated());
    this.history.end(to, closing === undefined, this.isFaulty);
    const last = this.history.last;
    this.seen.end(from, closing === undefined ? Infinity : to, Date.parse(exportedAt) / 1000);
    this.receipts.end({
      from: from === 0 ? -Infinity : this.startTime,
      to: Math.max(this.tally.latestTime, (last?.time ?? -Infinity) * 1_000_000),
    });
    if (closing !== undefined) this.compareCounts(closing);
  }

  get lastCheckpoint(): { size: number; root: string; time: number } | null {
    const { last } = this.history;
    return last === undefined ? null : { size: last.size, root: toBase64(last.root), time: last.time };
  }

  private meet(index: number, hash: Uint8Array, leaf: Leaf): void {
    if (leaf.type === 'ANSWERED') this.receipts.meet(index, hash, leaf);
    if (leaf.type !== 'GAP') return;
    const { origin } = this.header;
    const seen = this.seen.takePrevious(leaf.previousOrigin);
    checkGap(index, leaf, { origin, keys: this.keys, seen, verify: this.given.verify }, this.findings);
  }

  private checkStart(): void {
    const { from } = this.header;
    if (from > 0 && this.history.last === undefined && !this.isFaulty) {
      this.findings.add(says.checkpointMissing(from, 'start'));
    }
  }

  private tellFault(note: string, fault: 'MALFORMED' | 'WRONG_KEY' | 'SIGNATURE_INVALID' | 'TIME_MISSING'): void {
    const { origin } = this.header;
    const parsed = parseNote(note);
    const body = parsed && parseCheckpointBody(parsed.text);
    if (fault !== 'WRONG_KEY') this.findings.add(says.checkpointChanged('bundle', fault, body?.size));
    else if (body !== undefined && body.origin !== origin) {
      // signed by this log, and telling another: its first line was changed
      const isOwn = parsed!.signatures.some(({ name }) => name === origin);
      if (isOwn) this.findings.add(says.checkpointChanged('bundle', 'SIGNATURE_INVALID', body.size));
      else this.findings.add(says.checkpointOfAnotherLog(body.origin));
    } else this.findings.add(says.wrongKey('bundle', body?.size));
  }

  private compareCounts(closing: { leaves: number; checkpoints: number }): void {
    const { from, to } = this.header;
    const fewer = closing.checkpoints - this.checkpointLines;
    if (fewer > 0) this.findings.add(says.checkpointsMissing(fewer));
    const isOdd = fewer < 0 || closing.leaves !== to - from || closing.leaves !== this.tally.leaves;
    // whatever else was found is the reason; alone, it is a fault of the closing line
    if (isOdd && this.findings.total === 0) {
      this.findings.add(
        says.malformed(
          'the counts in the closing line are not those of the bundle',
          'jumlah di baris penutup tidak sama dengan isi berkas',
        ),
      );
    }
  }
}

function hashOf(value: unknown): Uint8Array | null {
  try {
    return leafHash(utf8(canonicalJson(value)));
  } catch {
    return null;
  }
}

function lookUpOf(leaf: Leaf | undefined): LookUpPart | undefined {
  if (leaf?.type !== 'REQUESTED' && leaf?.type !== 'ANSWERED') return undefined;
  return { part: leaf.type, id: packedId(leaf.verification) };
}
