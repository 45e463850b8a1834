import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { routes, type AdminEventEntry, type AdminEventPage, type InstitutionFile, type Route } from '#contracts';
import { CommandLine } from '../apps/gateway/src/command-line/command-line-fixture.js';
import { projectRoot } from '../apps/launcher/src/project-root.js';
import { does } from './support/administering.js';
import { logInAs, openAccount, password } from './support/at-the-machine.js';
import { addOperator, institutionIdOf } from './support/office-parts.js';
import { activate, login, nextCode } from './support/people.js';
import { RunningStack, type Office } from './support/running-stack.js';

let stack: RunningStack;
let folder: string;

beforeAll(async () => {
  stack = await RunningStack.start({ env: { GATEWAY_BURST_PER_SECOND: '1000', GATEWAY_BURST_SIZE: '1000' } });
  folder = await mkdtemp(join(tmpdir(), 'gerbang-cli-'));
});
afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

type OperationId = (typeof routes)[number]['operationId'];

const routeOf = (operationId: OperationId): Route => {
  const found = routes.find((route) => route.operationId === operationId);
  if (!found) throw new Error(`no route is called ${operationId}`);
  return found;
};

/** How somebody asks for something. */
type Ask = (operationId: OperationId, parameters: Record<string, string>, body?: object) => Promise<unknown>;

const sha256 = 'ab'.repeat(32);

/** The twin offices differ in this word alone, which ends every name that only one of them can have. */
async function openOffice(twin: string): Promise<Office & { institutionId: string }> {
  const office = await stack.addOffice({
    change: (file) => {
      file.institution.name = `Kecamatan ${twin}`;
      file.agreement.number = `PKS/${twin}`;
      Object.assign(file.operators[0] ?? {}, { username: `loket-${twin}` });
      Object.assign(file.clients[0] ?? {}, { id: `aplikasi-${twin}` });
      for (const role of ['admin', 'camat'] as const) addOperator(file, role, { role, username: `${role}-${twin}` });
    },
  });
  return { ...office, institutionId: await institutionIdOf(stack, office) };
}

/** The same acts in each office; whoever asks may only ask as the contract has it. */
async function doAll(twin: string, office: Office & { institutionId: string }, admin: Ask, camat: Ask): Promise<void> {
  const { institutionId } = office;
  const here = { institutionId };
  const reason = 'Uji dua jalan';
  await admin('updateInstitution', here, { address: 'Jl. Uji No. 1', reason });
  const made = (await admin('createOperator', here, {
    operator: {
      userIdLokal: 'loket9',
      username: `loket9-${twin}`,
      fullName: 'Petugas Baru',
      role: 'operator',
      activeFrom: '2026-02-01',
      workingHours: { days: [1, 2, 3], from: '08:00', until: '15:00' },
    },
    reason,
  })) as { id: string };
  const operator = { ...here, operatorId: made.id };
  await admin('updateOperator', operator, { workingHours: null, position: 'Staf', reason });
  await camat('recordNda', operator, {
    nda: { number: 'NDA/9', signedOn: '2026-02-01', documentSha256: sha256 },
    reason,
  });
  const { activationCode } = (await admin('issueActivationCode', operator, { reason })) as { activationCode: string };
  await admin('endOperatorSessions', operator, { reason });
  const client = { ...here, clientId: `aplikasi-${twin}` };
  await admin('updateClient', client, { purposes: ['SKU', 'NIB'], burst: { perSecond: 2.5, size: 10 }, reason });
  const { secret } = (await admin('rotateClientSecret', client, { overlapHours: 0, reason })) as { secret: string };
  stack.keepSecret(activationCode, secret);
  await admin('configureUpstream', here, { access: stack.accessOf(office.consumer), reason });
  await admin('testUpstreamAccess', here, { reason });
  const { agreements } = (await admin('listAgreements', here)) as { agreements: { id: string }[] };
  const agreement = { ...here, agreementId: agreements[0]?.id ?? '' };
  const terms = { ...office.file.agreement.versions[0], effectiveFrom: '2099-01-01', dailyQuota: 5 };
  const proposal = (await admin('addAgreementVersion', agreement, { terms, reason })) as { id: string };
  await camat('rejectProposal', { ...here, proposalId: proposal.id }, { reason });
  await camat('revokeOperator', operator, { reason });
  await camat('stopInstitution', here, { reason });
}

