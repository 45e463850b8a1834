import { describe, expect, test } from '@jest/globals';
import { type Bundle } from '../../test/office-log.js';
import { copyOf, keys, log, tampered } from '../../test/tampering.js';
import { found, verified } from '../../test/verifying.js';

describe('the file', () => {
  test.each([1, 5, 20, 26])('breaks off after %i lines', (count) => {
    const lines = log.bundle().toString().split('\n').slice(0, count);
    expect(found(verified(lines.join('\n'), { keys }))).toEqual(['BUNDLE_TRUNCATED']);
  });

  test('breaks off within a line', () => {
    const text = log.bundle().toString();
    expect(found(verified(text.slice(0, 5000), { keys }))).toEqual(['BUNDLE_TRUNCATED']);
    expect(found(verified(text.slice(0, -5), { keys }))).toEqual(['BUNDLE_TRUNCATED']);
  });

  test.each(['', 'x', '{}', '[]', '\n\n', '{"end":true,"leaves":0,"checkpoints":0}\n{"x":1}'])(
    '%j is no bundle',
    (text) => {
      expect(verified(text, { keys })).toMatchObject({
        ok: false,
        origin: null,
        findings: [{ name: 'BUNDLE_MALFORMED' }],
      });
    },
  );

  test('has a line that is none', () => {
    const report = tampered((bundle) => bundle.insertBefore(bundle.event(9), { i: 9, h: 'x', leaf: {} }));
    expect(report.findings).toMatchObject([
      { name: 'BUNDLE_MALFORMED', detail: 'Line 12: it is not a line of a bundle' },
    ]);
    expect(report.size).toBe(24);
  });

  test('has an event that cannot be read', () => {
    const report = tampered((bundle) => (bundle.event(9).h = 'x'));
    expect(found(report)).toEqual(['BUNDLE_MALFORMED']);
  });

  test('tells a key twice: two readers may see two things', () => {
    const text = log.bundle().toString().replace('"outcome":"FOUND"', '"outcome":"NOT_FOUND","outcome":"FOUND"');
    expect(found(verified(text, { keys }))).toEqual(['BUNDLE_MALFORMED']);
  });

  test.each([
    ['a larger end', (bundle: Bundle) => (bundle.header.to = 30), 'EVENT_REMOVED'],
    ['a smaller end', (bundle: Bundle) => (bundle.header.to = 20), 'BUNDLE_MALFORMED'],
    ['another institution', (bundle: Bundle) => (bundle.header.institution.id = 'x'), 'BUNDLE_MALFORMED'],
    ['a broken key', (bundle: Bundle) => (bundle.header.keys = ['x']), 'BUNDLE_MALFORMED'],
    ['another beginning', (bundle: Bundle) => (bundle.header.before = ['x']), 'LOG_REWRITTEN'],
    ['other counts at the end', (bundle: Bundle) => (bundle.closing.leaves = 23), 'BUNDLE_MALFORMED'],
    ['fewer checkpoints at the end', (bundle: Bundle) => (bundle.closing.checkpoints = 2), 'BUNDLE_MALFORMED'],
  ])('tells %s', (what, change, name) => {
    const bundle = log.bundle();
    change(bundle);
    const report = verified(bundle);
    if (what === 'another beginning') expect(report.ok).toBe(true);
    else expect(found(report)).toContain(name);
  });

  test('goes on behind its end', () => {
    const report = tampered((bundle) => bundle.lines.push(copyOf(bundle.event(3))));
    expect(found(report)).toContain('BUNDLE_MALFORMED');
  });
});
