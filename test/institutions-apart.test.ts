import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  changeOfficeHolder,
  createClient,
  createEvidenceCheckpoint,
  endMySession,
  getInclusionProof,
  importInstitution,
  listInstitutions,
  pathParameters,
  type Problem,
  type Role,
  type Route,
  type VerificationTrail,
} from '#contracts';
import { expectProblem, sampleRequest } from './support/answers.js';
import { allRoutes, bearer, guarded, nameOf, statusOf } from './support/asking.js';
import {
  addDisdukcapil,
  addKecamatan,
  fillPath,
  foreignTexts,
  nik,
  readTexts,
  type FilledOffice,
} from './support/filled-offices.js';
import { ofOwnPage } from './support/open-session.js';
import { findInstitutionTables, type InstitutionTables } from './support/rows-of-institution.js';
import { RunningStack, type Answer } from './support/running-stack.js';
import { until } from './support/until.js';

let stack: RunningStack;
let tables: InstitutionTables;
/** Two kecamatan of one kabupaten and its Disdukcapil; one kecamatan of another kabupaten and the Disdukcapil there. */
const offices: Record<string, FilledOffice> = {};
const officeOf = (name: string): FilledOffice => {
  const office = offices[name];
  if (!office) throw new Error(`no office ${name}`);
  return office;
};

beforeAll(async () => {
  const env = { GATEWAY_BURST_PER_SECOND: '100000', GATEWAY_BURST_SIZE: '100000' };
  stack = await RunningStack.start({ replicas: { dataBalikan: 1 }, env });
  offices.home = await addKecamatan(stack, '33.91.01');
  offices.neighbour = await addKecamatan(stack, '33.91.02');
  offices.distant = await addKecamatan(stack, '33.92.01');
  offices.overseer = await addDisdukcapil(stack, '33.91');
  offices.stranger = await addDisdukcapil(stack, '33.92');
  await readTexts(stack, Object.values(offices));
  tables = await findInstitutionTables(stack);
  // each has a log that is signed
  const waiting = 'SELECT FROM access.evidence_outbox UNION ALL SELECT FROM access.read_outbox LIMIT 1';
  await until(async () => (await stack.sql(waiting)).length === 0);
  for (const office of Object.values(offices)) {
    const answer = await send(office, office.people.camat ? 'camat' : 'admin', createEvidenceCheckpoint, {});
    if (answer.status !== 201) throw new Error(answer.text);
  }
});
afterAll(() => stack.stop());

/** One of an office asks, with well-formed example bodies; paths take the ids that are given. */
function send(by: FilledOffice, role: Role, route: Route, ids: Record<string, string>, body?: object): Promise<Answer> {
  const { method, headers, ...sample } = sampleRequest(route);
  const text = body ? JSON.stringify(body) : sample.body?.replaceAll('CONTOH', 'UJI');
  const query = { ...route.queryExample, ...(ids.query === undefined ? {} : { institutionId: ids.query }) };
  const search = new URLSearchParams(
    Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
  ).toString();
  return stack.send(method, `${fillPath(route.path, ids)}${search === '' ? '' : `?${search}`}`, {
    headers: { ...headers, ...ofOwnPage(by.people[role] ?? { cookie: '', csrf: '' }) },
    ...(text === undefined ? {} : { body: text }),
  });
}

function expectNothingOf({ text }: Answer, other: FilledOffice, reader: FilledOffice): void {
  const texts = foreignTexts(reader, other);
  expect(texts.length).toBeGreaterThan(20);
  expect(texts.filter((one) => text.includes(one))).toEqual([]);
}

const ofInstitution = guarded.filter(({ route }) => pathParameters(route.path).includes('institutionId'));
const withPart = ofInstitution.filter(({ route }) => pathParameters(route.path).length > 1);
const strangers: [office: string, role: Role][] = [
  ['neighbour', 'admin'],
  ['neighbour', 'camat'],
  ['distant', 'admin'],
  ['distant', 'camat'],
  ['stranger', 'evaluator'],
  // an admin of the Disdukcapil looks after its own people only
  ['overseer', 'admin'],
];
const named = (asked: readonly (typeof guarded)[number][]) => asked.map((one) => [nameOf(one.route), one] as const);