/** Ids by the order in which they come up, times by that they are times. */
function normalised(events: AdminEventEntry[], twin: string): unknown {
  const ids = new Map<string, string>();
  const text = JSON.stringify(events)
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
      ids.set(id, ids.get(id) ?? `<id ${ids.size}>`);
      return ids.get(id) ?? '';
    })
    .replace(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"<time>"')
    // salted, so that nobody guesses what was hashed
    .replace(/"evidence":\{[^}]*\}/g, '"evidence":"<salted>"')
    .replaceAll(twin, '<twin>');
  return JSON.parse(text);
}

async function byRest(username: string): Promise<Ask> {
  const person = await logInAs(stack, await openAccount(stack, username));
  return (operationId, parameters, body) => {
    const { method, path } = routeOf(operationId);
    return does(
      person,
      method,
      path.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? ''),
      body,
    );
  };
}

async function byCommandLine(username: string): Promise<Ask> {
  const { totpSecret } = await openAccount(stack, username);
  const person = await CommandLine.open(stack.url);
  const succeeds = async (argv: string[]): Promise<unknown> => {
    const { status, out, error } = await person.run(argv);
    if (status !== 0) throw new Error(`gerbang ${argv.join(' ')}: ${error}`);
    return JSON.parse(out) as unknown;
  };
  Object.assign(person.environment, { GERBANG_PASSWORD: password, GERBANG_CODE: await nextCode(totpSecret ?? '') });
  await succeeds(['login', '--username', username]);
  delete person.environment.GERBANG_PASSWORD;
  delete person.environment.GERBANG_CODE;
  commandLines.push(person);
  return async (operationId, parameters, body) => {
    const options = Object.entries(parameters).flatMap(([name, value]) => [`--${name}`, value]);
    // a file, because what is secret may not stand on the line
    const path = person.path('isi.json');
    if (body) await writeFile(path, JSON.stringify(body));
    return succeeds([
      ...(routeOf(operationId).command ?? '').split(' '),
      ...options,
      ...(body ? ['--file', path] : []),
    ]);
  };
}

const commandLines: CommandLine[] = [];
afterAll(() => Promise.all(commandLines.map((one) => one.close())));

test('the same acts by REST and by command line leave the same record', async () => {
  const records = new Map<string, unknown>();
  for (const [twin, way] of [
    ['kembar-satu', byRest],
    ['kembar-dua', byCommandLine],
  ] as const) {
    const office = await openOffice(twin);
    const admin = await way(`admin-${twin}`);
    const camat = await way(`camat-${twin}`);
    await doAll(twin, office, admin, camat);
    const page = await camat('listAdminEvents', { institutionId: office.institutionId });
    const { events, next } = page as AdminEventPage;
    expect(next).toBeNull();
    // what was brought in beforehand is not the subject
    const byPeople = events.reverse().filter(({ actor }) => actor.kind !== 'command-line');
    records.set(twin, normalised(byPeople, twin));
  }
  const [rest, commandLine] = [...records.values()] as [AdminEventEntry[], AdminEventEntry[]];
  expect(commandLine).toEqual(rest);
  expect(rest.filter(({ reason }) => reason === 'Uji dua jalan').map(({ act }) => act)).toEqual([
    'institution.update',
    'operator.create',
    'operator.update',
    'operator.record-nda',
    'operator.issue-activation-code',
    'operator.end-sessions',
    'client.update',
    'client.rotate-secret',
    'upstream.configure',
    'upstream.test',
    'proposal.propose',
    'proposal.reject',
    'operator.revoke',
    'institution.stop',
  ]);
});

