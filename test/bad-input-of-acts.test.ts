import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  addAgreementVersion,
  changeOfficeHolder,
  configureUpstream,
  createClient,
  createOperator,
  importInstitution,
  listAdminEvents,
  recordClosingStep,
  recordNda,
  recordSptjm,
  rotateClientSecret,
  setClientKeys,
  updateInstitution,
  updateOperator,
  type ErrorCode,
  type Problem,
  type Role,
  type Route,
} from '#contracts';
import { expectNoEcho, expectProblem, sampleRequest } from './support/answers.js';
import { allRoutes, nameOf } from './support/asking.js';
import { fillPath } from './support/filled-offices.js';
import { addOperator, institutionIdOf } from './support/office-parts.js';
import { ofOwnPage, openSessions, type OpenSession } from './support/open-session.js';
import { RunningStack, type Answer, type Office } from './support/running-stack.js';

const nik = '3313043108859903';
const json = 'application/json';
const kecamatan = '33.98.77';

let stack: RunningStack;
let office: Office;
let ids: Record<string, string>;
const people = new Map<Role, OpenSession>();

beforeAll(async () => {
  const env = { GATEWAY_BURST_PER_SECOND: '100000', GATEWAY_BURST_SIZE: '100000' };
  stack = await RunningStack.start({ env });
  office = await stack.addOffice({
    change: (file) => {
      file.institution.regionCode = kecamatan;
      for (const role of ['camat', 'admin', 'evaluator'] as const) addOperator(file, role, { role });
    },
  });
  const institutionId = await institutionIdOf(stack, office);
  const rows = await stack.sql<{ id: string; role: Role; agreementId: string }>(
    `SELECT operator.id, role, agreement.id AS "agreementId" FROM access.operator
     JOIN access.agreement USING (institution_id) WHERE institution_id = $1`,
    [institutionId],
  );
  const opened = await openSessions(
    stack,
    rows.map(({ id }) => ({ operatorId: id })),
  );
  rows.forEach(({ role }, index) => people.set(role, opened[index] ?? { cookie: '', csrf: '' }));
  const counter = rows.find(({ role }) => role === 'operator');
  ids = {
    institutionId,
    operatorId: counter?.id ?? '',
    agreementId: counter?.agreementId ?? '',
    clientId: office.client.id,
  };
  leaver = ids.operatorId ?? '';
});
afterAll(() => stack.stop());

/** What is refused leaves nothing behind. */
let before: unknown;
const state = () =>
  stack.sql('SELECT (SELECT count(*) FROM access.admin_event), (SELECT count(*) FROM access.proposal)');
beforeAll(async () => {
  before = await state();
});
afterEach(async () => expect(await state()).toEqual(before));

function send(route: Route, body: string | undefined, contentType = json): Promise<Answer> {
  const role =
    route.access === 'public' ? undefined : (['admin', 'camat', 'evaluator', 'operator'] as const).find(mayAsk);
  function mayAsk(one: Role) {
    return route.access !== 'public' && route.access.roles.includes(one);
  }
  const session = role && people.get(role);
  // what is wrong with a body is told before it is looked for whom it is about
  const nothing = ids.institutionId ?? '';
  const nobodys = { proposalId: nothing, id: nothing, readerId: nothing, samId: nothing };
  return stack.send(route.method, fillPath(route.path, { ...nobodys, ...ids }), {
    headers: {
      ...(session ? ofOwnPage(session) : {}),
      ...(body === undefined ? {} : { 'content-type': contentType }),
    },
    ...(body === undefined ? {} : { body }),
  });
}

/** What zod says when nobody sets its language. */
const english = /invalid|expected|required|unrecognized|too (small|big)/i;

function expectFaults(answer: Answer, paths: string[], code: ErrorCode = 'REQUEST_INVALID'): void {
  expectProblem(answer, code);
  expectNoEcho(answer, nik, '3313 0431 0885 9903');
  const { issues = [] } = answer.body as unknown as Problem;
  expect(issues.map(({ path }) => path).sort()).toEqual([...paths].sort());
  for (const { message } of issues) expect(message).not.toMatch(english);
}

const withBody = allRoutes.filter(({ body }) => body?.contentType === json);
const exampleOf = (route: Route) => JSON.parse(sampleRequest(route).body ?? '{}') as Record<string, unknown>;

