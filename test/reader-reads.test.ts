import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { eventSubject, type ReadOrder, type ReadResult } from '#contracts';
import { leafInBundle } from './support/read-evidence.js';
import { firstVersion, institutionIdOf, refusalsOf } from './support/office-parts.js';
import { readEvents } from './support/read-events.js';
import { connectAgent, openReaderOffice, read, type ReaderOffice } from './support/reader-office.js';
import { purpose, RunningStack } from './support/running-stack.js';
import { cardOf, matching, StandInAgent, type RunningRead } from './support/stand-in-agent.js';
import { until } from './support/until.js';

const deadlineMs = 4_000;
let stack: RunningStack;
let office: ReaderOffice;
let agent: StandInAgent;
let person: Record<string, string | null>;

beforeAll(async () => {
  const env = {
    GATEWAY_BURST_PER_SECOND: '100000',
    GATEWAY_BURST_SIZE: '100000',
    GATEWAY_READ_DEADLINE_MS: String(deadlineMs),
  };
  stack = await RunningStack.start({ replicas: { gateway: 2 }, env });
  office = await openReaderOffice(stack);
  agent = await connectAgent(office);
  [person = {}] = await stack.people('FOUND', 1);
});
afterAll(async () => {
  await agent?.close();
  await stack.stop();
});
afterEach(() => agent.idle());

/** From now on the agent begins a read and leaves it running. */
function hold(): Promise<RunningRead> {
  return new Promise((resolve) => (agent.play = resolve));
}

const rowOf = async (id: unknown) =>
  (await stack.sql<Record<string, unknown>>('SELECT * FROM access.reader_read WHERE id = $1', [id]))[0];

test('a card, a finger, an answer: on record without a person', async () => {
  agent.play = matching(cardOf(person));
  const answer = await read(stack, office);
  expect(answer).toMatchObject({ status: 200, body: { outcome: 'MATCHED', tries: 0, level: 'card-verified' } });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.body.elements).toEqual(cardOf(person));
  const row = await rowOf(answer.body.id);
  expect(row).toMatchObject({ outcome: 'MATCHED', tries: 0, level: 'card-verified', ...purposeColumns() });
  expect(JSON.stringify(row)).not.toMatch(/CONTOH|\d{16}/);
});

const purposeColumns = () => ({ service: purpose.service, reference: purpose.reference });

test('the counter follows each step as it happens', async () => {
  const begun = hold();
  const events = await readEvents(stack, office);
  expect(events).toMatchObject({ status: 200, type: 'text/event-stream; charset=utf-8' });
  const reading = await begun;
  expect(await events.next()).toEqual({ event: 'begun', data: { id: reading.order.readId, deadlineMs } });
  for (const step of ['WAITING_FOR_CARD', 'CARD_FOUND', 'HOLD_STILL', 'PUT_FINGER'] as const) {
    reading.tell({ step, tries: 0, mostTries: 4 });
    expect(await events.next()).toEqual({ event: 'progress', data: { step, tries: 0, mostTries: 4 } });
  }
  reading.tell({ step: 'TRY_FAILED', tries: 1, mostTries: 4 });
  expect((await events.next())?.data).toMatchObject({ step: 'TRY_FAILED', tries: 1 });
  reading.finish({ outcome: 'MATCHED', tries: 1, elements: { namaLengkap: person.namaLengkap ?? '' } });
  expect(await events.rest()).toEqual([
    { event: 'result', data: expect.objectContaining({ outcome: 'MATCHED', tries: 1, level: 'card-verified' }) },
  ]);
});

