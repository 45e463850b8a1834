import type { IncidentFigures, Period } from '#contracts';
import { instant, isIn, jakartaDay, spanOf, wholeMinutes } from '../calendar.js';

type Kind = IncidentFigures[number]['kind'];

const kindOfAct: Record<string, Kind | undefined> = {
  'upstream.open': 'BREAKER_OPEN',
  'upstream.access-broken': 'ACCESS_BROKEN',
  'upstream.quota-used-up': 'QUOTA_USED_UP',
  'upstream.outside-hours': 'OUTSIDE_HOURS',
};
const kinds: readonly Kind[] = ['BREAKER_OPEN', 'ACCESS_BROKEN', 'QUOTA_USED_UP', 'OUTSIDE_HOURS'];
/** They end without anybody noticing. */
const withoutLength: readonly Kind[] = ['QUOTA_USED_UP', 'OUTSIDE_HOURS'];

/** Follows the way to the ministry through all leaves `UPSTREAM` up to the checkpoint, from the first one: what lasts may have begun earlier. */
export class IncidentTally {
  private readonly counts = new Map<Kind, { count: number; length: number }>();
  private act: string | undefined;
  private begun: { kind: Kind; at: number } | undefined;
  private readonly from: number;
  private readonly to: number;
  private readonly until: number;

  /** @param asOfAt time of the checkpoint, UTC */
  constructor(
    private readonly period: Period,
    asOfAt: string,
  ) {
    const span = spanOf(period);
    this.until = instant(asOfAt);
    this.from = span.from;
    this.to = Math.min(span.to, this.until);
    for (const kind of kinds) this.counts.set(kind, { count: 0, length: 0 });
  }

  add({ act, at }: { act: string; at: string }): void {
    if (act === this.act) return;
    this.act = act;
    const moment = instant(at);
    this.end(moment);
    const kind = Object.hasOwn(kindOfAct, act) ? kindOfAct[act] : undefined;
    this.begun = kind && { kind, at: moment };
    if (kind !== undefined && isIn(this.period, jakartaDay(at))) this.counts.get(kind)!.count += 1;
  }

  /** After the last leaf. */
  figures(): IncidentFigures {
    this.end(this.until);
    return kinds.map((kind) => {
      const { count, length } = this.counts.get(kind)!;
      return { kind, count, minutes: withoutLength.includes(kind) ? null : wholeMinutes(length) };
    });
  }

  private end(at: number): void {
    if (this.begun === undefined) return;
    const length = Math.min(at, this.to) - Math.max(this.begun.at, this.from);
    this.counts.get(this.begun.kind)!.length += Math.max(0, length);
    this.begun = undefined;
  }
}
