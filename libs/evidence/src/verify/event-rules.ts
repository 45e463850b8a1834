import { type Leaf } from '../leaf.js';
import { parseOrigin } from '../origin.js';
import { type Findings } from './findings.js';
import { IdSet, packedId } from './id-set.js';
import { gapMissing } from './of-gap.js';
import * as says from './of-events.js';

/** What has to be so of every event, whatever is signed: whose it is, and that it stands there once. */
export class EventRules {
  private readonly ids = new IdSet();
  private readonly institution: string | undefined;
  private readonly generation: number;
  private isFirst = true;

  constructor(
    origin: string,
    private readonly from: number,
    private readonly findings: Findings,
  ) {
    const parsed = parseOrigin(origin);
    this.institution = parsed?.institution;
    this.generation = parsed?.generation ?? 1;
  }

  /** Whether its id is that of an event before it. */
  check(index: number, leaf: Leaf): boolean {
    if (this.institution !== undefined && leaf.institution !== this.institution) {
      this.findings.add(says.ofAnotherInstitution(index, leaf.institution));
    }
    if (this.isFirst && this.from === 0 && this.generation > 1 && leaf.type !== 'GAP') this.findings.add(gapMissing());
    this.isFirst = false;
    const isTwice = !this.ids.add(packedId(leaf.id));
    if (isTwice) this.findings.add(says.eventTwice(index, leaf.id));
    return isTwice;
  }
}
