import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  elementNames,
  scopes,
  type AgreementDetail,
  type AgreementTerms,
  type InstitutionFile,
  type ProposalDetail,
} from '#contracts';
import { bootstrap } from '../apps/gateway/src/provisioning/first-people.js';
import { does, refused } from './support/administering.js';
import { atTheMachine } from './support/at-the-machine.js';
import { eventsOf, told, versionsCited } from './support/on-record.js';
import { refusedWithinASecond } from './support/refused-in-time.js';
import { purpose, RunningStack, type Consumer } from './support/running-stack.js';
import { Official, StackClock } from './support/stack-clock.js';
import { waitFor } from './support/wait-for.js';

/** One kecamatan from its first day to its last, by REST alone; each step begins where the one before has ended. */
let stack: RunningStack;
let clock: StackClock;
let admin: Official;
let camat: Official;
let evaluator: Official;
/** Addresses in the administration. */
let home: string;
let agreement: string;
let institutionId: string;
let agreementId: string;
let consumer: Consumer;
let token: string;
let secret: string;

const sha256 = 'c0'.repeat(32);
const client = 'paten-hidup';
const day1 = '2027-01-04';

const terms = (changes: Partial<AgreementTerms>): AgreementTerms => ({
  effectiveFrom: day1,
  validFrom: day1,
  validUntil: '2027-12-31',
  elements: [...elementNames],
  modes: ['LOOKUP', 'MATCH'],
  dailyQuota: 3,
  networks: ['127.0.0.0/8', '::1/128'],
  ...changes,
});

beforeAll(async () => {
  stack = await RunningStack.start({
    replicas: { gateway: 2, dataBalikan: 1 },
    env: {
      GATEWAY_STEWARD_EVERY_MS: '200',
      // the calendar is asked again and again: how often somebody may ask is not the subject here
      GATEWAY_BURST_PER_SECOND: '100000',
      GATEWAY_BURST_SIZE: '100000',
    },
  });
  clock = new StackClock(stack);
  await clock.set(`${day1}T08:00:00+07:00`);
  consumer = await stack.addConsumer('hidup');
});
afterAll(() => stack.stop());

const propose = (who: Official, path: string, body: object) => does<ProposalDetail>(who, 'POST', path, body);
const approval = ({ id }: ProposalDetail): string => `${home}/proposals/${id}/approval`;
const approve = (who: Official, proposal: ProposalDetail, reason: string) =>
  does<ProposalDetail>(who, 'POST', approval(proposal), { reason });
const present = () => does<AgreementDetail>(admin, 'GET', agreement);

let asked = 0;

/** What a look-up comes to at one gateway: its outcome, or the code of its refusal. */
async function lookUp(url = stack.url): Promise<string> {
  const reference = `500/${(asked += 1)}/2027`;
  const request = { nik: '3313044107909901', purpose: { ...purpose, reference } };
  const { body } = await stack.verify<{ outcome?: string; code?: string }>(token, request, {}, url);
  return body.outcome ?? body.code ?? '';
}

/** Facts are remembered for less than a second. */
async function lookUpsCome(to: string): Promise<void> {
  for (const url of stack.urls)
    await waitFor(
      () => lookUp(url),
      (outcome) => outcome === to,
    );
}

const takeToken = async (operator: string) => (token = await stack.token({ client: { id: client, secret }, operator }));

test('Disdukcapil and the kecamatan get their first people, who set their passwords', async () => {
  const official = (userIdLokal: string, role: 'admin' | 'camat' | 'evaluator') => ({
    userIdLokal,
    fullName: `Pejabat Uji ${role}`,
    role,
    activeFrom: day1,
  });
  const files: InstitutionFile[] = [
    {
      institution: { name: 'Disdukcapil Uji', regionCode: '33.13' },
      operators: [official('penilai', 'evaluator')],
      clients: [],
    },
    {
      institution: { name: 'Kecamatan Uji', regionCode: '33.13.04' },
      operators: [official('kasi', 'admin'), official('camat', 'camat')],
      clients: [],
    },
  ];
  const people = new Map<string, Official>();
  for (const file of files) {
    const done = await atTheMachine(stack, (installation) => bootstrap(installation, file));
    institutionId = done.institutionId;
    for (const code of done.codes) people.set(code.role, await Official.activate(stack, clock, code));
    await expect(atTheMachine(stack, (installation) => bootstrap(installation, file))).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
    });
  }
  const find = (role: string): Official => people.get(role) as Official;
  [admin, camat, evaluator] = [find('admin'), find('camat'), find('evaluator')];
  home = `/v1/admin/institutions/${institutionId}`;
});

