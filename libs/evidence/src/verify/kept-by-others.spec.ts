import { describe, expect, test } from '@jest/globals';
import { institution, OfficeLog, officeKey, opening, timeOf } from '../../test/office-log.js';
import { found, places, verified } from '../../test/verifying.js';
import { toHex } from '../bytes.js';
import { type GapLeaf } from '../leaf.js';
import { rootOf } from '../proof.js';
import { receiptCode } from '../receipt-code.js';

// Checkpoints and receipts that others kept, and the gap that an office declares.

const another = '0198c1d2-7000-7000-8000-00000000ffff';

describe('checkpoints that were seen earlier', () => {
  function grown(key = officeKey(1)): OfficeLog {
    const log = new OfficeLog(key);
    for (let number = 0; number < 10; number++) log.lookUp(opening + number * 10);
    log.sign(opening + 40, 8);
    log.sign(opening + 200);
    return log;
  }
  const log = grown();
  const keys = [log.verifierKey];
  const seen = (note: string, bundle = log.bundle()) => verified(bundle, { keys, checkpoints: [note] });

  test.each([1, 5, 8, 13, 20])('the history fits that of %i events', (size) => {
    expect(seen(grown().sign(opening + 100, size))).toMatchObject({ ok: true, notices: [] });
  });

  test('there are two histories', () => {
    const other = grown();
    other.leaves[3] = { ...other.leaves[3]!, id: another };
    expect(places(seen(other.sign(opening + 100, 5)))).toEqual([['LOG_FORKED', 5]]);
    expect(places(seen(other.sign(opening + 100, 8)))).toEqual([['LOG_FORKED', 8]]);
    expect(places(seen(other.sign(opening + 100, 20)))).toEqual([['LOG_FORKED', 20]]);
    expect(verified(log.bundle(), { keys, checkpoints: [other.sign(opening, 5), grown().sign(opening, 5)] }).ok).toBe(
      false,
    );
  });

  test('the log was rolled back', () => {
    const before = grown();
    before.lookUp(opening + 300);
    expect(places(seen(before.sign(opening + 310)))).toEqual([['LOG_ROLLED_BACK', 20]]);
  });

  test('what came after the export, or lies before it, is not compared', () => {
    const after = grown();
    after.lookUp(opening + 9000);
    expect(seen(after.sign(opening + 9001))).toMatchObject({
      ok: true,
      notices: [{ name: 'SEEN_CHECKPOINT_NOT_COMPARED' }],
    });
    const early = seen(grown().sign(opening, 3), log.bundle(8));
    expect(early).toMatchObject({ ok: true, notices: [{ name: 'SEEN_CHECKPOINT_NOT_COMPARED', index: 3 }] });
  });

  test('everything was written anew with another key: the old checkpoint betrays it, without a pinned one too', () => {
    const report = verified(grown(officeKey(2)).bundle(), { checkpoints: [log.notes[0]!.note] });
    expect(places(report)).toEqual([['WRONG_KEY', 8]]);
  });

  test('one was changed', () => {
    expect(found(seen(log.notes[0]!.note.replace('\n8\n', '\n9\n')))).toEqual(['CHECKPOINT_CHANGED']);
    expect(found(seen('x'))).toEqual(['CHECKPOINT_CHANGED']);
  });

  test('one is of another log', () => {
    const other = new OfficeLog(officeKey(1), `gerbang-contoh/${institution}/2`);
    other.lookUp(opening);
    expect(seen(other.sign(opening))).toMatchObject({ ok: true, notices: [{ name: 'SEEN_CHECKPOINT_NOT_COMPARED' }] });
  });
});

