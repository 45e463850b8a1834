import { describe, expect, test } from '@jest/globals';
import type { Register, RegisterPerson } from '#contracts';
import { registerFigures } from './register.js';

const period = { from: '2026-06-01', until: '2026-06-30' };
const asOf = '2026-06-15T03:00:00Z';
const id = (number: number) => `0198c1d2-0000-7000-9000-${String(number).padStart(12, '0')}`;
let made = 0;

const person = (change: Partial<RegisterPerson>): RegisterPerson => ({
  ...{ id: id(++made), userIdLokal: `uji${made}`, name: 'Petugas Uji', nip: null, position: null, role: 'operator' },
  ...{ workUnit: null, activeFrom: '2026-01-01', activeUntil: null, revokedAt: null },
  nda: { number: 'NDA/1', signedOn: '2026-01-01' },
  ...change,
});
const empty: Register = {
  institution: { id: id(1), name: 'Kecamatan Uji', regionCode: '33.98.01', address: null },
  ...{ agreements: [], people: [], readers: [], sams: [], exceptions: [], stops: [], officeHolderChanges: [] },
};
const figures = (register: Partial<Register>, at = asOf) => registerFigures({ ...empty, ...register }, period, at);

describe('operators', () => {
  test('are active, ended or to come on the day of the checkpoint; admins and evaluators are not counted', () => {
    const people = [
      person({}),
      person({ role: 'camat', nda: null }),
      person({ role: 'admin' }),
      person({ role: 'evaluator' }),
      person({ activeFrom: '2026-06-15' }),
      person({ activeFrom: '2026-06-16' }),
      person({ activeUntil: '2026-06-15' }),
      person({ activeUntil: '2026-06-14' }),
      person({ revokedAt: '2026-06-15T02:59:59.999Z' }),
      person({ revokedAt: '2026-06-15T03:00:00.000Z' }),
    ];
    expect(figures({ people }).operators).toEqual({ active: 5, withNda: 4, withoutNda: 1, ended: 2 });
  });

  test('stand in work units, which have a reader or not', () => {
    const people = [
      ...[person({ workUnit: 'Loket' }), person({ workUnit: 'Loket' }), person({ workUnit: 'Desa' })],
      ...[person({ workUnit: 'Lama', activeUntil: '2026-02-01' }), person({})],
    ];
    const reader = (number: number, workUnit: string, state: 'CONNECTED' | 'REVOKED', samId: string | null) => ({
      ...{ id: id(number), serial: `S${number}`, brand: 'Uji', type: 'Uji', workUnit, state, samId },
      ...{ registeredAt: '2026-01-01T00:00:00Z', revokedAt: null },
    });
    const sam = (number: number, state: 'ACTIVE' | 'PERSONALISED') => ({
      ...{ id: id(number), agreementId: id(2), sifilmaNumber: '1', letterNumber: '1', letterDate: '2026-01-01' },
      ...{ serial: null, state },
    });
    const sams = [sam(51, 'ACTIVE'), sam(52, 'PERSONALISED')];
    const units = (...readers: Register['readers']) => figures({ people, readers, sams });
    expect(units(reader(41, 'Loket', 'CONNECTED', id(51))).workUnits).toEqual({ total: 2, withReader: 1 });
    expect(units(reader(41, 'Lama', 'CONNECTED', id(51))).workUnits).toEqual({ total: 2, withReader: 0 });
    const unusable = [reader(41, 'Loket', 'REVOKED', id(51)), reader(42, 'Desa', 'CONNECTED', id(52))];
    expect(units(...unusable, reader(43, 'Desa', 'CONNECTED', null))).toMatchObject({
      workUnits: { total: 2, withReader: 0 },
      readers: [
        { state: 'CONNECTED', count: 2 },
        { state: 'REVOKED', count: 1 },
      ],
      sams: [
        { state: 'ACTIVE', count: 1 },
        { state: 'PERSONALISED', count: 1 },
      ],
    });
  });
});

test('an SPTJM counts for an agreement in force', () => {
  const version = {
    ...{ id: id(3), version: 1, letterNumber: null, effectiveFrom: '2026-01-01', validFrom: '2026-01-01' },
    ...{ validUntil: '2026-06-15', dailyQuota: 1000, modes: [], elements: [] },
  };
  const agreement = {
    ...{ id: id(2), number: 'PKS/1', state: 'in-force' as const, signedOn: null, terminatedAt: null, closedAt: null },
    ...{ versions: [version], sptjm: [{ number: '1', signedOn: '2026-01-01', signedBy: null }], openClosingSteps: [] },
  };
  expect(figures({ agreements: [agreement] }).sptjm).toBe(true);
  expect(figures({ agreements: [agreement] }, '2026-06-15T17:00:00Z').sptjm).toBe(false);
  expect(figures({ agreements: [{ ...agreement, sptjm: [] }] }).sptjm).toBe(false);
});

test('exceptions of the period, by reason and decision', () => {
  const exceptions = [
    { requestedAt: '2026-05-31T16:59:59Z', reason: 'WORN_FINGER', decision: null },
    { requestedAt: '2026-05-31T17:00:00Z', reason: 'WORN_FINGER', decision: null },
    { requestedAt: '2026-06-03T01:00:00Z', reason: 'WORN_FINGER', decision: 'APPROVED' },
    { requestedAt: '2026-06-04T01:00:00Z', reason: 'DAMAGED_CARD', decision: 'REJECTED' },
    { requestedAt: '2026-06-05T01:00:00Z', reason: 'WORN_FINGER', decision: 'APPROVED' },
  ];
  expect(figures({ exceptions }).exceptions).toEqual([
    { reason: 'DAMAGED_CARD', decision: 'REJECTED', count: 1 },
    { reason: 'WORN_FINGER', decision: 'APPROVED', count: 2 },
    { reason: 'WORN_FINGER', decision: null, count: 1 },
  ]);
});

describe('stops', () => {
  const stop = (stoppedAt: string, liftedAt: string | null) => ({ stoppedAt, liftedAt });
  test.each([
    ['within', [stop('2026-06-02T00:00:00Z', '2026-06-02T00:10:59.999Z')], 1, 10],
    ['into the period', [stop('2026-05-30T00:00:00Z', '2026-05-31T18:00:00Z')], 1, 60],
    ['over at its beginning', [stop('2026-05-30T00:00:00Z', '2026-05-31T17:00:00Z')], 0, 0],
    ['open at the checkpoint', [stop('2026-06-15T02:30:00Z', null)], 1, 30],
    ['lifted after the checkpoint', [stop('2026-06-15T02:30:00Z', '2026-06-15T09:00:00Z')], 1, 30],
    ['after the checkpoint', [stop('2026-06-15T03:00:00Z', null)], 0, 0],
    [
      'several, whose sum is whole minutes',
      [stop('2026-06-02T00:00:00Z', '2026-06-02T00:00:30Z'), stop('2026-06-03T00:00:00Z', '2026-06-03T00:00:45Z')],
      ...[2, 1],
    ],
  ] as [string, Register['stops'], number, number][])('%s', (_, stops, count, minutes) => {
    expect(figures({ stops }).stops).toEqual({ count, minutes });
  });

  test('a checkpoint after the period does not make them longer', () => {
    expect(figures({ stops: [stop('2026-06-30T16:00:00Z', null)] }, '2026-08-01T00:00:00Z').stops).toEqual({
      ...{ count: 1, minutes: 60 },
    });
  });
});
