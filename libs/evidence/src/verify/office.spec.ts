import { describe, expect, test } from '@jest/globals';
import { institution, OfficeLog, opening, timeOf } from '../../test/office-log.js';
import { found, places, verified } from '../../test/verifying.js';
import { type Leaf, type ReportedLeaf } from '../leaf.js';

// What the office itself may have done: all of it is signed properly.

const another = '0198c1d2-7000-7000-8000-00000000ffff';

function reported(at: number, loggedAt: number, number: number): ReportedLeaf {
  return {
    act: 'operator.revoke',
    actor: null,
    at: timeOf(at),
    contentHash: null,
    id: `0198c1d2-7000-7000-9000-00000000b${String(number).padStart(3, '0')}`,
    institution,
    loggedAt: timeOf(loggedAt),
    subject: null,
    subjectHmac: null,
    type: 'ADMINISTRATION',
    v: 1,
  };
}

function signed(...leaves: Leaf[]): OfficeLog {
  const log = new OfficeLog();
  log.add(...leaves);
  return log;
}

function check(log: OfficeLog, signedAt: number) {
  log.sign(signedAt);
  return verified(log.bundle(), { keys: [log.verifierKey] });
}

describe('times', () => {
  test('up to a minute behind is how transactions run', () => {
    const log = signed(reported(opening, opening + 60, 1), reported(opening, opening, 2));
    expect(check(log, opening + 1)).toMatchObject({ ok: true, size: 2 });
  });

  test('an event is dated back', () => {
    const log = signed(reported(opening, opening + 61, 1), reported(opening, opening, 2));
    const report = check(log, opening + 70);
    expect(places(report)).toEqual([['EVENT_BACKDATED', 1]]);
    expect(report.findings[0]!.detail).toContain('61 seconds');
  });

  test('when it happened is free, when it was logged is not', () => {
    const log = signed(reported(opening, opening + 100, 1), reported(opening - 1_000_000, opening + 101, 2));
    expect(check(log, opening + 102).ok).toBe(true);
  });

  test('an event is dated ahead, and does not make those behind it look dated back', () => {
    const log = signed(
      reported(opening, opening, 1),
      reported(opening, opening + 7200, 2),
      reported(opening, opening + 5, 3),
    );
    expect(places(check(log, opening + 10))).toEqual([['EVENT_POSTDATED', 1]]);
  });

  test('an event is dated back behind a checkpoint', () => {
    const log = signed(reported(opening, opening + 500, 1));
    log.sign(opening + 501);
    log.add(reported(opening, opening + 100, 2));
    expect(places(check(log, opening + 600))).toEqual([['EVENT_BACKDATED', 1]]);
  });

  test('an event is dated back into a time in which nothing happened, but a checkpoint was signed', () => {
    const log = signed(reported(opening, opening + 100, 1));
    log.sign(opening + 1_000);
    log.add(reported(opening, opening + 939, 2), reported(opening, opening + 941, 3));
    expect(places(check(log, opening + 1_001))).toEqual([['EVENT_BACKDATED', 1]]);
  });
});

describe('events', () => {
  test('one is of another institution', () => {
    const log = signed({ ...reported(opening, opening, 1), institution: another });
    expect(places(check(log, opening))).toEqual([['EVENT_OF_ANOTHER_INSTITUTION', 0]]);
  });

  test('one is there twice', () => {
    const log = signed(reported(opening, opening, 1), reported(opening, opening, 1));
    expect(places(check(log, opening))).toEqual([['EVENT_TWICE', 1]]);
  });

  test('one has a form that is not known', () => {
    const log = signed({ ...reported(opening, opening, 1), v: 2 } as unknown as Leaf);
    const report = check(log, opening);
    expect(places(report)).toEqual([['LEAF_UNKNOWN', 0]]);
    expect(report).toMatchObject({ size: 1, byType: { UNKNOWN: 1 }, firstAt: null });
  });

  test('an answer was never asked for', () => {
    const log = signed();
    log.add(log.access('ANSWERED', opening, another));
    expect(places(check(log, opening))).toEqual([['ANSWER_WITHOUT_REQUEST', 0]]);
    log.add(log.access('REQUESTED', opening + 1, another));
    log.sign(opening + 2);
    // asked for afterwards; and in a later period the request may lie before
    expect(found(verified(log.bundle(), { keys: [log.verifierKey] }))).toEqual(['ANSWER_WITHOUT_REQUEST']);
    log.add(log.access('ANSWERED', opening + 3, institution));
    log.sign(opening + 4);
    expect(verified(log.bundle(2), { keys: [log.verifierKey] }).ok).toBe(true);
  });

  test('what was asked for and not answered is told', () => {
    const log = signed();
    log.lookUp(opening);
    log.add(log.access('REQUESTED', opening + 1, another));
    expect(check(log, opening + 2)).toMatchObject({ ok: true, notices: [{ name: 'REQUESTS_UNANSWERED' }] });
  });
});
