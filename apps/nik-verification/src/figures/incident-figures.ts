import type { IncidentFigures } from '#contracts';

/** A leaf `UPSTREAM`; the way stands so from then on. */
export interface UpstreamLeaf {
  /** Microseconds since 1970. */
  at: number;
  act: string;
}

const kinds = [
  { kind: 'BREAKER_OPEN', act: 'upstream.open', lasts: true },
  { kind: 'ACCESS_BROKEN', act: 'upstream.access-broken', lasts: true },
  { kind: 'QUOTA_USED_UP', act: 'upstream.quota-used-up', lasts: false },
  { kind: 'OUTSIDE_HOURS', act: 'upstream.outside-hours', lasts: false },
] as const;

const microsecondsOfMinute = 60_000_000;

/**
 * Times that the way was not ready, as docs/report-format.md defines them.
 *
 * @param leaves in the order of the log
 * @param period microseconds since 1970, `end` not included
 * @param checkpointAt microseconds since 1970
 */
export function incidentFigures(
  leaves: readonly UpstreamLeaf[],
  { begin, end }: { begin: number; end: number },
  checkpointAt: number,
): IncidentFigures {
  // a leaf with the act of the one before tells nothing new
  const turns = leaves.filter(({ act }, n) => act !== leaves[n - 1]?.act);
  return kinds.map(({ kind, act, lasts }) => {
    let count = 0;
    let lasted = 0;
    for (const [n, turn] of turns.entries()) {
      if (turn.act !== act) continue;
      if (turn.at >= begin && turn.at < end) count += 1;
      const over = Math.min(turns[n + 1]?.at ?? Infinity, end, checkpointAt);
      lasted += Math.max(0, over - Math.max(turn.at, begin));
    }
    return { kind, count, minutes: lasts ? Math.floor(lasted / microsecondsOfMinute) : null };
  });
}
