import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Counted } from './as-of.js';
import { History } from './history-fixture.js';

let history: History;
beforeAll(async () => {
  history = await History.begin();
});
afterAll(() => history.end());

const march = { from: '2026-03-01', until: '2026-03-31' };
const counted = async (institutionId: string, asOf?: { origin: string; size: number }): Promise<Counted> =>
  history.asOf().find(institutionId, asOf);

describe('reported events', () => {
  const list = async (of: Counted, types: string[], limit = 500) => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await history.pages().listReported(of, { ...march, types: types as ['REPORT'], after, limit });
      expect(page.events.length).toBeLessThanOrEqual(limit);
      seen.push(...page.events.map(({ id }) => id));
      after = page.next;
    } while (after);
    return seen;
  };

  test('of the types and the period, in the order of the log, up to the checkpoint, page by page', async () => {
    const [here, there] = [randomUUID(), randomUUID()];
    await history.report(there, '2026-03-02T01:00:00Z', 'DATA_BALIKAN', 'data-balikan.delivered');
    const own: string[] = [];
    // 1 March begins in Jakarta at 17:00 UTC of the day before, and 31 March ends so
    const late = await history.report(here, '2026-03-31T16:59:59.999999Z', 'READER_READ', 'reader.read');
    await history.report(here, '2026-02-28T16:59:59.999999Z', 'READER_READ', 'reader.read');
    const early = await history.report(here, '2026-02-28T17:00:00Z', 'REPORT', 'report.draft');
    await history.report(here, '2026-03-31T17:00:00Z', 'REPORT', 'report.draft');
    for (let n = 0; n < 7; n += 1)
      own.push(await history.report(here, '2026-03-05T01:00:00Z', 'READER_READ', 'reader.read'));
    await history.report(here, '2026-03-06T01:00:00Z', 'ADMINISTRATION', 'operator.revoke');
    const first = await counted(here, undefined);
    const after = await history.report(here, '2026-03-07T01:00:00Z', 'READER_READ', 'reader.read');
    const second = await counted(here, undefined);
    const asked = ['READER_READ', 'REPORT'];
    for (const limit of [500, 3, 1]) {
      expect(await list(first, asked, limit)).toEqual([late, early, ...own]);
      expect(await list(second, asked, limit)).toEqual([late, early, ...own, after]);
    }
    const [event] = (await history.pages().listReported(first, { ...march, types: ['REPORT'], after: null, limit: 9 }))
      .events;
    expect(event).toEqual({
      id: early,
      at: '2026-02-28T17:00:00.000000Z',
      type: 'REPORT',
      act: 'report.draft',
      subject: null,
      contentHash: createHash('sha256').update('uji').digest('hex'),
    });
    // another office's event is no place to go on from
    await expect(
      history.pages().listReported(await counted(there), { ...march, types: ['REPORT'], after: early, limit: 9 }),
    ).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  });

  test('goes on in the next generation', async () => {
    const office = randomUUID();
    const ids = [];
    for (let n = 0; n < 4; n += 1)
      ids.push(await history.report(office, '2026-03-05T01:00:00Z', 'REPORT', 'report.draft'));
    await history.sign(office);
    await history.report(office, '2026-03-05T01:00:00Z', 'REPORT', 'report.draft');
    await history.sign(office);
    await history.setBack(office, 4);
    await history.sequencer().acknowledge(office, null, 'Dipulihkan dari cadangan');
    for (let n = 0; n < 3; n += 1)
      ids.push(await history.report(office, '2026-03-05T01:00:00Z', 'REPORT', 'report.draft'));
    for (const limit of [10, 2]) expect(await list(await counted(office), ['REPORT'], limit)).toEqual(ids);
  });
});
