import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ErrorCode, InstitutionFile, Role } from '#contracts';
import { expectProblem, sampleRequest } from '../support/answers.js';
import { guarded, nameOf, type GuardedRoute } from '../support/asking.js';
import { addOperator } from '../support/office-parts.js';
import { ofOwnPage, openSessions, type OpenSession, type SessionRow } from '../support/open-session.js';
import { RunningStack, type Answer, type Office } from '../support/running-stack.js';

/** Not that of the examples, so that nothing here writes what they name. */
const kecamatan = '33.99.07';
const disdukcapil = '33.99';

const people: readonly { office: string; role: Role }[] = [
  ...(['operator', 'camat', 'admin'] as const).map((role) => ({ office: kecamatan, role })),
  ...(['evaluator', 'admin'] as const).map((role) => ({ office: disdukcapil, role })),
];

interface Way {
  how: string;
  /** How it stands with the person, by the end of the User ID lokal, and with the session. */
  person?: 'dicabut' | 'berakhir' | 'calon';
  session?: SessionRow['state'];
  headers?: (session: OpenSession) => Record<string, string>;
  /** What stands before the role; a `CSRF_INVALID` only where something is changed. */
  refusal?: ErrorCode;
}

const ways: Way[] = [
  { how: 'from the own page' },
  {
    how: 'from a program, which names no site',
    headers: ({ cookie, csrf }) => ({ cookie, 'x-csrf-token': csrf }),
  },
  {
    how: 'without a CSRF token',
    headers: ({ cookie }) => ({ cookie, 'sec-fetch-site': 'same-origin' }),
    refusal: 'CSRF_INVALID',
  },
  {
    how: 'with the CSRF token of another session',
    headers: (session) => ({ ...ofOwnPage(session), 'x-csrf-token': 'Vt1-3kZJ7mQmV0m5mYb1bA' }),
    refusal: 'CSRF_INVALID',
  },
  {
    how: 'from another site',
    headers: (session) => ({ ...ofOwnPage(session), 'sec-fetch-site': 'cross-site' }),
    refusal: 'CSRF_INVALID',
  },
  {
    how: 'from another origin, by an old browser',
    headers: ({ cookie, csrf }) => ({ cookie, 'x-csrf-token': csrf, origin: 'https://jahat.example' }),
    refusal: 'CSRF_INVALID',
  },
  { how: 'with a session that was ended', session: 'ended', refusal: 'SESSION_EXPIRED' },
  { how: 'with a session that has expired', session: 'expired', refusal: 'SESSION_EXPIRED' },
  { how: 'with a session that lay idle', session: 'idle', refusal: 'SESSION_EXPIRED' },
  { how: 'by somebody who is revoked', person: 'dicabut', refusal: 'OPERATOR_INACTIVE' },
  { how: 'by somebody whose last day is over', person: 'berakhir', refusal: 'OPERATOR_INACTIVE' },
  { how: 'by somebody who has not begun', person: 'calon', refusal: 'OPERATOR_INACTIVE' },
];

/** What the contract alone says; undefined: the guard lets it pass. */
function expected({ route, access }: GuardedRoute, role: Role, { refusal }: Way): ErrorCode | undefined {
  const owed = refusal === 'CSRF_INVALID' && route.method === 'GET' ? undefined : refusal;
  return owed ?? (access.roles.includes(role) ? undefined : 'ROLE_NOT_ALLOWED');
}

/** With these, the guard has not let somebody pass. */
const ofGuard: readonly unknown[] = [
  ...['TOKEN_MISSING', 'TOKEN_INVALID', 'SESSION_REQUIRED', 'SESSION_EXPIRED', 'SCOPE_MISSING'],
  ...['CSRF_INVALID', 'OPERATOR_INACTIVE', 'ROLE_NOT_ALLOWED', 'NETWORK_NOT_ALLOWED', 'ROUTE_NOT_FOUND'],
];

let stack: RunningStack;
/** One for each case, so that none feels what another one did. */
const sessions = new Map<string, OpenSession>();
const keyOf = (asked: GuardedRoute, office: string, role: Role, how: string) =>
  [nameOf(asked.route), office, role, how].join('\n');

