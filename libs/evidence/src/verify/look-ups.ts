import { toHex } from '../bytes.js';
import { type Findings } from './findings.js';
import { IdSet } from './id-set.js';
import { answerWithoutRequest, requestsUnanswered } from './of-events.js';
import { type Lines } from './segment.js';

/** Follows the look-ups: every answer was asked for before. */
export class LookUps {
  private readonly requested = new IdSet();
  private answered = 0;

  /** `isWhole`: no request can lie before the bundle, or in what was lost before a gap. */
  constructor(
    private readonly isWhole: boolean,
    private readonly findings: Findings,
  ) {}

  check(lines: Lines, order: readonly number[] | undefined, first: number): void {
    const count = order?.length ?? lines.count;
    for (let at = 0; at < count; at++) {
      const place = order?.[at] ?? at;
      const lookUp = lines.lookUp(place);
      if (lookUp?.part === 'REQUESTED') this.requested.add(lookUp.id);
      if (lookUp?.part !== 'ANSWERED') continue;
      if (this.requested.has(lookUp.id)) this.answered += 1;
      // what a changed event says of itself is told once, as changed
      else if (this.isWhole && !lines.recomputed.has(place)) {
        this.findings.add(answerWithoutRequest(first + at, uuidOf(lookUp.id)));
      }
    }
  }

  end(): void {
    const unanswered = this.requested.size - this.answered;
    if (unanswered > 0) this.findings.add(requestsUnanswered(unanswered));
  }
}

function uuidOf(id: Uint8Array): string {
  return toHex(id).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