describe('one at a time', () => {
  test('a busy reader says who has it and since when, at either gateway', async () => {
    const begun = hold();
    const first = await readEvents(stack, office);
    const { finish } = await begun;
    for (const url of stack.urls) {
      const answer = await read(stack, office, {}, url);
      expect(answer).toMatchObject({ status: 409, body: { code: 'READER_BUSY' } });
      expect(answer.body.busy).toEqual({ by: 'Operator Uji', since: expect.any(String) });
    }
    finish({ outcome: 'CARD_TIMEOUT', tries: 0 });
    expect((await first.rest()).at(-1)).toMatchObject({
      event: 'result',
      data: { outcome: 'CARD_TIMEOUT', level: null },
    });
  });

  test('cancelled by the one who began it, at the other gateway', async () => {
    const begun = hold();
    const events = await readEvents(stack, office);
    const { order, cancelled } = await begun;
    const cancel = (id: string) =>
      stack.send(
        'DELETE',
        `/v1/readers/${office.reader.id}/reads/${id}`,
        {
          headers: { authorization: `Bearer ${office.token}` },
        },
        stack.urls[1],
      );
    expect(await cancel(order.readId)).toMatchObject({ status: 200, body: { running: true } });
    await cancelled;
    expect((await events.rest()).at(-1)).toMatchObject({ event: 'result', data: { outcome: 'CANCELLED' } });
    expect(await cancel(order.readId)).toMatchObject({ status: 200, body: { running: false } });
    expect(await cancel('019ab3c4-5d6e-7f80-9123-456789abcdef')).toMatchObject({ status: 404 });
    expect(await rowOf(order.readId)).toMatchObject({ outcome: 'CANCELLED' });
  });

  test('not by another operator of the office, but by the Camat', async () => {
    const begun = hold();
    const events = await readEvents(stack, office);
    const { order } = await begun;
    const path = `/v1/readers/${office.reader.id}/reads/${order.readId}`;
    const strange = await stack.token(office.office, { operator: 'loket2' });
    expect(await stack.send('DELETE', path, { headers: { authorization: `Bearer ${strange}` } })).toMatchObject({
      status: 404,
    });
    expect(await office.camat.send('DELETE', path)).toMatchObject({ status: 200, body: { running: true } });
    await events.rest();
  });

  test.each(['stream', 'json'])('whoever hangs up has cancelled (%s)', async (way) => {
    const begun = hold();
    const controller = new AbortController();
    const asked =
      way === 'stream'
        ? readEvents(stack, office)
        : fetch(`${stack.url}/v1/readers/${office.reader.id}/reads`, {
            method: 'POST',
            signal: controller.signal,
            headers: {
              authorization: `Bearer ${office.token}`,
              'content-type': 'application/json',
              accept: 'application/json',
            },
            body: JSON.stringify({ purpose }),
          }).catch(() => undefined);
    const { order, cancelled } = await begun;
    if (way === 'stream') ((await asked) as Awaited<ReturnType<typeof readEvents>>).hangUp();
    else controller.abort();
    await cancelled;
    await until(async () => (await rowOf(order.readId))?.outcome !== null);
    expect(await rowOf(order.readId)).toMatchObject({ outcome: 'CANCELLED' });
  });
});

