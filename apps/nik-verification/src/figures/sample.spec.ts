import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { History, type MadeEvent } from './history-fixture.js';
import { madeEvents } from './year-fixture.js';

let history: History;
const [here, there] = [randomUUID(), randomUUID()];
const period = { from: '2024-02-01', until: '2024-08-31' };
const seed = '00112233445566778899aabbccddeeff';
let events: MadeEvent[];

beforeAll(async () => {
  history = await History.begin();
  events = madeEvents(here, 6, 500);
  await history.write(here, events);
  await history.write(there, madeEvents(there, 7, 50));
  await history.sign(there);
});
afterAll(() => history.end());

/** Drawn in plain JavaScript from what was written. */
function drawn(all: MadeEvent[], size: number, by = seed) {
  const begin = Date.parse('2024-02-01T00:00:00+07:00');
  const end = Date.parse('2024-09-01T00:00:00+07:00');
  const asked = all.filter(({ kind, at }) => kind === 'REQUESTED' && Date.parse(at) >= begin && Date.parse(at) < end);
  const place = ({ verificationId }: MadeEvent) =>
    createHash('sha256').update(Buffer.from(by, 'hex')).update(verificationId).digest('hex');
  const sorted = [...asked].sort((a, b) => (place(a) < place(b) ? -1 : 1)).slice(0, size);
  return {
    population: asked.length,
    lookUps: sorted.map(({ verificationId, at, operator, service, reference, mode }) => ({
      verificationId,
      at: new Date(at).toISOString(),
      operatorId: operator,
      service,
      reference,
      mode,
      outcome: all.findLast((one) => one.kind === 'ANSWERED' && one.verificationId === verificationId)?.outcome ?? null,
    })),
  };
}

test('those with the smallest hash, with how they ended as of the checkpoint; the same ones whenever they are drawn', async () => {
  const draw = (size: number, by = seed, asOf?: { origin: string; size: number }) =>
    history.sample().draw({ institutionId: here, ...period, size, seed: by, ...(asOf ? { asOf } : {}) });
  const first = await draw(200);
  expect(first).toEqual({ asOf: { origin: `uji/${here}/1`, size: events.length }, ...drawn(events, 200) });
  expect(new Set(first.lookUps.map(({ outcome }) => outcome)).size).toBeGreaterThan(4);
  expect((await draw(5)).lookUps).toEqual(first.lookUps.slice(0, 5));
  expect((await draw(5, 'ff'.repeat(16))).lookUps).toEqual(drawn(events, 5, 'ff'.repeat(16)).lookUps);

  // more look-ups, and ends of those that were drawn
  const pending = first.lookUps.find(({ outcome }) => outcome === null)!;
  const asked = events.find(({ verificationId }) => verificationId === pending.verificationId)!;
  const more: MadeEvent[] = [
    ...madeEvents(`${here}/later`, 8, 100),
    { ...asked, kind: 'ANSWERED', hit: 'confirmed', outcome: 'FOUND' },
  ];
  await history.write(here, more);
  await history.sign(here);
  expect(await draw(200, seed, first.asOf)).toEqual(first);
  expect(await draw(200)).toEqual({
    asOf: { origin: `uji/${here}/1`, size: events.length + more.length },
    ...drawn([...events, ...more], 200),
  });
});

test('of a period without look-ups there are none', async () => {
  expect(
    await history.sample().draw({ institutionId: here, from: '2020-01-01', until: '2020-06-30', size: 5, seed }),
  ).toMatchObject({ population: 0, lookUps: [] });
});
