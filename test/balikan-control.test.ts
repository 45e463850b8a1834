import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  changeBalikanDelivery,
  createBalikan,
  retryDeadBalikan,
  retryOneBalikan,
  type BalikanAccepted,
  type BalikanDelivery,
} from '#contracts';
import { expectProblem } from './support/answers.js';
import { bearer } from './support/asking.js';
import { institutionIdOf } from './support/office-parts.js';
import { addOfficials, sessionsOf } from './support/officials.js';
import { eventsOf } from './support/on-record.js';
import { purpose, RunningStack, type Office } from './support/running-stack.js';
import { until } from './support/until.js';

/** What people do to the sending, over HTTP and the bus as they do it; and that the record of acts says what happened. */
const json = { 'content-type': 'application/json' };
const reason = 'Perawatan jaringan';

let stack: RunningStack;
let office: Office;
let institutionId: string;
let admin: Record<string, string>;
let camat: Record<string, string>;
let counter: Record<string, string>;
let people: string[];

beforeAll(async () => {
  stack = await RunningStack.start({ replicas: { dataBalikan: 1 }, env: { DATA_BALIKAN_POLL_MS: '50' } });
  office = await stack.addOffice({ change: addOfficials, dataBalikan: {} });
  institutionId = await institutionIdOf(stack, office);
  ({ admin = {}, camat = {} } = await sessionsOf(stack, office.file.institution.regionCode));
  const token = await stack.token(office);
  counter = bearer(token);
  people = (await stack.people('FOUND', 2)).map(({ nik }) => nik);
  for (const nik of people) expect((await stack.verify(token, { nik, purpose })).status).toBe(200);
});
afterAll(() => stack.stop());

const act = <T = Record<string, unknown>>(route: { method: string; path: string }, body: object, id = '') =>
  stack.send<T>(route.method, route.path.replace('{institutionId}', institutionId).replace('{id}', id), {
    headers: { ...admin, ...json },
    body: JSON.stringify({ reason, ...body }),
  });
const submit = async (nomorRegister: string, nik = people[0]): Promise<string> => {
  const record = { nik, nomorRegister, namaUsaha: 'Warung Uji', jenisUsaha: 'Dagang', tanggal: '2026-01-15' };
  const answer = await stack.send<BalikanAccepted>('POST', createBalikan.path, {
    headers: { ...counter, ...json },
    body: JSON.stringify(record),
  });
  expect(answer.status).toBe(202);
  return answer.body.record.id;
};
const count = async (state: string): Promise<number> =>
  (await stack.sql<{ n: number }>('SELECT count(*)::int AS n FROM balikan.record WHERE state = $1', [state]))[0]?.n ??
  0;
/** What stands on record of the last act. */
const lastOnRecord = async () => {
  const camatReads = { send: (method: string, path: string) => stack.send(method, path, { headers: camat }) };
  const last = (await eventsOf(camatReads, `/v1/admin/institutions/${institutionId}`)).at(-1);
  return { act: last?.act, after: last?.after, reason: last?.reason };
};

test('a pause stops the sending and a resumption begins it again, and both are on record as done', async () => {
  const paused = await act<BalikanDelivery>(changeBalikanDelivery, { sending: false });
  expect(paused).toMatchObject({ status: 200, body: { state: 'PAUSED', reason, waiting: 0 } });
  expect(await lastOnRecord()).toEqual({ act: 'data-balikan.pause', after: { state: 'PAUSED', waiting: 0 }, reason });
  await submit('500/1/SKU');
  const resumed = await act<BalikanDelivery>(changeBalikanDelivery, { sending: true });
  expect(resumed).toMatchObject({ status: 200, body: { state: 'SENDING', reason: null, waiting: 1 } });
  expect(await lastOnRecord()).toEqual({ act: 'data-balikan.resume', after: { state: 'SENDING', waiting: 1 }, reason });
  await until(async () => (await count('DELIVERED')) === 1);
});

test('dead records are sent again, one or all, and the record of acts says which and how many', async () => {
  await act(changeBalikanDelivery, { sending: false });
  const ids = [await submit('500/2/SKU'), await submit('500/3/SKU'), await submit('500/3/SKU', people[1])];
  const [one = '', other = ''] = ids;
  await stack.sql("UPDATE balikan.record SET state = 'DEAD', failure = 'REFUSED' WHERE id = ANY ($1)", [ids]);
  await act(changeBalikanDelivery, { sending: true });

  expect(await act(retryOneBalikan, {}, one)).toMatchObject({ status: 200, body: { records: 1 } });
  expect(await lastOnRecord()).toEqual({ act: 'data-balikan.retry', after: { record: one, records: 1 }, reason });
  await until(async () => (await count('DELIVERED')) === 2);
  expectProblem(await act(retryOneBalikan, {}, one), 'STATE_CONFLICT');
  expectProblem(await act(retryOneBalikan, {}, institutionId), 'RESOURCE_NOT_FOUND');

  expect(await act(retryDeadBalikan, {})).toMatchObject({ status: 200, body: { records: 2 } });
  expect(await lastOnRecord()).toEqual({ act: 'data-balikan.retry', after: { record: null, records: 2 }, reason });
  await until(async () => (await count('DELIVERED')) === 4);
  expectProblem(await act(retryOneBalikan, {}, other), 'STATE_CONFLICT');
});
