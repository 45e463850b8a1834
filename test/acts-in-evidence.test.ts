import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import {
  listOffices,
  openAccessEvents,
  type AdminEventEntry,
  type OperatorDetail,
  type ProposalDetail,
} from '#contracts';
import { contentHash, encodeLeaf, leafHash, toHex } from '#evidence';
import { does } from './support/administering.js';
import { logInAs, openAccount } from './support/at-the-machine.js';
import { busAs } from './support/bus-as.js';
import { addOperator, institutionIdOf } from './support/office-parts.js';
import { eventsOf } from './support/on-record.js';
import { ofOwnPage } from './support/open-session.js';
import type { LoggedInPerson } from './support/people.js';
import { RunningStack, type Office } from './support/running-stack.js';
import { until } from './support/until.js';

/** Administrative acts of a whole installation, as they come to the evidence log. */
let stack: RunningStack;
let office: Office;
let institutionId: string;
let home: string;
let admin: LoggedInPerson;
let camat: LoggedInPerson;
/** The Camat at the second gateway, or whichever there is. */
let camatElsewhere: Sender;
/** Holds a gateway back where a test wants it. */
let superuser: pg.Client;
/** The bus as reporting has it. */
let reporting: Awaited<ReturnType<typeof busAs>>;

beforeAll(async () => {
  stack = await RunningStack.start({ replicas: { gateway: 2 } });
  superuser = await stack.stack.postgres.connect('gerbang');
  reporting = await busAs(stack, 'reporting');
  office = await stack.addOffice({
    change: (file) => {
      for (const role of ['admin', 'camat'] as const) addOperator(file, role, { role, username: role });
    },
  });
  institutionId = await institutionIdOf(stack, office);
  home = `/v1/admin/institutions/${institutionId}`;
  admin = await logInAs(stack, await openAccount(stack, 'admin'));
  camat = await logInAs(stack, await openAccount(stack, 'camat'));
  camatElsewhere = at(stack.urls[1], camat);
});
afterAll(async () => {
  await reporting.close();
  await superuser.end();
  await stack.stop();
});

const waiting = () => stack.sql<{ id: string }>('SELECT admin_event_id AS id FROM access.evidence_outbox ORDER BY 1');
const allArrived = () => until(async () => (await waiting()).length === 0);
const reason = 'Uji bukti';
const move = (to: string, who: Sender = admin) => does(who, 'POST', home, { address: to, reason });

type Sender = Pick<LoggedInPerson, 'send'>;

