import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { PatternParameters, type PatternReport } from '#contracts';
import { History, type MadeEvent } from '../figures/history-fixture.js';
import { Patterns } from './patterns.js';

let history: History;
let office: string;
beforeAll(async () => {
  history = await History.begin();
});
afterAll(() => history.end());
beforeEach(() => {
  office = randomUUID();
});

const [first, second] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const march = { from: '2026-03-01', until: '2026-03-31' };

/** A look-up that is over; Monday 2 March 2026, 09:00 in Jakarta, where nothing else is said. */
async function lookUp(change: Partial<MadeEvent> & { outcome?: string; person?: string } = {}): Promise<string> {
  const { outcome = 'FOUND', person = randomUUID(), ...rest } = change;
  const verificationId = randomUUID();
  const asked = {
    at: '2026-03-02T02:00:00Z',
    operator: first,
    service: 'SKTM',
    mode: 'LOOKUP',
    ...rest,
    verificationId,
  };
  await history.write(office, [
    { ...asked, kind: 'REQUESTED', hit: 'reserved', nikHmac: hash(person) },
    { ...asked, kind: 'ANSWERED', hit: 'confirmed', outcome, nikHmac: hash(person) },
  ]);
  return verificationId;
}

async function count(name: string, parameters: Partial<PatternParameters> = {}, period = march, of = office) {
  const { patterns } = await new Patterns(history.pool).count({
    institutionId: of,
    ...period,
    parameters: PatternParameters.parse(parameters),
  });
  const { explanation, parameters: used, ...counted } = patterns.find((one) => one.name === name)!;
  expect(explanation).toMatch(/^[A-Z].{100}/);
  return { ...counted, used } as Omit<PatternReport['patterns'][number], 'explanation' | 'parameters'> & {
    used: object;
  };
}

const nothing = { total: 0, byOperator: [], examples: [] };

describe('OUT_OF_HOURS', () => {
  test('before and after the hours and on Saturday and Sunday, by the clock of Jakarta', async () => {
    for (const at of ['2026-03-02T00:00:00Z', '2026-03-02T09:59:59.999999Z', '2026-03-06T02:00:00Z'])
      await lookUp({ at });
    expect(await count('OUT_OF_HOURS')).toMatchObject(nothing);
    const early = await lookUp({ at: '2026-03-01T23:59:59.999999Z' });
    const late = await lookUp({ at: '2026-03-02T10:00:00Z', operator: second });
    const saturday = await lookUp({ at: '2026-03-06T17:00:00Z' });
    const sunday = await lookUp({ at: '2026-03-08T02:00:00Z', operator: null });
    expect(await count('OUT_OF_HOURS')).toMatchObject({
      total: 4,
      byOperator: [
        { operatorId: first, count: 2 },
        { operatorId: second, count: 1 },
        { operatorId: null, count: 1 },
      ],
      examples: [early, late, saturday, sunday],
      used: { opensAt: '07:00', closesAt: '17:00' },
    });
    expect(await count('OUT_OF_HOURS', { opensAt: '06:59', closesAt: '17:01' })).toMatchObject({ total: 2 });
    expect(await count('OUT_OF_HOURS', {}, { from: '2026-03-08', until: '2026-03-08' })).toMatchObject({
      examples: [sunday],
    });
    expect(await count('OUT_OF_HOURS', {}, march, randomUUID())).toMatchObject(nothing);
  });

  test('names the oldest twenty', async () => {
    const all = [];
    for (let n = 0; n < 23; n += 1) all.push(await lookUp({ at: `2026-03-02T11:${10 + n}:00Z` }));
    expect(await count('OUT_OF_HOURS')).toMatchObject({ total: 23, examples: all.slice(0, 20) });
  });
});

