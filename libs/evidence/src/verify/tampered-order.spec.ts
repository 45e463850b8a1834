import { describe, expect, test } from '@jest/globals';
import { OfficeLog, opening, type Bundle } from '../../test/office-log.js';
import { keys, move, tampered } from '../../test/tampering.js';
import { found, places, verified } from '../../test/verifying.js';

describe('the order', () => {
  test('two lines were exchanged', () => {
    const report = tampered((bundle) => bundle.swap(bundle.event(8), bundle.event(10)));
    expect(found(report)).toEqual(['EVENTS_REORDERED']);
    expect(report.size).toBe(24);
  });

  test('two events were exchanged, the hashes stayed', () => {
    const report = tampered((bundle) => {
      const [a, b] = [bundle.event(9), bundle.event(11)];
      [a.leaf, b.leaf] = [b.leaf, a.leaf];
    });
    expect(places(report)).toEqual([
      ['EVENTS_REORDERED', 9],
      ['EVENTS_REORDERED', 11],
    ]);
  });

  test.each([
    ['neighbours', 8, 9],
    ['two look-ups', 8, 10],
    ['the first and the last', 6, 12],
  ])('%s were exchanged, and the numbers set right', (_, one, other) => {
    const report = tampered((bundle) => {
      bundle.swap(bundle.event(one), bundle.event(other));
      bundle.renumber();
    });
    expect(found(report)).toEqual(['EVENTS_REORDERED']);
    expect(report).toMatchObject({ size: 24 });
  });

  describe('all dated alike, so that times tell nothing', () => {
    function still(count: number): Bundle {
      const office = new OfficeLog();
      for (let number = 0; number < count; number++) {
        office.add(office.access('REFUSED', opening, `0198c1d2-7000-7000-9000-00000000a${100 + number}`));
      }
      office.sign(opening + 30);
      return office.bundle();
    }

    test.each([
      ['one was moved', 20, 4, (bundle: Bundle) => move(bundle, 15, 4)],
      ['two were exchanged', 20, 4, (bundle: Bundle) => bundle.swap(bundle.event(15), bundle.event(4))],
      ['neighbours were exchanged', 200, 70, (bundle: Bundle) => bundle.swap(bundle.event(70), bundle.event(71))],
    ])('%s', (_, count, index, change) => {
      const bundle = still(count);
      change(bundle);
      bundle.renumber();
      expect(places(verified(bundle, { keys }))).toEqual([['EVENTS_REORDERED', index]]);
    });

    test('many were moved: only that they are others is known', () => {
      const bundle = still(100);
      for (let index = 10; index < 20; index++) bundle.swap(bundle.event(index), bundle.event(index + 50));
      bundle.renumber();
      expect(places(verified(bundle, { keys }))).toEqual([['LOG_REWRITTEN', 0]]);
    });
  });

  test('events on both sides of a checkpoint were exchanged', () => {
    const report = tampered((bundle) => bundle.swap(bundle.event(12), bundle.event(14)));
    expect(found(report)).toContain('EVENTS_REORDERED');
  });

  test('only the numbers were exchanged', () => {
    const report = tampered((bundle) => {
      const [a, b] = [bundle.event(8), bundle.event(10)];
      [a.i, b.i] = [10, 8];
    });
    expect(found(report)).toEqual(['EVENTS_REORDERED']);
  });
});
