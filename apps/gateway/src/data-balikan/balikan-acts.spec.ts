import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  BalikanDestination,
  changeAllDelivery,
  changeDelivery,
  configureDestination,
  describeDestination,
  getBalikanDelivery,
  getBalikanDestination,
  retryBalikan,
  type Rpc,
} from '#contracts';
import { AppError, type RpcClient } from '#service';
import { TestDatabase } from '../../../../test/support/test-database.js';
import type { AdminActor } from '../administration/admin-record.js';
import { Administration } from '../administration/administration.service.js';
import { ActsFixture } from '../operators/acts-fixture.js';
import { switchDataBalikan } from '../provisioning/data-balikan-switch.js';
import { makeBalikanActs } from './balikan-acts.js';

const token = 'token-yang-sangat-rahasia';
/** Nobody has the key that opens it. */
const recipientKey = 'age1qjk5jus8e6s6egaddn83xfygd34t0f6ardpg9q5dsgwtl0glku3qz4c44f';
const record = '019ab3c4-5d6e-7f80-9123-456789abcdef';
const destination = BalikanDestination.parse({
  idLembaga: '000001',
  namaLembaga: 'Kecamatan Uji',
  service: { baseUrl: 'http://10.0.0.20', token },
});

const { configured } = getBalikanDestination.response.examples;
const unconfigured = { ...configured, configured: false, agreementId: null };
const summaryOf = ({ destination: given }: { destination: object }) => ({
  ...given,
  webService: 'service' in given,
});

let fixture: ActsFixture;
let admin: AdminActor & { kind: 'person' };
let calls: { rpc: Rpc; input: object }[];
let fault: AppError | undefined;
/** What is configured before the act. */
let was: object;
const bus = {
  call: async (rpc: Rpc, input: object) => {
    calls.push({ rpc, input });
    if (fault) throw fault;
    if (rpc === describeDestination) return was;
    if (rpc === configureDestination) return { ...configured, ...summaryOf(input as { destination: object }) };
    return rpc === retryBalikan ? { records: 3 } : getBalikanDelivery.response.examples.sending;
  },
} as unknown as RpcClient;
const acts = makeBalikanActs(bus);

beforeAll(async () => {
  fixture = await ActsFixture.create(await TestDatabase.create());
  admin = await fixture.actor('admin');
});
afterAll(() => fixture.drop());
beforeEach(async () => {
  [calls, fault, was] = [[], undefined, unconfigured];
  await fixture.sql('DELETE FROM access.agreement_version');
  await fixture.sql('DELETE FROM access.agreement');
});

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
async function addAgreement(columns = ''): Promise<string> {
  const [row] = await fixture.sql<{ id: string }>(
    `INSERT INTO access.agreement (institution_id, number${columns && `, ${columns}`})
     VALUES ($1, 'PKS/UJI'${
       columns &&
       `, ${columns
         .split(',')
         .map(() => 'now()')
         .join(', ')}`
     }) RETURNING id`,
    [fixture.kecamatan],
  );
  return row?.id ?? '';
}
const configure = (change: object = {}) =>
  fixture.perform(acts.configure, { destination: { ...destination, ...change } }, { actor: admin });

describe('where data balikan go', () => {
  test.each([
    ['a draft', ''],
    ['one that is closing: what it owes still has to go somewhere', 'closing_at'],
  ])('is set for the agreement that counts: %s', async (_name, columns) => {
    const agreementId = await addAgreement(columns);
    await configure();
    expect(calls.slice(1)).toEqual([
      { rpc: configureDestination, input: { institutionId: fixture.kecamatan, agreementId, destination } },
    ]);
    const event = await fixture.event(fixture.kecamatan);
    expect(event).toMatchObject({
      act: 'data-balikan.configure',
      before: null,
      after: { agreementId, recipient: 'DITJEN_DUKCAPIL', webService: true, mediaRecipients: 0 },
    });
    // neither address nor token is on record (O-16)
    expect(JSON.stringify(await fixture.sql('SELECT * FROM access.admin_event'))).not.toMatch(`${token}|10.0.0.20`);
  });

  test('takes the place of what was there: a web service that ends is on record', async () => {
    const agreementId = await addAgreement();
    was = { ...configured, agreementId };
    await configure({ service: null, mediaRecipients: [recipientKey] });
    expect(calls.at(-1)?.input).not.toHaveProperty('destination.service');
    expect(await fixture.event(fixture.kecamatan)).toMatchObject({
      before: { agreementId, webService: true, mediaRecipients: 0 },
      after: { agreementId, webService: false, mediaRecipients: 1 },
    });
  });

  test.each([['DISDUKCAPIL'], ['DITJEN_DUKCAPIL']] as const)(
    'is %s where the agreement says so and nobody says something else',
    async (recipient) => {
      const agreementId = await addAgreement();
      await fixture.sql(
        `INSERT INTO access.agreement_version (agreement_id, version, effective_from, valid_from, valid_until, elements,
           modes, daily_quota, networks, data_balikan_recipient)
         VALUES ($1, 1, '2026-01-01', '2026-01-01', '2027-12-31', '{nik}', '{LOOKUP}', 1000, '{10.1.2.0/24}', $2)`,
        [agreementId, recipient],
      );
      await configure({ recipient: undefined });
      expect(calls.at(-1)?.input).toMatchObject({ destination: { recipient } });
      const other = recipient === 'DISDUKCAPIL' ? 'DITJEN_DUKCAPIL' : 'DISDUKCAPIL';
      await configure({ recipient: other });
      expect(calls.at(-1)?.input).toMatchObject({ destination: { recipient: other } });
    },
  );

  test('is not set with a key that is copied wrongly: its checksum tells', async () => {
    await addAgreement();
    const mistyped = recipientKey.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'));
    await expect(configure({ mediaRecipients: [recipientKey, mistyped] })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      extras: { issues: [{ path: 'destination.mediaRecipients.1', message: expect.stringContaining('salah salin') }] },
    });
    expect(calls).toEqual([]);
  });

  test('is not set without an agreement, nor under a closed one', async () => {
    expect(await codeOf(configure())).toBe('AGREEMENT_MISSING');
    await addAgreement('closing_at,closed_at');
    expect(await codeOf(configure())).toBe('AGREEMENT_CLOSED');
    expect(calls).toEqual([]);
  });

  test('is not for a Disdukcapil', async () => {
    const actor = { ...admin, institutionId: fixture.disdukcapil };
    const at = { actor, at: fixture.disdukcapil };
    expect(await codeOf(fixture.perform(acts.configure, { destination }, at))).toBe('STATE_CONFLICT');
    expect(await codeOf(fixture.perform(acts.pause, { reason: 'uji' }, at))).toBe('STATE_CONFLICT');
    expect(calls).toEqual([]);
  });

  test('is on record when it failed, too, and told after that', async () => {
    await addAgreement();
    fault = new AppError('SERVICE_TIMEOUT');
    expect(await codeOf(configure())).toBe('SERVICE_TIMEOUT');
    expect(await fixture.event(fixture.kecamatan)).toMatchObject({
      act: 'data-balikan.configure',
      after: { failed: 'SERVICE_TIMEOUT' },
    });
  });
});

