import type { Leaf, ReportedLeaf } from '#evidence';
import type { Period, ReportFigures, UndeliveredRecord } from '#contracts';
import { jakartaDay } from './calendar.js';
import { CaseTally } from './figures/cases.js';
import { deliveredAct, DeliveryTally, undeliveredFigures } from './figures/deliveries.js';
import { IncidentTally } from './figures/incidents.js';
import { LookUpTally } from './figures/look-ups.js';
import { ReaderTally } from './figures/readers.js';

export interface RecountOptions {
  period: Period;
  /** Of each generation of the log that is counted: the size below which its leaves are. */
  sizes: ReadonlyMap<number, number>;
  /** Time of the checkpoint, UTC. */
  asOfAt: string;
  overdueAfterDays: number;
  undelivered: readonly Pick<UndeliveredRecord, 'verificationId' | 'state'>[];
  /** Whether some record, delivered or not, names a look-up: only of these the case is remembered. */
  named: (verification: string) => boolean;
}

/** What a log and its particulars alone tell: all figures but those that the register declares. */
export type Recounted = Pick<ReportFigures, 'lookUps' | 'incidents' | 'readers' | 'dataBalikan'>;

/**
 * Counts a report anew, leaf by leaf in the order of the log, generation after generation. Leaves are not kept: only look-ups of the period
 * whose end is not final, the days of covered look-ups by case, and the cases of look-ups that records name.
 */
export class Recount {
  private readonly lookUps: LookUpTally;
  private readonly incidents: IncidentTally;
  private readonly cases: CaseTally;
  private readonly readers: ReaderTally;
  private readonly deliveries: DeliveryTally;

  constructor(private readonly options: RecountOptions) {
    const { period, asOfAt, named } = options;
    this.lookUps = new LookUpTally(period);
    this.incidents = new IncidentTally(period, asOfAt);
    this.cases = new CaseTally(named);
    this.readers = new ReaderTally(period);
    this.deliveries = new DeliveryTally(period);
  }

  counts(index: number, generation: number): boolean {
    return index < (this.options.sizes.get(generation) ?? 0);
  }

  /** `content`: particulars of a leaf that another part reported; without them reads and deliveries cannot be counted. */
  add(leaf: Leaf, index: number, generation: number, content?: Record<string, unknown>): void {
    if (!this.counts(index, generation)) return;
    if ('verification' in leaf) {
      if (leaf.type === 'REQUESTED') this.cases.requested(leaf);
      const ended = this.lookUps.add(leaf);
      if (ended !== undefined) this.cases.ended(ended);
    } else if (leaf.type === 'UPSTREAM') this.incidents.add(leaf);
    else if (leaf.type !== 'GAP' && content !== undefined) this.opened(leaf, content);
  }

  figures(): Recounted {
    const { undelivered, period, asOfAt, overdueAfterDays } = this.options;
    const owing = { period, asOfDay: jakartaDay(asOfAt), overdueAfterDays };
    const named = undelivered.map(({ verificationId }) => verificationId);
    return {
      lookUps: this.lookUps.figures(),
      incidents: this.incidents.figures(),
      readers: this.readers.figures(),
      dataBalikan: {
        ...this.deliveries.figures(),
        undelivered: undeliveredFigures(undelivered),
        coverage: this.cases.figures(named, owing),
      },
    };
  }

  private opened(leaf: ReportedLeaf, content: Record<string, unknown>): void {
    this.readers.add({ leaf, content });
    this.deliveries.add({ leaf, content });
    if (leaf.type === 'DATA_BALIKAN' && leaf.act === deliveredAct) this.cases.arrived(String(content.verificationId));
  }
}
