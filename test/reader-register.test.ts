import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ReaderObligation, ReaderRegister, SamDetail } from '#contracts';
import { expectProblem } from './support/answers.js';
import {
  act,
  addReader,
  addSam,
  connectAgent,
  fingerprint,
  openReaderOffice,
  type ReaderOffice,
} from './support/reader-office.js';
import { purpose, RunningStack } from './support/running-stack.js';
import { until } from './support/until.js';

let stack: RunningStack;
let home: ReaderOffice;
let neighbour: ReaderOffice;

beforeAll(async () => {
  stack = await RunningStack.start({
    replicas: { dataBalikan: 1 },
    env: { GATEWAY_BURST_PER_SECOND: '100000', GATEWAY_BURST_SIZE: '100000' },
  });
  [home, neighbour] = [await openReaderOffice(stack), await openReaderOffice(stack)];
});
afterAll(() => stack.stop());

const reason = 'Uji daftar';
const send = async (person: ReaderOffice['admin'], path: string, body: object = {}) => {
  const { status, headers, body: said } = await person.send('POST', path, { reason, ...body });
  return { status, headers, body: said, text: JSON.stringify(said) };
};

let serials = 0;

/** The steps of a life, each with a body that is well formed. */
const steps = {
  personalisation: () => ({
    serial: `SAM-HIDUP-${(serials += 1)}`,
    pcidFingerprint: fingerprint,
    doneOn: '2026-01-05',
  }),
  activation: () => ({ doneOn: '2026-01-06' }),
  'configuration-return': () => ({ receiptNumber: 'BA/1', returnedOn: '2026-02-01' }),
  deactivation: () => ({ doneOn: '2026-02-02' }),
};
type Step = keyof typeof steps;
const order = Object.keys(steps) as Step[];
const states = ['requested', 'personalised', 'activated', 'configuration-returned', 'deactivated'] as const;

let requests = 0;
async function requested(): Promise<string> {
  const letter = { number: '470/1/2026', date: '2026-01-02' };
  const sifilmaNumber = `SIFILMA/DAFTAR/${(requests += 1)}`;
  return (await act<SamDetail>(home.admin, `${home.path}/sams`, { sifilmaNumber, letter })).id;
}

describe('the life of a SAM', () => {
  // how far it has come, and what is tried then
  const wrong = states.flatMap((state, done) =>
    order.filter((_step, index) => index !== done).map((step) => [state, step, done] as const),
  );

  test.each(wrong)('%s: %s is refused', async (state, step, done) => {
    const id = await requested();
    const sam = `${home.path}/sams/${id}`;
    for (const past of order.slice(0, done)) await act(home.admin, `${sam}/${past}`, steps[past]());
    expectProblem(await send(home.admin, `${sam}/${step}`, steps[step]()), 'STATE_CONFLICT');
    const { body } = await home.admin.send('GET', `${home.path}/sams`);
    expect((body as { sams: SamDetail[] }).sams.find((one) => one.id === id)).toMatchObject({ state });
  });

  test('goes its way, and all of it is kept', async () => {
    const id = await requested();
    const sam = `${home.path}/sams/${id}`;
    const [first, second] = [await addReader(home.admin, home.path), await addReader(home.admin, home.path)];
    await act(home.admin, `${sam}/personalisation`, steps.personalisation());
    await act(home.admin, `${sam}/reader`, { readerId: first.id });
    await act(home.admin, `${sam}/activation`, steps.activation());
    await act(home.admin, `${sam}/reader`, { readerId: second.id });
    await act(home.admin, `${sam}/configuration-return`, steps['configuration-return']());
    const last = await act<SamDetail>(home.admin, `${sam}/deactivation`, steps.deactivation());
    expect(last).toMatchObject({
      state: 'deactivated',
      readerId: null,
      letter: { number: '470/1/2026', date: '2026-01-02' },
      personalisedOn: '2026-01-05',
      activatedOn: '2026-01-06',
      configurationReturned: { on: '2026-02-01', receiptNumber: 'BA/1' },
      deactivatedOn: '2026-02-02',
      history: [
        { readerId: first.id, until: expect.any(String) },
        { readerId: second.id, until: expect.any(String) },
      ],
    });
    const { body } = await home.camat.send('GET', `${home.path}/events?subjectId=${id}`);
    expect((body as { events: { act: string }[] }).events.map((event) => event.act).reverse()).toEqual([
      'sam.request',
      'sam.record-personalisation',
      'sam.assign',
      'sam.activate',
      'sam.assign',
      'sam.return-configuration',
      'sam.deactivate',
    ]);
  });

  test('no day is before the one of the step before, or to come', async () => {
    const sam = `${home.path}/sams/${await requested()}`;
    for (const doneOn of ['2026-01-01', '2099-01-01'])
      expectProblem(
        await send(home.admin, `${sam}/personalisation`, { ...steps.personalisation(), doneOn }),
        'REQUEST_INVALID',
      );
  });

  test('of the PCID only a fingerprint is taken', async () => {
    const sam = `${home.path}/sams/${await requested()}`;
    const body = { ...steps.personalisation(), pcidFingerprint: '1234567890ABCDEF' };
    expectProblem(await send(home.admin, `${sam}/personalisation`, body), 'REQUEST_INVALID');
  });

  test('in the last 90 days of the agreement it is expiring, and works', async () => {
    const place = await openReaderOffice(stack);
    await stack.sql(
      `UPDATE access.agreement_version SET valid_until = access.jakarta_today() + 90
       WHERE agreement_id = (SELECT agreement_id FROM access.sam WHERE id = $1)`,
      [place.sam.id],
    );
    const { body } = await place.admin.send('GET', `${place.path}/sams`);
    expect((body as { sams: SamDetail[] }).sams).toMatchObject([{ state: 'expiring' }]);
    const agent = await connectAgent(place);
    expect((await agent.report()).value?.permit).toEqual(expect.any(String));
    await agent.close();
  });
});

