import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ReportedEvent } from '#contracts';
import { AppError, metrics, type Log, type RpcClient } from '#service';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { until } from '../../../../test/support/until.js';
import { record } from '../administration/admin-record.js';
import { updateInstitution } from '../institutions/institution-acts.js';
import { ActsFixture, atTheMachine } from '../operators/acts-fixture.js';
import { EvidenceRelay } from './evidence-relay.js';
import { WakeOnRecord } from './wake-on-record.js';

let fixture: ActsFixture;
let bus: FakeLog;
let lines: string[];
const relays: EvidenceRelay[] = [];

beforeAll(async () => {
  fixture = await ActsFixture.create(await TestDatabase.create());
});
afterAll(() => fixture.drop());
beforeEach(async () => {
  await fixture.sql('DELETE FROM access.evidence_outbox');
  bus = new FakeLog();
  lines = [];
});
afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
});

/** The evidence log as the gateway sees it: it takes each id once. */
class FakeLog {
  readonly taken = new Map<string, ReportedEvent>();
  readonly calls: number[] = [];
  away = false;
  /** Has taken it, and the answer is lost. */
  deaf = false;
  readonly conflicts = new Set<string>();
  hold: Promise<void> | undefined;

  readonly call = (async (_rpc: unknown, { events }: { events: ReportedEvent[] }) => {
    this.calls.push(events.length);
    await this.hold;
    if (this.away) throw new AppError('SERVICE_UNAVAILABLE');
    for (const event of events)
      if (!this.conflicts.has(event.id)) {
        const known = this.taken.get(event.id);
        if (known) expect(event).toEqual(known);
        this.taken.set(event.id, event);
      }
    if (this.deaf) throw new AppError('SERVICE_TIMEOUT');
    if (events.some(({ id }) => this.conflicts.has(id))) throw new AppError('EVIDENCE_CONFLICT');
    return { taken: events.length };
  }) as unknown as RpcClient['call'];
}

const log = {
  event: (level: string, message: string) => lines.push(`${level} ${message}`),
  failure: (message: string, _error: unknown, fields: { code?: string }, level = 'error') =>
    lines.push([level, message, fields.code].filter(Boolean).join(' ')),
} as unknown as Log;

function makeRelay(pace = { everyMs: 60_000, firstWaitMs: 10, longestWaitMs: 60_000 }): EvidenceRelay {
  const relay = new EvidenceRelay(fixture.source, bus, log, pace);
  relays.push(relay);
  return relay;
}

async function act(count = 1, after: object = { nama: 'Uji' }): Promise<string[]> {
  const rows = await fixture.sql<{ id: string }>(
    `INSERT INTO access.admin_event (at, institution_id, act, subject_type, subject_id, actor_kind, after, reason)
     SELECT '2026-06-15T01:02:03.456789Z', $1::uuid, 'institution.update', 'institution', $1::uuid::text, 'command-line', $2, 'Uji'
     FROM generate_series(1, $3) RETURNING id`,
    [fixture.kecamatan, after, count],
  );
  return rows.map(({ id }) => id);
}

const waiting = async () =>
  (await fixture.sql<{ id: string }>('SELECT admin_event_id AS id FROM access.evidence_outbox ORDER BY 1')).map(
    ({ id }) => id,
  );
const figure = async (name: string) => (await metrics.getSingleMetric(name)?.get())?.values[0]?.value;