describe.each(withBody.map((route) => [nameOf(route), route] as const))('%s', (_name, route) => {
  test.each<[string, string, ErrorCode]>([
    ['JSON that breaks off', `{"reason": "${nik}"`, 'REQUEST_MALFORMED'],
    ['no JSON', `nik ${nik}`, 'REQUEST_MALFORMED'],
    ['an empty body', '', 'REQUEST_MALFORMED'],
    ['__proto__', `{"__proto__":{"reason":"${nik}"}}`, 'REQUEST_MALFORMED'],
    ['a list', `["${nik}"]`, 'REQUEST_INVALID'],
    ['null', 'null', 'REQUEST_INVALID'],
    ['1 MB', JSON.stringify({ reason: nik.repeat(62_500) }), 'BODY_TOO_LARGE'],
  ])('%s', async (_what, body, code) => {
    const answer = await send(route, body);
    expectProblem(answer, code);
    expectNoEcho(answer, nik);
  });

  test('another media type', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])
      expectProblem(await send(route, JSON.stringify(exampleOf(route)), type), 'MEDIA_TYPE_UNSUPPORTED');
  });

  test('a key that nobody knows, and that is a NIK', async () => {
    expectFaults(await send(route, JSON.stringify({ ...exampleOf(route), [nik]: 1 })), ['']);
  });

  if ('reason' in exampleOf(route))
    test.each([
      ['no reason', undefined],
      ['a reason of blanks', '  '],
      ['a reason with a NIK', `Salah ketik ${nik}`],
      ['a reason with a NIK in groups', 'Salah ketik 3313 0431 0885 9903'],
      ['a reason without end', 'a'.repeat(501)],
    ])('%s', async (_what, reason) => {
      expectFaults(await send(route, JSON.stringify({ ...exampleOf(route), reason })), ['reason']);
    });
});

const sha256 = 'ab'.repeat(32);
const reason = 'uji';
let leaver = '';
const terms = exampleOf(addAgreementVersion).terms as object;
const person = (exampleOf(createOperator) as { operator: object }).operator;
const statement = { number: 'UJI/1', signedOn: '2098-01-01', documentSha256: sha256 };
const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', kid: 'satu' };
const application = { id: 'baru', name: 'Aplikasi', scopes: ['verifications:read'] };

