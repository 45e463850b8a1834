import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  BalikanDestination,
  configureBalikanDestination,
  createBalikan,
  listBalikanRecords,
  uploadBalikanBatch,
  type BalikanAccepted,
  type BalikanPage,
  type Batch,
  type Role,
  type RowFaultPage,
} from '#contracts';
import { expectNoEcho, expectProblem } from './support/answers.js';
import { bearer, operatorIdOf } from './support/asking.js';
import { addOperator, institutionIdOf } from './support/office-parts.js';
import { ofOwnPage, openSessions, type OpenSession } from './support/open-session.js';
import { purpose, RunningStack, type Office } from './support/running-stack.js';
import { until } from './support/until.js';

const token = 'token-data-balikan-uji-0123456789';

let stack: RunningStack;
let office: Office;
let neighbour: Office;
let ours: Record<string, string>;
let theirs: Record<string, string>;
/** Persons whom the sandbox knows; all but the last were looked up. */
let people: string[];
const sessions = {} as Record<Role, OpenSession>;

beforeAll(async () => {
  stack = await RunningStack.start({ replicas: { dataBalikan: 1 } });
  office = await stack.addOffice({
    change: (file) => {
      file.institution.regionCode = '33.93.01';
      for (const role of ['camat', 'admin'] as const) addOperator(file, role, { role });
    },
  });
  neighbour = await stack.addOffice({ change: (file) => (file.institution.regionCode = '33.93.02') });
  await stack.provision({
    institution: { name: 'Disdukcapil Uji', regionCode: '33.93' },
    operators: [{ userIdLokal: 'evaluator', fullName: 'Evaluator Uji', role: 'evaluator', activeFrom: '2026-01-01' }],
    clients: [],
  });
  const { pathPrefix, password, userId } = office.consumer;
  const settings = { pathPrefix, password, ips: ['10.0.0.10'], quota: 1_000_000, generation: 'B', token };
  await stack.control('PUT', `/consumers/${userId}`, settings);
  stack.keepSecret(token);
  [ours, theirs] = [bearer(await stack.token(office)), bearer(await stack.token(neighbour))];
  const [evaluator] = await stack.sql<{ id: string }>(
    "SELECT id FROM access.operator WHERE user_id_lokal = 'evaluator'",
  );
  const ids = {
    operator: await operatorIdOf(stack, office),
    camat: await operatorIdOf(stack, office, 'camat'),
    admin: await operatorIdOf(stack, office, 'admin'),
    evaluator: evaluator?.id ?? '',
  };
  const opened = await openSessions(
    stack,
    Object.values(ids).map((operatorId) => ({ operatorId })),
  );
  Object.keys(ids).forEach((role, index) => (sessions[role as Role] = opened[index] ?? { cookie: '', csrf: '' }));
  people = (await stack.people('FOUND', 5)).map(({ nik }) => nik);
  const asking = await stack.token(office);
  for (const nik of people.slice(0, -1)) expect((await stack.verify(asking, { nik, purpose })).status).toBe(200);
});
afterAll(() => stack.stop());

const json = { 'content-type': 'application/json' };
const by = (role: Role) => ofOwnPage(sessions[role]);
const recordOf = (nik: string | undefined, number: string) => ({
  nik,
  nomorRegister: number,
  namaUsaha: 'Warung Uji',
  jenisUsaha: 'Perdagangan eceran makanan',
  tanggal: '2026-01-15',
});
const submit = <T = BalikanAccepted>(record: object, headers = ours) =>
  stack.send<T>('POST', createBalikan.path, { headers: { ...headers, ...json }, body: JSON.stringify(record) });
const list = (headers: Record<string, string>, query = '') =>
  stack.send<BalikanPage>('GET', `${listBalikanRecords.path}${query}`, { headers });
const sandbox = () => stack.control<{ distinct: number; requests: number }>('GET', '/data-balikan');

const delivered = (nomorRegister: string) =>
  until(async () => {
    const { body } = await list(ours, `?${new URLSearchParams({ nomorRegister }).toString()}`);
    return body.records.length > 0 && body.records.every(({ delivery }) => delivery.state === 'DELIVERED');
  });

