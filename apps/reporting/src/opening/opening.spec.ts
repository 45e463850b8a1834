import { describe, expect, test } from '@jest/globals';
import { keepOpenedEvents, listUnopenedEvents, openAccessEvents, openBalikanEvents } from '#contracts';
import { Deadline } from '../facts/deadline.js';
import { fixtureId } from '../forms/report-content-fixture.js';
import { makeReplica } from '../reports/reports-fixture.js';
import { Opening } from './opening.js';

const at = '2026-03-02T02:00:00.000Z';
const asOf = (size: number) => ({ origin: 'uji', size });
const inTime = () => new Deadline(20_000);

/** An office with reads and deliveries, mixed with look-ups. */
function filled(leaves = 7) {
  const replica = makeReplica(undefined as never);
  const { owners } = replica;
  const office = owners.addOffice();
  const ids = Array.from({ length: leaves }, (_, n) => {
    const lookUp = owners.addLookUp(office, at);
    return n % 2 === 0 ? owners.addRead(office, at) : owners.addDelivery(office, at, lookUp);
  });
  return { ...replica, office, ids, of: owners.office(office) };
}

describe('up to a checkpoint', () => {
  test('everything is opened, page by page, and nothing of it is asked for again', async () => {
    const { owners, opening, office, ids, of } = filled();
    owners.report(office, { type: 'DATA_BALIKAN', act: 'data-balikan.packed', at, subject: null }, { records: 3 });
    // the last read lies behind the checkpoint
    await opening.upTo(office, asOf(13), inTime());
    expect([...of.kept.keys()]).toEqual(ids.slice(0, 6));
    expect(of.kept.get(ids[0]!)).toMatchObject({ outcome: 'MATCHED', service: 'SKU', receipt: null });
    expect(of.kept.get(ids[1]!)).toMatchObject({ outcome: null, receipt: 'SUCCESS' });
    owners.asked.length = 0;
    await opening.upTo(office, asOf(13), inTime());
    expect(owners.asked).toEqual([listUnopenedEvents.subject]);
    owners.asked.length = 0;
    await opening.upTo(office, asOf(15), inTime());
    expect(of.kept.has(ids[6]!)).toBe(true);
    expect(owners.asked.filter((subject) => subject === openAccessEvents.subject)).toHaveLength(1);
    expect(owners.asked).not.toContain(openBalikanEvents.subject);
  });

  test('one that does not fit stops it; what was opened before stays', async () => {
    const { opening, office, ids, of, lines } = filled();
    of.opened.delete(ids[2]!);
    await expect(opening.upTo(office, asOf(14), inTime())).rejects.toMatchObject({ code: 'EVIDENCE_MISMATCH' });
    expect([...of.kept.keys()]).toEqual(ids.slice(0, 2));
    expect(lines[0]).toMatchObject({ level: 'error', fields: { subject: ids[2], reason: 'missing' } });
  });

  test.each([listUnopenedEvents, openAccessEvents, openBalikanEvents, keepOpenedEvents])(
    'whoever does not answer $subject stops it',
    async ({ subject }) => {
      const { owners, opening, office } = filled();
      owners.before.set(subject, () => Promise.reject(new Error('away')));
      await expect(opening.upTo(office, asOf(14), inTime())).rejects.toThrow('away');
    },
  );

  test('within its time', async () => {
    const { owners, opening, office, of } = filled();
    const deadline = inTime();
    owners.before.set(keepOpenedEvents.subject, async () => deadline.end());
    await expect(opening.upTo(office, asOf(14), deadline)).rejects.toMatchObject({ code: 'SERVICE_TIMEOUT' });
    expect(of.kept.size).toBe(2);
  });
});

test('what is not kept is an error in the log, and not opened again and again', async () => {
  const { owners, facts, events, log, lines, office } = filled();
  const passedOver = {
    unopened: facts.unopened.bind(facts),
    reportedPage: facts.reportedPage.bind(facts),
    keepOpened: async () => ({ kept: 1, differing: 0 }),
  };
  const opening = new Opening(passedOver, events, log);
  const next = (isToldAlready: boolean) => opening.next(office, asOf(14), inTime(), isToldAlready);
  await expect(next(false)).rejects.toMatchObject({ code: 'EVIDENCE_MISMATCH' });
  await expect(next(true)).rejects.toMatchObject({ code: 'EVIDENCE_MISMATCH' });
  expect(lines).toMatchObject([{ level: 'error', fields: { institutionId: office, count: 1 } }]);
  owners.asked.length = 0;
  await expect(opening.upTo(office, asOf(14), inTime())).rejects.toMatchObject({ code: 'EVIDENCE_MISMATCH' });
  expect(owners.asked.filter((subject) => subject === listUnopenedEvents.subject)).toHaveLength(1);
});

test('what was kept of one and says something else is an error in the log', async () => {
  const { opening, office, ids, of, lines } = filled(2);
  await opening.upTo(office, asOf(4), inTime());
  const proven = of.kept.get(ids[1]!)!;
  of.kept.set(ids[1]!, { ...proven, verificationId: fixtureId(1) });
  const { wrong, next } = await opening.anew(office, asOf(4), null, inTime());
  expect([wrong, next]).toEqual([[], null]);
  expect(of.kept.get(ids[1]!)).toEqual(proven);
  expect(lines).toMatchObject([{ level: 'error', fields: { institutionId: office, count: 1 } }]);
});