/** Every fault is told at once, by its path. */
const faults: [what: string, route: Route, body: () => object, paths: string[], code?: ErrorCode][] = [
  [
    'terms of which nothing fits',
    addAgreementVersion,
    () => ({
      terms: {
        ...terms,
        ...{ effectiveFrom: 'kemarin', validUntil: '2026-13-01', elements: [], modes: ['SEMUA'] },
        ...{ dailyQuota: 0, networks: ['10.1.2.0'], contacts: [{ party: 'LAIN', name: nik }] },
      },
      reason,
    }),
    [
      ...['terms.effectiveFrom', 'terms.validUntil', 'terms.elements', 'terms.modes.0', 'terms.dailyQuota'],
      ...['terms.networks.0', 'terms.contacts.0.party', 'terms.contacts.0.name'],
    ],
  ],
  [
    'terms that fit neither themselves nor what is on file',
    addAgreementVersion,
    () => ({
      terms: {
        ...terms,
        ...{ effectiveFrom: '2025-07-01', validFrom: '2025-08-01', validUntil: '2025-06-01' },
        networks: ['8.8.8.0/24', '10.1.2.3/24'],
      },
      reason,
    }),
    [
      // before its beginning, and over
      ...['terms.validUntil', 'terms.validUntil'],
      // after the end, before the version on file, and back in time
      ...['terms.effectiveFrom', 'terms.effectiveFrom', 'terms.effectiveFrom'],
      ...['terms.networks.0', 'terms.networks.1'],
    ],
  ],
  ['an SPTJM of the future', recordSptjm, () => ({ sptjm: statement, reason }), ['sptjm.signedOn']],
  ['an NDA of the future', recordNda, () => ({ nda: statement, reason }), ['nda.signedOn']],
  [
    'a closing step without its evidence',
    recordClosingStep,
    () => ({ step: 'FINAL_REPORT', reason }),
    ['receiptNumber', 'doneOn'],
  ],
  [
    'a closing step of an agreement in force',
    recordClosingStep,
    () => ({ step: 'FINAL_REPORT', applicable: false, note: 'tidak ada', reason }),
    ['agreementId'],
    'STATE_CONFLICT',
  ],
  [
    'a person with a NIK for a name, and a NIK that is none',
    createOperator,
    () => ({ operator: { ...person, fullName: `Siti ${nik}`, nik: '33130431', nip: 'x', role: 'bupati' }, reason }),
    ['operator.fullName', 'operator.nik', 'operator.nip', 'operator.role'],
  ],
  [
    'a person whose role and NDA do not fit',
    createOperator,
    () => ({ operator: { ...person, userIdLokal: 'baru', role: 'evaluator', nda: statement }, reason }),
    ['operator.role', 'operator.nda.signedOn'],
  ],
  [
    'a person who is there already',
    createOperator,
    () => ({ operator: { ...person, userIdLokal: 'loket1' }, reason }),
    ['operator.userIdLokal'],
    'ALREADY_EXISTS',
  ],
  [
    'details of which nothing fits',
    updateOperator,
    () => ({ nip: 'x', workingHours: { days: [8], from: '25:00', until: '26:00' }, activeUntil: 'besok', reason: '' }),
    ['nip', 'workingHours.days.0', 'workingHours.from', 'workingHours.until', 'activeUntil', 'reason'],
  ],
  ['a last day before the first', updateOperator, () => ({ activeUntil: '2025-12-31', reason }), ['activeUntil']],
  [
    'a successor of another role, by a letter of the future',
    changeOfficeHolder,
    () => ({
      ...exampleOf(changeOfficeHolder),
      leaver,
      ...{ successor: { ...person, role: 'camat', activeUntil: '2026-12-02' }, from: '2098-01-01' },
      letterDate: '2098-01-01',
    }),
    ['successor.role', 'successor.activeUntil', 'letterDate'],
  ],
  [
    'an application on the internet, of the past, for somebody unknown',
    createClient,
    () => ({
      ...{ ...application, networks: ['10.0.0.0/8', '8.8.8.0/24'], defaultOperator: 'siapa' },
      ...{ expiresAt: '2026-01-01T00:00:00Z', jwks: { keys: [key, key] }, reason },
    }),
    ['networks.1', 'defaultOperator', 'expiresAt', 'jwks.keys.1.kid'],
  ],
  [
    'an application without scope, with a private key',
    createClient,
    () => ({ ...application, scopes: [], jwks: { keys: [{ ...key, d: 'rahasia' }] }, reason }),
    ['scopes', 'jwks.keys.0'],
  ],
  ['a key set of nothing', setClientKeys, () => ({ jwks: { keys: [] }, reason }), ['jwks.keys']],
  ['an overlap without end', rotateClientSecret, () => ({ overlapHours: 721, reason }), ['overlapHours']],
  [
    'an access right of which nothing fits',
    configureUpstream,
    () => ({ access: { baseUrl: 'ftp://x', lookupPath: 'x', userId: '', password: '', ip: '10.0.0' }, reason }),
    ['access.baseUrl', 'access.lookupPath', 'access.userId', 'access.password', 'access.ip'],
  ],
  [
    'a name of blanks and an address without end',
    updateInstitution,
    () => ({ name: ' ', address: 'a'.repeat(301), reason }),
    ['name', 'address'],
  ],
  [
    'a file that does not fit the contract',
    importInstitution,
    () => ({
      file: {
        institution: { name: '', regionCode: '33.98.7' },
        agreement: { number: `PKS ${nik}`, versions: [] },
        operators: [{ ...person, activeFrom: 'kemarin' }, { userIdLokal: 'dua kata' }],
        clients: [{ ...application, secretSha256: 'abc' }],
      },
      reason,
    }),
    [
      ...['file.institution.name', 'file.institution.regionCode', 'file.agreement.number', 'file.agreement.versions'],
      ...['file.operators.0.activeFrom', 'file.operators.1.userIdLokal', 'file.operators.1.role'],
      ...['file.operators.1.fullName', 'file.operators.1.activeFrom', 'file.clients.0.secretSha256'],
    ],
  ],
  [
    'a file with faults in agreement, people and applications',
    importInstitution,
    () => ({
      file: {
        institution: { name: 'Kecamatan Uji', regionCode: kecamatan },
        agreement: {
          number: office.file.agreement.number,
          sptjm: statement,
          versions: [
            { ...terms, dailyQuota: 7 },
            { ...terms, effectiveFrom: '2025-01-01', networks: ['8.8.8.0/24'] },
          ],
        },
        operators: [
          { ...person, userIdLokal: 'baru1', role: 'evaluator', nda: statement },
          { ...person, userIdLokal: 'camat', role: 'admin' },
          {
            userIdLokal: 'loket1',
            fullName: 'Operator Uji',
            role: 'operator',
            activeFrom: '2026-01-01',
            nda: statement,
          },
        ],
        clients: [
          { ...application, networks: ['8.8.8.0/24'], defaultOperator: 'siapa' },
          { ...application, id: 'portal' },
        ],
      },
      reason,
    }),
    [
      ...['file.agreement.sptjm.signedOn', 'file.agreement.versions.0', 'file.agreement.versions.1.networks.0'],
      // before the version on file, and back in time
      ...['file.agreement.versions.1.effectiveFrom', 'file.agreement.versions.1.effectiveFrom'],
      ...['file.operators.0.role', 'file.operators.0.nda.signedOn', 'file.operators.1.role'],
      ...['file.operators.2.nda.signedOn', 'file.clients.0.networks.0', 'file.clients.0.defaultOperator'],
      'file.clients.1.id',
    ],
  ],
];

// a fifth parameter would be taken for jest's `done`
test.each(faults)('%s', async (...[, route, body, paths, code]) =>
  expectFaults(await send(route, JSON.stringify(body()).replaceAll('CONTOH', 'UJI')), paths, code),
);

test('a query of which nothing fits', async () => {
  const route = { ...listAdminEvents, path: `${listAdminEvents.path}?limit=0&act=apa&before=1&${nik}=1` };
  expectFaults(await send(route, undefined), ['', 'limit', 'act', 'before']);
});
