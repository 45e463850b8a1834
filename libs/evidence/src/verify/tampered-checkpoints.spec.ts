import { describe, expect, test } from '@jest/globals';
import { OfficeLog, officeKey, opening } from '../../test/office-log.js';
import { keys, log, officeLog, tampered } from '../../test/tampering.js';
import { found, places, verified } from '../../test/verifying.js';

describe('checkpoints', () => {
  const wrongKey = officeLog(officeKey(2));

  test('the text of one was changed', () => {
    const report = tampered((bundle) => {
      bundle.checkpoints[1]!.checkpoint = bundle.checkpoints[1]!.checkpoint.replace('\n14\n', '\n13\n');
    });
    expect(places(report)).toEqual([['CHECKPOINT_CHANGED', 13]]);
    // the others still cover everything
    expect(report.size).toBe(24);
  });

  test('an event was changed, and the checkpoints set right without the key', () => {
    const forged = officeLog(officeKey(2));
    const report = tampered((bundle) => {
      bundle.event(9).leaf.outcome = 'NOT_FOUND';
      bundle.rehash(bundle.event(9));
      bundle.checkpoints.forEach((line, at) => {
        const root = forged.notes[at]!.note.split('\n')[2]!;
        line.checkpoint = line.checkpoint.replace(/^(.*\n\d+\n)(.*)/, `$1${root.replace(/^./, 'x')}`);
      });
    });
    expect(found(report)).toEqual(['CHECKPOINT_CHANGED']);
    expect(report.size).toBe(0);
  });

  test('the origin in one was changed', () => {
    const report = tampered((bundle) => {
      bundle.checkpoints[1]!.checkpoint = bundle.checkpoints[1]!.checkpoint.replace('/1\n', '/2\n');
    });
    expect(found(report)).toEqual(['CHECKPOINT_CHANGED']);
  });

  test('one was made unreadable, or lost its time', () => {
    expect(found(tampered((bundle) => (bundle.checkpoints[2]!.checkpoint = 'x')))).toEqual(['CHECKPOINT_CHANGED']);
    const report = tampered((bundle) => {
      const line = bundle.checkpoints[2]!;
      line.checkpoint = line.checkpoint.replace(/— \S+\/time .*\n/, '');
    });
    expect(found(report)).toEqual(['CHECKPOINT_CHANGED']);
    expect(report).toMatchObject({ size: 14, lastCheckpoint: { size: 14 } });
  });

  test('one is of another log', () => {
    const other = new OfficeLog(officeKey(3), 'gerbang-contoh/0198c1d2-7000-7000-8000-00000000ffff/1');
    const report = tampered((bundle) => bundle.insertBefore(bundle.event(3), { checkpoint: other.sign(opening) }));
    expect(found(report)).toEqual(['CHECKPOINT_OF_ANOTHER_LOG']);
  });

  test('everything was signed anew with another key', () => {
    const report = verified(wrongKey.bundle(), { keys });
    expect(found(report)).toEqual(['WRONG_KEY']);
    expect(report).toMatchObject({ ok: false, size: 0, lastCheckpoint: null });
  });

  test('the other key gives itself the name of the pinned one', () => {
    const bundle = wrongKey.bundle();
    bundle.header.keys = keys;
    expect(found(verified(bundle))).toEqual(['WRONG_KEY']);
  });

  test('the pinned key is that of another log', () => {
    const other = new OfficeLog(officeKey(1), 'gerbang-contoh/0198c1d2-7000-7000-8000-00000000ffff/1');
    expect(found(verified(log.bundle(), { keys: [other.verifierKey] }))).toEqual(['WRONG_KEY']);
  });

  test.each([
    ['the one at the end', 2, 'CHECKPOINT_MISSING'],
    ['one in the middle', 1, 'CHECKPOINT_MISSING'],
  ])('%s was taken out', (_, at, name) => {
    expect(found(tampered((bundle) => bundle.remove(bundle.checkpoints[at]!)))).toContain(name);
  });

  test('the one at the end was taken out, and the counts set right', () => {
    const report = tampered((bundle) => {
      bundle.remove(bundle.checkpoints[2]!);
      bundle.renumber();
    });
    expect(places(report)).toEqual([['CHECKPOINT_MISSING', 14]]);
  });

  test('the one at the start of a period was taken out', () => {
    const report = tampered(
      (bundle) => {
        bundle.remove(bundle.checkpoints[0]!);
        bundle.renumber();
      },
      { from: 6 },
    );
    expect(places(report)).toEqual([['CHECKPOINT_MISSING', 6]]);
  });

  test('what lies before the period does not fit', () => {
    const report = tampered((bundle) => bundle.header.before.reverse(), { from: 6 });
    expect(places(report)).toEqual([['LOG_REWRITTEN', 6]]);
  });

  test.each([
    ['too early', 11],
    ['too late', 17],
  ])('one stands %s', (_, index) => {
    const report = tampered((bundle) => {
      const line = bundle.checkpoints[1]!;
      bundle.remove(line);
      bundle.insertBefore(bundle.event(index), line);
    });
    expect(found(report)).toEqual(['BUNDLE_MALFORMED']);
    expect(report.size).toBe(24);
  });

  test('one that contradicts the others stands too early', () => {
    const twin = officeLog();
    twin.leaves[9] = { ...twin.leaves[9]!, id: '0198c1d2-7000-7000-9000-fffffffffffd' };
    const report = tampered((bundle) => {
      bundle.checkpoints[1]!.checkpoint = twin.sign(opening + 700, 14);
      const line = bundle.checkpoints[1]!;
      bundle.remove(line);
      bundle.insertBefore(bundle.event(11), line);
    });
    expect(found(report)).toEqual(['LOG_FORKED']);
  });

  test('the office signed two that contradict each other', () => {
    const twin = officeLog();
    twin.leaves[9] = { ...twin.leaves[9]!, id: '0198c1d2-7000-7000-9000-fffffffffffd' };
    const note = twin.sign(opening + 700, 14);
    const report = tampered((bundle) => bundle.insertBefore(bundle.event(14), { checkpoint: note }));
    expect(found(report)).toEqual(['LOG_FORKED']);
  });

  test('the office signed a smaller one later', () => {
    const note = officeLog().sign(opening + 5000, 10);
    const report = tampered((bundle) => bundle.insertBefore(bundle.closing, { checkpoint: note }));
    expect(found(report)).toEqual(['LOG_ROLLED_BACK']);
  });
});