test('an agreement is in force when a second person has approved it and the Camat has signed', async () => {
  const draft = await does<AgreementDetail>(admin, 'POST', `${home}/agreements`, {
    number: 'PKS/UJI/2027',
    counterpartNumber: '470/1/2027',
    reason: 'PKS baru',
  });
  expect(draft).toMatchObject({ state: 'draft', missing: ['AGREEMENT_MISSING', 'SPTJM_MISSING'], versions: [] });
  agreementId = draft.id;
  agreement = `${home}/agreements/${agreementId}`;
  const version = await propose(admin, `${agreement}/versions`, { terms: terms({}), reason: 'PKS ditandatangani' });
  expect(version).toMatchObject({ approvers: ['camat', 'evaluator'], decision: null });
  await refused(admin, 'POST', approval(version), { reason: 'Sendiri' }, 'ROLE_NOT_ALLOWED');
  expect(await present()).toMatchObject({ versions: [] });
  expect(await approve(camat, version, 'Sesuai dokumen')).toMatchObject({ decision: 'approved' });
  await refused(camat, 'POST', approval(version), { reason: 'Lagi' }, 'PROPOSAL_DECIDED');
  expect(await present()).toMatchObject({ state: 'draft', missing: ['SPTJM_MISSING'], currentVersion: 1 });
});

test('nothing is looked up without SPTJM, NDA and access right', async () => {
  const operator = await does<{ id: string }>(admin, 'POST', `${home}/operators`, {
    operator: { userIdLokal: 'loket1', fullName: 'Petugas Uji Satu', role: 'operator', activeFrom: day1 },
    reason: 'Petugas loket',
  });
  const made = await does<{ client: object; secret: string }>(admin, 'POST', `${home}/clients`, {
    id: client,
    name: 'Aplikasi PATEN',
    scopes: [...scopes],
    burst: { perSecond: 100_000, size: 100_000 },
    reason: 'Aplikasi baru',
  });
  secret = made.secret;
  stack.keepSecret(secret);
  expect(JSON.stringify(await does(admin, 'GET', `${home}/clients`))).not.toContain(secret);
  await takeToken('loket1');

  expect(await lookUp()).toBe('SPTJM_MISSING');
  const sptjm = { number: 'SPTJM/1/2027', signedOn: day1, documentSha256: sha256 };
  const signed = await does(camat, 'POST', `${agreement}/sptjm`, { sptjm, reason: 'SPTJM ditandatangani' });
  expect(signed).toMatchObject({ state: 'in-force', missing: [] });
  await lookUpsCome('NDA_MISSING');
  const nda = { number: 'NDA/1/2027', signedOn: day1, documentSha256: sha256 };
  await does(admin, 'POST', `${home}/operators/${operator.id}/nda`, { nda, reason: 'NDA ditandatangani' });
  await lookUpsCome('UPSTREAM_NOT_CONFIGURED');

  const access = stack.accessOf(consumer);
  expect(await does(admin, 'PUT', `${home}/upstream`, { access, reason: 'User ID diterima' })).toMatchObject({
    configured: true,
    agreementId,
    upstream: { state: 'ready' },
  });
  const tried = await does(admin, 'POST', `${home}/upstream/test`, { reason: 'Pemeriksaan awal' });
  expect(tried).toMatchObject({ reachable: true, tls: 'none', hits: 0 });
  expect(await stack.counted({ consumer })).toMatchObject({ hits: 0, requests: 0 });
});

test('a larger quota is the evaluator’s to give, and counts at once', async () => {
  for (const url of [...stack.urls, stack.url]) expect(await lookUp(url)).toBe('FOUND');
  expect(await lookUp()).toBe('QUOTA_EXHAUSTED');
  const rise = await propose(admin, `${agreement}/versions`, {
    terms: terms({ dailyQuota: 10_000 }),
    reason: 'Kuota kurang',
  });
  expect(rise).toMatchObject({ approvers: ['evaluator'] });
  await refused(camat, 'POST', approval(rise), { reason: 'Setuju' }, 'ROLE_NOT_ALLOWED');
  expect(await lookUp()).toBe('QUOTA_EXHAUSTED');
  await approve(evaluator, rise, 'Kuota disetujui');
  expect(await stack.sql('SELECT verification.daily_limit($1, $2) AS quota', [institutionId, day1])).toEqual([
    { quota: 10_000 },
  ]);
  expect((await present()).versions).toMatchObject([{ configured: true }, { configured: true, dailyQuota: 10_000 }]);
  await lookUpsCome('FOUND');
  expect((await stack.counted({ consumer })).hits).toBe(5);
});

