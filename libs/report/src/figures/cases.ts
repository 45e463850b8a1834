import type { AccessLeaf } from '#evidence';
import type { BalikanFigures, Period } from '#contracts';
import { CoverageTally, type Standing } from './coverage.js';
import type { OpenLookUp } from './look-ups.js';

/** Services whose look-ups a data balikan is owed for (O-07). */
const businessServices: readonly (string | null)[] = ['SKU', 'NIB'];

/** Coverage from leaves alone: which look-ups are one case the HMACs tell. */
export class CaseTally {
  /** Days of the covered look-ups of a case. */
  private readonly covered = new Map<string, string[]>();
  /** Of the look-ups that records name: their case. */
  private readonly caseOfNamed = new Map<string, string>();
  private readonly delivered = new Set<string>();

  /** @param named whether some record, delivered or not, names a look-up: all others need not be remembered */
  constructor(private readonly named: (verification: string) => boolean) {}

  requested(leaf: AccessLeaf): void {
    if (this.named(leaf.verification)) this.caseOfNamed.set(leaf.verification, caseOf(leaf));
  }

  /** A look-up of the period whose end is final. */
  ended({ leaf, day, end }: OpenLookUp): void {
    if (end?.hit !== 'confirmed' || end.outcome !== 'FOUND' || !businessServices.includes(leaf.service)) return;
    const key = caseOf(leaf);
    const days = this.covered.get(key);
    if (days) days.push(day);
    else this.covered.set(key, [day]);
  }

  /** A record that reached its recipient up to the checkpoint. */
  arrived(verification: string): void {
    this.delivered.add(verification);
  }

  /** `undelivered`: look-ups that records name which were accepted and not delivered at the checkpoint. */
  figures(
    undelivered: Iterable<string>,
    { period, asOfDay, overdueAfterDays }: { period: Period; asOfDay: string; overdueAfterDays: number },
  ): BalikanFigures['coverage'] {
    const standings = new Map<string, Standing>();
    const mark = (ids: Iterable<string>, standing: Standing) => {
      for (const id of ids) {
        const key = this.caseOfNamed.get(id);
        if (key !== undefined) standings.set(key, standing);
      }
    };
    mark(undelivered, 'accepted');
    mark(this.delivered, 'sent');
    const tally = new CoverageTally(period, asOfDay, overdueAfterDays);
    for (const [key, days] of this.covered) for (const day of days) tally.add(day, standings.get(key));
    return tally.figures();
  }
}

function caseOf({ nikHmac, referenceHmac, verification }: AccessLeaf): string {
  return nikHmac === null || referenceHmac === null ? verification : `${nikHmac} ${referenceHmac}`;
}
