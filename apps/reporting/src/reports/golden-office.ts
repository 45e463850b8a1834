import type { OwnersOfTest } from '../facts/owners-fixture.js';
import { fixtureId, makeRegister } from '../forms/report-content-fixture.js';

/** An office of which everything is known, so that its report can be read as text: days at the edges of Jakarta's, one of each kind. */
export function fillOffice(owners: OwnersOfTest, id: string): void {
  const register = makeRegister({
    exceptions: [
      { requestedAt: '2026-02-10T03:00:00.000Z', reason: 'WORN_FINGER', decision: 'APPROVED' },
      { requestedAt: '2025-12-31T16:59:59.000Z', reason: 'WORN_FINGER', decision: null },
    ],
  });
  owners.addOffice({ register }, id);
  const [first, second, third] = [1, 2, 3].map((n) => fixtureId(0x500 + n)) as [string, string, string];
  // the last moment of the year before in Jakarta, and the first of this one
  owners.addLookUp(id, '2025-12-31T16:59:59.999Z', fixtureId(0x500));
  owners.addLookUp(id, '2025-12-31T17:00:00.000Z', first);
  owners.addDelivery(id, '2026-01-05T03:00:00.000Z', first, fixtureId(0x601), fixtureId(0x701));
  owners.addLookUp(id, '2026-03-02T02:00:00.000Z', second);
  owners.addLookUp(id, '2026-05-20T02:00:00.000Z', third);
  owners.addLookUp(id, '2026-05-20T04:00:00.000Z', fixtureId(0x504), false);
  owners.addRefusal(id, '2026-05-20T04:10:00.000Z');
  const reader = fixtureId(0x301);
  owners.addRead(id, '2026-03-02T01:59:00.000Z', { verificationId: second }, { id: fixtureId(0x711), reader });
  owners.addRead(
    id,
    '2026-03-02T05:00:00.000Z',
    { outcome: 'NOT_MATCHED', tries: 4 },
    { id: fixtureId(0x712), reader },
  );
  owners.addDelivery(id, '2026-05-21T03:00:00.000Z', third, fixtureId(0x602), fixtureId(0x702));
  const acceptedAt = '2026-05-30T03:00:00.000Z';
  owners.office(id).undelivered = [
    { id: fixtureId(0x602), verificationId: third, acceptedAt, state: 'WAITING' },
    { id: fixtureId(0x603), verificationId: fixtureId(0x504), acceptedAt, state: 'PACKED' },
  ];
}
