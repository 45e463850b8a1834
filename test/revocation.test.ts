import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { routes } from '#contracts';
import { logInAs, openAccount } from './support/at-the-machine.js';
import { expectProblem, sampleRequest } from './support/answers.js';
import type { Answered } from './support/browser.js';
import { addOperator, institutionIdOf } from './support/office-parts.js';
import type { LoggedInPerson } from './support/people.js';
import { refusedWithinASecond } from './support/refused-in-time.js';
import { purpose, RunningStack, type Office, type OfficeFile } from './support/running-stack.js';

let stack: RunningStack;
let evaluator: LoggedInPerson;

beforeAll(async () => {
  stack = await RunningStack.start({
    replicas: { gateway: 2 },
    // how often somebody may ask is not the subject here
    env: { GATEWAY_BURST_PER_SECOND: '100000', GATEWAY_BURST_SIZE: '100000' },
  });
  await stack.provision({
    institution: { name: 'Disdukcapil Uji', regionCode: '33.98' },
    operators: [{ userIdLokal: 'penilai', fullName: 'Penilai Uji', role: 'evaluator', activeFrom: '2026-01-01' }],
    clients: [],
  });
  evaluator = await logInAs(stack, await openAccount(stack, 'penilai'));
});
afterAll(() => stack.stop());

const reason = 'Uji pencabutan';

interface Place {
  office: Office;
  /** Its address in the administration. */
  path: string;
  /** Look-ups at each gateway, with a token that is out already. */
  lookUps: (() => Promise<{ status: number; body: object }>)[];
}

let places = 0;

/** An office in which everything works at both gateways. */
async function openPlace(change?: (file: OfficeFile) => void): Promise<Place & { token: string }> {
  const office = await stack.addOffice({ quota: 1_000_000, ...(change ? { change } : {}) });
  const token = await stack.token(office);
  const place = (places += 1);
  let asked = 0;
  // each asks for something of its own: identical look-ups share an answer
  const lookUps = stack.urls.map((url) => () => {
    const reference = `500/${place}/${(asked += 1)}`;
    return stack.verify(token, { nik: '3313044107909901', purpose: { ...purpose, reference } }, {}, url);
  });
  for (const lookUp of lookUps) expect(await lookUp()).toMatchObject({ status: 200 });
  return { office, token, path: `/v1/admin/institutions/${await institutionIdOf(stack, office)}`, lookUps };
}

async function act(person: LoggedInPerson, path: string, body: object = { reason }): Promise<Answered['body']> {
  const answer = await person.send('POST', path, body);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body;
}

async function operatorIdOf(path: string, userIdLokal: string): Promise<string> {
  const { body } = await evaluator.send('GET', `${path}/operators`);
  const { operators } = body as { operators: { id: string; userIdLokal: string }[] };
  return operators.find((one) => one.userIdLokal === userIdLokal)?.id ?? '';
}

/** "Who am I" at each gateway, by a session that both have seen. */
async function whoAmI(person: LoggedInPerson): Promise<(() => Promise<Answered>)[]> {
  const asks = stack.urls.map((url) => {
    const browser = person.browser.at(url);
    return () => browser.send('GET', '/session');
  });
  for (const ask of asks) expect(await ask()).toMatchObject({ status: 200 });
  return asks;
}

test('of a client, also for tokens that are out, on every route', async () => {
  const { office, path, lookUps, token } = await openPlace();
  const headers = { authorization: `Bearer ${token}` };
  const rights = stack.urls.map((url) => () => stack.send('GET', '/v1/access-rights', { headers }, url));
  for (const ask of rights) expect(await ask()).toMatchObject({ status: 200 });
  await act(evaluator, `${path}/clients/${office.client.id}/revocation`);
  await refusedWithinASecond([...lookUps, ...rights], 'CLIENT_REVOKED');
  for (const route of routes.filter(({ access }) => access !== 'public')) {
    const { method, path: sample, ...request } = sampleRequest(route);
    const asked = { ...request, headers: { ...request.headers, ...headers } };
    for (const url of stack.urls) expectProblem(await stack.send(method, sample, asked, url), 'CLIENT_REVOKED');
  }
  expectProblem(await stack.askToken(office.client, {}), 'CLIENT_REVOKED', { tokenEndpoint: true });
});

test('of an operator: look-ups by token and the own session', async () => {
  const username = 'loket.dicabut';
  const { path, lookUps } = await openPlace((file) => Object.assign(file.operators[0] ?? {}, { username }));
  const session = await whoAmI(await logInAs(stack, await openAccount(stack, username)));
  await act(evaluator, `${path}/operators/${await operatorIdOf(path, 'loket1')}/revocation`);
  await Promise.all([
    refusedWithinASecond(lookUps, 'OPERATOR_INACTIVE'),
    refusedWithinASecond(session, 'SESSION_EXPIRED'),
  ]);
});

test('of a session, by the admin', async () => {
  const { path, lookUps } = await openPlace((file) => {
    Object.assign(file.operators[0] ?? {}, { username: 'loket.admin' });
    addOperator(file, 'kepala', { role: 'admin', username: 'admin.sesi' });
  });
  const admin = await logInAs(stack, await openAccount(stack, 'admin.sesi'));
  const session = await whoAmI(await logInAs(stack, await openAccount(stack, 'loket.admin')));
  await act(admin, `${path}/operators/${await operatorIdOf(path, 'loket1')}/sessions/ending`);
  await refusedWithinASecond(session, 'SESSION_EXPIRED');
  // the person keeps their access; only the sessions are over
  for (const lookUp of lookUps) expect(await lookUp()).toMatchObject({ status: 200 });
});

test('of a session, by its owner on another computer', async () => {
  await openPlace((file) => Object.assign(file.operators[0] ?? {}, { username: 'loket.sendiri' }));
  const account = await openAccount(stack, 'loket.sendiri');
  const left = await logInAs(stack, account);
  const here = await logInAs(stack, account);
  const session = await whoAmI(left);
  expect(await here.send('DELETE', `/v1/sessions/${left.session.id}`)).toMatchObject({ status: 200 });
  await refusedWithinASecond(session, 'SESSION_EXPIRED');
  expect(await here.send('GET', '/session')).toMatchObject({ status: 200 });
});

test('of an institution: emergency stop', async () => {
  const { path, lookUps } = await openPlace();
  expect(await act(evaluator, `${path}/stop`)).toMatchObject({ stop: { byRole: 'evaluator', reason } });
  await refusedWithinASecond(lookUps, 'ACCESS_STOPPED');
});

test('of an agreement: termination', async () => {
  const { path, lookUps } = await openPlace();
  const { body } = await evaluator.send('GET', `${path}/agreements`);
  const [agreement] = (body as { agreements: { id: string }[] }).agreements;
  const ended = await act(evaluator, `${path}/agreements/${agreement?.id}/termination`, {
    letterNumber: '470/99/2026',
    reason,
  });
  expect(ended).toMatchObject({ state: 'closing', termination: { reason: `${reason} (surat 470/99/2026)` } });
  await refusedWithinASecond(lookUps, 'AGREEMENT_ENDED');
});
