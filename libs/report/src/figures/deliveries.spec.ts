import { expect, test } from '@jest/globals';
import type { OpenedLeaf } from '../opened-event.js';
import { DeliveryTally, undeliveredFigures } from './deliveries.js';

const period = { from: '2026-06-01', until: '2026-07-15' };
const id = (number: number) => `0198c1d2-0000-7000-9000-${String(number).padStart(12, '0')}`;

function delivered(at: string, receipt: string, act = 'data-balikan.delivered'): OpenedLeaf {
  const leaf = { id: id(1), at, type: 'DATA_BALIKAN', act, subject: id(2), contentHash: null } as const;
  return { leaf, content: { receipt, verificationId: id(3) } };
}

test('delivered in the period, by method', () => {
  const tally = new DeliveryTally(period);
  for (const event of [
    delivered('2026-06-30T16:59:59.999999Z', 'SUCCESS'),
    delivered('2026-06-30T17:00:00.000000Z', 'MEDIA'),
    delivered('2026-07-01T00:00:00.000000Z', 'ALREADY_SENT'),
    delivered('2026-05-01T00:00:00.000000Z', 'SUCCESS'),
    delivered('2026-07-01T00:00:00.000000Z', 'SUCCESS', 'data-balikan.package-receipted'),
  ])
    tally.add(event);
  expect(tally.figures()).toEqual({
    delivered: 3,
    byMethod: [
      { method: 'MEDIA', receipt: 'MEDIA', count: 1 },
      { method: 'WEB_SERVICE', receipt: 'ALREADY_SENT', count: 1 },
      { method: 'WEB_SERVICE', receipt: 'SUCCESS', count: 1 },
    ],
    months: [
      { month: '2026-06', delivered: 1 },
      { month: '2026-07', delivered: 2 },
    ],
  });
});

test('undelivered by state', () => {
  const states = ['WAITING', 'DEAD', 'PACKED', 'DEAD'] as const;
  expect(undeliveredFigures(states.map((state) => ({ state })))).toEqual({ waiting: 1, packed: 1, refused: 2 });
});
