import type { BalikanDelivery } from '#contracts';
import type { LaneState } from './lanes.repository.js';

export type Standing = Pick<BalikanDelivery, 'state' | 'since' | 'until' | 'reason'>;

/** How the sending of an institution stands: what a person decided comes before what the way does by itself. */
export function standingOf(lane: LaneState, isConfigured: boolean): Standing {
  const is = (state: Standing['state'], since: Date | null = null, rest: Partial<Standing> = {}): Standing => ({
    state,
    since: since?.toISOString() ?? null,
    until: null,
    reason: null,
    ...rest,
  });
  if (!lane.sending) return is('STOPPED', lane.stoppedAt, { reason: lane.stoppedReason });
  if (lane.pausedAt) return is('PAUSED', lane.pausedAt, { reason: lane.pausedReason });
  if (!isConfigured) return is('NOT_CONFIGURED');
  if (lane.gate === 'access-broken') return is('ACCESS_BROKEN', lane.gateSince);
  if (lane.gate === 'open' || lane.gate === 'trial')
    return is('INTERRUPTED', lane.gateSince, { until: lane.gateUntil?.toISOString() ?? null });
  return is('SENDING');
}