test('an admin says where data balikan go; nobody reads the address or the token again', async () => {
  const path = configureBalikanDestination.path.replace('{institutionId}', await institutionIdOf(stack, office));
  const destination = BalikanDestination.parse({
    idLembaga: '009801',
    namaLembaga: 'Kecamatan Uji',
    service: { baseUrl: stack.stack.sandbox.url, token },
  });
  const put = (role: Role) =>
    stack.send('PUT', path, {
      headers: { ...by(role), ...json },
      body: JSON.stringify({ destination, reason: 'Token diterima' }),
    });
  expectProblem(await put('camat'), 'ROLE_NOT_ALLOWED');
  const answer = await put('admin');
  expect(answer).toMatchObject({ status: 200, body: { configured: true, webService: true } });
  expect(answer.text).not.toContain(stack.stack.sandbox.url);
  const shown = await stack.send('GET', path, { headers: by('evaluator') });
  expect(shown).toMatchObject({ status: 200, body: { configured: true, recipient: 'DITJEN_DUKCAPIL' } });
});

describe('a record', () => {
  test('of somebody who was looked up is accepted, delivered, and harmless when it comes again', async () => {
    const number = '500/001/SKU/I/2026';
    const first = await submit(recordOf(people[0], number));
    expect(first).toMatchObject({
      status: 202,
      body: { alreadyThere: false, record: { nomorRegister: number, source: 'WEB_SERVICE' } },
    });
    expectNoEcho(first, people[0] ?? '');
    await delivered(number);
    expect(await sandbox()).toMatchObject({ distinct: 1 });
    const again = await submit(recordOf(people[0], number));
    expect(again).toMatchObject({
      status: 202,
      body: { alreadyThere: true, record: { id: first.body.record.id, delivery: { state: 'DELIVERED' } } },
    });
    expect(await sandbox()).toMatchObject({ distinct: 1, requests: 1 });
    const differs = await submit<Record<string, unknown>>({ ...recordOf(people[0], number), namaUsaha: 'Lain' });
    expectProblem(differs, 'RECORD_DIFFERS');
    expect(differs.body.detail).toContain('sudah terkirim');
    const shown = await stack.send('GET', `${createBalikan.path}/${first.body.record.id}`, { headers: ours });
    expect(shown).toMatchObject({ status: 200, body: { id: first.body.record.id } });
  });

  test('of a person who was never looked up is refused with its own code', async () => {
    const answer = await submit<Record<string, unknown>>(recordOf(people.at(-1), '500/009/SKU/I/2026'));
    expectProblem(answer, 'PERSON_NOT_ACCESSED');
    expectNoEcho(answer, people.at(-1) ?? '');
    // nor by an office that did not look
    expectProblem(await submit<Record<string, unknown>>(recordOf(people[0], '1'), theirs), 'PERSON_NOT_ACCESSED');
  });

  test('by form, of a person who has logged in', async () => {
    const answer = await submit(recordOf(people[1], '500/002/SKU/I/2026'), by('operator'));
    expect(answer).toMatchObject({ status: 202, body: { record: { source: 'FORM' } } });
    expectProblem(await submit<Record<string, unknown>>({}, by('evaluator')), 'ROLE_NOT_ALLOWED');
  });
});

