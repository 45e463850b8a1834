import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Coverage } from './coverage.js';
import { everything, expectRight, forget, hash, Office, rowsOf, writeHistory, year } from './coverage-fixture.js';
import { History, type MadeEvent } from './history-fixture.js';

let history: History;
beforeAll(async () => {
  history = await History.begin();
});
afterAll(() => history.end());

const coverage = (width = 64, most = 1_000, log = history.log) =>
  new Coverage(history.pool, log, { everyMs: 1_000, width, most });

describe.each([1, 2, 3])('a year at random, no. %i', (seed) => {
  let office: Office;
  let named: string[];
  let grown: Awaited<ReturnType<typeof rowsOf>>;

  test('counts as it grows, and as of every checkpoint afterwards, as the leaves say', async () => {
    office = new Office(history);
    const sums: Awaited<ReturnType<typeof expectRight>>[] = [];
    const growing = coverage(16);
    await writeHistory(office, seed, async (asOf) => {
      if (sums.length % 3 === 0) await growing.round();
      const ids = (
        await office.sql(
          'SELECT DISTINCT verification_id AS id FROM verification.access_event WHERE institution_id = $1',
        )
      ).rows;
      // every other one, some that are nobody's, and one of no business
      named = [...ids.map(({ id }: { id: string }) => id).filter((_, n) => n % 2 === 0), randomUUID()];
      sums.push(await expectRight(office, growing, asOf, named));
    });
    expect(sums.length).toBeGreaterThan(5);
    expect(sums.at(-1)!.sent).toBeGreaterThan(sums[1]!.sent);
    expect(sums.at(-1)!.lookUps).toBeGreaterThan(sums.at(-1)!.sent);
    expect(sums.some(({ accepted }) => accepted > 0)).toBe(true);
    for (const asOf of office.checkpoints) await expectRight(office, growing, asOf, named);
    grown = await rowsOf(office);
    expect(new Set(grown.map(({ log }) => log)).size).toBe(2);
    // of both generations together one is counted
    expect(new Set(grown.map(({ id }) => id)).size).toBe(grown.length);
  });

  test.each([1, 7, 64])('and so it does when %i leaves are worked out at a time', async (width) => {
    for (const isAhead of [true, false]) {
      await forget(history);
      const anew = coverage(width);
      if (isAhead) await anew.round();
      for (const asOf of isAhead ? [...office.checkpoints].reverse() : office.checkpoints)
        await expectRight(office, anew, asOf, named);
      expect(await rowsOf(office)).toEqual(grown);
    }
  });

  test('and when several replicas are at it', async () => {
    await forget(history);
    const last = await office.find(office.checkpoints.at(-1)!);
    const { days } = office.plain(await office.leaves(last));
    const replicas = [coverage(7, 3), coverage(16, 5), coverage(5, 4)];
    const counts = await Promise.all(
      replicas.map(async (replica) => {
        await replica.round();
        return replica.count(last, everything, Infinity);
      }),
    );
    expect(counts).toEqual([days, days, days]);
    expect(await rowsOf(office)).toEqual(grown);
  });
});

test('a delivery that the log has before the request that it names is one all the same', async () => {
  const office = new Office(history);
  const asked = (name: string, more: Partial<MadeEvent> = {}): MadeEvent => ({
    ...{ at: '2024-03-03T03:00:00Z', kind: 'REQUESTED', verificationId: randomUUID(), service: 'SKU', hit: 'reserved' },
    ...{ nikHmac: hash(name), referenceHmac: hash(name), ...more },
  });
  const found = (event: MadeEvent): MadeEvent => ({ ...event, kind: 'ANSWERED', hit: 'confirmed', outcome: 'FOUND' });
  const [first, other, alone] = [asked('a'), asked('a', { service: 'SKTM' }), asked('b', { referenceHmac: null })];
  await office.write([first, found(first)]);
  await office.deliver(other.verificationId);
  await office.deliver(alone.verificationId);
  await office.sign();
  await office.write([other, alone]);
  await office.sign();
  await office.write([found(alone)]);
  await office.sign();
  await office.open();
  for (const width of [1, 64]) {
    await forget(history);
    for (const asOf of office.checkpoints)
      await expectRight(office, coverage(width), asOf, [first.verificationId, alone.verificationId]);
    expect((await rowsOf(office)).map(({ index }) => index).sort()).toEqual([4, 6]);
  }
});

describe('while not everything is opened', () => {
  test('nothing is counted, nor when nobody waits for it', async () => {
    const office = new Office(history);
    await office.write(Office.events(5, 30));
    await office.deliver(null);
    const before = await office.sign();
    await office.open();
    await office.deliver(null);
    const counted = await office.find(await office.sign());
    const unavailable = { code: 'EVIDENCE_UNAVAILABLE' };
    await expect(coverage().count(counted, year, Infinity)).rejects.toMatchObject(unavailable);
    await expect(
      coverage().listAccepted(counted, { ...year, named: [randomUUID()], after: null, limit: 9 }),
    ).rejects.toMatchObject(unavailable);
    await expectRight(office, coverage(), before, []);
    await office.open();
    await expect(coverage().count(counted, year, performance.now() - 1)).rejects.toMatchObject(unavailable);
    await coverage().count(counted, year, Infinity);
  });

  test('of the generation before, the one after it waits; leaves of it that are gone are waited for by nobody', async () => {
    const office = new Office(history);
    const events = Office.events(6, 60);
    const [asked] = events.filter(({ kind, service }) => kind === 'REQUESTED' && service === 'SKU');
    const again = (verificationId: string): MadeEvent => ({ ...asked!, verificationId });
    await office.write(events.slice(0, 20));
    await office.sign();
    await office.restore(0);
    await office.write([...events.slice(20), again(asked!.verificationId)]);
    // the last leaf of the generation
    await office.deliver(asked!.verificationId);
    const asOf = await office.sign();
    await office.open();
    await expectRight(office, coverage(), asOf, []);
    // signed once more, which the backup does not have
    await office.write([again(randomUUID())]);
    await office.sign();
    await office.restore(asOf.size);
    await office.write([{ ...asked!, kind: 'ANSWERED', hit: 'confirmed', outcome: 'FOUND' }]);
    const last = await office.sign();
    await office.open();
    await office.sql(
      `WITH gone AS (DELETE FROM verification.opened_event WHERE institution_id = $1 RETURNING log_id)
       UPDATE verification.opened_until SET index = index - 1 WHERE log_id IN (SELECT log_id FROM gone)`,
    );
    await forget(history);
    await coverage().round();
    await expect(coverage().count(await office.find(last), year, Infinity)).rejects.toMatchObject({
      code: 'EVIDENCE_UNAVAILABLE',
    });
    await office.open(true);
    await expectRight(office, coverage(), last, [asked!.verificationId]);
    expect((await rowsOf(office)).map(({ id }) => id)).toContain(asked!.verificationId);
  });
});