describe('what goes wrong at the reader', () => {
  test.each([
    'NOT_MATCHED',
    'CARD_REMOVED',
    'CARD_UNKNOWN',
    'CARD_UNREADABLE',
    'CARD_TIMEOUT',
    'FINGER_TIMEOUT',
    'READER_FAULT',
    'SAM_FAULT',
  ] as const)('%s is an outcome, says what to do, and shows nothing', async (outcome) => {
    agent.play = ({ finish }) => finish({ outcome, tries: outcome === 'NOT_MATCHED' ? 4 : 0 });
    const { status, body } = await read(stack, office);
    expect({ status, body }).toMatchObject({ status: 200, body: { outcome, level: null, detail: expect.any(String) } });
    expect(body).not.toHaveProperty('elements');
    expect(await rowOf(body.id)).toMatchObject({ outcome, level: null });
  });

  test('nobody there: READER_OFFLINE, on record', async () => {
    const alone = await openReaderOffice(stack);
    expect(await read(stack, alone)).toMatchObject({ status: 503, body: { code: 'READER_OFFLINE' } });
    const rows = await stack.sql('SELECT outcome FROM access.reader_read WHERE reader_id = $1', [alone.reader.id]);
    expect(rows).toEqual([{ outcome: 'READER_OFFLINE' }]);
  });

  test('an agent that dies in a read: AGENT_LOST, and not at the end of the deadline', async () => {
    const lost = await openReaderOffice(stack);
    const dying = await connectAgent(lost);
    const events = await readEvents(stack, lost);
    expect(await events.next()).toMatchObject({ event: 'begun' });
    await dying.close();
    expect((await events.rest()).at(-1)).toMatchObject({ event: 'result', data: { outcome: 'AGENT_LOST' } });
  });

  test('an agent that was away for five seconds: what it says then is taken', async () => {
    const place = await openReaderOffice(stack);
    const before = await connectAgent(place);
    const begun = new Promise<RunningRead>((resolve) => (before.play = resolve));
    const answer = read(stack, place);
    const { order } = await begun;
    await before.close();
    await new Promise((later) => setTimeout(later, 5_000));
    const back = await StandInAgent.connect(place.credentials, { instanceId: before.instanceId });
    const result: ReadResult = { outcome: 'MATCHED', tries: 0, elements: { namaLengkap: person.namaLengkap ?? '' } };
    back.nats.publish(
      eventSubject(place.reader.id),
      JSON.stringify({ readId: order.readId, n: 0, event: { kind: 'result', result } }),
    );
    expect(await answer).toMatchObject({ status: 200, body: { outcome: 'MATCHED', level: 'card-verified' } });
    await back.close();
  }, 20_000);

  test('an agent that says nothing: AGENT_LOST after its deadline, and it is told to stop', async () => {
    const begun = hold();
    const answer = read(stack, office);
    const { order, cancelled } = await begun;
    expect(order.deadlineMs).toBe(deadlineMs);
    expect(await answer).toMatchObject({ status: 200, body: { outcome: 'AGENT_LOST' } });
    await cancelled;
  }, 20_000);

  const photo = 'ff4fff51'.repeat(20);
  test.each([
    ['a photo beside the elements', { elements: { namaLengkap: 'X', foto: photo } }],
    ['minutiae beside the result', { minutiae: photo }],
    ['elements without a match', { outcome: 'NOT_MATCHED', elements: { namaLengkap: 'X' } }],
    ['no outcome that there is', { outcome: 'PERHAPS' }],
  ])('%s: taken by nobody, READER_FAULT', async (_name, changes) => {
    agent.play = ({ order, send }) =>
      send({
        readId: order.readId,
        n: 0,
        event: { kind: 'result', result: { outcome: 'MATCHED', tries: 1, ...changes } },
      });
    const { body, text } = await read(stack, office);
    expect(body).toMatchObject({ outcome: 'READER_FAULT' });
    expect(text).not.toContain('ff4f');
  });

  test('events of another read are not heard', async () => {
    agent.play = ({ send, finish }) => {
      const result: ReadResult = { outcome: 'MATCHED', tries: 1, elements: { namaLengkap: 'ORANG LAIN' } };
      send({ readId: '3f1c2a80-9d0b-4c1e-8a56-7b1f4e0d2c33', n: 0, event: { kind: 'result', result } });
      finish({ outcome: 'CARD_TIMEOUT', tries: 0 });
    };
    expect((await read(stack, office)).body).toMatchObject({ outcome: 'CARD_TIMEOUT' });
  });

  test('the broker goes and comes back: the read ends, and the next one works', async () => {
    const place = await openReaderOffice(stack);
    await connectAgent(place);
    const events = await readEvents(stack, place);
    // the gateway has heard the agent: before that, a broker that goes is a reader that is offline
    expect(await events.next()).toMatchObject({ event: 'begun' });
    stack.stack.nats.process.kill();
    try {
      expect((await events.rest()).at(-1)).toMatchObject({ event: 'result', data: { outcome: 'AGENT_LOST' } });
    } finally {
      await stack.stack.nats.launch();
      const back = await reconnect(place);
      back.play = matching(cardOf(person));
      await until(async () => (await read(stack, place)).status === 200);
      await back.close();
      agent = await reconnect(office);
    }
  }, 60_000);
});

/** As an agent does it: again, until the broker and a gateway behind it take it. */
async function reconnect(place: ReaderOffice): Promise<StandInAgent> {
  const agents: StandInAgent[] = [];
  await until(() =>
    connectAgent(place).then(
      (back) => agents.push(back) > 0,
      () => false,
    ),
  );
  return agents[0] as StandInAgent;
}

