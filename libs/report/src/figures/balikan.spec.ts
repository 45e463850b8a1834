import { describe, expect, test } from '@jest/globals';
import type { OpenedLeaf } from '../opened-event.js';
import { balikanFigures, type BalikanFacts } from './balikan.js';
import { coverage } from './coverage.js';

const period = { from: '2026-06-01', until: '2026-07-15' };
const id = (number: number) => `0198c1d2-0000-7000-9000-${String(number).padStart(12, '0')}`;

function delivered(at: string, receipt: string, verificationId: string, act = 'data-balikan.delivered'): OpenedLeaf {
  const leaf = { id: id(1), at, type: 'DATA_BALIKAN', act, subject: id(2), contentHash: null } as const;
  return { leaf, content: { receipt, verificationId } };
}

const lookUp = (number: number, day: string, sameCase: number[] = []) => ({
  ...{ verificationId: id(number), at: `${day}T02:00:00.000Z`, sameCase: sameCase.map(id) },
});
const nothing: BalikanFacts = { events: [], undelivered: [], lookUps: [], overdueAfterDays: 7 };

test('delivered in the period, by method; undelivered whenever they were accepted', () => {
  const events = [
    delivered('2026-06-30T16:59:59.999999Z', 'SUCCESS', id(11)),
    delivered('2026-06-30T17:00:00.000000Z', 'MEDIA', id(12)),
    delivered('2026-07-01T00:00:00.000000Z', 'ALREADY_SENT', id(13)),
    delivered('2026-05-01T00:00:00.000000Z', 'SUCCESS', id(14)),
    delivered('2026-07-01T00:00:00.000000Z', 'SUCCESS', id(15), 'data-balikan.package-receipted'),
  ];
  const undelivered = (['WAITING', 'DEAD', 'PACKED', 'DEAD'] as const).map((state) => ({
    state,
    verificationId: id(1),
  }));
  expect(balikanFigures({ ...nothing, events, undelivered }, period, '2026-07-10')).toEqual({
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
    undelivered: { waiting: 1, packed: 1, refused: 2 },
    coverage: {
      overdueAfterDays: 7,
      total: { lookUps: 0, sent: 0, accepted: 0, owed: 0, overdue: 0 },
      months: [
        { month: '2026-06', lookUps: 0, sent: 0, accepted: 0, owed: 0, overdue: 0 },
        { month: '2026-07', lookUps: 0, sent: 0, accepted: 0, owed: 0, overdue: 0 },
      ],
    },
  });
});

describe('coverage', () => {
  const standing = (lookUps: ReturnType<typeof lookUp>[], sent: number[], accepted: number[], asOf = '2026-07-10') => {
    const facts = { lookUps, delivered: new Set(sent.map(id)), undelivered: new Set(accepted.map(id)) };
    const { lookUps: count, ...rest } = coverage({ ...facts, overdueAfterDays: 7 }, period, asOf).total;
    expect(count).toBe(lookUps.length);
    return Object.fromEntries(Object.entries(rest).filter(([, value]) => value > 0));
  };

  test('one record is enough for a case; one that was sent is better than one that was accepted', () => {
    expect(standing([lookUp(1, '2026-06-01', [2]), lookUp(2, '2026-06-02', [1])], [2], [1])).toEqual({ sent: 2 });
    expect(standing([lookUp(1, '2026-06-01', [9])], [9], [])).toEqual({ sent: 1 });
    expect(standing([lookUp(1, '2026-06-01'), lookUp(2, '2026-06-02')], [2], [1])).toEqual({ sent: 1, accepted: 1 });
  });

  test('of a case of more look-ups than each names', () => {
    const chain = [lookUp(1, '2026-06-01', [2]), lookUp(2, '2026-06-01', [3]), lookUp(3, '2026-06-01', [4])];
    expect(standing(chain, [4], [])).toEqual({ sent: 3 });
    expect(standing([...chain].reverse(), [4], [])).toEqual({ sent: 3 });
  });

  test('is overdue when more than the days have passed', () => {
    const lookUps = [lookUp(1, '2026-07-02'), lookUp(2, '2026-07-03')];
    expect(standing(lookUps, [], [])).toEqual({ overdue: 1, owed: 1 });
    expect(standing(lookUps, [], [], '2026-07-11')).toEqual({ overdue: 2 });
  });
});
