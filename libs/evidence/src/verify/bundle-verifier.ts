import { readBundleLine, type BundleLine } from '../bundle.js';
import { verifyEd25519, type VerifySignature } from '../keys.js';
import { type Leaf } from '../leaf.js';
import { Findings } from './findings.js';
import { malformed } from './of-log.js';
import { OpenBundle } from './open-bundle.js';
import { type Report } from './report.js';
import { TrustedKeys } from './trusted-keys.js';

export interface BundleOptions {
  /** Verifier keys that the evaluator trusts. Without them the bundle's own are taken, and the notice KEY_NOT_PINNED is given. */
  keys?: readonly string[] | undefined;
  /** Checkpoints (signed notes) that were seen earlier: in a printed report, on another day, by somebody else. */
  checkpoints?: readonly string[] | undefined;
  /** Receipts (compact JWS) that were kept: they have to be in the log. */
  receipts?: readonly string[] | undefined;
  /** A faster check of Ed25519, where there is one. */
  verifySignature?: VerifySignature | undefined;
  /** For whoever counts: each event that can be read, as it stands in the bundle. It is good only if nothing is found in the end. */
  onLeaf?: ((leaf: Leaf, index: number) => void) | undefined;
}

/**
 * Checks a bundle line by line: every event is hashed anew, the tree is grown and compared at every checkpoint. Events are not kept:
 * about 24 bytes for each id, and 50 for each event since the last checkpoint.
 *
 * What it cannot know:
 * - Who holds the key can sign anything. A log that was written anew from the beginning under the same key agrees with itself; only
 *   checkpoints and receipts from before betray it. Under another key, only a pinned key does.
 * - A bundle that was cut at one of its checkpoints, header and closing line with it, is an honest bundle of a shorter time; a
 *   later checkpoint, or knowing how far it has to reach, betrays that.
 * - An event that was changed together with its hash is told as LOG_REWRITTEN, with the checkpoints that it lies between: what stood
 *   there before, nobody can tell any more. The same goes for one that was taken out while another was put in, and for several
 *   that were moved. One that was moved, exchanged or put in is found by search, in up to 512 events between two checkpoints.
 * - After what cannot be explained, the tree is not known: from there only events against their own hashes, numbers, counts, times and
 *   signatures are checked (HISTORY_NOT_COMPARED).
 * - The name of the institution and the time of the export are not signed.
 */
export class BundleVerifier {
  private readonly findings = new Findings();
  private bundle: OpenBundle | undefined;
  private closing: { leaves: number; checkpoints: number } | undefined;
  private lines = 0;
  /** The first line is not that of a bundle. */
  private isForeign = false;
  /** A line that could not be read: a fault if another follows, and otherwise where the bundle breaks off. */
  private unreadable: number | undefined;

  /** Throws a TypeError when one of the keys is not a verifier key. */
  constructor(private readonly options: BundleOptions) {
    if (options.keys !== undefined) new TrustedKeys(options.keys);
  }

  /** The next line, without its newline. */
  line(text: string): void {
    this.lines += 1;
    const trimmed = this.lines === 1 ? text.replace(/^\uFEFF/, '').trim() : text.trim();
    if (trimmed === '') return;
    const line = readBundleLine(trimmed);
    if (this.bundle === undefined) this.open(line);
    else {
      this.tellUnreadable(this.bundle);
      if (line === undefined) this.unreadable = this.lines;
      else this.take(this.bundle, line);
    }
  }

  end(): Report {
    const { bundle, findings } = this;
    if (bundle === undefined) findings.add(malformed('this is not an evidence bundle', 'ini bukan berkas bukti', 1));
    else {
      if (this.closing !== undefined) this.tellUnreadable(bundle);
      bundle.end(this.closing);
    }
    return this.report();
  }

  /** Without its first line nothing of a bundle can be checked. */
  private open(line: BundleLine | undefined): void {
    if (this.isForeign || line?.kind !== 'header') {
      this.isForeign = true;
      return;
    }
    const { keys, checkpoints = [], receipts = [], verifySignature: verify = verifyEd25519, onLeaf } = this.options;
    this.bundle = new OpenBundle(line.header, { keys, checkpoints, receipts, verify, onLeaf }, this.findings);
  }

  private take(bundle: OpenBundle, line: BundleLine): void {
    if (this.closing !== undefined)
      this.fault('it follows the closing line', 'berada sesudah baris penutup', this.lines);
    if (line.kind === 'leaf') bundle.leaf(line.index, line.hash, line.leaf);
    else if (line.kind === 'checkpoint') bundle.checkpoint(line.note, this.lines);
    else if (line.kind === 'end') this.closing ??= line;
    else this.fault('a second first line', 'baris pembuka kedua', this.lines);
  }

  private tellUnreadable(bundle: OpenBundle): void {
    if (this.unreadable === undefined) return;
    this.fault('it is not a line of a bundle', 'bukan baris berkas bukti', this.unreadable);
    this.unreadable = undefined;
    bundle.unreadable();
  }

  private fault(detail: string, pesan: string, line: number): void {
    this.findings.add(malformed(detail, pesan, line));
  }

  private report(): Report {
    const { bundle, findings } = this;
    const header = bundle?.header;
    return {
      ok: findings.total === 0,
      origin: header?.origin ?? null,
      institution: header?.institution ?? null,
      exportedAt: header?.exportedAt ?? null,
      from: header?.from ?? 0,
      to: header?.to ?? 0,
      size: bundle?.history.proven ?? 0,
      leaves: bundle?.tally.leaves ?? 0,
      byType: bundle?.tally.byType ?? {},
      firstAt: bundle?.tally.firstAt ?? null,
      lastAt: bundle?.tally.lastAt ?? null,
      checkpoints: bundle?.checkpoints ?? 0,
      lastCheckpoint: bundle?.lastCheckpoint ?? null,
      isKeyPinned: this.options.keys !== undefined,
      keyIds: header === undefined ? [] : bundle!.keys.of(header.origin).map(({ id }) => id),
      findings: findings.kept,
      findingCount: findings.total,
      findingsByName: findings.byName,
      notices: findings.notices,
    };
  }
}