describe('sending', () => {
  test.each([
    ['paused', acts.pause, 'data-balikan.pause', false],
    ['resumed', acts.resume, 'data-balikan.resume', true],
  ] as const)('is %s by a person who says why', async (_name, act, name, sending) => {
    await fixture.perform(act, { reason: 'uji coba' }, { actor: admin });
    const by = admin.operatorId;
    expect(calls).toEqual([
      { rpc: changeDelivery, input: { institutionId: fixture.kecamatan, sending, reason: 'uji coba', by } },
    ]);
    const after = { state: 'SENDING', waiting: 12 };
    expect(await fixture.event(fixture.kecamatan)).toMatchObject({ act: name, after });
  });

  test.each([[null], [record]])('is tried again, of all dead records or of one: %s', async (id) => {
    expect(await fixture.perform(acts.retry, { id }, { actor: admin })).toEqual({ records: 3 });
    expect(calls).toEqual([{ rpc: retryBalikan, input: { institutionId: fixture.kecamatan, id } }]);
    const after = { record: id, records: 3 };
    expect(await fixture.event(fixture.kecamatan)).toMatchObject({ act: 'data-balikan.retry', after });
  });

  test('of others is not theirs to change', async () => {
    const at = { actor: admin, at: fixture.neighbour };
    expect(await codeOf(fixture.perform(acts.pause, { reason: 'uji' }, at))).toBe('RESOURCE_NOT_FOUND');
    expect(calls).toEqual([]);
  });
});

describe('the kill switch', () => {
  const turn = (sending: boolean) =>
    switchDataBalikan({ administration: new Administration(fixture.source), bus }, sending, 'salah tujuan');
  const eventOf = async (institutionId: string) =>
    (
      await fixture.sql<{ act: string; after: unknown; reason: string; actor_kind: string }>(
        'SELECT act, after, reason, actor_kind FROM access.admin_event WHERE subject_id = $1 ORDER BY id DESC LIMIT 1',
        [institutionId],
      )
    )[0];
  const events = () => Promise.all([fixture.kecamatan, fixture.neighbour, fixture.disdukcapil].map(eventOf));

  test.each([
    [false, 'data-balikan.stop-all'],
    [true, 'data-balikan.resume-all'],
  ])('set to %s is on record in every kecamatan', async (sending, act) => {
    await turn(sending);
    expect(calls).toEqual([{ rpc: changeAllDelivery, input: { sending, reason: 'salah tujuan', by: null } }]);
    const entry = { act, actor_kind: 'command-line', after: { sending }, reason: 'salah tujuan' };
    const [home, neighbour, disdukcapil] = await events();
    expect([home, neighbour]).toEqual([expect.objectContaining(entry), expect.objectContaining(entry)]);
    expect(disdukcapil?.act).not.toBe(act);
  });

  test('that nobody answered is on record as not known, and told', async () => {
    fault = new AppError('SERVICE_UNAVAILABLE');
    expect(await codeOf(turn(false))).toBe('SERVICE_UNAVAILABLE');
    expect((await events())[0]).toMatchObject({
      act: 'data-balikan.stop-all',
      after: { failed: 'SERVICE_UNAVAILABLE' },
    });
  });
});