test('after a rotation both secrets count, until the overlap is over', async () => {
  const old = secret;
  const rotated = await does<{ secret: string }>(admin, 'POST', `${home}/clients/${client}/secrets`, {
    overlapHours: 24,
    reason: 'Pergantian berkala',
  });
  secret = rotated.secret;
  stack.keepSecret(secret);
  const tryOut = async (one: string) => (await stack.askToken({ id: client, secret: one }, {})).status;
  await waitFor(
    () => tryOut(secret),
    (status) => status === 200,
  );
  expect(await tryOut(old)).toBe(200);
  await clock.set('2027-01-05T08:00:01+07:00');
  await waitFor(
    () => tryOut(old),
    (status) => status === 401,
  );
  await takeToken('loket1');
});

test('an emergency stop takes one person and less than a second, its undoing takes two', async () => {
  const stopped = await does(camat, 'POST', `${home}/stop`, { reason: 'Dugaan penyalahgunaan' });
  expect(stopped).toMatchObject({ stop: { byRole: 'camat', reason: 'Dugaan penyalahgunaan' } });
  const asks = stack.urls.map((url) => async () => {
    const outcome = await lookUp(url);
    return { status: outcome === 'FOUND' ? 200 : 403, body: { code: outcome } };
  });
  await refusedWithinASecond(asks, 'ACCESS_STOPPED');
  const lifting = await propose(camat, `${home}/stop/lifting`, { reason: 'Tidak ada pelanggaran' });
  await refused(camat, 'POST', approval(lifting), { reason: 'Sendiri' }, 'SECOND_PERSON_REQUIRED');
  expect(await lookUp()).toBe('ACCESS_STOPPED');
  await approve(evaluator, lifting, 'Sudah diperiksa');
  await lookUpsCome('FOUND');
});

test('a leaver’s access ends at the moment at which the successor’s begins', async () => {
  await clock.set('2027-02-01T09:00:00+07:00');
  const { operators } = await does<{ operators: { id: string; userIdLokal: string }[] }>(
    admin,
    'GET',
    `${home}/operators`,
  );
  const leaver = operators.find(({ userIdLokal }) => userIdLokal === 'loket1');
  const changed = await does(admin, 'POST', `${home}/office-holder-changes`, {
    leaver: leaver?.id,
    successor: {
      userIdLokal: 'loket2',
      fullName: 'Petugas Uji Dua',
      role: 'operator',
      activeFrom: '2027-02-02',
      nda: { number: 'NDA/2/2027', signedOn: '2027-02-01', documentSha256: sha256 },
    },
    from: '2027-02-02',
    letterNumber: '800/2/2027',
    letterDate: '2027-01-29',
    documentSha256: sha256,
    reason: 'Mutasi jabatan',
  });
  expect(changed).toMatchObject({
    leaver: { activeUntil: '2027-02-01', state: 'active' },
    successor: { activeFrom: '2027-02-02', state: 'not-started' },
  });
  const leavers = token;
  const successors = await takeToken('loket2');
  await clock.set('2027-02-01T23:59:59+07:00');
  expect(await lookUp()).toBe('OPERATOR_INACTIVE');
  token = leavers;
  expect(await lookUp()).toBe('FOUND');
  await clock.set('2027-02-02T00:00:00+07:00');
  await lookUpsCome('OPERATOR_INACTIVE');
  token = successors;
  await lookUpsCome('FOUND');
});

async function warned(days: number[]): Promise<void> {
  const sofar = async () =>
    (await eventsOf(camat, home, 'agreement.warn')).map(({ after }) => (after as { days: number }).days);
  await waitFor(sofar, (found) => found.length >= days.length);
  expect(await sofar()).toEqual(days);
}

