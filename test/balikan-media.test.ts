import { createHash } from 'node:crypto';
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  changeBalikanDelivery,
  configureBalikanDestination,
  createBalikan,
  listBalikanPackages,
  listBalikanRecords,
  makeBalikanPackage,
  mediaFileName,
  type BalikanPage,
  type MediaPackage,
  type MediaPackageList,
} from '#contracts';
import { unzipped } from '../apps/data-balikan/src/media/media-fixture.js';
import { expectProblem } from './support/answers.js';
import { bearer, operatorIdOf } from './support/asking.js';
import { addOperator, institutionIdOf } from './support/office-parts.js';
import { ofOwnPage, openSessions } from './support/open-session.js';
import { purpose, RunningStack, type Office } from './support/running-stack.js';
import { until } from './support/until.js';

const json = { 'content-type': 'application/json' };
const numbers = [1, 2, 3, 4].map((n) => `500/00${n}/SKU/I/2026`);

let stack: RunningStack;
let office: Office;
let identity: string;
let people: string[];
/** The Camat, and an admin. */
let camat: Record<string, string>;
let admin: Record<string, string>;
let client: Record<string, string>;
let neighbour: Record<string, string>;

beforeAll(async () => {
  stack = await RunningStack.start({ replicas: { dataBalikan: 1 } });
  office = await stack.addOffice({
    change: (file) => {
      for (const role of ['camat', 'admin'] as const) addOperator(file, role, { role });
    },
  });
  const other = await stack.addOffice({ change: (file) => void addOperator(file, 'camat', { role: 'camat' }) });
  const sessions = await openSessions(stack, [
    { operatorId: await operatorIdOf(stack, office, 'camat') },
    { operatorId: await operatorIdOf(stack, office, 'admin') },
    { operatorId: await operatorIdOf(stack, other, 'camat') },
  ]);
  [camat, admin, neighbour] = sessions.map(ofOwnPage) as [typeof camat, typeof admin, typeof neighbour];
  client = bearer(await stack.token(office));
  people = (await stack.people('FOUND', numbers.length)).map(({ nik }) => nik);
  const asking = await stack.token(office);
  for (const nik of people) expect((await stack.verify(asking, { nik, purpose })).status).toBe(200);
  identity = await generateX25519Identity();
});
afterAll(() => stack.stop());

const send = <T = Record<string, unknown>>(
  method: 'POST' | 'PUT' | 'GET',
  path: string,
  headers: Record<string, string>,
  body?: object,
) => stack.send<T>(method, path, body ? { headers: { ...headers, ...json }, body: JSON.stringify(body) } : { headers });

/** A worker that looks for a way has the records in hand for a moment, and what it has is not packed. */
async function pauseSending(): Promise<void> {
  const path = changeBalikanDelivery.path.replace('{institutionId}', await institutionIdOf(stack, office));
  const answer = await send('PUT', path, camat, { sending: false, reason: 'Diserahkan lewat media' });
  expect(answer).toMatchObject({ status: 200, body: { state: 'PAUSED' } });
  await until(async () => {
    const held = await stack.sql('SELECT FROM balikan.record WHERE claimed_until > clock_timestamp()');
    return held.length === 0;
  });
}

const states = async () => {
  const { body } = await send<BalikanPage>('GET', listBalikanRecords.path, client);
  return Object.fromEntries(
    body.records.map(({ nomorRegister, delivery }) => [nomorRegister, [delivery.state, delivery.failure]]),
  );
};

