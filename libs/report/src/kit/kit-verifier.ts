import { BundleVerifier, type BundleOptions } from '#evidence';
import type { ReportContent, UndeliveredRecord } from '#contracts';
import { reportHash } from '../opened-event.js';
import { verifyBundles } from './bundles.js';
import { checkpointsByGeneration } from './checkpoints.js';
import { Counting } from './counting.js';
import { type MakeHasher } from './file-reading.js';
import { KitFindings } from './findings.js';
import { judgeFigures, judgeRegister, judgeUndelivered } from './judging.js';
import { KitFiles } from './kit-files.js';
import type { KitReport } from './kit-report.js';
import type { KitSource } from './kit-source.js';
import { readUndeliveredLine } from './lines.js';
import { Particulars } from './particulars.js';
import { SampleDraw } from '../sample.js';
import { readReportContent } from './report-content.js';
import * as says from './says.js';

export interface KitOptions extends Pick<BundleOptions, 'keys' | 'checkpoints' | 'receipts' | 'verifySignature'> {
  /** A faster SHA-256, where there is one. */
  makeHasher?: MakeHasher | undefined;
  /** Draws look-ups of the report's period again: seed as 16 bytes in hex, and how many. */
  sample?: { seed: string; size: number } | undefined;
}

/** Largest report.json that is read: bytes. */
const mostReport = 64 * 1024 * 1024;

/**
 * Checks a kit (docs/report-format.md): every file against the manifest, every bundle as `gerbang verify` does, every particular against its
 * leaf, every number of the report against a count of its own, the report against its approval, the register against acts of the log.
 *
 * What it cannot know:
 * - Whoever holds the log's key can write another log, kit and report; only a pinned key and checkpoints from before betray that.
 * - What nobody reports to the log: undelivered records, exceptions at readers, names, stops are as the office declares them.
 * - The PDF is compared with the manifest, and the manifest with nothing: the paper shows the hash of report.json.
 */
export class KitVerifier {
  private readonly findings = new KitFindings();
  private readonly files: KitFiles;
  private readonly particulars = new Particulars();
  private readonly undelivered: UndeliveredRecord[] = [];
  private bundles: KitReport['bundles'] = [];
  private readonly sample: SampleDraw | undefined;

  /** @throws TypeError when one of the keys is not a verifier key; RangeError when the seed is none */
  constructor(
    source: KitSource,
    private readonly options: KitOptions = {},
  ) {
    this.files = new KitFiles(source, this.findings, options.makeHasher);
    const { sample } = options;
    this.sample = sample && new SampleDraw(sample.seed, sample.size);
    new BundleVerifier(options);
  }

  /** Once for each verifier. @throws whatever the source throws, but for UnreadableFile, which is a finding */
  async verify(): Promise<KitReport> {
    const { findings, files } = this;
    const content = await this.readReport();
    await this.readUndelivered();
    await this.readParticulars();
    const counting = content && (await this.count(content));
    await files.compare();
    if (this.options.keys === undefined) findings.add(says.keyNotPinned());
    if (files.has('report.pdf') || files.has('report.xlsx')) findings.add(says.paperNotCompared());
    const judged = content && counting && this.judge(content, counting);
    return {
      ok: findings.total === 0,
      report: judged?.report ?? null,
      approval: judged?.approval ?? null,
      tables: judged?.tables ?? [],
      bundles: this.bundles,
      isKeyPinned: this.options.keys !== undefined,
      opened: this.particulars.opened,
      sample: (counting && this.sample && { population: this.sample.population, ids: this.sample.ids }) ?? null,
      register: judged?.register ?? { rows: 0, proven: 0, notOpened: 0 },
      findings: findings.kept,
      findingCount: findings.total,
      findingsByName: findings.byName,
      notices: findings.notices,
    };
  }

  private async readReport(): Promise<ReportContent | undefined> {
    const text = await this.files.text('report.json', mostReport);
    if (text === undefined) return undefined;
    const content = readReportContent(text);
    if (content !== undefined && hashOf(content) !== undefined) return content;
    this.findings.add(says.reportInvalid());
    return undefined;
  }

  private async readUndelivered(): Promise<void> {
    const ids = new Set<string>();
    let odd = 0;
    await this.files.lines('undelivered.jsonl', (text) => {
      if (text.trim() === '') return;
      const record = readUndeliveredLine(text.trim());
      if (record === undefined || ids.has(record.id)) odd += 1;
      else this.undelivered.push(record);
      if (record !== undefined) ids.add(record.id);
    });
    if (odd > 0) this.findings.add(says.undeliveredMalformed(odd));
  }

  private async readParticulars(): Promise<void> {
    const { particulars } = this;
    await this.files.lines('particulars.jsonl', (line) => particulars.line(line));
    const odd = particulars.malformed + particulars.twice;
    if (odd > 0) this.findings.add(says.particularsMalformed(odd));
  }

  private async count(content: ReportContent): Promise<Counting> {
    const { files, findings, particulars, undelivered, sample } = this;
    const { makeHasher: _, sample: __, ...options } = this.options;
    const states = checkpointsByGeneration(content, findings);
    const sizes = new Map([...states].map(([generation, { size }]) => [generation, size]));
    const counting = new Counting(content, sizes, { undelivered, particulars, findings, sample });
    this.bundles = await verifyBundles(files, content, { states, counting, findings }, options);
    for (const id of particulars.foreign) findings.add(says.particularsForeign(id));
    return counting;
  }

  private judge(content: ReportContent, { approvals, recount, earlier, acts }: Counting) {
    const { findings } = this;
    const { id, type, version, institution, period, asOf } = content;
    const contentHash = reportHash(content);
    const verdict = approvals.judge(id, contentHash, version);
    // one that could not be opened is told where its particulars are
    if (verdict === 'NOT_APPROVED') findings.add(says.notApproved());
    if (verdict === 'OTHER_CONTENT') findings.add(says.notAsApproved(contentHash));
    if (verdict === 'SUPERSEDED') findings.add(says.superseded());
    const later = approvals.laterThan(id);
    if (later > 0) findings.add(says.laterApprovals(later));
    judgeUndelivered(this.undelivered, asOf.at, findings);
    const tables = judgeFigures(content, recount.figures(), earlier?.figures(), findings);
    const register = judgeRegister(content, acts, findings);
    const last = approvals.lastOf(id);
    const { origin, size } = asOf.checkpoints.at(-1)!;
    return {
      report: { id, type, version, institution, period, asOf: { at: asOf.at, origin, size }, contentHash },
      approval: last ? { at: last.at, by: last.actor } : null,
      tables,
      register,
    };
  }
}

function hashOf(content: ReportContent): string | undefined {
  try {
    return reportHash(content);
  } catch {
    return undefined;
  }
}