test('an extension before the end goes on without a gap', async () => {
  await clock.set('2027-07-05T09:00:00+07:00');
  await warned([180]);
  expect(await present()).toMatchObject({ endsInDays: 179, warning: 180 });
  const extension = await propose(admin, `${agreement}/versions`, {
    terms: terms({ effectiveFrom: '2028-01-01', validUntil: '2028-12-31', dailyQuota: 10_000, letterNumber: 'ADD/1' }),
    reason: 'Perpanjangan setahun',
  });
  await approve(camat, extension, 'Diperpanjang');
  expect(await present()).toMatchObject({
    currentVersion: 2,
    validUntil: '2028-12-31',
    endsInDays: 545,
    warning: null,
  });
  await clock.set('2027-12-31T23:59:59+07:00');
  expect(await lookUp()).toBe('FOUND');
  await clock.set('2028-01-01T00:00:00+07:00');
  const outcomes: string[] = [];
  await waitFor(
    async () => {
      outcomes.push(await lookUp());
      return versionsCited(stack, institutionId);
    },
    (versions) => versions.at(-1) === 3,
  );
  expect(new Set(outcomes)).toEqual(new Set(['FOUND']));
  expect(await present()).toMatchObject({ state: 'in-force', currentVersion: 3 });
});

test('warnings come 180, 90, 30 and 7 days before the end, each once', async () => {
  const days = [
    [180, '2028-07-04'],
    [90, '2028-10-02'],
    [30, '2028-12-01'],
    [7, '2028-12-24'],
  ] as const;
  const before = [180];
  for (const [left, day] of days) {
    await clock.set(`${day}T00:00:00+07:00`);
    await warned([...before, left]);
    before.push(left);
    expect(await present()).toMatchObject({ endsInDays: left, warning: left });
  }
});

const step = (name: string, changes: object) => ({ step: name, reason: `Langkah ${name}`, ...changes });

test('the day after the end nothing is looked up, and the closing begins by itself', async () => {
  await clock.set('2028-12-31T23:59:59+07:00');
  expect(await lookUp()).toBe('FOUND');
  await clock.set('2029-01-01T00:00:00+07:00');
  await lookUpsCome('AGREEMENT_ENDED');
  await waitFor(present, ({ state }) => state === 'closing');
  const late = { terms: terms({ effectiveFrom: '2029-01-01', validUntil: '2029-12-31' }), reason: 'Terlambat' };
  await refused(admin, 'POST', `${agreement}/versions`, late, 'STATE_CONFLICT');
  const incomplete = await refused(admin, 'POST', `${agreement}/closure`, { reason: 'Selesai' }, 'CLOSING_INCOMPLETE');
  expect(incomplete.issues?.map(({ path }) => path)).toEqual([
    'DATA_BALIKAN_DELIVERED',
    'SAM_RETURNED',
    'FINAL_REPORT',
  ]);

  const receipt = { receiptNumber: 'TT/1/2029', doneOn: '2029-01-01' };
  const steps = `${agreement}/closing-steps`;
  await does(admin, 'POST', steps, step('DATA_BALIKAN_DELIVERED', receipt));
  await does(admin, 'POST', steps, step('SAM_RETURNED', { applicable: false, note: 'Tidak memakai SAM' }));
  const last = await refused(admin, 'POST', `${agreement}/closure`, { reason: 'Selesai' }, 'CLOSING_INCOMPLETE');
  expect(last.issues?.map(({ path }) => path)).toEqual(['FINAL_REPORT']);
  const done = await does<AgreementDetail>(admin, 'POST', steps, step('FINAL_REPORT', receipt));
  expect(done.closing?.steps.filter((one) => !one.done)).toMatchObject([{ step: 'KEYS_DESTROYED' }]);
});

test('closing destroys the keys, for good', async () => {
  const folder = stack.stack.state.folder('keys', 'nik-verification');
  const keys = () => readdirSync(folder).filter((name) => name.includes(agreementId) && name.endsWith('.key'));
  expect(keys().sort()).toEqual([`hmac-${agreementId}.key`, `seal-${agreementId}-1.key`]);
  const closure = await propose(admin, `${agreement}/closure`, { reason: 'Seluruh kewajiban selesai' });
  expect(keys()).toHaveLength(2);
  await approve(camat, closure, 'Boleh ditutup');
  expect(keys()).toEqual([]);
  expect(await stack.sql('SELECT * FROM verification.upstream_access')).toEqual([]);
  expect(await present()).toMatchObject({ state: 'closed', closedAt: '2028-12-31T17:00:00.000Z' });

  const pdf = await stack.send('GET', `${agreement}/closing-statement`, { headers: { cookie: await admin.cookie() } });
  expect({ status: pdf.status, type: pdf.headers.get('content-type') }).toEqual({
    status: 200,
    type: 'application/pdf',
  });
  expect(pdf.text).toMatch(/^%PDF-/);

  const late = { terms: terms({ effectiveFrom: '2029-01-01', validUntil: '2029-12-31' }), reason: 'Buka lagi' };
  await refused(admin, 'POST', `${agreement}/versions`, late, 'AGREEMENT_CLOSED');
  const access = { access: stack.accessOf(consumer), reason: 'Buka lagi' };
  await refused(admin, 'PUT', `${home}/upstream`, access, 'AGREEMENT_CLOSED');
  await refused(admin, 'POST', `${agreement}/closure`, { reason: 'Lagi' }, 'AGREEMENT_CLOSED');
  expect(await lookUp()).toBe('AGREEMENT_ENDED');
});

