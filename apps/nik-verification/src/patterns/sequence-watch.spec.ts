import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { PatternParameters } from '#contracts';
import { History } from '../figures/history-fixture.js';
import { neighboursOf } from './neighbours.js';
import { Patterns } from './patterns.js';
import { SequenceWatch } from './sequence-watch.js';

let history: History;
let office: string;
let watch: SequenceWatch;
beforeAll(async () => {
  history = await History.begin();
});
afterAll(() => history.end());
beforeEach(() => {
  office = randomUUID();
  watch = new SequenceWatch(history.pool, history.log);
});

const [first, second] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
const pseudonyms = { nik: (nik: string) => createHmac('sha256', 'uji').update(nik).digest() };
const nik = (serial: number) => `331304410790${serial}`;

/** Admitted and answered, and noticed as the service does it. */
async function lookUp(
  serial: number,
  at: string,
  { operator = first, of = office, full = nik(serial) } = {},
): Promise<string> {
  const verificationId = randomUUID();
  const nikHmac = pseudonyms.nik(full).toString('hex');
  await history.write(of, [
    { at, kind: 'REQUESTED', verificationId, operator, service: 'SKU', mode: 'LOOKUP', hit: 'reserved', nikHmac },
  ]);
  watch.notice({ verificationId, nik: full, pseudonyms });
  return verificationId;
}

async function count(parameters: Partial<PatternParameters> = {}) {
  const { patterns } = await new Patterns(history.pool).count({
    institutionId: office,
    from: '2026-03-01',
    until: '2026-03-31',
    parameters: PatternParameters.parse(parameters),
  });
  return patterns.find(({ name }) => name === 'SEQUENTIAL_NIKS')!;
}

describe('neighbours of a NIK', () => {
  test('differ from it in the serial alone, by at most nine', () => {
    const neighbours = neighboursOf(nik(9901));
    expect(neighbours).toHaveLength(18);
    expect(neighbours.every((one) => one.nik.startsWith('331304410790') && one.nik.length === 16)).toBe(true);
    expect(neighbours.map((one) => Math.abs(Number(one.nik.slice(12)) - 9901))).toEqual(
      neighbours.map(({ distance }) => distance),
    );
    // above 2^53, where a number would lose the last digits
    expect(neighboursOf('9171017008909903').some((one) => one.nik === '9171017008909904')).toBe(true);
  });

  test('end with the serials that there are', () => {
    expect(
      neighboursOf(nik(9998))
        .filter(({ distance }) => distance === 1)
        .map((one) => one.nik),
    ).toEqual([nik(9997), nik(9999)]);
    expect(neighboursOf('3313044107909999').map((one) => one.nik)).not.toContain('33130441079010000');
    expect(neighboursOf('3313044107900000').map((one) => one.nik)).toEqual(
      Array.from({ length: 9 }, (_, n) => `331304410790000${n + 1}`),
    );
  });
});

describe('SEQUENTIAL_NIKS', () => {
  test('a NIK close to one that the same operator looked up shortly before; the nearest time of each distance', async () => {
    await lookUp(9910, '2026-03-02T02:00:00Z');
    const close = await lookUp(9912, '2026-03-02T02:59:59Z');
    const next = await lookUp(9913, '2026-03-02T03:00:00Z');
    await watch.round();
    expect(await count()).toMatchObject({
      total: 2,
      byOperator: [{ operatorId: first, count: 2 }],
      examples: [close, next],
      parameters: { serialDistance: 3, sequenceMinutes: 60 },
    });
    expect(await count({ serialDistance: 1 })).toMatchObject({ total: 1, examples: [next] });
    expect(await count({ serialDistance: 2, sequenceMinutes: 58 })).toMatchObject({ examples: [next] });
    expect(await count({ serialDistance: 2, sequenceMinutes: 59 })).toMatchObject({ examples: [close, next] });
    const { rows } = await history.pool.query<{ distance: number; minutes: number }>(
      'SELECT distance, minutes_before AS minutes FROM verification.sequence_mark WHERE institution_id = $1 ORDER BY distance',
      [office],
    );
    expect(rows).toEqual([
      { distance: 1, minutes: 0 },
      { distance: 2, minutes: 59 },
      { distance: 3, minutes: 60 },
    ]);
  });

  test.each<[string, Parameters<typeof lookUp>]>([
    ['too far', [9920, '2026-03-02T02:05:00Z']],
    ['the same NIK', [9910, '2026-03-02T02:05:00Z']],
    ['more than a day later', [9911, '2026-03-03T02:00:01Z']],
    ['before it', [9911, '2026-03-02T01:59:59Z']],
    ['of another birth date', [9911, '2026-03-02T02:05:00Z', { full: '3313044207909911' }]],
  ])('is none when %s', async (_what, other) => {
    await lookUp(9910, '2026-03-02T02:00:00Z');
    await watch.round();
    await lookUp(...other);
    await watch.round();
    expect(await count({ serialDistance: 9, sequenceMinutes: 1_440 })).toMatchObject({ total: 0 });
  });

  test('by another operator or office is none; of another operator the mark says so', async () => {
    await lookUp(9910, '2026-03-02T02:00:00Z');
    await lookUp(9912, '2026-03-02T02:00:00Z', { of: randomUUID() });
    const other = await lookUp(9911, '2026-03-02T02:05:00Z', { operator: second });
    await watch.round();
    expect(await count()).toMatchObject({ total: 0 });
    const { rows } = await history.pool.query(
      'SELECT verification_id, same_operator FROM verification.sequence_mark WHERE institution_id = $1',
      [office],
    );
    expect(rows).toEqual([{ verification_id: other, same_operator: false }]);
  });

  test('nine away and a day before are the most that is remembered', async () => {
    await lookUp(9910, '2026-03-02T02:00:00Z');
    const most = await lookUp(9919, '2026-03-03T02:00:00Z');
    await watch.round();
    expect(await count({ serialDistance: 9, sequenceMinutes: 1_440 })).toMatchObject({ total: 1, examples: [most] });
  });
});

describe('what is noticed', () => {
  test('is compared fifty at a time, and dropped when there is too much of it', async () => {
    const seen: number[] = [];
    const counting = new SequenceWatch(
      { query: async (_sql: string, [ids]: [string[]]) => void seen.push(new Set(ids).size) } as never,
      history.log,
    );
    for (let n = 0; n < 620; n += 1) counting.notice({ verificationId: randomUUID(), nik: nik(9900), pseudonyms });
    for (let n = 0; n < 12; n += 1) await counting.round();
    expect(seen).toEqual(Array.from({ length: 10 }, () => 50));
  });

  test('is left alone when the key of its agreement is destroyed in between', async () => {
    await lookUp(9910, '2026-03-02T02:00:00Z');
    const noKey = () => {
      throw new Error('no key');
    };
    watch.notice({ verificationId: randomUUID(), nik: nik(9911), pseudonyms: { nik: noKey } });
    await lookUp(9911, '2026-03-02T02:01:00Z');
    await watch.round();
    expect(await count()).toMatchObject({ total: 1 });
  });

  test('keeps nothing of the person', async () => {
    const { rows } = await history.pool.query<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'sequence_mark' ORDER BY ordinal_position`,
    );
    expect(rows.map(({ name }) => name)).toEqual([
      'verification_id',
      'distance',
      'same_operator',
      'institution_id',
      'at',
      'operator_id',
      'minutes_before',
    ]);
  });
});
