import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { beginRead, eventSubject, handInJournal, permitSeconds, reportAgent, verify, type ReadOrder } from '#contracts';
import {
  act,
  addReader,
  connectAgent,
  joinCode,
  openReaderOffice,
  read,
  type ReaderOffice,
} from './support/reader-office.js';
import { refusedWithinASecond } from './support/refused-in-time.js';
import { RunningStack } from './support/running-stack.js';
import { askToJoin, assertionOf, cardOf, join, matching, StandInAgent } from './support/stand-in-agent.js';
import { until } from './support/until.js';

let stack: RunningStack;
let one: ReaderOffice;
let other: ReaderOffice;
const agents: StandInAgent[] = [];

beforeAll(async () => {
  // reads are asked for as fast as can be here
  const env = { GATEWAY_BURST_PER_SECOND: '100000', GATEWAY_BURST_SIZE: '100000' };
  stack = await RunningStack.start({ replicas: { gateway: 2 }, env });
  [one, other] = [await openReaderOffice(stack), await openReaderOffice(stack)];
});
afterAll(async () => {
  await Promise.all(agents.map((agent) => agent.close()));
  await stack.stop();
});

async function agentOf(office: ReaderOffice, changes: Record<string, unknown> = {}): Promise<StandInAgent> {
  const agent = await StandInAgent.connect(office.credentials, changes);
  agents.push(agent);
  return agent;
}

/** A reader of its own in an office that is there already. */
async function freshReader(office: ReaderOffice): Promise<ReaderOffice> {
  const reader = await addReader(office.admin, office.path);
  return {
    ...office,
    reader,
    credentials: await join(stack.url, await joinCode(office.admin, office.path, reader.id)),
  };
}

const notIn = (credentials: ReaderOffice['credentials'], changes: Record<string, unknown>) =>
  expect(StandInAgent.connect(credentials, changes)).rejects.toThrow(/authorization/i);

describe("an agent's credentials", () => {
  let agent: StandInAgent;
  let neighbour: StandInAgent;
  beforeAll(async () => {
    [agent, neighbour] = [await agentOf(one), await agentOf(other)];
  });
  afterAll(() => Promise.all([agent.close(), neighbour.close()]));

  test.each([
    ['>', () => '>'],
    ['every reader', () => 'reader.>'],
    ['every report', () => 'reader.*.report.v1'],
    ["another's events", () => eventSubject(other.reader.id)],
    ["another's orders", () => beginRead(other.reader.id).subject],
    ["another's inbox", () => `reader.${other.reader.id}.inbox.>`],
    ["its own reader's events", () => eventSubject(one.reader.id)],
    ['look-ups', () => 'verification.>'],
    ['data balikan', () => 'balikan.>'],
    ["the gateway's inbox", () => '_INBOX.gateway.>'],
    ['anybody’s inbox', () => '_INBOX.>'],
    ['the broker', () => '$SYS.>'],
    ['log-ins', () => '$SYS.REQ.USER.AUTH'],
  ])('do not let it listen to %s', async (_name, subject) => {
    const before = agent.refused.length;
    agent.nats.subscribe(subject(), { callback: () => undefined });
    await until(() => agent.refused.length > before);
    expect(agent.refused.at(-1)).toMatch(/permissions violation for subscription/i);
  });

  test.each([
    ["another's report", () => reportAgent(other.reader.id).subject],
    ["another's journal", () => handInJournal(other.reader.id).subject],
    ["another's events", () => eventSubject(other.reader.id)],
    ['orders to another', () => beginRead(other.reader.id).subject],
    ['a look-up', () => verify.subject],
    ['data balikan', () => 'balikan.submit.v1'],
    ["an answer to the gateway's inbox that was not asked for", () => '_INBOX.gateway.x'],
    ['a kick', () => '$SYS.REQ.SERVER.x.KICK'],
    ['a log-in', () => '$SYS.REQ.USER.AUTH'],
  ])('do not let it send %s', async (_name, subject) => {
    const before = agent.refused.length;
    agent.nats.publish(subject(), '{}');
    await until(() => agent.refused.length > before);
    expect(agent.refused.at(-1)).toMatch(/permissions violation for publish/i);
  });

  test('cannot make the gateway write where the agent may not: answers go to its own inbox alone', async () => {
    const listener = await connect({
      servers: stack.stack.nats.url,
      user: 'nik-verification',
      pass: stack.stack.environmentOf('nik-verification').NIK_VERIFICATION_NATS_PASSWORD ?? '',
    });
    let heard = 0;
    const hear = () => {
      heard += 1;
    };
    listener.subscribe('verification.verify-at.v1.*', { callback: hear });
    listener.subscribe(verify.subject, { callback: hear });
    await listener.flush();
    const { subject } = reportAgent(agent.readerId);
    for (const reply of [verify.subject, 'verification.verify-at.v1.x', `reader.${other.reader.id}.inbox.x`])
      agent.nats.publish(subject, '{}', { reply });
    // one that is answered, after those
    expect(await agent.report()).toHaveProperty('value');
    await listener.flush();
    expect(heard).toBe(0);
    await listener.close();
  });

  test('do not come in twice by the same assertion, by an old one, one for long, one of another key, or for another reader', async () => {
    const fresh = await freshReader(one);
    const now = Math.floor(Date.now() / 1_000);
    const jti = randomUUID();
    (await agentOf(fresh, { jti })).nats.close().catch(() => undefined);
    await notIn(fresh.credentials, { jti });
    await notIn(fresh.credentials, { iat: now - 400, exp: now - 340 });
    await notIn(fresh.credentials, { exp: now + 3_600 });
    await notIn(fresh.credentials, { iat: now + 400, exp: now + 460 });
    await notIn(fresh.credentials, { aud: 'gerbang-paten' });
    await notIn(fresh.credentials, { iss: other.reader.id });
    await notIn({ ...fresh.credentials, privateKey: generateKeyPairSync('ed25519').privateKey }, {});
    for (const token of ['', 'x', 'a.b.c', assertionOf(fresh.credentials).replace(/\.[^.]+$/, '.')])
      await expect(connect({ servers: stack.stack.nats.url, token, reconnect: false })).rejects.toThrow(
        /authorization/i,
      );
    await (await agentOf(fresh)).close();
  });
});