describe('receipts that were kept', () => {
  const log = new OfficeLog();
  const answers = [0, 100, 200].map((seconds) => log.lookUp(opening + seconds));
  log.sign(opening + 110, 4);
  log.sign(opening + 300);
  const keys = [log.verifierKey];
  const receipts = answers.map((answered) => log.receipt(answered));
  const given = (...some: string[]) => verified(log.bundle(), { keys, receipts: some });

  test('are all in the log', () => {
    expect(given(...receipts)).toMatchObject({ ok: true, notices: [] });
  });

  test('one is forged', () => {
    const forger = new OfficeLog(officeKey(2));
    expect(found(given(forger.receipt(answers[0]!)))).toEqual(['RECEIPT_FORGED']);
    expect(found(given('x.y.z', `${receipts[0]!.slice(0, -4)}AAAA`))).toEqual(['RECEIPT_FORGED']);
  });

  test('one confirms what the log does not hold', () => {
    const lost = { ...answers[1]!, verification: another };
    expect(found(given(log.receipt(lost)))).toEqual(['RECEIPT_NOT_IN_LOG']);
  });

  test('one confirms another event than the log holds', () => {
    const report = given(log.receipt({ ...answers[1]!, outcome: 'NOT_FOUND' }));
    expect(places(report)).toEqual([['RECEIPT_NOT_IN_LOG', 3]]);
  });

  test('an event was changed with its hash: the receipt tells which', () => {
    const bundle = log.bundle();
    bundle.event(3).leaf.outcome = 'NOT_FOUND';
    bundle.rehash(bundle.event(3));
    expect(places(verified(bundle, { keys, receipts: [receipts[1]!] }))).toEqual([
      ['LOG_REWRITTEN', 0],
      ['RECEIPT_NOT_IN_LOG', 3],
    ]);
  });

  test('one says something else than its event', () => {
    const report = given(log.receipt(answers[1]!, { at: timeOf(opening + 5) }));
    expect(places(report)).toEqual([['RECEIPT_CONTRADICTS_LOG', 3]]);
    const code = receiptCode(another);
    expect(found(given(log.receipt(answers[1]!, { jti: another, code })))).toEqual(['RECEIPT_CONTRADICTS_LOG']);
  });

  test('one is of another time or generation', () => {
    const outside = { notices: [{ name: 'RECEIPT_OUTSIDE_BUNDLE' }], ok: true };
    expect(verified(log.bundle(4), { keys, receipts: [receipts[0]!] })).toMatchObject(outside);
    expect(given(log.receipt(log.access('ANSWERED', opening + 400, another)))).toMatchObject(outside);
    const before = new OfficeLog(officeKey(1), `gerbang-contoh/${institution}/2`);
    expect(given(before.receipt(answers[0]!))).toMatchObject(outside);
  });
});

describe('a gap', () => {
  const first = new OfficeLog();
  for (let number = 0; number < 5; number++) first.lookUp(opening + number);
  const lastCheckpoint = first.sign(opening + 10);
  const gap: GapLeaf = {
    acknowledgedBy: null,
    at: timeOf(opening + 100),
    id: '0198c1d2-7000-7000-9000-0000000000f0',
    institution,
    keptRoot: toHex(rootOf(6, first.read)),
    keptSize: 6,
    lastCheckpoint,
    previousOrigin: first.origin,
    reason: 'Pemulihan dari cadangan\u001b[2J',
    type: 'GAP',
    v: 1,
  };

  function second(changes: Partial<GapLeaf> = {}, generation = 2): OfficeLog {
    const log = new OfficeLog(officeKey(1), `gerbang-contoh/${institution}/${generation}`);
    log.add({ ...gap, ...changes });
    log.lookUp(opening + 101);
    log.sign(opening + 110);
    return log;
  }
  const keys = [first.verifierKey];
  const of = (log: OfficeLog, checkpoints: string[] = []) => verified(log.bundle(), { keys, checkpoints });

  test('is declared, with what was lost; the key of the generation before is good for it', () => {
    const report = of(second(), [lastCheckpoint]);
    expect(report).toMatchObject({ ok: true, notices: [{ name: 'GAP_DECLARED', index: 0 }] });
    expect(report.notices[0]!.detail).toContain(`of 10 signed events of ${first.origin}, 4 are lost`);
    expect(report.notices[0]!.detail).toMatch(/Reason: Pemulihan dari cadangan \[2J$/);
  });

  test('is not declared', () => {
    const log = new OfficeLog(officeKey(1), `gerbang-contoh/${institution}/2`);
    log.lookUp(opening);
    log.sign(opening + 10);
    expect(found(of(log))).toEqual(['GAP_MISSING']);
  });

  test('quotes a checkpoint that nobody signed', () => {
    expect(found(of(second({ lastCheckpoint: lastCheckpoint.replace('\n10\n', '\n6\n') })))).toEqual(['GAP_UNSIGNED']);
    expect(found(of(second({ lastCheckpoint: new OfficeLog(officeKey(2)).sign(opening) })))).toEqual(['GAP_UNSIGNED']);
  });

  test('names another log, or stands where none can be', () => {
    expect(found(of(second({}, 3)))).toEqual(['GAP_MISMATCH']);
    const log = second();
    log.add({ ...gap, id: '0198c1d2-7000-7000-9000-0000000000f1' });
    log.sign(opening + 120);
    expect(found(of(log))).toEqual(['GAP_MISMATCH']);
  });

  test('hides a later checkpoint, or contradicts one', () => {
    first.lookUp(opening + 20);
    expect(found(of(second(), [first.sign(opening + 30)]))).toEqual(['GAP_MISMATCH']);
    const twin = new OfficeLog();
    for (let number = 0; number < 5; number++) twin.lookUp(opening + number + 1);
    expect(found(of(second(), [twin.sign(opening + 10)]))).toEqual(['LOG_FORKED']);
  });
});
