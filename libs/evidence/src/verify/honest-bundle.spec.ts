import { describe, expect, test } from '@jest/globals';
import { OfficeLog, opening, timeOf } from '../../test/office-log.js';
import { keys, log } from '../../test/tampering.js';
import { verified } from '../../test/verifying.js';

describe('an honest bundle', () => {
  test('is good, whole', () => {
    const report = verified(log.bundle(), { keys });
    expect(report).toMatchObject({
      ok: true,
      origin: log.origin,
      from: 0,
      to: 24,
      size: 24,
      leaves: 24,
      byType: { REQUESTED: 12, ANSWERED: 12 },
      firstAt: timeOf(opening),
      lastAt: timeOf(opening + 1101),
      checkpoints: 3,
      lastCheckpoint: { size: 24, time: opening + 1130 },
      isKeyPinned: true,
      findings: [],
      notices: [],
    });
  });

  test.each([
    [6, 24],
    [6, 14],
    [14, 24],
    [0, 6],
    [14, 14],
  ])('is good, from %i to %i', (from, to) => {
    expect(verified(log.bundle(from, to), { keys })).toMatchObject({ ok: true, from, to, size: to, notices: [] });
  });

  test('is good as it comes from Windows', () => {
    const text = `\uFEFF${log.bundle().toString().replaceAll('\n', '\r\n')}\r\n`;
    expect(verified(text, { keys }).ok).toBe(true);
  });

  test('of an office without events is good', () => {
    const empty = new OfficeLog();
    empty.sign(opening);
    const bundle = empty.bundle();
    bundle.insertBefore(bundle.closing, { checkpoint: empty.notes[0]!.note });
    bundle.closing.checkpoints = 1;
    expect(verified(bundle, { keys })).toMatchObject({ ok: true, leaves: 0, size: 0, lastCheckpoint: { size: 0 } });
  });

  test('without a pinned key is told to be so', () => {
    const report = verified(log.bundle());
    expect(report).toMatchObject({ ok: true, isKeyPinned: false, notices: [{ name: 'KEY_NOT_PINNED' }] });
  });
});