describe('a join code', () => {
  test('counts once', async () => {
    const code = await joinCode(one.admin, one.path, (await addReader(one.admin, one.path)).id);
    const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => askToJoin(stack.urls[i % 2] ?? '', code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403, 403, 403, 403]);
    expect(answers.find(({ status }) => status === 403)?.body).toMatchObject({ code: 'JOIN_CODE_INVALID' });
  });

  test('ends after an hour, with the next one, and with the reader', async () => {
    const [late, replaced, revoked] = await Promise.all([1, 2, 3].map(() => addReader(one.admin, one.path)));
    const codes = await Promise.all(
      [late, replaced, revoked].map((reader) => joinCode(one.admin, one.path, reader?.id ?? '')),
    );
    await stack.sql("UPDATE access.reader SET join_code_expires_at = now() - interval '1 second' WHERE id = $1", [
      late?.id,
    ]);
    const next = await joinCode(one.admin, one.path, replaced?.id ?? '');
    await act(one.admin, `${one.path}/readers/${revoked?.id}/revocation`);
    for (const code of codes) expect(await askToJoin(stack.urls[1] ?? '', code)).toMatchObject({ status: 403 });
    expect(await askToJoin(stack.url, next.toLowerCase().replaceAll('-', ' '))).toMatchObject({ status: 201 });
  });

  test('is guessed a few times and no more', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 12; i += 1) statuses.push((await askToJoin(stack.url, `AAAA-BBBB-CCCC-DDD${i % 10}`)).status);
    expect(statuses.slice(0, 6)).toEqual(expect.arrayContaining([403]));
    expect(statuses.at(-1)).toBe(429);
  });

  test('brings the key of a new agent, and the old one goes at once', async () => {
    // the other gateway: the first counts the guesses of the test above
    const url = stack.urls[1] ?? '';
    const before = await agentOf(other);
    const gone = before.nats.closed();
    const reader = other.reader;
    const credentials = await join(url, await joinCode(other.admin, other.path, reader.id));
    await gone;
    await notIn(other.credentials, {});
    other = { ...other, credentials };
    await (await agentOf(other)).close();
  });
});