describe('an institution of others is not there:', () => {
  test.each(named(ofInstitution))('%s', async (_name, { route, access }) => {
    const home = officeOf('home');
    for (const [office, role] of strangers) {
      const answer = await send(officeOf(office), role, route, home.ids);
      expectProblem(answer, access.roles.includes(role) ? 'RESOURCE_NOT_FOUND' : 'ROLE_NOT_ALLOWED');
      expectNothingOf(answer, home, officeOf(office));
    }
  });
});

describe('nor where a query names it:', () => {
  const byQuery = guarded.filter(({ route }) => 'institutionId' in (route.query?.shape ?? {}));

  test.each(named(byQuery))('%s', async (_name, { route, access }) => {
    const home = officeOf('home');
    for (const [office, role] of strangers) {
      const answer = await send(officeOf(office), role, route, { ...home.ids, query: home.institutionId });
      expectProblem(answer, access.roles.includes(role) ? 'RESOURCE_NOT_FOUND' : 'ROLE_NOT_ALLOWED');
      expectNothingOf(answer, home, officeOf(office));
    }
  });

  test('but for the evaluator of the kabupaten', async () => {
    const seen = byQuery.filter(
      ({ route, access }) => access.roles.includes('evaluator') && route !== getInclusionProof,
    );
    for (const { route } of seen) {
      const { ids, institutionId } = officeOf('home');
      const answer = await send(officeOf('overseer'), 'evaluator', route, { ...ids, query: institutionId });
      expect(answer.status).toBe(statusOf(route));
      expectNothingOf(answer, officeOf('neighbour'), officeOf('home'));
    }
  });

  test('nor is a look-up of theirs proven to have been', async () => {
    const [own] = await stack.sql<{ id: string }>(
      "SELECT verification_id AS id FROM verification.access_event WHERE institution_id = $1 AND kind = 'ANSWERED'",
      [officeOf('home').institutionId],
    );
    const ask = (office: string, role: Role) =>
      stack.send('GET', `${getInclusionProof.path}?verificationId=${own?.id}`, {
        headers: ofOwnPage(officeOf(office).people[role] ?? { cookie: '', csrf: '' }),
      });
    expect((await ask('home', 'camat')).status).toBe(200);
    for (const [office, role] of strangers) expectProblem(await ask(office, role), 'RESOURCE_NOT_FOUND');
  });
});

describe('what belongs to another institution is not there under the own one:', () => {
  test.each(named(withPart))('%s', async (_name, { route, access }) => {
    const { ids } = officeOf('home');
    const { institutionId } = officeOf('neighbour');
    // the evaluator may see both, but not the one inside of the other
    for (const [office, role] of [
      ['neighbour', 'admin'],
      ['neighbour', 'camat'],
      ['overseer', 'evaluator'],
    ] as const) {
      const answer = await send(officeOf(office), role, route, { ...ids, institutionId });
      expectProblem(answer, access.roles.includes(role) ? 'RESOURCE_NOT_FOUND' : 'ROLE_NOT_ALLOWED');
      expectNothingOf(answer, officeOf('home'), officeOf('neighbour'));
    }
  });

  test('a session', async () => {
    for (const [office, role] of strangers) {
      const answer = await send(officeOf(office), role, endMySession, officeOf('home').ids);
      expectProblem(answer, 'RESOURCE_NOT_FOUND');
    }
  });

  test('somebody who is named in a body', async () => {
    const [home, neighbour] = [officeOf('home'), officeOf('neighbour')];
    const change = { ...bodyOf(changeOfficeHolder), leaver: home.ids.operatorId ?? '' };
    expectProblem(await send(neighbour, 'admin', changeOfficeHolder, neighbour.ids, change), 'RESOURCE_NOT_FOUND');
    const client = { ...bodyOf(createClient), id: 'baru', defaultOperator: `operator.${home.mark}` };
    const answer = await send(neighbour, 'admin', createClient, neighbour.ids, client);
    expectProblem(answer, 'REQUEST_INVALID');
    expect((answer.body as unknown as Problem).issues).toEqual([expect.objectContaining({ path: 'defaultOperator' })]);
  });

  test('an institution that a file names: who imports learns not even whether there is one', async () => {
    const file = (regionCode: string) => ({
      file: { institution: { name: 'Kecamatan Uji', regionCode }, operators: [], clients: [] },
      checkOnly: true,
      reason: 'uji',
    });
    for (const [office, role] of strangers.filter(([, one]) => one !== 'camat')) {
      const [there, nowhere] = await Promise.all(
        [officeOf('home').regionCode, '33.91.77'].map((code) =>
          send(officeOf(office), role, importInstitution, {}, file(code)),
        ),
      );
      for (const answer of [there, nowhere]) if (answer) expectProblem(answer, 'ROLE_NOT_ALLOWED');
    }
  });
});

