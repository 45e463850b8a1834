import { expect, test } from '@jest/globals';
import { standingOf } from './delivery-state.js';
import type { LaneState } from './lanes.repository.js';

const [stoppedAt, pausedAt, gateSince, gateUntil] = [1, 2, 3, 4].map((n) => new Date(n * 1_000)) as [
  Date,
  Date,
  Date,
  Date,
];
const lane = (overrides: Partial<LaneState> = {}): LaneState => ({
  sending: true,
  stoppedAt,
  stoppedReason: 'Uji henti',
  pausedAt: null,
  pausedReason: null,
  gate: 'ready',
  gateSince: null,
  gateUntil: null,
  ...overrides,
});
const all = { sending: false, pausedAt, pausedReason: 'Uji jeda', gate: 'open', gateSince, gateUntil } as const;
const iso = (date: Date) => date.toISOString();
const none = { since: null, until: null, reason: null };

test.each([
  [lane(all), false, { state: 'STOPPED', since: iso(stoppedAt), until: null, reason: 'Uji henti' }],
  [lane({ ...all, sending: true }), false, { state: 'PAUSED', since: iso(pausedAt), until: null, reason: 'Uji jeda' }],
  [lane({ gate: 'open' }), false, { state: 'NOT_CONFIGURED', ...none }],
  [lane({ gate: 'access-broken', gateSince }), true, { state: 'ACCESS_BROKEN', ...none, since: iso(gateSince) }],
  [
    lane({ gate: 'open', gateSince, gateUntil }),
    true,
    { state: 'INTERRUPTED', since: iso(gateSince), until: iso(gateUntil), reason: null },
  ],
  [lane({ gate: 'trial', gateSince }), true, { state: 'INTERRUPTED', ...none, since: iso(gateSince) }],
  [lane(), true, { state: 'SENDING', ...none }],
  [lane({ gate: null }), true, { state: 'SENDING', ...none }],
])('%#: what a person decided comes first', (given, configured, standing) => {
  expect(standingOf(given, configured)).toEqual(standing);
});
