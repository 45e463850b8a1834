import type { Leaf, ReportedLeaf } from '#evidence';
import type { ReportContent, UndeliveredRecord } from '#contracts';
import { instant, isIn, jakartaDay } from '../calendar.js';
import { deliveredAct } from '../figures/deliveries.js';
import { Recount } from '../recount.js';
import type { SampleDraw } from '../sample.js';
import { Approvals } from './approvals.js';
import type { KitFindings } from './findings.js';
import { patience } from './judging.js';
import type { Opened, Particulars } from './particulars.js';
import { RegisterActs } from './register-acts.js';
import * as says from './says.js';

export interface KitFacts {
  undelivered: readonly UndeliveredRecord[];
  particulars: Particulars;
  findings: KitFindings;
  /** Look-ups to ask the office about, drawn on the way. */
  sample?: SampleDraw | undefined;
}

/** Everything that is made of the leaves of a kit while they are read. */
export class Counting {
  readonly approvals = new Approvals();
  readonly acts = new RegisterActs();
  readonly recount: Recount;
  /** Of a supplement: as of the report before it. */
  readonly earlier: Recount | undefined;
  private readonly undelivered: ReadonlySet<string>;
  private readonly particulars: Particulars;
  private readonly findings: KitFindings;
  private readonly sample: SampleDraw | undefined;

  /** @param sizes of the report's checkpoints, by generation */
  constructor(
    private readonly content: ReportContent,
    sizes: ReadonlyMap<number, number>,
    { undelivered, particulars, findings, sample }: KitFacts,
  ) {
    this.particulars = particulars;
    this.findings = findings;
    this.sample = sample;
    const { period, asOf, reported, figures } = content;
    const named = new Set([...particulars.namedLookUps(), ...undelivered.map(({ verificationId }) => verificationId)]);
    const rules = { period, overdueAfterDays: figures.dataBalikan.coverage.overdueAfterDays, undelivered };
    this.recount = new Recount({ ...rules, sizes, asOfAt: asOf.at, named: (id) => named.has(id) });
    this.undelivered = new Set(undelivered.map(({ id }) => id));
    if (reported === null) return;
    const then = sizesThen(content, sizes);
    this.earlier = new Recount({ ...rules, sizes: then, asOfAt: reported.asOf.at, named: () => false });
  }

  add(leaf: Leaf, index: number, generation: number): void {
    const isCounted = this.recount.counts(index, generation);
    if (!('contentHash' in leaf)) {
      this.recount.add(leaf, index, generation);
      this.earlier?.add(leaf, index, generation);
      if (isCounted && leaf.type === 'REQUESTED' && isIn(this.content.period, jakartaDay(leaf.at))) {
        this.sample?.add(leaf.verification);
      }
      return;
    }
    const opened = this.particulars.open(leaf);
    if (opened.state === 'CHANGED') this.findings.add(says.particularsChanged(leaf.id, index));
    if (opened.state === 'ABSENT' && this.needs(leaf, isCounted)) {
      this.findings.add(says.particularsMissing(leaf.id, index));
    }
    this.follow(leaf, opened, isCounted);
    const content = opened.state === 'OPENED' ? opened.content : undefined;
    this.recount.add(leaf, index, generation, content);
    this.earlier?.add(leaf, index, generation, content);
  }

  private follow(leaf: ReportedLeaf, opened: Opened, isCounted: boolean): void {
    this.approvals.add(leaf, opened);
    this.acts.add(leaf, opened, isCounted && instant(leaf.at) + patience <= instant(this.content.asOf.at));
    const isDelivered = isCounted && leaf.type === 'DATA_BALIKAN' && leaf.act === deliveredAct;
    if (isDelivered && leaf.subject !== null && this.undelivered.has(leaf.subject)) {
      this.findings.add(says.undeliveredContradicts(leaf.subject));
    }
  }

  /** Whether a figure or the approval of this report rests on the particulars of a leaf. */
  private needs({ type, act, at, subject }: ReportedLeaf, isCounted: boolean): boolean {
    // a later step may have reached the log while the kit was packed
    if (type === 'REPORT') return act === 'report.approve' && subject === this.content.id;
    if (!isCounted) return false;
    if (type === 'DATA_BALIKAN') return act === deliveredAct;
    return type === 'READER_READ' && isIn(this.content.period, jakartaDay(at));
  }
}

/** Sizes as of the report that a supplement completes: of generations before its own, everything. */
function sizesThen({ reported, asOf }: ReportContent, sizes: ReadonlyMap<number, number>): Map<number, number> {
  const at = asOf.checkpoints.findIndex(({ origin }) => origin === reported?.asOf.origin);
  const then = new Map([...sizes].filter(([generation]) => generation <= at));
  return then.set(at + 1, reported?.asOf.size ?? 0);
}