test('a file is checked, its good rows are taken, and it comes back with the faults explained', async () => {
  const rows = [
    'NIK;Nomor Register;Nama Usaha;Jenis Usaha;Tanggal',
    `${people[2]};500/003/SKU/I/2026;Bengkel Uji;Bengkel motor;2026-01-16`,
    `${people[3]};500/004/SKU/I/2026;;Bengkel motor;2026-01-16`,
    `${people[4]};500/005/SKU/I/2026;Toko Uji;Toko;2026-01-16`,
    `${people[0]};500/001/SKU/I/2026;Warung Uji;Perdagangan eceran makanan;2026-01-15`,
  ];
  const upload = await stack.send<Batch>('POST', `${uploadBalikanBatch.path}?policy=GOOD_ROWS`, {
    headers: { ...ours, 'content-type': 'text/csv' },
    body: `${rows.join('\r\n')}\r\n`,
  });
  expect(upload).toMatchObject({ status: 202, body: { policy: 'GOOD_ROWS' } });
  const path = `${uploadBalikanBatch.path}/${upload.body.id}`;

  // the events end with the batch
  const events = await stack.send('GET', `${path}/events`, { headers: by('operator') });
  expect(events.status).toBe(200);
  expect(events.text).toMatch(/event: batch\ndata: \{[^\n]*"state":"DONE"[^\n]*\n\n$/);

  const batch = await stack.send<Batch>('GET', path, { headers: ours });
  expect(batch.body).toMatchObject({
    state: 'DONE',
    format: 'CSV',
    counts: { checked: 4, accepted: 1, alreadyThere: 1, refused: 2 },
    resultReady: true,
  });
  const faults = await stack.send<RowFaultPage>('GET', `${path}/faults`, { headers: ours });
  expect(faults.body.faults.map(({ row, code }) => [row, code])).toEqual([
    [3, 'BUSINESS_NAME_EMPTY'],
    [4, 'PERSON_NOT_ACCESSED'],
  ]);
  expectNoEcho(faults, ...people);

  // the clerk's own file again: with the NIKs in it, so not through what looks for leaks
  const result = await fetch(`${stack.url}${path}/result`, { headers: ours });
  expect(result.headers.get('content-disposition')).toBe(`attachment; filename="data-balikan-${upload.body.id}.csv"`);
  const text = await result.text();
  expect(text).toContain(people[3] ?? '');
  expect(text).toContain('Nama usaha kosong');
  await delivered('500/003/SKU/I/2026');

  for (const part of ['', '/faults', '/result', '/events'])
    expectProblem(await stack.send('GET', `${path}${part}`, { headers: theirs }), 'RESOURCE_NOT_FOUND');
});

test('the evaluator of the kabupaten reads, the neighbour sees nothing', async () => {
  const institutionId = await institutionIdOf(stack, office);
  const seen = await list(by('evaluator'), `?institutionId=${institutionId}`);
  expect(seen.status).toBe(200);
  expect(seen.body.records.map(({ nomorRegister }) => nomorRegister).sort()).toEqual([
    '500/001/SKU/I/2026',
    '500/002/SKU/I/2026',
    '500/003/SKU/I/2026',
  ]);
  expectNoEcho(seen, ...people);
  expect((await list(theirs)).body).toEqual({ records: [], next: null });
  expectProblem(await list(theirs, `?institutionId=${institutionId}`), 'RESOURCE_NOT_FOUND');
  const one = `${createBalikan.path}/${seen.body.records[0]?.id}`;
  const delivery = `${createBalikan.path}/delivery`;
  const wanted = `?institutionId=${institutionId}`;
  expectProblem(await stack.send('GET', one, { headers: theirs }), 'RESOURCE_NOT_FOUND');
  expectProblem(await stack.send('GET', one, { headers: by('evaluator') }), 'RESOURCE_NOT_FOUND');
  for (const path of [one, delivery])
    expectProblem(await stack.send('GET', `${path}${wanted}`, { headers: theirs }), 'RESOURCE_NOT_FOUND');
  const shown = await stack.send('GET', `${one}${wanted}`, { headers: by('evaluator') });
  expect(shown).toMatchObject({ status: 200, body: { id: seen.body.records[0]?.id } });
  await delivered('500/002/SKU/I/2026');
  const standing = (path: string, role: Role) => stack.send('GET', path, { headers: by(role) });
  expect(await standing(`${delivery}${wanted}`, 'evaluator')).toMatchObject({ status: 200, body: { delivered: 3 } });
  expect(await standing(delivery, 'operator')).toMatchObject({ status: 200, body: { delivered: 3 } });
  expect(await standing(delivery, 'evaluator')).toMatchObject({ status: 200, body: { delivered: 0 } });
  const coverage = await stack.send('GET', `${createBalikan.path}/coverage`, { headers: ours });
  expect(coverage).toMatchObject({ status: 200, body: { total: { lookUps: 4 } } });
});

test('the template is a workbook', async () => {
  const answer = await fetch(`${stack.url}/v1/data-balikan/template.xlsx`, { headers: ours });
  expect(answer.status).toBe(200);
  expect(
    Buffer.from(await answer.arrayBuffer())
      .subarray(0, 4)
      .toString('latin1'),
  ).toBe('PK\u0003\u0004');
});