describe('an act', () => {
  test('is reported as it stands on record, to the microsecond, and leaves the outbox', async () => {
    const [id = ''] = await act(1, { burst: { size: 3, perSecond: 0.5 } });
    await makeRelay().round();
    const [row] = await fixture.sql<{ salt: Buffer }>('SELECT salt FROM access.admin_event WHERE id = $1', [id]);
    const content =
      '{"act":"institution.update","actorKind":"command-line","actorRole":null,"after":{"burst":{"perSecond":"0.5","size":3}},' +
      '"before":null,"proposalId":null,"reason":"Uji","subjectType":"institution"}';
    expect([...bus.taken.values()]).toEqual([
      {
        id,
        at: '2026-06-15T01:02:03.456789Z',
        type: 'ADMINISTRATION',
        institutionId: fixture.kecamatan,
        act: 'institution.update',
        actorId: null,
        subject: fixture.kecamatan,
        contentHash: createHash('sha256')
          .update(row?.salt ?? '')
          .update(content)
          .digest('hex'),
      },
    ]);
    expect(await waiting()).toEqual([]);
  });

  test('of a person names the person', async () => {
    const actor = await fixture.actor('admin');
    await fixture.perform(updateInstitution, { address: 'Jl. Uji' }, { actor });
    await makeRelay().round();
    expect([...bus.taken.values()]).toMatchObject([{ act: 'institution.update', actorId: actor.operatorId }]);
  });
});

test('a backlog goes in batches, the oldest first', async () => {
  const ids = await act(250);
  await makeRelay().round();
  expect(bus.calls).toEqual([100, 100, 50]);
  expect([...bus.taken.keys()]).toEqual([...ids].sort());
  expect(await waiting()).toEqual([]);
  expect(await figure('gerbang_acts_not_in_evidence')).toBe(0);
});

describe('a log that is away', () => {
  test('leaves the acts where they are; that is told once, and so is its coming back', async () => {
    bus.away = true;
    const ids = await act(3);
    const relay = makeRelay();
    relay.start();
    await until(async () => bus.calls.length >= 3);
    expect(await waiting()).toEqual(ids);
    expect(lines).toEqual(['warn acts do not reach the evidence log']);
    expect(await figure('gerbang_acts_not_in_evidence')).toBe(3);
    bus.away = false;
    await until(async () => lines.length > 1);
    expect(lines.slice(1)).toEqual(['info acts reach the evidence log again']);
    expect(await waiting()).toEqual([]);
    expect([...bus.taken.keys()]).toEqual(ids);
  });

  test('is not asked more often because there are more acts', async () => {
    bus.away = true;
    await act();
    const relay = makeRelay({ everyMs: 60_000, firstWaitMs: 60_000, longestWaitMs: 60_000 });
    relay.start();
    await until(async () => lines.length > 0);
    for (let n = 0; n < 20; n += 1) relay.wake();
    await relay.stop();
    expect(bus.calls).toEqual([1]);
  });

  test('or whose answer is lost is told again, and knows it', async () => {
    bus.deaf = true;
    const ids = await act(2);
    const relay = makeRelay();
    await expect(relay.round()).rejects.toMatchObject({ code: 'SERVICE_TIMEOUT' });
    expect(await waiting()).toEqual(ids);
    bus.deaf = false;
    await relay.round();
    expect(await waiting()).toEqual([]);
    expect(bus.taken.size).toBe(2);
  });
});

describe('an act that the log does not take', () => {
  test('stays, is told once, and keeps none of the others back', async () => {
    const ids = await act(250);
    const bad = [ids[0], ids[57], ids[249]].map(String);
    for (const id of bad) bus.conflicts.add(id);
    const relay = makeRelay();
    await relay.round();
    expect(await waiting()).toEqual(bad);
    expect(bus.taken.size).toBe(247);
    expect(lines).toEqual(Array(3).fill('error the evidence log does not take an act EVIDENCE_CONFLICT'));
    expect(await figure('gerbang_acts_refused_by_evidence')).toBe(3);
    expect(await figure('gerbang_acts_not_in_evidence')).toBe(3);

    // for a while it is not even tried
    bus.calls.length = 0;
    await act(1);
    await relay.round();
    expect(bus.calls).toEqual([1]);
    expect(await waiting()).toEqual(bad);
  });

  test('never fills the queue, however many there are', async () => {
    const bad = await act(220);
    const [good = ''] = await act(1);
    for (const id of bad) bus.conflicts.add(id);
    await makeRelay().round();
    expect([...bus.taken.keys()]).toEqual([good]);
    expect(await waiting()).toEqual(bad);
  });

  test('is tried again later, by whichever gateway', async () => {
    const [id = ''] = await act(1);
    bus.conflicts.add(id);
    const pace = { everyMs: 60_000, firstWaitMs: 10, longestWaitMs: 0 };
    const [one, other] = [makeRelay(pace), makeRelay(pace)];
    await one.round();
    await one.round();
    expect(lines).toHaveLength(1);
    bus.conflicts.clear();
    await other.round();
    expect(await waiting()).toEqual([]);
    await one.round();
    expect(await figure('gerbang_acts_refused_by_evidence')).toBe(0);
  });
});