/** The same session at another gateway. */
const at = (url: string | undefined, who: LoggedInPerson): Sender => ({
  send: async (method, path, body) =>
    stack.send(
      method,
      path,
      {
        headers: { ...ofOwnPage(who), ...(body ? { 'content-type': 'application/json' } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
      },
      url,
    ),
});

interface Logged {
  id: string;
  type: string;
  institution: string;
  actor: string | null;
  subject: string;
  loggedAt: string;
  contentHash: string;
  leaves: string[];
}

/** What the log has of these acts, or of all; a leaf of which it has two is there twice. */
const logged = (ids?: string[]) =>
  stack.sql<Logged>(
    `SELECT id, type, institution_id AS institution, actor_id AS actor, subject, verification.micros(logged_at) AS "loggedAt",
       encode(content_hash, 'hex') AS "contentHash", ARRAY(
         SELECT encode(leaf_hash, 'hex') FROM verification.log_pending WHERE event_id = id
         UNION ALL SELECT encode(leaf_hash, 'hex') FROM verification.log_leaf WHERE event_id = id) AS leaves
     FROM verification.reported_event WHERE $1::uuid[] IS NULL OR id = ANY ($1) ORDER BY id`,
    [ids ?? null],
  );

/** RFC 8785 for what acts are told with; a fraction as its text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'number' && !Number.isInteger(value)) return `"${value}"`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}

/** As somebody does it who has the answer of `GET .../events` and nothing else. */
function contentHashOf({ act, actor, after, before, evidence, proposalId, reason, subject }: AdminEventEntry): string {
  const content = { act, actorKind: actor.kind, actorRole: actor.role, after, before, proposalId, reason };
  return createHash('sha256')
    .update(Buffer.from(evidence.salt, 'base64'))
    .update(canonical({ ...content, subjectType: subject.type }))
    .digest('hex');
}

async function actsOnRecord(since = 0): Promise<AdminEventEntry[]> {
  return (await eventsOf(camatElsewhere, home)).slice(since);
}

test('every act, by whomever and in whichever process, is a leaf that can be recomputed from what is told of it', async () => {
  await move('Jl. Uji No. 1');
  const made = await does<OperatorDetail>(admin, 'POST', `${home}/operators`, {
    operator: { userIdLokal: 'loket9', fullName: 'Petugas Baru', role: 'operator', activeFrom: '2026-02-01' },
    reason,
  });
  const clientId = office.file.clients[0]?.id ?? '';
  const burst = { perSecond: 0.5, size: 3 };
  await does(admin, 'POST', `${home}/clients/${clientId}`, { burst, reason });
  const operator = `${home}/operators/${made.id}`;
  await does(camatElsewhere, 'POST', `${operator}/revocation`, { reason });
  const proposal = await does<ProposalDetail>(admin, 'POST', `${operator}/reactivation`, {
    activeFrom: '2026-12-01',
    reason,
  });
  await does(camatElsewhere, 'POST', `${home}/proposals/${proposal.id}/rejection`, { reason });
  await does(camatElsewhere, 'POST', `${home}/stop`, { reason });
  await allArrived();

  const told = await actsOnRecord();
  const acts = new Set(told.map(({ act }) => act));
  for (const act of ['institution.import', 'upstream.configure', 'operator.issue-activation-code', 'session.begin'])
    expect(acts).toContain(act);
  expect(told.find(({ act }) => act === 'client.update')?.after).toMatchObject({ burst });
  const known = new Map((await logged()).map((one) => [one.id, one]));
  expect([...known.keys()]).toEqual(
    (await stack.sql<{ id: string }>('SELECT id FROM access.admin_event ORDER BY 1')).map(({ id }) => id),
  );
  for (const event of told) {
    const { id, at, act, actor, subject, evidence } = event;
    const leaf = known.get(id);
    expect({ id, hash: contentHashOf(event) }).toEqual({ id, hash: evidence.contentHash });
    expect(leaf?.loggedAt.slice(0, 4)).toBe(at.slice(0, 4));
    const recomputed = encodeLeaf({
      act,
      actor: actor.id,
      at: at.replace('Z', '000Z'),
      contentHash: evidence.contentHash,
      id,
      institution: institutionId,
      loggedAt: leaf?.loggedAt ?? '',
      subject: subject.id,
      subjectHmac: null,
      type: 'ADMINISTRATION',
      v: 1,
    });
    expect({ id, leaves: leaf?.leaves }).toEqual({ id, leaves: [toHex(leafHash(recomputed))] });
  }
});

test('reporting opens them over the bus, at whichever gateway; by HTTP nobody does', async () => {
  const known = new Map((await logged()).map((one) => [one.id, one.contentHash]));
  const ids = [...known.keys()];
  const { events, left } = await reporting.ask(openAccessEvents, { institutionId, ids });
  expect(left).toEqual([]);
  expect(events.map(({ id }) => id)).toEqual(ids);
  for (const { id, salt, content } of events)
    expect({ id, hash: toHex(contentHash(Buffer.from(salt, 'base64'), content)) }).toEqual({ id, hash: known.get(id) });
  expect(await reporting.ask(listOffices, { after: null })).toMatchObject({ offices: [{ id: institutionId }] });
  for (const path of [openAccessEvents.subject, 'open', 'v1/open', '']) {
    const answer = await stack.send('POST', `/${path}`, {
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect({ path, status: answer.status }).toEqual({ path, status: 404 });
  }
});

test('while nik-verification is away, acts are done; when it is back they arrive, once', async () => {
  const before = (await actsOnRecord()).length;
  await stack.stack.replicas['nik-verification'][0]?.child.stop();
  for (let n = 2; n < 7; n += 1) await move(`Jl. Uji No. ${n}`);
  await does(camatElsewhere, 'POST', `${home}/stop/lifting`, { reason });
  const done = (await actsOnRecord(before)).map(({ id }) => id);
  expect(done).toHaveLength(6);
  expect((await waiting()).map(({ id }) => id)).toEqual(done);
  expect(await logged(done)).toEqual([]);

  await stack.stack.add('nik-verification');
  await allArrived();
  const arrived = await logged(done);
  expect(arrived.map(({ id }) => id)).toEqual(done);
  expect(arrived.every(({ leaves }) => leaves.length === 1)).toBe(true);
});

test('kill -9 of a gateway after the log has taken an act, and before the outbox knows: it is there once', async () => {
  const before = (await actsOnRecord()).length;
  const [first, second] = stack.stack.replicas.gateway;
  // one gateway is enough to be killed; what it does stops where the outbox is cleared
  await second?.child.stop();
  await stack.sql(`
    CREATE FUNCTION access.hold() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END $$;
    CREATE TRIGGER hold BEFORE DELETE ON access.evidence_outbox FOR EACH STATEMENT EXECUTE FUNCTION access.hold()`);
  await superuser.query('SELECT pg_advisory_lock(4711)');
  // the act does not wait for the log
  await move('Jl. Mati');
  await move('Jl. Hidup');
  await until(
    async () => (await stack.sql("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")).length > 0,
  );
  first?.child.kill();
  await first?.child.exited;
  await superuser.query('SELECT pg_advisory_unlock(4711)');
  await stack.sql('DROP TRIGGER hold ON access.evidence_outbox; DROP FUNCTION access.hold()');
  const left = (await waiting()).map(({ id }) => id);
  expect(left).toHaveLength(2);
  expect(await logged(left)).not.toEqual([]);

  const { url = '' } = await stack.stack.add('gateway');
  await allArrived();
  camatElsewhere = at(url, camat);
  expect((await actsOnRecord(before)).slice(0, 2).map(({ id }) => id)).toEqual(left);
  const arrived = await logged(left);
  expect(arrived.map(({ id }) => id)).toEqual(left);
  expect(arrived.every(({ leaves }) => leaves.length === 1)).toBe(true);
});

test('an act that was changed behind everybody’s back is found when it is reported again, and holds up no other', async () => {
  await allArrived();
  const changed = (await actsOnRecord()).find(({ act }) => act === 'operator.revoke');
  const id = changed?.id ?? '';
  const [before] = await logged([id]);
  await stack.sql("UPDATE access.admin_event SET reason = 'Alasan lain' WHERE id = $1", [id]);
  await stack.sql('INSERT INTO access.evidence_outbox VALUES ($1)', [id]);
  const entry = (await actsOnRecord()).find((one) => one.id === id);
  expect(entry?.evidence.contentHash).not.toBe(before?.contentHash);

  const { url, managementPort } = stack.stack.replicas.gateway.at(-1) ?? {};
  await move('Jl. Lain', at(url, admin));
  const metrics = async () => (await fetch(`http://127.0.0.1:${managementPort}/metrics`)).text();
  await until(async () => /^gerbang_acts_refused_by_evidence 1$/m.test(await metrics()));
  await until(async () => (await waiting()).length === 1);
  expect(await waiting()).toEqual([{ id }]);
  expect(await logged([id])).toEqual([before]);
  await stack.sql('DELETE FROM access.evidence_outbox');
});

test('a gateway that is told to stop answers what it has on the bus; the other one takes over', async () => {
  const { child } = await stack.stack.add('gateway');
  const ids = (await logged()).map(({ id }) => id);
  let stopped: Promise<unknown> | undefined;
  for (let round = 0; round < 8; round += 1) {
    const asked = Array.from({ length: 20 }, () => reporting.ask(openAccessEvents, { institutionId, ids }));
    if (round === 3) stopped = child.stop();
    for (const { events } of await Promise.all(asked)) expect(events).toHaveLength(ids.length);
  }
  await stopped;
});