describe('one SAM a reader, one reader a SAM', () => {
  test('a reader that has one takes no second one; it is free again when that is out', async () => {
    const reader = await addReader(home.admin, home.path);
    const first = await addSam(home.admin, home.path, reader.id);
    const second = await requested();
    await act(home.admin, `${home.path}/sams/${second}/personalisation`, steps.personalisation());
    const assign = (id: string, readerId: string | null) =>
      send(home.admin, `${home.path}/sams/${id}/reader`, { readerId });
    expectProblem(await assign(second, reader.id), 'STATE_CONFLICT');
    expectProblem(await assign(first.id, reader.id), 'STATE_CONFLICT');
    expect(await assign(first.id, null)).toMatchObject({ status: 200 });
    expectProblem(await assign(first.id, null), 'STATE_CONFLICT');
    expect(await assign(second, reader.id)).toMatchObject({ status: 200 });
  });

  test('of two that are put into one at once, one is', async () => {
    const reader = await addReader(home.admin, home.path);
    const ids = [await requested(), await requested()];
    for (const id of ids) await act(home.admin, `${home.path}/sams/${id}/personalisation`, steps.personalisation());
    const answers = await Promise.all(
      ids.map((id) => send(home.admin, `${home.path}/sams/${id}/reader`, { readerId: reader.id })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('neither into a reader of another office, nor into a revoked one', async () => {
    const id = await requested();
    await act(home.admin, `${home.path}/sams/${id}/personalisation`, steps.personalisation());
    const assign = (readerId: string) => send(home.admin, `${home.path}/sams/${id}/reader`, { readerId });
    expectProblem(await assign(neighbour.reader.id), 'RESOURCE_NOT_FOUND');
    const gone = await addReader(home.admin, home.path);
    await act(home.admin, `${home.path}/readers/${gone.id}/revocation`);
    expectProblem(await assign(gone.id), 'STATE_CONFLICT');
  });
});

describe('the register', () => {
  const register = async ({ admin, path }: ReaderOffice): Promise<ReaderRegister> =>
    (await admin.send('GET', `${path}/readers`)).body as unknown as ReaderRegister;
  const unitOf = ({ obligations }: ReaderRegister, name: string): ReaderObligation | undefined =>
    obligations.find(({ workUnit }) => workUnit === name);

  test('tells of each work unit whether it has a reader with an activated SAM (O-12)', async () => {
    const place = await openReaderOffice(stack, (file) =>
      Object.assign(file.operators[0] ?? {}, { workUnit: 'Unit Ekonomi' }),
    );
    const none = { fulfilled: false, readers: 0, withActivatedSam: 0, dueOn: '2027-01-01' };
    expect(unitOf(await register(place), 'Unit Ekonomi')).toEqual({ workUnit: 'Unit Ekonomi', ...none });
    expect(unitOf(await register(place), 'Pelayanan Umum')).toMatchObject({ fulfilled: true, readers: 1 });
    const reader = await addReader(place.admin, place.path, 'Unit Ekonomi');
    expect(unitOf(await register(place), 'Unit Ekonomi')).toMatchObject({ fulfilled: false, readers: 1 });
    const sam = await addSam(place.admin, place.path, reader.id);
    expect(unitOf(await register(place), 'Unit Ekonomi')).toMatchObject({ fulfilled: true, withActivatedSam: 1 });
    const returned = { receiptNumber: 'BA/9', returnedOn: '2026-02-01' };
    await act(place.admin, `${place.path}/sams/${sam.id}/configuration-return`, returned);
    expect(unitOf(await register(place), 'Unit Ekonomi')).toMatchObject({ fulfilled: false, withActivatedSam: 0 });
  });

  test('a serial number is there once, and again after a revocation', async () => {
    const device = { brand: 'Merek', type: 'R', serial: 'RDR-SEKALI', workUnit: 'Loket' };
    const path = `${home.path}/readers`;
    const first = await send(home.admin, path, device);
    expectProblem(await send(home.admin, path, device), 'ALREADY_EXISTS');
    await act(home.admin, `${path}/${String(first.body.id)}/revocation`);
    expectProblem(await send(home.admin, `${path}/${String(first.body.id)}/revocation`), 'STATE_CONFLICT');
    expectProblem(await send(home.admin, `${path}/${String(first.body.id)}/join-code`), 'STATE_CONFLICT');
    expect(await send(home.admin, path, device)).toMatchObject({ status: 200 });
    const { readers } = await register(home);
    expect(readers.filter(({ serial }) => serial === 'RDR-SEKALI').map(({ state }) => state)).toEqual([
      'revoked',
      'no-agent',
    ]);
  });
});

describe('what happened without a line', () => {
  test('is taken once, with the permit under which it happened, and reaches the evidence log', async () => {
    const agent = await connectAgent(neighbour);
    const permit = (await agent.report()).value?.permit ?? '';
    const at = new Date().toISOString();
    const entry = { id: randomUUID(), at, outcome: 'MATCHED' as const, tries: 1, permit };
    const late = { ...entry, id: randomUUID(), at: new Date(Date.now() + 3_600_000).toISOString() };
    const forged = { ...entry, id: randomUUID(), permit: `${permit.slice(0, -8)}AAAAAAAA` };
    for (let i = 0; i < 2; i += 1)
      expect((await agent.handIn([entry, late, forged])).value?.taken).toEqual([entry.id, late.id, forged.id]);
    const rows = await stack.sql<{ id: string; permitted: boolean }>(
      'SELECT id, permitted, agreement_version_id FROM access.reader_offline WHERE reader_id = $1',
      [neighbour.reader.id],
    );
    expect(Object.fromEntries(rows.map(({ id, permitted }) => [id, permitted]))).toEqual({
      [entry.id]: true,
      [late.id]: false,
      [forged.id]: false,
    });
    await until(async () => (await stack.sql('SELECT FROM access.read_outbox')).length === 0);
    const logged = await stack.sql("SELECT FROM verification.reported_event WHERE act = 'reader.offline-check'");
    expect(logged).toHaveLength(3);
    await agent.close();
  });
});

describe('an exception', () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' });
  const body = { purpose, reason: 'WORN_FINGER', note: 'Sidik jari aus; dikenal dari surat pengantar' };
  const ask = (readerId = home.reader.id, more: object = {}) =>
    stack.send('POST', `/v1/readers/${readerId}/exceptions`, {
      headers: bearer(home.token),
      body: JSON.stringify({ ...body, ...more }),
    });
  const decide = (who: ReaderOffice['camat'], id: unknown, decision = 'approved') =>
    send(who, `/v1/reader-exceptions/${String(id)}/decision`, { decision, note: 'Diperiksa', reason: undefined });

  test('waits for the Camat, who says why, once', async () => {
    const asked = await ask();
    expect(asked).toMatchObject({ status: 201, body: { decision: null, requestedBy: { name: 'Operator Uji' } } });
    expectProblem(await decide(home.admin, asked.body.id), 'ROLE_NOT_ALLOWED');
    expectProblem(await decide(neighbour.camat, asked.body.id), 'RESOURCE_NOT_FOUND');
    expect(await decide(home.camat, asked.body.id)).toMatchObject({
      status: 200,
      body: { decision: 'approved', decisionNote: 'Diperiksa', decidedBy: { role: 'camat' } },
    });
    expectProblem(await decide(home.camat, asked.body.id, 'rejected'), 'STATE_CONFLICT');
  });

  test('is never decided by whoever asked for it', async () => {
    const asked = await send(home.camat, `/v1/readers/${home.reader.id}/exceptions`, { ...body });
    expect(asked.status).toBe(201);
    expectProblem(await decide(home.camat, asked.body.id), 'SECOND_PERSON_REQUIRED');
    const [row] = await stack.sql<{ by: string }>(
      'SELECT requested_by AS by FROM access.reader_exception WHERE id = $1',
      [asked.body.id],
    );
    // the database says so, too
    await expect(
      stack.sql("UPDATE access.reader_exception SET decision = 'approved', decided_by = $2 WHERE id = $1", [
        asked.body.id,
        row?.by,
      ]),
    ).rejects.toThrow(/check constraint/);
  });

  test('is counted, and listed for the office; an operator sees the own ones', async () => {
    const list = async (headers: Record<string, string>) =>
      (
        await stack.send<{ exceptions: unknown[]; counts: Record<string, number> }>('GET', '/v1/reader-exceptions', {
          headers,
        })
      ).body;
    const own = await list({ authorization: `Bearer ${home.token}` });
    expect(own.counts).toEqual({ open: 0, approved: 1, rejected: 0 });
    const all = await list({ cookie: home.camat.cookie });
    expect(all.counts).toEqual({ open: 1, approved: 1, rejected: 0 });
    expect((await list({ authorization: `Bearer ${neighbour.token}` })).exceptions).toEqual([]);
  });

  test('is about a reader of the own office, and carries no NIK', async () => {
    expectProblem(await ask(neighbour.reader.id), 'RESOURCE_NOT_FOUND');
    expectProblem(await ask(undefined, { readId: randomUUID() }), 'RESOURCE_NOT_FOUND');
    expectProblem(await ask(undefined, { note: 'NIK 3313044107909901' }), 'REQUEST_INVALID');
    expectProblem(await ask(undefined, { purpose: undefined }), 'PURPOSE_REQUIRED');
  });
});

describe('at the end of the agreement', () => {
  test('it is not closed while a SAM is out, and the SAM stands in what is to be done', async () => {
    const place = await openReaderOffice(stack);
    const [row] = await stack.sql<{ id: string }>('SELECT agreement_id AS id FROM access.sam WHERE id = $1', [
      place.sam.id,
    ]);
    const agreement = `${place.path}/agreements/${row?.id}`;
    await stack.sql('UPDATE access.agreement SET terminated_at = now(), closing_at = now() WHERE id = $1', [row?.id]);
    for (const step of ['DATA_BALIKAN_DELIVERED', 'SAM_RETURNED', 'FINAL_REPORT'])
      await act(place.admin, `${agreement}/closing-steps`, {
        step,
        applicable: true,
        receiptNumber: `TT/${step}`,
        doneOn: '2026-02-03',
      });
    const close = () => send(place.admin, `${agreement}/closure`);
    const refused = await close();
    expectProblem(refused, 'CLOSING_INCOMPLETE');
    expect(refused.body.issues).toEqual([
      { path: 'SAM_RETURNED', message: expect.stringContaining(place.sam.serial ?? '?') },
    ]);
    const returned = { receiptNumber: 'BA/7', returnedOn: '2026-02-01' };
    await act(place.admin, `${place.path}/sams/${place.sam.id}/configuration-return`, returned);
    expect(await close()).toMatchObject({ status: 202 });
  });
});