describe('what is shown', () => {
  test('only what was asked for, never more than granted, whatever the reader sends', async () => {
    agent.play = ({ finish }) => finish({ outcome: 'MATCHED', tries: 1, elements: cardOf(person) });
    const { body } = await read(stack, office, { fields: ['namaLengkap', 'alamat'] });
    expect(Object.keys(body.elements ?? {}).sort()).toEqual(['alamat', 'namaLengkap']);
    const sparing = await openReaderOffice(stack, (file) => {
      firstVersion(file).elements = ['nik', 'noKk', 'namaLengkap'];
    });
    const reckless = await connectAgent(sparing);
    const ordered: ReadOrder[] = [];
    reckless.play = ({ order, finish }) => {
      ordered.push(order);
      finish({ outcome: 'MATCHED', tries: 1, elements: cardOf(person) });
    };
    const answer = await read(stack, sparing);
    expect(answer.body.elements).toEqual({ nik: person.nik, namaLengkap: person.namaLengkap });
    expect(ordered[0]?.elements).toEqual(['nik', 'namaLengkap']);
    for (const field of ['alamat', 'noKk'])
      expect(await read(stack, sparing, { fields: [field] })).toMatchObject({
        status: 403,
        body: { code: 'FIELD_NOT_GRANTED', issues: [{ path: 'fields' }] },
      });
    await reckless.close();
  });

  test('no body has a place for a photo or a finger', async () => {
    for (const field of ['foto', 'sidikJari'])
      expect(await read(stack, office, { fields: [field] })).toMatchObject({
        status: 403,
        body: { code: 'FIELD_NOT_GRANTED' },
      });
  });
});

describe('on record', () => {
  test('before the order leaves', async () => {
    let atOrder: unknown[] = [];
    agent.play = async ({ order, finish }) => {
      atOrder = await stack.sql('SELECT outcome, ended_at FROM access.reader_read WHERE id = $1', [order.readId]);
      finish({ outcome: 'CARD_TIMEOUT', tries: 0 });
    };
    await read(stack, office);
    expect(atOrder).toEqual([{ outcome: null, ended_at: null }]);
  });

  test('or nothing leaves: EVIDENCE_UNAVAILABLE', async () => {
    const orders = agent.orders.length;
    await stack.sql('REVOKE INSERT ON access.reader_read FROM gateway');
    try {
      expect(await read(stack, office)).toMatchObject({ status: 503, body: { code: 'EVIDENCE_UNAVAILABLE' } });
    } finally {
      await stack.sql('GRANT INSERT ON access.reader_read TO gateway');
    }
    expect(agent.orders.length).toBe(orders);
  });

  test('and an answer whose end is not on record is not shown', async () => {
    agent.play = async ({ finish }) => {
      await stack.sql('REVOKE UPDATE (outcome) ON access.reader_read FROM gateway');
      finish({ outcome: 'MATCHED', tries: 1, elements: cardOf(person) });
    };
    try {
      const { status, text } = await read(stack, office);
      expect({ status, text }).toMatchObject({ status: 503, text: expect.stringContaining('EVIDENCE_UNAVAILABLE') });
      expect(text).not.toContain('CONTOH');
    } finally {
      await stack.sql('GRANT UPDATE (outcome) ON access.reader_read TO gateway');
    }
  });

  test('what has ended is never changed, not even by its owner', async () => {
    await expect(
      stack.sql("UPDATE access.reader_read SET outcome = 'MATCHED' WHERE ended_at IS NOT NULL"),
    ).rejects.toThrow('is not changed');
  });

  test('and in the evidence log, by a leaf without a person that anybody can check', async () => {
    agent.play = matching(cardOf(person));
    const { body } = await read(stack, office);
    await until(async () => (await stack.sql('SELECT FROM access.read_outbox')).length === 0);
    const { leaf, report } = await leafInBundle(stack, office.camat, body.id);
    expect(report.findings).toEqual([]);
    expect(leaf).toMatchObject({ type: 'READER_READ', act: 'reader.read', subject: office.reader.id, id: body.id });
    expect(JSON.stringify(leaf)).not.toMatch(/CONTOH|\d{16}(?![0-9a-f])/);
  });
});

