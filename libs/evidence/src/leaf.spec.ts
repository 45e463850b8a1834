import { describe, expect, test } from '@jest/globals';
import { institution, OfficeLog, opening, timeOf } from '../test/office-log.js';
import { fromUtf8 } from './bytes.js';
import { encodeLeaf, loggedTime, readLeaf, type GapLeaf, type Leaf, type ReportedLeaf } from './leaf.js';
import { microseconds } from './times.js';

const access = new OfficeLog().access('ANSWERED', opening, '0198c1d2-7000-7000-9000-000000000001');
const reported: ReportedLeaf = {
  act: 'operator.revoke',
  actor: null,
  at: timeOf(opening),
  contentHash: 'cd'.repeat(32),
  id: '0198c1d2-7000-7000-9000-000000000002',
  institution,
  loggedAt: timeOf(opening + 5),
  subject: null,
  subjectHmac: null,
  type: 'ADMINISTRATION',
  v: 1,
};
const gap: GapLeaf = {
  acknowledgedBy: null,
  at: timeOf(opening),
  id: '0198c1d2-7000-7000-9000-000000000003',
  institution,
  keptRoot: '00'.repeat(32),
  keptSize: 12,
  lastCheckpoint: 'x\n1\n',
  previousOrigin: `gerbang-contoh/${institution}/1`,
  reason: 'Pemulihan dari cadangan',
  type: 'GAP',
  v: 1,
};

describe.each([
  ['an access event', access],
  ['a reported event', reported],
  ['a gap', gap],
])('%s', (_, leaf: Leaf) => {
  test('is written with its keys in order and without blanks, whatever order it came in', () => {
    const text = fromUtf8(encodeLeaf(leaf))!;
    expect(Object.keys(JSON.parse(text) as object)).toEqual(Object.keys(leaf).sort());
    const turned = Object.fromEntries(Object.entries(leaf).reverse()) as unknown as Leaf;
    expect(fromUtf8(encodeLeaf(turned))).toBe(text);
    expect(text).toBe(JSON.stringify(JSON.parse(text)));
    expect(readLeaf(JSON.parse(text))).toEqual(leaf);
  });

  test('is refused with a key more or less, or another form', () => {
    for (const key of Object.keys(leaf)) {
      const { [key as keyof Leaf]: removed, ...rest } = leaf;
      expect(removed).toBeDefined();
      expect(() => encodeLeaf(rest as Leaf)).toThrow(TypeError);
      for (const other of [undefined, {}, 1.5, -1, true, '']) {
        expect(readLeaf({ ...leaf, [key]: other })).toBeUndefined();
      }
    }
    expect(() => encodeLeaf({ ...leaf, nik: '3374019901990001' } as unknown as Leaf)).toThrow('"nik" is unknown');
    expect(readLeaf([leaf])).toBeUndefined();
    expect(readLeaf(null)).toBeUndefined();
    expect(readLeaf(JSON.parse(`{"__proto__":${JSON.stringify(leaf)}}`))).toBeUndefined();
  });
});

test('the order is judged by when the log had it', () => {
  expect(loggedTime(access)).toBe(access.at);
  expect(loggedTime(reported)).toBe(reported.loggedAt);
});

test.each([
  ['2025-11-01T01:00:00.000001Z', Date.UTC(2025, 10, 1, 1) * 1000 + 1],
  ['2025-02-28T23:59:59.999999Z', Date.UTC(2025, 1, 28, 23, 59, 59) * 1000 + 999_999],
  ['2025-02-30T01:00:00.000000Z', undefined],
  ['2025-11-01T24:00:00.000000Z', undefined],
  ['2025-11-01T01:00:00.000Z', undefined],
  ['2025-11-01T01:00:00.000000+07:00', undefined],
  ['2025-11-01 01:00:00.000000Z', undefined],
  ['+12025-11-01T01:00:00.000000Z', undefined],
])('%s', (text, expected) => expect(microseconds(text)).toBe(expected));
