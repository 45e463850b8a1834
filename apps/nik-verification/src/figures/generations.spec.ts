import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { History, type MadeEvent } from './history-fixture.js';
import { madeEvents } from './year-fixture.js';

let history: History;
const office = randomUUID();
const year = { from: '2024-01-01', until: '2024-12-31' };

beforeAll(async () => {
  history = await History.begin();
});
afterAll(() => history.end());

test('a log that goes on after a gap: generations together, and the one before as it was', async () => {
  const events = madeEvents(office, 4, 400);
  await history.write(office, events.slice(0, 250));
  await history.sign(office);
  await history.write(office, events.slice(250, 300));
  await history.sign(office);
  const before = await history.figures().get({ institutionId: office, ...year });
  const { origin } = before.checkpoints[0]!;
  await history.tally().round();
  await history.setBack(office, 250);
  // an answer to a look-up of the first generation may come after the gap
  await history.write(office, events.slice(300));
  const sequencer = history.sequencer();
  await expect(sequencer.signNow(office)).rejects.toMatchObject({ code: 'EVIDENCE_ROLLED_BACK' });
  await sequencer.acknowledge(office, null, 'Dipulihkan dari cadangan');

  const figures = await history.figures().get({ institutionId: office, ...year });
  expect(figures.checkpoints.map(({ origin: of, size }) => [of, size])).toEqual([
    [`uji/${office}/1`, 250],
    [`uji/${office}/2`, events.length - 300 + 1],
  ]);
  const plain = await history.plainFigures(office, { ...year, size: figures.checkpoints[1]!.size });
  expect(figures.lookUps).toEqual(plain);
  await history.tally().round();
  expect(
    (await history.figures().get({ institutionId: office, ...year, asOf: figures.checkpoints[1]! })).lookUps,
  ).toEqual(plain);

  // as of the generation before: nothing of the one after it
  const then = await history.figures().get({ institutionId: office, ...year, asOf: { origin, size: 250 } });
  expect(then.checkpoints).toHaveLength(1);
  expect(then.lookUps).toEqual(await history.plainFigures(office, { ...year, size: 250, generation: 1 }));
  // what was set back is not there any more
  await expect(
    history.figures().get({ institutionId: office, ...year, asOf: { origin, size: 300 } }),
  ).rejects.toMatchObject({ code: 'NOT_IN_CHECKPOINT' });
});

test('a generation that was set back to before its first checkpoint is told by the gap after it', async () => {
  const lost = randomUUID();
  await history.write(lost, madeEvents(lost, 5, 40));
  const { note, size } = await history.sign(lost);
  await history.setBack(lost, 0);
  await history.sequencer().acknowledge(lost, null, 'Dipulihkan dari cadangan');
  const figures = await history.figures().get({ institutionId: lost, ...year });
  expect(figures.checkpoints[0]).toMatchObject({ origin: `uji/${lost}/1`, size, note });
  expect(figures.lookUps.total.requests).toBe(0);
});

test('look-ups that were on record at the restore and that no checkpoint covers are none, and neither are their ends', async () => {
  const cut = randomUUID();
  const [covered, asked, givenUp] = [randomUUID(), randomUUID(), randomUUID()] as const;
  const at = '2024-05-06T03:00:00.000000Z';
  const request = (verificationId: string): MadeEvent => ({ at, kind: 'REQUESTED', verificationId, hit: 'reserved' });
  const end = (verificationId: string, hit: string, outcome: string): MadeEvent => ({
    ...{ at, kind: 'ANSWERED', verificationId, hit, outcome },
  });
  await history.write(cut, [request(covered), end(covered, 'unknown', 'UPSTREAM_TIMEOUT')]);
  await history.sign(cut);
  await history.write(cut, [request(asked), request(givenUp)]);
  await history.write(cut, [end(givenUp, 'unknown', 'UPSTREAM_TIMEOUT'), request(randomUUID())]);
  await history.sign(cut);
  // the backup was made when five leaves were there and two of them signed
  await history.setBack(cut, 5);
  await history.sequencer().acknowledge(cut, null, 'Dipulihkan dari cadangan');
  await history.write(
    cut,
    [covered, asked, givenUp].map((id) => end(id, 'confirmed', 'FOUND')),
  );
  const figures = await history.figures().get({ institutionId: cut, ...year });
  expect(figures.checkpoints.map(({ size }) => size)).toEqual([2, 4]);
  expect(figures.lookUps.total).toMatchObject({ requests: 1, confirmed: 1, unknown: 0, pending: 0 });
  expect(figures.lookUps).toEqual(await history.plainFigures(cut, { ...year, size: 4 }));
  await history.tally(1).round();
  const asOf = figures.checkpoints[1]!;
  expect((await history.figures().get({ institutionId: cut, ...year, asOf })).lookUps).toEqual(figures.lookUps);
});