describe('and then the register', () => {
  test.each(['LOOKUP', 'MATCH'] as const)('%s: one purpose, one evidence chain, one hit', async (then) => {
    agent.play = matching(cardOf(person));
    const hits = (await stack.counted(office.office)).hits;
    const { status, body } = await read(stack, office, { then });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { outcome: 'MATCHED', level: 'register-verified', verification: { outcome: 'FOUND' } },
    });
    if (then === 'LOOKUP') expect(body.verification?.data?.noKk).toEqual(person.noKk);
    else {
      const agreeing = Object.entries(body.verification?.match ?? {}).map(([name, one]) => [name, one?.agrees]);
      expect(Object.fromEntries(agreeing)).toEqual(
        Object.fromEntries(
          Object.keys(cardOf(person))
            .filter((name) => name !== 'nik')
            .map((name) => [name, true]),
        ),
      );
    }
    expect((await stack.counted(office.office)).hits).toBe(hits + 1);
    expect(await rowOf(body.id)).toMatchObject({ verification_id: body.verification?.id, level: 'register-verified' });
    const trail = await stack.send<{ entries: { id: string; purpose: unknown }[] }>(
      'GET',
      '/v1/verifications?limit=1',
      {
        headers: { authorization: `Bearer ${office.token}` },
      },
    );
    expect(trail.body.entries[0]).toMatchObject({ id: body.verification?.id, purpose });
  });

  test('a card that tells something else than the register is told per element', async () => {
    agent.play = matching({ ...cardOf(person), alamat: 'JL LAMA NO 9' });
    const { body } = await read(stack, office, { then: 'MATCH', fields: ['namaLengkap', 'alamat'] });
    expect(body).toMatchObject({
      level: 'card-verified',
      verification: { match: { namaLengkap: { agrees: true }, alamat: { agrees: false } } },
    });
    // the NIK was needed to ask, and is not shown to whoever did not ask for it
    expect(body.elements).not.toHaveProperty('nik');
    expect(agent.orders.at(-1)?.elements).toContain('nik');
  });

  test('a card of another name is not the register’s, although it knows the NIK; which element it is, is said', async () => {
    agent.play = matching({ ...cardOf(person), namaLengkap: 'ORANG LAIN CONTOH' });
    const { body } = await read(stack, office, { then: 'LOOKUP', fields: ['tempatLahir'] });
    expect(body).toMatchObject({
      level: 'card-verified',
      comparison: { nik: true, namaLengkap: false, tanggalLahir: true, tempatLahir: true },
      detail: expect.stringContaining('berbeda: nama lengkap.'),
    });
    // looked up to be compared, and shown to nobody who did not ask for it
    expect(Object.keys(body.verification?.data ?? {})).toEqual(['tempatLahir']);
    expect(Object.keys(body.elements ?? {})).toEqual(['tempatLahir']);
    expect(await rowOf(body.id)).toMatchObject({ level: 'card-verified' });
  });

  test('without a match of the finger the register is not asked', async () => {
    agent.play = ({ finish }) => finish({ outcome: 'NOT_MATCHED', tries: 4 });
    const hits = (await stack.counted(office.office)).hits;
    expect((await read(stack, office, { then: 'LOOKUP' })).body).not.toHaveProperty('verification');
    expect((await stack.counted(office.office)).hits).toBe(hits);
  });

  test('a register that cannot be asked takes nothing from the card', async () => {
    const poor = await openReaderOffice(stack, (file) => Object.assign(firstVersion(file), { dailyQuota: 1 }));
    const own = await connectAgent(poor);
    own.play = matching(cardOf(person));
    expect((await read(stack, poor, { then: 'LOOKUP' })).body).toMatchObject({ level: 'register-verified' });
    expect(await read(stack, poor, { then: 'LOOKUP' })).toMatchObject({
      status: 200,
      body: { level: 'pending', verificationProblem: { code: 'QUOTA_EXHAUSTED' }, elements: cardOf(person) },
    });
    await own.close();
  });

  test('what is not granted is refused before the card is touched', async () => {
    const orders = agent.orders.length;
    const only = await openReaderOffice(stack, (file) => (firstVersion(file).modes = ['LOOKUP']));
    expect(await read(stack, only, { then: 'MATCH' })).toMatchObject({
      status: 403,
      body: { code: 'MODE_NOT_GRANTED' },
    });
    const nameless = await openReaderOffice(stack, (file) => (firstVersion(file).elements = ['namaLengkap']));
    expect(await read(stack, nameless, { then: 'LOOKUP' })).toMatchObject({
      status: 403,
      body: { code: 'FIELD_NOT_GRANTED' },
    });
    expect(agent.orders.length).toBe(orders);
    const refused = await refusalsOf(stack, await institutionIdOf(stack, only.office));
    expect(refused.map(({ outcome }) => outcome)).toEqual(['MODE_NOT_GRANTED']);
  });
});