beforeAll(async () => {
  const env = { GATEWAY_BURST_PER_SECOND: '100000', GATEWAY_BURST_SIZE: '100000' };
  stack = await RunningStack.start({ env });
  const office = await stack.addOffice({
    change: (file) => {
      file.institution.regionCode = kecamatan;
      addPeople(file, kecamatan);
    },
  });
  const overseer: InstitutionFile = {
    institution: { name: 'Disdukcapil Uji', regionCode: disdukcapil },
    operators: [...office.file.operators.slice(0, 1)],
    clients: [],
  };
  addPeople(overseer, disdukcapil);
  overseer.operators.shift();
  await stack.provision(overseer);
  await stack.sql("UPDATE access.operator SET revoked_at = now() WHERE user_id_lokal LIKE '%-dicabut'");
  await openAll();
});
afterAll(() => stack.stop());

function addPeople(file: InstitutionFile | Office['file'], office: string): void {
  for (const { role } of people.filter((one) => one.office === office)) {
    addOperator(file, role, { role });
    addOperator(file, `${role}-dicabut`, { role });
    addOperator(file, `${role}-berakhir`, { role, activeUntil: '2026-01-02' });
    addOperator(file, `${role}-calon`, { role, activeFrom: '2098-01-01' });
  }
}

async function openAll(): Promise<void> {
  const rows = await stack.sql<{ id: string; key: string }>(
    `SELECT operator.id, region_code || ' ' || user_id_lokal AS key
     FROM access.operator JOIN access.institution ON institution.id = institution_id`,
  );
  const ids = new Map(rows.map(({ id, key }) => [key, id]));
  const cases = guarded.flatMap((asked) =>
    people.flatMap(({ office, role }) =>
      ways.map(({ how, person, session = 'open' }) => ({
        key: keyOf(asked, office, role, how),
        row: { operatorId: ids.get(`${office} ${person ? `${role}-${person}` : role}`) ?? '', state: session },
      })),
    ),
  );
  const opened = await openSessions(
    stack,
    cases.map(({ row }) => row),
  );
  cases.forEach(({ key }, index) => sessions.set(key, opened[index] ?? { cookie: '', csrf: '' }));
}

function send(asked: GuardedRoute, office: string, role: Role, { how, headers = ofOwnPage }: Way): Promise<Answer> {
  const { method, path, body, ...request } = sampleRequest(asked.route);
  const session = sessions.get(keyOf(asked, office, role, how)) ?? { cookie: '', csrf: '' };
  return stack.send(method, path, {
    headers: { ...request.headers, ...headers(session) },
    // a person brings things into the own institution
    ...(body === undefined ? {} : { body: body.replaceAll('33.99.01', office).replaceAll('CONTOH', 'UJI') }),
  });
}

describe.each(guarded.map((asked) => [nameOf(asked.route), asked] as const))('%s asked by', (_name, asked) => {
  test.each(people.map(({ office, role }) => [role, office] as const))('%s of %s', async (role, office) => {
    const answers = await Promise.all(ways.map((way) => send(asked, office, role, way)));
    const told = answers.map(({ status, body }) => (ofGuard.includes(body.code) ? body.code : `passes: ${status}`));
    const owed = ways.map((way, index) => expected(asked, role, way) ?? `passes: ${answers[index]?.status}`);
    const table = (codes: unknown[]) => Object.fromEntries(ways.map(({ how }, index) => [how, codes[index]]));
    expect(table(told)).toEqual(table(owed));
    for (const [index, way] of ways.entries()) {
      const answer = answers[index];
      const code = expected(asked, role, way);
      if (answer && code) expectProblem(answer, code);
      else expect(answer?.status).not.toBe(500);
    }
  });
});

test('both a token and a cookie: the token is who asks, so that no other site borrows the cookie', async () => {
  const office = await stack.addOffice();
  const asked = guarded.find(({ route }) => route.operationId === 'listInstitutions');
  const [operator] = await stack.sql<{ id: string }>(
    "SELECT id FROM access.operator WHERE user_id_lokal = 'camat' LIMIT 1",
  );
  const [session] = await openSessions(stack, [{ operatorId: operator?.id ?? '' }]);
  if (!asked || !session) throw new Error('there is one');
  const headers = { ...ofOwnPage(session), authorization: `Bearer ${await stack.token(office)}` };
  expectProblem(await stack.send('GET', asked.route.path, { headers }), 'SESSION_REQUIRED');
});