describe('two gateways', () => {
  test('share the work: each act is reported once', async () => {
    const ids = await act(300);
    const [one, other] = [makeRelay(), makeRelay()];
    await Promise.all([one.round(), other.round()]);
    expect(bus.calls.reduce((sum, count) => sum + count)).toBe(300);
    expect([...bus.taken.keys()].sort()).toEqual([...ids].sort());
    expect(await waiting()).toEqual([]);
  });

  test('do not wait for each other', async () => {
    const first = await act(1);
    let release = () => undefined as void;
    bus.hold = new Promise((resolve) => (release = resolve));
    const slow = makeRelay().round();
    await until(async () => bus.calls.length === 1);
    bus.hold = undefined;
    const second = await act(1);
    await makeRelay().round();
    expect([...bus.taken.keys()]).toEqual(second);
    release();
    await slow;
    expect([...bus.taken.keys()]).toEqual([...second, ...first]);
  });
});

describe('at once', () => {
  const report = (relay: EvidenceRelay) => {
    const subscriber = new WakeOnRecord(() => relay.wake());
    fixture.source.subscribers.push(subscriber);
    return () => fixture.source.subscribers.splice(fixture.source.subscribers.indexOf(subscriber), 1);
  };

  test('each act of this gateway that is committed, while others are on their way, too', async () => {
    const relay = makeRelay();
    const end = report(relay);
    relay.start();
    for (let n = 0; n < 5; n += 1) await fixture.perform(updateInstitution, { address: `Jl. Uji ${n}` });
    await until(async () => bus.taken.size === 5);
    let release = () => undefined as void;
    bus.hold = new Promise((resolve) => (release = resolve));
    await fixture.perform(updateInstitution, { address: 'Jl. A' });
    await until(async () => bus.calls.length > 0 && (await waiting()).length > 0);
    await fixture.perform(updateInstitution, { address: 'Jl. B' });
    bus.hold = undefined;
    release();
    await until(async () => bus.taken.size === 7);
    end();
  });

  test('but nothing that was only tried or taken back', async () => {
    let woken = 0;
    const subscriber = new WakeOnRecord(() => (woken += 1));
    fixture.source.subscribers.push(subscriber);
    const entry = {
      institutionId: fixture.kecamatan,
      act: 'session.end',
      subject: { type: 'uji', id: 'x' },
      actor: atTheMachine,
    } as const;
    const { source } = fixture;
    await expect(
      source.transaction(async (manager) => {
        await record(manager, entry);
        throw new Error('taken back');
      }),
    ).rejects.toThrow();
    await source.transaction((manager) => manager.query('SELECT 1'));
    expect(woken).toBe(0);
    await source.transaction(async (manager) => {
      await manager.transaction((inner) => record(inner, entry));
      expect(woken).toBe(0);
      await record(manager, entry);
    });
    expect(woken).toBe(1);
    await source.transaction((manager) => manager.query('SELECT 1'));
    expect(woken).toBe(1);
    source.subscribers.splice(source.subscribers.indexOf(subscriber), 1);
  });
});

test('stopping waits for what is on its way and begins nothing more', async () => {
  await act(150);
  let release = () => undefined as void;
  bus.hold = new Promise((resolve) => (release = resolve));
  const relay = makeRelay({ everyMs: 1, firstWaitMs: 1, longestWaitMs: 1 });
  relay.start();
  await until(async () => bus.calls.length === 1);
  const stopped = relay.stop();
  release();
  await stopped;
  expect(bus.calls).toEqual([100]);
  expect(await waiting()).toHaveLength(50);
  relay.wake();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(bus.calls).toEqual([100]);
});
