import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { purpose, RunningStack, type Answer, type Office } from './support/running-stack.js';
import { addOfficials, sessionsOf } from './support/officials.js';
import { institutionIdOf } from './support/office-parts.js';
import { until } from './support/until.js';

/** Whatever is killed, and in whatever way the ministry fails: nothing that was accepted is lost, and nothing gets stuck. */
const offices = 5;
const peopleOfOffice = 10;
const rowsOfFile = 400;
const filesOfOffice = 5;
const all = offices * rowsOfFile * filesOfOffice;
const kills = 20;

let stack: RunningStack;

beforeEach(async () => {
  stack = await RunningStack.start({
    replicas: { gateway: 2, dataBalikan: 2 },
    env: {
      DATA_BALIKAN_POLL_MS: '50',
      DATA_BALIKAN_RETRY_MS: '50',
      DATA_BALIKAN_MOST_RETRY_MS: '500',
      DATA_BALIKAN_BREAKER_WAIT_MS: '50',
      DATA_BALIKAN_BREAKER_MOST_WAIT_MS: '500',
    },
  });
});
afterEach(() => stack.stop());

/** The same numbers on every run (mulberry32), so that a failure can be looked at again. */
function makeChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const chance = makeChance(20261124);

/** Sends until some gateway answers with what is wanted; whatever else it says, the caller may always ask again. */
async function persist<T>(ask: (url: string) => Promise<Answer<T>>, isGood: (answer: Answer<T>) => boolean) {
  for (let n = 0; ; n += 1) {
    const live = stack.urls;
    const answer = await ask(live[n % live.length] ?? '').catch(() => undefined);
    if (answer && isGood(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

interface Batch {
  id: string;
  state: string;
  counts: { checked: number; accepted: number; alreadyThere: number; refused: number };
}

/** Hands in one file until it is done; an attempt of which nobody knows is made again. */
async function handIn(token: () => Promise<string>, csv: string): Promise<Batch> {
  for (;;) {
    const authorization = `Bearer ${await token()}`;
    const { body: queued } = await persist<Batch>(
      (url) =>
        stack.send(
          'POST',
          '/v1/data-balikan/batches?policy=GOOD_ROWS',
          { headers: { authorization, 'content-type': 'text/csv' }, body: csv },
          url,
        ),
      ({ status }) => status === 202,
    );
    const ended = await persist<Batch>(
      (url) => stack.send('GET', `/v1/data-balikan/batches/${queued.id}`, { headers: { authorization } }, url),
      ({ status, body }) => status === 401 || (status === 200 && !['QUEUED', 'CHECKING'].includes(body.state)),
    );
    if (ended.status === 200 && ended.body.state === 'DONE') return ended.body;
  }
}

const count = async (where: string): Promise<number> =>
  (await stack.sql<{ n: number }>(`SELECT count(*)::int AS n FROM balikan.record WHERE ${where}`))[0]?.n ?? 0;
const delivered = (): Promise<number> => count("state = 'DELIVERED'").catch(() => -1);

/** Ends one part at random, the hard way, and puts another in its place. */
async function killOne(): Promise<string> {
  const parts = ['gateway', 'data-balikan', 'data-balikan', 'postgres', 'nats'] as const;
  const part = parts[Math.floor(chance() * parts.length)] ?? 'nats';
  if (part === 'postgres' || part === 'nats') {
    const server = stack.stack[part];
    server.process.kill();
    await server.process.exited;
    await server.launch();
    return part;
  }
  const replicas = stack.stack.replicas[part];
  const [victim] = replicas.splice(Math.floor(chance() * replicas.length), 1);
  victim?.child.kill();
  await victim?.child.exited;
  await stack.stack.add(part);
  return part;
}

test(`${all} records arrive, each once, through ${kills} kills and every fault of the ministry`, async () => {
  const made: { office: Office; token: () => Promise<string>; files: string[] }[] = [];
  const people = await stack.people('FOUND', offices * peopleOfOffice);
  for (let n = 0; n < offices; n += 1) {
    const office = await stack.addOffice({
      change: (file) => {
        addOfficials(file);
      },
      dataBalikan: { perSecond: 1_000, deadlineMs: 1_500, body: n % 2 ? 'FORM' : 'JSON_ARRAY' },
    });
    const own = people.slice(n * peopleOfOffice, (n + 1) * peopleOfOffice);
    const token = await stack.token(office);
    for (const { nik } of own) expect((await stack.verify(token, { nik, purpose })).status).toBe(200);
    const files = Array.from({ length: filesOfOffice }, (_, f) =>
      [
        'NIK;Nomor Register;Nama Usaha;Jenis Usaha;Tanggal',
        ...Array.from({ length: rowsOfFile }, (_unused, row) => {
          const i = f * rowsOfFile + row;
          const day = String(1 + (i % 28)).padStart(2, '0');
          return `${own[i % own.length]?.nik};500/${i}/SKU/I/2026;Warung ${i};Dagang;2026-01-${day}`;
        }),
      ].join('\r\n'),
    );
    made.push({
      office,
      files,
      token: async () =>
        (
          await persist(
            (url) => stack.askToken(office.client, { operator: office.operator }, url),
            ({ status }) => status === 200,
          )
        ).body.access_token ?? '',
    });
  }

  const fault = (kind: string, share: number, more: object = {}) =>
    stack.control('POST', '/data-balikan/faults', { kind, share, ...more });
  await fault('status', 0.02, { status: 500 });
  await fault('status', 0.02, { status: 503 });
  await fault('status', 0.01, { status: 429 });
  await fault('status', 0.01, { status: 400, message: 'Parameter tidak lengkap' });
  await fault('status', 0.01, { status: 200, message: 'Dalam pemeliharaan' });
  await fault('reset', 0.02);
  await fault('reset-after-storing', 0.03);
  await fault('html', 0.01);
  await fault('malformed', 0.02);
  await fault('slow', 0.02, { ms: 100 });
  await fault('hang', 0.0005);

  const handedIn = Promise.all(
    made.flatMap(({ token, files }) => [
      // one file of an office after the other, as one clerk does it
      (async () => {
        for (const file of files) {
          const { counts } = await handIn(token, file);
          expect(counts.checked).toBe(rowsOfFile);
          expect(counts.accepted + counts.alreadyThere).toBe(rowsOfFile);
        }
      })(),
    ]),
  );
  const killed: string[] = [];
  for (let n = 1; n <= kills; n += 1) {
    // spread over the whole course, not over time
    const enough = Math.floor((n * all) / (kills + 2));
    await until(async () => (await delivered()) >= enough);
    killed.push(await killOne());
  }
  expect(new Set(killed).size).toBe(4);
  await handedIn;
  expect(await count('true')).toBe(all);

  // what the ministry refused too often waits for a person, who sends it again
  await stack.control('DELETE', '/data-balikan/faults');
  await until(async () => (await count("state = 'WAITING'")) === 0);
  for (const { office } of made) {
    const { admin = {} } = await sessionsOf(stack, office.file.institution.regionCode);
    const id = await institutionIdOf(stack, office);
    const again = await stack.send('POST', `/v1/admin/institutions/${id}/data-balikan/retries`, {
      headers: { ...admin, 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'Layanan sudah diperbaiki' }),
    });
    expect(again.status).toBe(200);
  }
  await until(async () => (await delivered()) === all);

  const { distinct, requests } = await stack.control<{ distinct: number; requests: number }>('GET', '/data-balikan');
  expect(distinct).toBe(all);
  expect(requests).toBeGreaterThanOrEqual(all);
  expect(await count('sealed_nik IS NOT NULL OR claimed_until IS NOT NULL')).toBe(0);
  // every delivery is evidence, once
  await until(async () => (await stack.sql('SELECT 1 FROM balikan.evidence_outbox LIMIT 1')).length === 0);
  const [evidence] = await stack.sql<{ events: number; subjects: number }>(
    `SELECT count(*)::int AS events, count(DISTINCT subject)::int AS subjects FROM verification.reported_event
     WHERE type = 'DATA_BALIKAN' AND act = 'data-balikan.delivered'`,
  );
  expect(evidence).toEqual({ events: all, subjects: all });
}, 600_000);