const bodyOf = (route: Route): object => JSON.parse(sampleRequest(route).body ?? '{}') as object;

describe('lists show the own institution only:', () => {
  const lists = guarded.filter(
    ({ route }) => route.method === 'GET' && pathParameters(route.path).length === 0 && route !== getInclusionProof,
  );

  test.each(named(lists))('%s', async (_name, { route, access }) => {
    for (const [office, role] of strangers) {
      const answer = await send(officeOf(office), role, route, {});
      expect(answer.status).toBe(access.roles.includes(role) ? statusOf(route) : 403);
      expectNothingOf(answer, officeOf('home'), officeOf(office));
    }
  });

  test.each([
    ['neighbour', 'camat', ['neighbour']],
    ['distant', 'admin', ['distant']],
    ['overseer', 'admin', ['overseer']],
    ['overseer', 'evaluator', ['overseer', 'home', 'neighbour']],
    ['stranger', 'evaluator', ['stranger', 'distant']],
  ] as const)('of institutions, %s %s', async (office, role, seen) => {
    const answer = await send(officeOf(office), role, listInstitutions, {});
    const { institutions } = answer.body as { institutions: { id: string }[] };
    expect(institutions.map(({ id }) => id).sort()).toEqual(seen.map((one) => officeOf(one).institutionId).sort());
  });
});

describe('the evaluator of the kabupaten', () => {
  test('sees what there is, and nothing of a person who was looked up', async () => {
    const home = officeOf('home');
    const evidence = await stack.sql<{ hmac: string }>(
      "SELECT encode(nik_hmac, 'hex') AS hmac FROM verification.access_event WHERE nik_hmac IS NOT NULL",
    );
    expect(evidence.length).toBeGreaterThan(2);
    const reads = ofInstitution.filter(
      ({ route, access }) => route.method === 'GET' && access.roles.includes('evaluator'),
    );
    for (const { route } of reads) {
      const answer = await send(officeOf('overseer'), 'evaluator', route, home.ids);
      expect(answer.status).toBe(200);
      expectNoPerson(answer);
      expect(evidence.filter(({ hmac }) => answer.text.includes(hmac))).toEqual([]);
      expectNothingOf(answer, officeOf('neighbour'), home);
    }
  });

  test('reads the trail of a kecamatan by its application; nobody else from outside does', async () => {
    const [home, overseer, stranger] = [officeOf('home'), officeOf('overseer'), officeOf('stranger')];
    if (!home.office) throw new Error('a kecamatan has applications');
    const token = await stack.token(home.office, { operator: `evaluator.${overseer.mark}` });
    const answer = await stack.send<VerificationTrail>('GET', '/v1/verifications', { headers: bearer(token) });
    expect(answer.body.entries.map(({ clientId }) => clientId)).toEqual([home.ids.clientId]);
    expectNoPerson(answer);
    for (const operator of [
      `evaluator.${stranger.mark}`,
      `admin.${overseer.mark}`,
      `camat.${officeOf('neighbour').mark}`,
    ])
      await expect(stack.token(home.office, { operator })).rejects.toThrow('OPERATOR_UNKNOWN');
  });

  function expectNoPerson({ text }: Answer<object>): void {
    expect(text).not.toContain(nik);
    expect(text).not.toMatch(/CONTOH|hmac/);
  }
});

