import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AccessLeaf, Leaf, ReportedLeaf } from '#evidence';
import { naiveCount, type CountedLeaf } from '../test/naive-count.js';
import { Recount, type RecountOptions } from './recount.js';

const period = { from: '2028-02-28', until: '2028-03-02' };
const uuid = (number: number) => `0198c1d2-0000-7000-9000-${String(number).padStart(12, '0')}`;
const hmac = (number: number) => String(number).padStart(64, '0');

/** Moments around the edges of days, before, in and after the period. */
const moment = fc
  .tuple(
    fc.constantFrom('2028-02-20', '2028-02-27', '2028-02-28', '2028-02-29', '2028-03-01', '2028-03-02', '2028-03-03'),
    fc.constantFrom('00:00:00.000000', '16:59:59.999999', '17:00:00.000000', '09:30:00.000001', '23:59:59.999999'),
  )
  .map(([day, time]) => `${day}T${time}Z`);
const ends = fc.constantFrom(
  ...[[], ['unknown'], ['unknown', 'confirmed'], ['confirmed'], ['confirmed'], ['confirmed'], ['released']],
) as fc.Arbitrary<NonNullable<AccessLeaf['hit']>[]>;

interface Draft {
  kind: 'lookUp' | 'refusal' | 'read' | 'delivery' | 'upstream';
  at: string;
  answeredAt: string;
  ends: NonNullable<AccessLeaf['hit']>[];
  number: number;
  few: number;
  place: number;
}
const draft: fc.Arbitrary<Draft> = fc.record({
  kind: fc.constantFrom('lookUp', 'lookUp', 'lookUp', 'refusal', 'read', 'delivery', 'upstream'),
  ...{ at: moment, answeredAt: moment, ends, number: fc.nat(999), few: fc.nat(5), place: fc.nat(30) },
});

function access(type: AccessLeaf['type'], at: string, verification: string, { number, few }: Draft): AccessLeaf {
  return {
    ...{ agreementVersion: uuid(1), at, client: `aplikasi-${few % 2}`, fields: ['nik'], hit: null, id: uuid(number) },
    ...{ institution: uuid(2), latencyMs: null, mode: few === 5 ? null : few % 2 ? 'LOOKUP' : 'MATCH' },
    ...{ nikHmac: few === 4 ? null : hmac(number % 3), operator: few === 0 ? null : uuid(few), outcome: null },
    ...{
      referenceHmac: number % 5 === 0 ? null : hmac(number % 2),
      service: [null, 'SKU', 'NIB', 'SKTM'][number % 4]!,
    },
    ...{ type, v: 1, verification },
  };
}

function reported(type: ReportedLeaf['type'], act: string, { at, number, few }: Draft): ReportedLeaf {
  return {
    ...{ act, actor: null, at, contentHash: null, id: uuid(number), institution: uuid(2), loggedAt: at },
    ...{ subject: uuid(few), subjectHmac: null, type, v: 1 },
  };
}

/** The leaves that come of it, in their order among themselves. */
function leavesOf(one: Draft, at: number): CountedLeaf[] {
  const verification = uuid(1000 + at);
  const { few, number } = one;
  if (one.kind === 'lookUp')
    return [
      { leaf: access('REQUESTED', one.at, verification, one) },
      ...one.ends.map((hit) => {
        const outcome =
          hit === 'confirmed' || few === 2 ? ['FOUND', 'NOT_FOUND'][few % 2]! : few === 3 ? null : 'UPSTREAM_TIMEOUT';
        return { leaf: { ...access('ANSWERED', one.answeredAt, verification, one), hit, outcome } };
      }),
    ];
  if (one.kind === 'refusal') {
    const outcome = ['QUOTA_EXHAUSTED', 'NIK_INVALID'][number % 2]!;
    return [{ leaf: { ...access('REFUSED', one.at, verification, one), outcome } }];
  }
  if (one.kind === 'upstream') {
    const act = ['open', 'open', 'access-broken', 'quota-used-up', 'outside-hours', 'ready'][few]!;
    return [{ leaf: reported('UPSTREAM', `upstream.${act}`, one) }];
  }
  if (one.kind === 'delivery') {
    const act = few === 5 ? 'data-balikan.package-made' : 'data-balikan.delivered';
    const content = {
      receipt: ['SUCCESS', 'MEDIA', 'ALREADY_SENT'][number % 3],
      verificationId: uuid(1000 + (number % 10)),
    };
    return [{ leaf: reported('DATA_BALIKAN', act, one), content }];
  }
  const content = {
    ...{ outcome: ['MATCHED', 'NOT_MATCHED', 'CANCELLED'][number % 3], tries: few, service: ['SKU', 'SKTM'][few % 2] },
    verificationId: number % 2 ? uuid(3) : null,
  };
  return [{ leaf: reported('READER_READ', few === 5 ? 'reader.offline-check' : 'reader.read', one), content }];
}