describe('one agent for each reader:', () => {
  const url = () => stack.urls[1] ?? '';
  const fresh = async (office: ReaderOffice): Promise<ReaderOffice> => {
    const reader = await addReader(office.admin, office.path);
    return { ...office, reader, credentials: await join(url(), await joinCode(office.admin, office.path, reader.id)) };
  };

  test('a second one with the same credentials is refused and reported; the first goes on', async () => {
    const office = await fresh(one);
    const first = await agentOf(office);
    await notIn(office.credentials, {});
    await notIn(office.credentials, {});
    expect(await first.report()).toHaveProperty('value');
    const { body } = await office.camat.send('GET', `${office.path}/events?act=reader.second-agent`);
    const events = (body as { events: { subject: { id: string } }[] }).events;
    // once, however often it tries
    expect(events.filter(({ subject }) => subject.id === office.reader.id)).toHaveLength(1);
    const list = await office.admin.send('GET', `${office.path}/readers`);
    const { readers } = list.body as { readers: { id: string; secondAgentAt: string | null }[] };
    expect(readers.find(({ id }) => id === office.reader.id)?.secondAgentAt).toEqual(expect.any(String));
    await first.close();
  });

  test('of many that come at once, exactly one is let in', async () => {
    const office = await fresh(one);
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => agentOf(office)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('one that was killed comes back at once, as another process', async () => {
    const office = await fresh(one);
    const first = await agentOf(office);
    await first.close();
    const back = await agentOf(office);
    expect(await back.report()).toHaveProperty('value');
    expect(back.instanceId).not.toBe(first.instanceId);
    await back.close();
  });

  test('the same process takes the place of its own half-open connection', async () => {
    const office = await fresh(one);
    const first = await agentOf(office);
    const gone = first.nats.closed();
    const again = await agentOf(office, { instanceId: first.instanceId });
    await gone;
    expect(await again.report()).toHaveProperty('value');
    await again.close();
  });
});

describe('taken away', () => {
  const url = () => stack.urls[1] ?? '';
  const officeWithAgent = async (): Promise<{ office: ReaderOffice; agent: StandInAgent }> => {
    const office = await openReaderOfficeAt();
    const agent = await connectAgent(office);
    agents.push(agent);
    const [person = {}] = await stack.people('FOUND', 1);
    agent.play = matching(cardOf(person));
    for (const at of stack.urls) expect(await read(stack, office, {}, at)).toMatchObject({ status: 200 });
    return { office, agent };
  };
  // the first gateway counts guesses by now
  const openReaderOfficeAt = () => openReaderOffice(stack, undefined, url());

  test('a reader: no read at any gateway within a second, its agent thrown out, all others stay', async () => {
    const { office, agent } = await officeWithAgent();
    const bystander = await agentOf(other);
    let left = false;
    void bystander.nats.closed().then(() => (left = true));
    const gone = agent.nats.closed();
    await act(office.admin, `${office.path}/readers/${office.reader.id}/revocation`);
    await Promise.all([
      refusedWithinASecond(
        stack.urls.map((at) => () => read(stack, office, {}, at)),
        'READER_REVOKED',
      ),
      gone,
    ]);
    await notIn(office.credentials, {});
    expect(await bystander.report()).toHaveProperty('value');
    expect(left).toBe(false);
    await bystander.close();
  });

  test('an agent: it is thrown out and stays out until it has a new code', async () => {
    const { office, agent } = await officeWithAgent();
    const gone = agent.nats.closed();
    await act(office.admin, `${office.path}/readers/${office.reader.id}/agent/removal`);
    await gone;
    await notIn(office.credentials, {});
    expect(await read(stack, office)).toMatchObject({ status: 503, body: { code: 'READER_OFFLINE' } });
    const credentials = await join(url(), await joinCode(office.admin, office.path, office.reader.id));
    await (await agentOf({ ...office, credentials })).close();
  });

  test('in the middle of a read: the read ends, and why is told', async () => {
    const { office, agent } = await officeWithAgent();
    const begun = new Promise<ReadOrder>((resolve) => (agent.play = ({ order }) => resolve(order)));
    const answer = read(stack, office);
    const { readId } = await begun;
    await act(office.admin, `${office.path}/readers/${office.reader.id}/revocation`);
    expect(await answer).toMatchObject({ status: 403, body: { code: 'READER_REVOKED' } });
    expect(await stack.sql('SELECT outcome FROM access.reader_read WHERE id = $1', [readId])).toEqual([
      { outcome: 'READER_REVOKED' },
    ]);
  });

  test('what was revoked while nobody could throw it out goes with its next report', async () => {
    const { office, agent } = await officeWithAgent();
    await stack.sql("UPDATE access.reader SET revoked_at = now(), revocation_reason = 'uji' WHERE id = $1", [
      office.reader.id,
    ]);
    const gone = agent.nats.closed();
    await agent.report().catch(() => undefined);
    await gone;
  });
});

describe('a permit', () => {
  test('is for this reader, its SAM and the granted elements, for minutes', async () => {
    const office = { ...other };
    const agent = await agentOf(office);
    const { value } = await agent.report();
    const claims = JSON.parse(Buffer.from(value?.permit?.split('.')[1] ?? '', 'base64url').toString()) as object;
    expect(claims).toMatchObject({ sub: office.reader.id, samSerial: office.sam.serial, aud: 'reader-agent' });
    const { iat, exp, elements } = claims as { iat: number; exp: number; elements: string[] };
    expect(exp - iat).toBe(permitSeconds);
    expect(elements).not.toContain('noKk');
    expect(Math.abs((value?.now ?? 0) - Date.now())).toBeLessThan(5_000);
    expect(value?.jwks.keys.length).toBeGreaterThan(0);
    await agent.close();
  });

  test('is given only while SAM, agreement and reader are in order, and says why not', async () => {
    const office = { ...other };
    const agent = await agentOf(office);
    const sam = `${office.path}/sams/${office.sam.id}`;
    const refusal = async () => (await agent.report()).value;
    await act(office.admin, `${sam}/reader`, { readerId: null });
    expect(await refusal()).toMatchObject({ permit: null, refusal: 'SAM_NOT_ACTIVATED' });
    await act(office.admin, `${sam}/reader`, { readerId: office.reader.id });
    expect(await refusal()).toMatchObject({ permit: expect.any(String), refusal: null });
    await act(office.camat, `${office.path}/stop`);
    expect(await refusal()).toMatchObject({ permit: null, refusal: 'ACCESS_STOPPED' });
    await stack.sql('UPDATE access.emergency_stop SET lifted_at = now()');
    await act(office.admin, `${sam}/configuration-return`, { receiptNumber: 'BA/1', returnedOn: '2026-02-01' });
    expect(await refusal()).toMatchObject({ permit: null, refusal: 'SAM_NOT_ACTIVATED' });
    await agent.close();
  });
});