/** By which routes people of the office and its evaluator see rows of a table; a new table waits here for its decision. */
const shownBy: Record<string, readonly string[]> = {
  institution: ['listInstitutions', 'getInstitution', 'exportInstitution'],
  agreement: ['listAgreements', 'getAgreement'],
  agreement_version: ['listAgreements', 'exportInstitution'],
  sptjm: ['listAgreements', 'exportInstitution'],
  closing_step: ['listAgreements', 'getAgreement'],
  end_warning: [],
  operator: ['listOperators', 'exportInstitution'],
  nda: ['listOperators', 'exportInstitution'],
  account: ['listOperators', 'exportInstitution'],
  recovery_code: [],
  // each person the own ones
  session: ['listMySessions'],
  client: ['listClients', 'exportInstitution'],
  client_secret: ['listClients'],
  emergency_stop: ['listInstitutions', 'getInstitution'],
  proposal: ['listProposals'],
  admin_event: ['listAdminEvents'],
  reader: ['getReaderRegister', 'listReaders'],
  sam: ['listSams'],
  // only what it joins is told
  sam_assignment: [],
  reader_read: [],
  reader_permit: [],
  reader_offline: ['exportEvidence'],
  reader_exception: ['listReaderExceptions'],
};
/** Counted by hashes of names and of assertions, or only on its way to the log; shown by none. */
const ofNobody = ['evidence_outbox', 'login_throttle', 'migration', 'read_outbox', 'used_assertion'];

describe('every table of the schema access', () => {
  let answers: { operationId: string; text: string }[];

  beforeAll(async () => {
    const home = officeOf('home');
    const reads = guarded.filter(({ route }) => route.method === 'GET');
    const asked = (['operator', 'admin', 'camat'] as const).flatMap((role) =>
      reads.filter(({ access }) => access.roles.includes(role)).map(({ route }) => ({ role, route })),
    );
    answers = await Promise.all(
      asked.map(async ({ role, route }) => {
        const { text } = await send(home, role, route, home.ids);
        return { operationId: route.operationId, text };
      }),
    );
  });

  test('is listed here, with the routes that show its rows', () => {
    const [of, ofNone] = [true, false].map((led) =>
      [...tables].filter(([, condition]) => (condition !== null) === led),
    );
    expect(of?.map(([table]) => table).sort()).toEqual(Object.keys(shownBy).sort());
    expect(ofNone?.map(([table]) => table).sort()).toEqual(ofNobody);
    const names = allRoutes.map(({ operationId }) => operationId);
    expect(names).toEqual(expect.arrayContaining(Object.values(shownBy).flat()));
  });

  test.each(Object.entries(shownBy))('%s is shown by those: %j', (table, routes) => {
    const texts = textsOnlyOf(table);
    const showing = answers.filter(({ text }) => texts.some((one) => text.includes(one)));
    expect([...new Set(showing.map(({ operationId }) => operationId))]).toEqual(expect.arrayContaining([...routes]));
    if (routes.length === 0) expect(showing).toEqual([]);
  });

  test('and no hash, no secret and nothing sealed is shown to anybody', async () => {
    const columns = await stack.sql<{ table: string; column: string }>(
      `SELECT table_name AS table, column_name AS column FROM information_schema.columns
       WHERE table_schema = 'access' AND (data_type = 'bytea' OR column_name ~ 'secret_|password_hash')`,
    );
    const hidden: string[] = [];
    for (const { table, column } of columns) {
      const found = await stack.sql<{ value: string }>(
        `SELECT ltrim(${column}::text, '\\x') AS value FROM access.${table} WHERE ${column} IS NOT NULL`,
      );
      hidden.push(...found.map(({ value }) => value));
    }
    expect(hidden.length).toBeGreaterThan(15);
    expect(answers.filter(({ text }) => hidden.some((value) => text.includes(value)))).toEqual([]);
  });

  /** Events and proposals tell of all the others, so that they are left out of the comparison. */
  function textsOnlyOf(table: string): string[] {
    const { texts } = officeOf('home');
    const others = [...texts].filter(([name]) => ![table, 'admin_event', 'proposal'].includes(name));
    const known = new Set(others.flatMap(([, of]) => [...of]));
    return [...(texts.get(table) ?? [])].filter((text) => !known.has(text));
  }
});