describe('at the machine itself', () => {
  /** `gerbang` as a process of its own, with the gateway's environment. */
  const gerbang = (...args: string[]) =>
    new Promise<{ status: number; out: string; error: string }>((resolve) => {
      const main = join(projectRoot, 'dist', 'apps', 'gateway', 'src', 'command-line', 'main.js');
      const env = { PATH: process.env.PATH ?? '', ...stack.stack.environmentOf('gateway') };
      execFile(process.execPath, [main, ...args], { env }, (failure, out, error) =>
        resolve({ status: failure ? Number(failure.code) : 0, out, error }),
      );
    });
  const codeOf = (out: string, username: string): string =>
    new RegExp(`Kode aktivasi \\w+ ${username}: (\\S+)`).exec(out)?.[1] ?? '';

  const file: InstitutionFile = {
    institution: { name: 'Kecamatan Pertama', regionCode: '33.13.05' },
    operators: [
      { userIdLokal: 'kepala', username: 'kepala.pertama', fullName: 'Admin', role: 'admin', activeFrom: '2026-01-01' },
    ],
    clients: [{ id: 'aplikasi-pertama', name: 'Aplikasi', scopes: ['verifications:write'] }],
  };

  test('gerbang bootstrap gives the first codes, shows a secret once, and does no more once somebody has an account', async () => {
    const path = join(folder, 'pertama.json');
    await writeFile(path, JSON.stringify(file));
    const first = await gerbang('bootstrap', path);
    expect(first).toMatchObject({ status: 0, error: '' });
    const secret = /Secret aplikasi aplikasi-pertama \(hanya tampil sekali\): (\S+)/.exec(first.out)?.[1] ?? '';
    expect((await stack.askToken({ id: 'aplikasi-pertama', secret }, {})).status).toBe(200);

    // nobody has used the code: it may have been lost
    const again = await gerbang('bootstrap', path);
    expect(again).toMatchObject({ status: 0, error: '' });
    expect(again.out).not.toContain('Secret aplikasi');
    const [lost, code] = [first, again].map(({ out }) => codeOf(out, 'kepala.pertama'));
    stack.keepSecret(secret, lost ?? '', code ?? '');
    await expect(activate(stack, 'kepala.pertama', lost ?? '', password)).rejects.toThrow('ACTIVATION_FAILED');
    await activate(stack, 'kepala.pertama', code ?? '', password);

    const late = await gerbang('bootstrap', path);
    expect(late).toMatchObject({ status: 1, out: '' });
    expect(late.error).toContain('STATE_CONFLICT');
  });

  test('gerbang activation-code gives whoever lost everything a new beginning, on record', async () => {
    const given = await gerbang('activation-code', '--username', 'kepala.pertama', '--reason', 'Ponsel hilang');
    expect(given).toMatchObject({ status: 0, error: '' });
    const totpSecret = await activate(stack, 'kepala.pertama', codeOf(given.out, 'kepala.pertama'), password);
    const admin = await login(stack, 'kepala.pertama', password, totpSecret);
    expect(admin.session).toMatchObject({ operator: { userIdLokal: 'kepala' }, secondFactor: true });
    const rows = await stack.sql(
      "SELECT actor_kind, reason FROM access.admin_event WHERE act = 'operator.issue-activation-code' AND reason = 'Ponsel hilang'",
    );
    expect(rows).toEqual([{ actor_kind: 'command-line', reason: 'Ponsel hilang' }]);
  });

  test.each([
    [['activation-code', '--username', 'tidak.ada', '--reason', 'Uji'], 1, 'RESOURCE_NOT_FOUND'],
    [['activation-code'], 2, 'gerbang activation-code --username'],
    [['bootstrap'], 2, 'gerbang bootstrap <institution.json>'],
  ])('gerbang %j is refused', async (args, status, why) => {
    const answer = await gerbang(...args);
    expect(answer).toMatchObject({ status, out: '' });
    expect(answer.error).toContain(why);
  });
});