test('an office without a web service sends to whom the agreement says, and what it accepts waits', async () => {
  const path = configureBalikanDestination.path.replace('{institutionId}', await institutionIdOf(stack, office));
  const destination = { idLembaga: '009801', namaLembaga: 'Kecamatan Uji', service: null };
  const put = (mediaRecipients: string[]) =>
    send('PUT', path, admin, { destination: { ...destination, mediaRecipients }, reason: 'Hanya lewat media' });
  const key = await identityToRecipient(identity);
  expectProblem(await put([key.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'))]), 'REQUEST_INVALID');
  expect(await put([key])).toMatchObject({
    status: 200,
    body: { webService: false, recipient: 'DISDUKCAPIL', mediaRecipients: [key] },
  });
  for (const [n, nik] of people.entries()) {
    const record = { nik, nomorRegister: numbers[n], namaUsaha: `Warung Uji ${n}`, jenisUsaha: 'Dagang' };
    const answer = await send('POST', createBalikan.path, client, { ...record, tanggal: '2026-01-15' });
    expect(answer.status).toBe(202);
  }
  expect(await states()).toEqual(Object.fromEntries(numbers.map((number) => [number, ['WAITING', null]])));
});

test('the Camat packs it, Disdukcapil opens it and receipts it; what was refused waits again', async () => {
  await pauseSending();
  const made = await send<MediaPackage>('POST', makeBalikanPackage.path, camat);
  expect(made).toMatchObject({ status: 201, body: { number: 1, state: 'OPEN', records: 4, receipt: null } });
  const path = `${makeBalikanPackage.path}/${made.body.id}`;
  expectProblem(await send('POST', makeBalikanPackage.path, camat), 'STATE_CONFLICT');

  // the file holds persons, encrypted: not through what looks for leaks in texts
  const download = await fetch(`${stack.url}${path}/file`, { headers: camat });
  expect(download.status).toBe(200);
  expect(download.headers.get('content-disposition')).toBe(`attachment; filename="${mediaFileName(made.body)}"`);
  const file = Buffer.from(await download.arrayBuffer());
  expect(file).toHaveLength(made.body.bytes);
  expect(createHash('sha256').update(file).digest('hex')).toBe(made.body.sha256);
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const files = await unzipped(Buffer.from(await decrypter.decrypt(file)));
  const [{ data }] = JSON.parse(files.get('data.json')?.toString() ?? '') as [{ data: { NIK: string }[] }];
  expect(data.map(({ NIK }) => NIK).sort()).toEqual([...people].sort());

  const minutes = await fetch(`${stack.url}${path}/minutes`, { headers: camat });
  expect(minutes.headers.get('content-type')).toContain('application/pdf');
  const pdf = Buffer.from(await minutes.arrayBuffer());
  expect([pdf.subarray(0, 5).toString(), pdf.subarray(-6).toString().trim()]).toEqual(['%PDF-', '%%EOF']);

  // nobody else's
  expect((await send<MediaPackageList>('GET', listBalikanPackages.path, neighbour)).body.packages).toEqual([]);
  for (const part of ['', '/file', '/minutes'])
    expectProblem(await send('GET', `${path}${part}`, neighbour), 'RESOURCE_NOT_FOUND');
  expectProblem(await send('POST', `${path}/cancellation`, neighbour), 'RESOURCE_NOT_FOUND');

  const [day] = await stack.sql<{ day: string }>("SELECT (now() AT TIME ZONE 'Asia/Jakarta')::date::text AS day");
  const receipt = { number: '470/112/2026', date: day?.day, accepted: 2, refused: 2 };
  const hand = (more: object) => send<MediaPackage>('POST', `${path}/receipt`, camat, { ...receipt, ...more });
  expectProblem(await hand({ refusedRegisters: [numbers[0]] }), 'REQUEST_INVALID');
  const endless = Array.from({ length: 4_000 }, (_, n) => `500/${n}/SKU/XI/2026`);
  expectProblem(await hand({ refusedRegisters: endless }), 'BODY_TOO_LARGE');
  // in two parts, as a list that no request holds
  expect(await hand({ refusedRegisters: [numbers[0]], part: 1, last: false })).toMatchObject({
    status: 200,
    body: { state: 'OPEN', receipt: null },
  });
  expect(await hand({ refusedRegisters: [numbers[2]], part: 2 })).toMatchObject({
    status: 200,
    body: { state: 'RECEIPTED', receipt },
  });
  expect(await states()).toEqual({
    [numbers[0]!]: ['WAITING', 'REFUSED_ON_MEDIA'],
    [numbers[1]!]: ['HANDED_OVER', null],
    [numbers[2]!]: ['WAITING', 'REFUSED_ON_MEDIA'],
    [numbers[3]!]: ['HANDED_OVER', null],
  });
  expectProblem(await send('GET', `${path}/file`, camat), 'STATE_CONFLICT');
  expect((await fetch(`${stack.url}${path}/minutes`, { headers: camat })).status).toBe(200);
});

test('the next package has what was refused, and a cancelled one gives it back', async () => {
  const made = await send<MediaPackage>('POST', makeBalikanPackage.path, camat);
  expect(made.body).toMatchObject({ number: 2, records: 2 });
  const cancelled = await send('POST', `${makeBalikanPackage.path}/${made.body.id}/cancellation`, camat);
  expect(cancelled).toMatchObject({ status: 200, body: { state: 'CANCELLED' } });
  const { body } = await send<MediaPackageList>('GET', listBalikanPackages.path, camat);
  expect(body.packages.map(({ number, state }) => [number, state])).toEqual([
    [2, 'CANCELLED'],
    [1, 'RECEIPTED'],
  ]);
  expect(Object.values(await states()).filter(([state]) => state === 'WAITING')).toHaveLength(2);
});