test('every act stands on record: who, what, why, and what was before and after', async () => {
  const events = await eventsOf(camat, home);
  expect(events.filter(({ act }) => !/^(session|account)\./.test(act)).map(told)).toEqual([
    'command-line operator.create: Penyiapan awal',
    'command-line operator.create: Penyiapan awal',
    'command-line institution.import: Penyiapan awal',
    'command-line operator.issue-activation-code: Penyiapan awal',
    'command-line operator.issue-activation-code: Penyiapan awal',
    'admin agreement.create: PKS baru',
    'admin proposal.propose agreement.add-version: PKS ditandatangani',
    'camat agreement.add-version: Sesuai dokumen',
    'admin operator.create: Petugas loket',
    'admin client.create: Aplikasi baru',
    'camat agreement.record-sptjm: SPTJM ditandatangani',
    'admin operator.record-nda: NDA ditandatangani',
    'admin upstream.configure: User ID diterima',
    'admin upstream.test: Pemeriksaan awal',
    'admin proposal.propose agreement.add-version: Kuota kurang',
    'evaluator agreement.add-version: Kuota disetujui',
    'admin client.rotate-secret: Pergantian berkala',
    'camat institution.stop: Dugaan penyalahgunaan',
    'camat proposal.propose institution.lift-stop: Tidak ada pelanggaran',
    'evaluator institution.lift-stop: Sudah diperiksa',
    'admin operator.change-office-holder: Mutasi jabatan',
    'system agreement.warn',
    'admin proposal.propose agreement.add-version: Perpanjangan setahun',
    'camat agreement.add-version: Diperpanjang',
    'system agreement.warn',
    'system agreement.warn',
    'system agreement.warn',
    'system agreement.warn',
    'system agreement.begin-closing',
    'admin agreement.record-closing-step: Langkah DATA_BALIKAN_DELIVERED',
    'admin agreement.record-closing-step: Langkah SAM_RETURNED',
    'admin agreement.record-closing-step: Langkah FINAL_REPORT',
    'admin proposal.propose agreement.close: Seluruh kewajiban selesai',
    'camat agreement.close: Boleh ditutup',
  ]);
  const one = (act: string, nth = 0) => events.filter((event) => event.act === act)[nth];
  expect(one('agreement.add-version')).toMatchObject({ before: null, after: { version: 1, terms: { dailyQuota: 3 } } });
  expect(one('agreement.add-version', 1)).toMatchObject({
    before: { version: 1, terms: { dailyQuota: 3 } },
    after: { version: 2, terms: { dailyQuota: 10_000 } },
    actor: { kind: 'person', name: 'Pejabat Uji evaluator' },
    at: '2027-01-04T01:00:00.000Z',
  });
  expect(one('institution.stop')).toMatchObject({ before: { stopped: false }, after: { stopped: true } });
  expect(one('institution.lift-stop')).toMatchObject({ before: { stopped: true }, after: { stopped: false } });
  expect(one('operator.change-office-holder')).toMatchObject({
    before: { activeUntil: null },
    after: { from: '2027-02-02', letterNumber: '800/2/2027' },
  });
  expect(one('agreement.begin-closing')).toMatchObject({ before: { state: 'ended' }, after: { state: 'closing' } });
  expect(one('agreement.close')).toMatchObject({
    before: { state: 'closing' },
    after: {
      state: 'closed',
      destroyedKeyIds: [`hmac-${agreementId}`, `seal-${agreementId}-1`, `data-balikan/hmac-${agreementId}`],
    },
  });
  const everything = JSON.stringify(events);
  for (const hidden of [secret, consumer.password, consumer.userId]) expect(everything).not.toContain(hidden);
});

test('every piece of evidence names the version under which it came to be', async () => {
  // there was none yet when the admin tried to approve the own proposal
  expect(await versionsCited(stack, institutionId)).toEqual([null, 1, 2, 3]);
  expect(await versionsCited(stack, institutionId, '2027-02')).toEqual([2]);
});