/** Leaves of several things run into each other, as they do in a log. */
function logOf(drafts: readonly Draft[]): CountedLeaf[] {
  const placed = drafts.flatMap((one, at) =>
    leavesOf(one, at).map((leaf, part) => ({ leaf, place: at + (part * one.place) / 2, at, part })),
  );
  return placed.sort((a, b) => a.place - b.place || a.at - b.at || a.part - b.part).map(({ leaf }) => leaf);
}

const undelivered = fc.array(
  fc.record({
    verificationId: fc.nat(30).map((at) => uuid(1000 + at)),
    state: fc.constantFrom('WAITING', 'PACKED', 'DEAD'),
  }),
  { maxLength: 4 },
) as fc.Arbitrary<{ verificationId: string; state: 'WAITING' | 'PACKED' | 'DEAD' }[]>;

test('the figures are those of a naive count, over two generations and up to a size', () => {
  const everything = { drafts: fc.array(draft, { maxLength: 40 }), split: fc.nat(30), cut: fc.nat(8), undelivered };
  const asOf = fc.constantFrom('2028-03-01T10:00:00Z', '2028-03-02T17:00:00Z', '2028-04-01T00:00:00Z');
  fc.assert(
    fc.property(fc.record({ ...everything, asOf }), ({ drafts, split, cut, undelivered, asOf }) => {
      const log = logOf(drafts);
      const first = Math.min(split, log.length);
      const second = Math.max(0, log.length - first - cut);
      const options = { period, asOfAt: asOf, overdueAfterDays: 1, undelivered };
      const named = new Set(log.map(({ content }) => content?.verificationId));
      for (const { verificationId } of undelivered) named.add(verificationId);
      const sizes = new Map([
        [1, first],
        [2, second],
      ]);
      const recount = new Recount({ ...options, sizes, named: (id) => named.has(id) });
      log.forEach(({ leaf, content }, at) => {
        const generation = at < first ? 1 : 2;
        recount.add(leaf, generation === 1 ? at : at - first, generation, content);
      });
      expect(recount.figures()).toEqual(naiveCount(log.slice(0, first + second), options));
    }),
    { numRuns: 400 },
  );
});

const empty: RecountOptions = {
  ...{ period, sizes: new Map([[1, 100]]), asOfAt: '2028-04-01T00:00:00Z', overdueAfterDays: 7, undelivered: [] },
  named: () => false,
};

test('of an empty log every list is empty but that of the months', () => {
  const { lookUps, incidents } = new Recount(empty).figures();
  const zero = { requests: 0, hits: 0, confirmed: 0, unknown: 0, released: 0, pending: 0, refused: 0 };
  expect(lookUps).toEqual({
    total: zero,
    months: ['2028-02', '2028-03'].map((month) => ({ month, ...zero, peak: null })),
    ...{ days: [], byMode: [], byService: [], byOutcome: [], byOperator: [], byClient: [], refusals: [] },
  });
  expect(incidents.map(({ count, minutes }) => [count, minutes])).toEqual([
    [0, 0],
    [0, 0],
    [0, null],
    [0, null],
  ]);
});

test('what lasts over the beginning of the period counts with its minutes in it, and begins once', () => {
  const recount = new Recount(empty);
  const said: [string, string][] = [
    ['open', '2028-02-27T16:00:00.000000Z'],
    ['open', '2028-02-27T16:30:00.000000Z'],
    ['ready', '2028-02-27T17:10:59.000000Z'],
    ['open', '2028-03-02T16:59:00.000000Z'],
  ];
  said.forEach(([act, at], index) => {
    const leaf: Leaf = reported('UPSTREAM', `upstream.${act}`, { at, number: index, few: 0 } as Draft);
    recount.add(leaf, index, 1);
  });
  expect(recount.figures().incidents[0]).toEqual({ kind: 'BREAKER_OPEN', count: 1, minutes: 11 });
});

test('look-ups whose end is final are not remembered', () => {
  const recount = new Recount({ ...empty, sizes: new Map([[1, 1e9]]) });
  const open = (recount as unknown as { lookUps: { open: Map<string, unknown> } }).lookUps.open;
  for (let at = 0; at < 1000; at++) {
    const one = { number: at, few: 1 } as Draft;
    recount.add(access('REQUESTED', '2028-02-29T01:00:00.000000Z', uuid(at), one), 2 * at, 1);
    recount.add(
      { ...access('ANSWERED', '2028-02-29T01:00:01.000000Z', uuid(at), one), hit: 'confirmed' },
      2 * at + 1,
      1,
    );
  }
  expect(open.size).toBe(0);
  expect(recount.figures().lookUps.total).toMatchObject({ requests: 1000, confirmed: 1000 });
});
