import { describe, expect, test } from '@jest/globals';
import { copyOf, invented, tampered } from '../../test/tampering.js';
import { found, places } from '../../test/verifying.js';

describe('events', () => {
  test('one was changed', () => {
    const report = tampered((bundle) => (bundle.event(9).leaf.outcome = 'NOT_FOUND'));
    expect(places(report)).toEqual([['EVENT_CHANGED', 9]]);
    // the hashes still lead to what was signed
    expect(report.size).toBe(24);
  });

  test('one was changed to what is no event', () => {
    const report = tampered((bundle) => (bundle.event(9).leaf.nama = 'CONTOH'));
    expect(places(report)).toEqual([['EVENT_CHANGED', 9]]);
    expect(places(tampered((bundle) => (bundle.event(9).leaf = null as never)))).toEqual([['EVENT_CHANGED', 9]]);
    expect(places(tampered((bundle) => (bundle.event(9).leaf.latencyMs = 0.5)))).toEqual([['EVENT_CHANGED', 9]]);
  });

  test('one was changed, and its hash too: it lies between two checkpoints', () => {
    const report = tampered((bundle) => {
      bundle.event(9).leaf.operator = 'siapa-lagi';
      bundle.rehash(bundle.event(9));
    });
    expect(places(report)).toEqual([['LOG_REWRITTEN', 6]]);
    expect(report.findings[0]!.detail).toContain('6 to 13');
    expect(report).toMatchObject({ size: 6, notices: [{ name: 'HISTORY_NOT_COMPARED', index: 6 }] });
  });

  test('only the hash that is told was changed', () => {
    const report = tampered((bundle) => (bundle.event(3).h = bundle.event(4).h));
    expect(places(report)).toEqual([['HASH_CHANGED', 3]]);
    expect(report.size).toBe(24);
  });

  test.each([
    ['in the middle', 8],
    ['the first', 0],
    ['before a checkpoint', 13],
    ['the last', 23],
  ])('one was taken out, %s', (_, index) => {
    const report = tampered((bundle) => bundle.remove(bundle.event(index)));
    expect(found(report).filter((name) => name !== 'ANSWER_WITHOUT_REQUEST')).toEqual(['EVENT_REMOVED']);
    expect(report.findings.find(({ name }) => name === 'EVENT_REMOVED')!.index).toBeLessThanOrEqual(index);
  });

  test.each([7, 13, 23])('%i was taken out, and all numbers and counts set right', (index) => {
    const report = tampered((bundle) => {
      bundle.remove(bundle.event(index));
      bundle.renumber();
    });
    expect(found(report)).toEqual(['EVENT_REMOVED']);
  });

  test('several were taken out, with the numbers', () => {
    const report = tampered((bundle) => {
      for (let index = 6; index < 10; index++) bundle.remove(bundle.event(index));
      bundle.renumber();
    });
    expect(places(report)).toEqual([['EVENT_REMOVED', 6]]);
    expect(report.findings[0]!.detail).toMatch(/^4 of the events 6 to 13/);
  });

  test('several were taken out, across a checkpoint', () => {
    const report = tampered((bundle) => {
      for (let index = 10; index < 18; index++) bundle.remove(bundle.event(index));
    });
    expect(found(report)).toEqual(['EVENT_REMOVED']);
    expect(report.findings.map(({ detail }) => detail)).toEqual([
      '4 events are missing: 10 to 13.',
      '4 events are missing: 14 to 17.',
    ]);
  });

  test('the end was taken out, with its checkpoint', () => {
    const report = tampered((bundle) => {
      bundle.events.slice(14).forEach((line) => bundle.remove(line));
      bundle.remove(bundle.checkpoints.at(-1)!);
      bundle.renumber();
    });
    expect(found(report)).toEqual(['EVENT_REMOVED']);
    expect(report.findings[0]).toMatchObject({ index: 14 });
  });

  test.each([
    ['in the middle', 9],
    ['before a checkpoint', 13],
    ['at the beginning', 0],
    ['before the last', 23],
  ])('one was put in, %s, and found', (_, index) => {
    const report = tampered((bundle) => {
      bundle.insertBefore(bundle.event(index), invented(bundle, index));
      bundle.renumber();
    });
    expect(places(report)).toEqual([['EVENT_INSERTED', index]]);
    expect(report.size).toBe(24);
  });

  test('one was put in with the number of another', () => {
    const report = tampered((bundle) => bundle.insertBefore(bundle.event(9), invented(bundle, 9)));
    expect(places(report)).toEqual([['EVENT_INSERTED', 9]]);
  });

  test('one was put in right behind a checkpoint', () => {
    const report = tampered((bundle) => {
      bundle.insertBefore(bundle.event(14), invented(bundle, 14));
      bundle.renumber();
    });
    expect(places(report)).toEqual([['EVENT_INSERTED', 14]]);
  });

  test('one was put in right before a checkpoint', () => {
    const report = tampered((bundle) => {
      bundle.insertBefore(bundle.checkpoints[1]!, invented(bundle, 13));
      bundle.renumber();
    });
    expect(places(report)).toEqual([['EVENT_INSERTED', 14]]);
    expect(report.size).toBe(24);
  });

  test('several were put in', () => {
    const report = tampered((bundle) => {
      bundle.insertBefore(bundle.event(9), invented(bundle, 9));
      const second = invented(bundle, 11);
      second.leaf.id = '0198c1d2-7000-7000-9000-fffffffffffe';
      bundle.rehash(second);
      bundle.insertBefore(bundle.event(11), second);
      bundle.renumber();
    });
    expect(places(report)).toEqual([['EVENT_INSERTED', 6]]);
    expect(report.findings[0]!.detail).toMatch(/^2 too many/);
  });

  test('one was put in behind the end', () => {
    const report = tampered((bundle) => {
      bundle.insertBefore(bundle.closing, { ...invented(bundle, 23), i: 24 });
    });
    expect(places(report)).toEqual([['EVENT_INSERTED', 24]]);
  });

  test('one was put in behind the end, and the header set right: nothing signed covers it', () => {
    const report = tampered((bundle) => {
      bundle.insertBefore(bundle.closing, { ...invented(bundle, 23), i: 24 });
      bundle.header.to = 25;
      bundle.renumber();
    });
    expect(places(report)).toEqual([['CHECKPOINT_MISSING', 24]]);
  });

  test('one was taken out and another put in', () => {
    const report = tampered((bundle) => {
      const { lines } = bundle;
      const line = bundle.event(8);
      lines[lines.indexOf(line)] = { ...invented(bundle, 8), i: 8 };
    });
    expect(found(report)).toEqual(['LOG_REWRITTEN', 'ANSWER_WITHOUT_REQUEST']);
  });

  test('one stands there twice', () => {
    const report = tampered((bundle) => {
      bundle.insertBefore(bundle.event(12), copyOf(bundle.event(8)));
      bundle.renumber();
    });
    expect(places(report)).toEqual([['EVENT_TWICE', 12]]);
    expect(report.size).toBe(24);
  });

  test('a line was doubled', () => {
    const report = tampered((bundle) => bundle.insertBefore(bundle.event(8), copyOf(bundle.event(8))));
    expect(places(report)).toEqual([['EVENT_TWICE', 8]]);
  });

  test('one was written over with a copy of another', () => {
    const report = tampered((bundle) => {
      const line = bundle.event(11);
      line.leaf = copyOf(bundle.event(9)).leaf;
    });
    expect(places(report)).toEqual([
      ['EVENT_TWICE', 11],
      ['EVENT_CHANGED', 11],
    ]);
  });
});