describe('MANY_MISSES', () => {
  const parameters = { missesPerDay: 3, missShare: 50 };

  test('days of one operator with so many misses and such a share of them', async () => {
    const missed = [];
    for (const [n, outcome] of ['NOT_FOUND', 'UNPROCESSABLE', 'NOT_FOUND'].entries())
      missed.push(await lookUp({ at: `2026-03-02T02:0${n}:00Z`, outcome }));
    for (const outcome of ['FOUND', 'DECEASED', 'INACTIVE']) await lookUp({ outcome });
    // exactly half of them
    expect(await count('MANY_MISSES', parameters)).toMatchObject({
      total: 1,
      byOperator: [{ operatorId: first, count: 1 }],
      examples: [missed[0]],
      used: parameters,
    });
    await lookUp();
    expect(await count('MANY_MISSES', parameters)).toMatchObject(nothing);
  });

  test('too few, of two operators, and on two days are none', async () => {
    for (const [at, operator] of [
      ['2026-03-02T16:59:59Z', first],
      ['2026-03-02T16:59:59Z', first],
      ['2026-03-02T17:00:00Z', first],
      ['2026-03-02T16:59:59Z', second],
    ] as const)
      await lookUp({ at, operator, outcome: 'NOT_FOUND' });
    expect(await count('MANY_MISSES', parameters)).toMatchObject(nothing);
    await lookUp({ at: '2026-03-02T10:00:00Z', outcome: 'NOT_FOUND' });
    expect(await count('MANY_MISSES', parameters)).toMatchObject({ total: 1 });
  });
});

describe('REPEATED_WITHOUT_SERVICE', () => {
  const parameters = { repeats: 3, repeatDays: 10 };
  const days = (all: number[], change: Partial<MadeEvent> & { outcome?: string } = {}, person = 'a') =>
    Promise.all(
      all.map((day) => lookUp({ at: `2026-03-${String(day).padStart(2, '0')}T02:00:00Z`, person, ...change })),
    );

  test('one person again and again: each look-up beyond the first', async () => {
    const [, ...again] = await days([2, 9, 11]);
    // ten days and no second more lie between the first and the third
    await days([2, 9, 12], {}, 'b');
    expect(await count('REPEATED_WITHOUT_SERVICE', parameters)).toMatchObject({
      total: 2,
      byOperator: [{ operatorId: first, count: 2 }],
      examples: again,
      used: parameters,
    });
    expect(await count('REPEATED_WITHOUT_SERVICE', { ...parameters, repeats: 4 })).toMatchObject(nothing);
    expect(await count('REPEATED_WITHOUT_SERVICE', { ...parameters, repeatDays: 11 })).toMatchObject({ total: 4 });
  });

  test('is none when a look-up for a business service found the person', async () => {
    await days([2, 3, 4], { service: 'SKU', outcome: 'NOT_FOUND' });
    expect(await count('REPEATED_WITHOUT_SERVICE', parameters)).toMatchObject({ total: 2 });
    await days([20], { service: 'NIB' });
    expect(await count('REPEATED_WITHOUT_SERVICE', parameters)).toMatchObject(nothing);
    // before that day it was one
    expect(
      await count('REPEATED_WITHOUT_SERVICE', parameters, { from: '2026-03-01', until: '2026-03-19' }),
    ).toMatchObject({
      total: 2,
    });
  });
});

test('an answer names no person: no NIK, no HMAC', async () => {
  for (let n = 0; n < 6; n += 1) await lookUp({ at: `2026-03-02T1${n}:00:00Z`, person: 'a', outcome: 'NOT_FOUND' });
  const { patterns } = await new Patterns(history.pool).count({
    institutionId: office,
    ...march,
    parameters: PatternParameters.parse({ missesPerDay: 1 }),
  });
  expect(patterns.filter(({ total }) => total > 0)).toHaveLength(3);
  expect(JSON.stringify(patterns)).not.toContain(hash('a'));
  expect(JSON.stringify(patterns)).not.toMatch(/[0-9a-f]{40}|(?<![0-9a-f-])\d{16}(?![0-9a-f-])/);
});
