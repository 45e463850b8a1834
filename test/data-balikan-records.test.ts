import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import {
  BalikanDestination,
  configureDestination,
  configureInstitution,
  describeDestination,
  destroyAgreementKeys,
  destroyBalikanKeys,
  getBalikan,
  getCoverage,
  listBalikan,
  submitBalikan,
  type BalikanActor,
} from '#contracts';
import { KeyFolder, makeBusClient, RpcClient, type RunningService } from '#service';
import { start as startBalikan } from '../apps/data-balikan/src/start.js';
import { accountOf, makeAccountSeed } from '../apps/launcher/src/account-key.js';
import { EmbeddedNats } from '../apps/launcher/src/embedded-nats.js';
import { LogFile } from '../apps/launcher/src/log-file.js';
import { Pseudonymiser } from '../apps/nik-verification/src/evidence/pseudonym.js';
import { makeLedger, makeReservation, settled, soon } from '../apps/nik-verification/src/ledger/ledger-fixture.js';
import { start as startVerification } from '../apps/nik-verification/src/start.js';
import { TestDatabase } from './support/test-database.js';

let folder: string;
let database: TestDatabase;
let verificationPool: pg.Pool;
let nats: EmbeddedNats;
let verification: RunningService;
let bus: RpcClient;
const closers: (() => Promise<unknown>)[] = [];

const passwords = {
  GATEWAY_NATS_PASSWORD: 'gateway-of-this-test',
  NIK_VERIFICATION_NATS_PASSWORD: 'verification-of-this-test',
  DATA_BALIKAN_NATS_PASSWORD: 'balikan-of-this-test',
  REPORTING_NATS_PASSWORD: 'reporting-of-this-test',
  GATEWAY_SYSTEM_NATS_PASSWORD: 'system-of-this-test',
  BUS_ISSUER: accountOf(makeAccountSeed()),
};

const verificationKeys = () => join(folder, 'verification');

async function environmentOf(
  prefix: 'NIK_VERIFICATION' | 'DATA_BALIKAN',
  role: 'nik_verification' | 'data_balikan',
  keys: string,
) {
  await mkdir(keys, { recursive: true });
  return {
    [`${prefix}_NATS_URL`]: nats.url,
    [`${prefix}_NATS_USER`]: role.replace('_', '-'),
    [`${prefix}_NATS_PASSWORD`]: passwords[`${prefix}_NATS_PASSWORD`],
    [`${prefix}_DATABASE_HOST`]: database.server.host,
    [`${prefix}_DATABASE_PORT`]: String(database.server.port),
    [`${prefix}_DATABASE_NAME`]: database.name,
    [`${prefix}_DATABASE_USER`]: role,
    [`${prefix}_DATABASE_PASSWORD`]: database.server.passwords[role],
    [`${prefix}_DATABASE_POOL`]: '4',
    [`${prefix}_KEY_DIR`]: keys,
    [`${prefix}_LOG_LEVEL`]: 'error',
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gerbang-balikan-'));
  database = await TestDatabase.create();
  verificationPool = database.pool('nik_verification');
  nats = await EmbeddedNats.start({
    folder: join(folder, 'nats'),
    passwords,
    openLog: () => new LogFile(join(folder, 'nats.log')),
  });
  verification = await startVerification(
    await environmentOf('NIK_VERIFICATION', 'nik_verification', verificationKeys()),
  );
  const balikan = await startBalikan(await environmentOf('DATA_BALIKAN', 'data_balikan', join(folder, 'balikan')));
  const client = makeBusClient({ servers: [nats.url], user: 'gateway', password: passwords.GATEWAY_NATS_PASSWORD });
  await client.connect();
  bus = new RpcClient(client);
  closers.push(
    () => balikan.close(),
    () => client.close(),
  );
});
afterAll(async () => {
  for (const close of closers) await close();
  await verification.close();
  await nats.stop();
  await database.drop();
  await rm(folder, { recursive: true });
});

const nik = '3399014107909901';
const deadline = { deadlineMs: 20_000 };

async function office(): Promise<BalikanActor> {
  const actor = {
    institutionId: randomUUID(),
    agreementId: randomUUID(),
    agreementVersionId: randomUUID(),
    validFrom: '2020-01-01',
    clientId: 'uji',
    operatorId: randomUUID(),
    institutionName: 'Kecamatan Contoh',
  };
  const { institutionId, agreementId } = actor;
  const quota = [{ effectiveFrom: '2020-01-01', dailyLimit: 1_000 }];
  await bus.call(configureInstitution, { institutionId, agreementId, quota }, deadline);
  return actor;
}

/** A look-up as the ledger writes it. */
async function lookUp({ institutionId, agreementId }: BalikanActor, reference: string): Promise<string> {
  const pseudonyms = await new Pseudonymiser(new KeyFolder(verificationKeys())).of(agreementId);
  const asked = makeReservation(institutionId, {
    nikHmac: pseudonyms.nik(nik),
    reference,
    referenceHmac: pseudonyms.reference(reference),
  });
  const ledger = makeLedger(verificationPool);
  await ledger.reserve(asked, soon());
  await ledger.settle(settled(asked.id), soon());
  return asked.id;
}

const submit = (actor: BalikanActor, nomorRegister: string) =>
  bus.call(
    submitBalikan,
    {
      actor,
      submission: { nik, nomorRegister, namaUsaha: 'Warung Contoh', jenisUsaha: 'Warung makan', tanggal: '2024-01-31' },
      source: 'FORM',
    },
    deadline,
  );
const month = () => new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 7);
const cover = ({ institutionId }: BalikanActor) =>
  bus.call(getCoverage, { institutionId, from: month(), to: month() }, deadline);

test('from the look-up over the record to the coverage, each service with its own keys and its own permissions on the bus', async () => {
  const [here, there] = [await office(), await office()];
  const { institutionId, agreementId } = here;
  await expect(submit(here, '500/1')).rejects.toMatchObject({ code: 'PERSON_NOT_ACCESSED' });
  const sku = await lookUp(here, '500/1');
  const later = await lookUp(here, '500/2');
  expect((await cover(here)).total).toMatchObject({ lookUps: 2, owed: 2 });

  const { record, alreadyThere } = await submit(here, '500/1');
  expect(alreadyThere).toBe(false);
  expect(record.verificationId).toBe(sku);
  expect(await submit(here, '500/1')).toMatchObject({ alreadyThere: true, record: { id: record.id } });
  expect(await bus.call(getBalikan, { institutionId, id: record.id }, deadline)).toMatchObject({ id: record.id });
  const query = { limit: 10 };
  expect((await bus.call(listBalikan, { institutionId, query }, deadline)).records).toHaveLength(1);
  const coverage = await cover(here);
  expect(coverage.total).toMatchObject({ lookUps: 2, accepted: 1, owed: 1 });
  expect(coverage.open.map(({ verificationId }) => verificationId)).toEqual([later]);

  // the office beside it never looked this person up, and sees nothing of it
  await expect(submit(there, '500/1')).rejects.toMatchObject({ code: 'PERSON_NOT_ACCESSED' });
  const other = there.institutionId;
  await expect(bus.call(getBalikan, { institutionId: other, id: record.id }, deadline)).rejects.toMatchObject({
    code: 'RESOURCE_NOT_FOUND',
  });
  expect((await bus.call(listBalikan, { institutionId: other, query }, deadline)).records).toEqual([]);
  expect((await cover(there)).total.lookUps).toBe(0);

  // the agreement ends in both services
  const destination = BalikanDestination.parse({ idLembaga: '000000', namaLembaga: 'Kecamatan Contoh' });
  await bus.call(configureDestination, { institutionId, agreementId, destination }, deadline);
  await bus.call(destroyAgreementKeys, { institutionId, agreementId }, deadline);
  await expect(submit(here, '500/2')).rejects.toMatchObject({ code: 'AGREEMENT_CLOSED' });
  const destroyed = await bus.call(destroyBalikanKeys, { institutionId, agreementId }, deadline);
  expect(destroyed).toEqual({ destroyedKeyIds: expect.any(Array), undelivered: 1 });
  expect(destroyed.destroyedKeyIds).toHaveLength(2);
  expect(await bus.call(describeDestination, { institutionId }, deadline)).toMatchObject({ configured: false });
  await expect(submit(here, '500/2')).rejects.toMatchObject({ code: 'AGREEMENT_CLOSED' });
});

test('two look-ups of one person and two records whose numbers are of no case: nothing stays owed', async () => {
  const here = await office();
  const lookUps = [await lookUp(here, 'N/1'), await lookUp(here, 'N/2')];
  const records = [await submit(here, '145/2026'), await submit(here, '146/2026')];
  expect(records.map(({ record }) => record.verificationId)).toEqual(lookUps);
  expect((await cover(here)).total).toMatchObject({ lookUps: 2, accepted: 2, owed: 0 });
});

test('after a new agreement what is owed under the old one is still taken, until that is closed', async () => {
  const old = await office();
  const here = { ...(await office()), institutionId: old.institutionId, validFrom: '2024-06-01' };
  const { agreementId, agreementVersionId, validFrom, institutionId } = old;
  const quota = [{ effectiveFrom: '2020-01-01', dailyLimit: 1_000 }];
  await bus.call(configureInstitution, { institutionId, agreementId: here.agreementId, quota }, deadline);
  const sku = await lookUp(old, '500/1');
  await expect(submit(here, '500/1')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  await expect(submit({ ...here, validFrom }, '500/1')).rejects.toMatchObject({ code: 'PERSON_NOT_ACCESSED' });

  const actor = { ...here, otherAgreements: [{ agreementId, agreementVersionId, validFrom }] };
  expect((await submit(actor, '500/1')).record.verificationId).toBe(sku);
  await bus.call(destroyAgreementKeys, { institutionId, agreementId }, deadline);
  await bus.call(destroyBalikanKeys, { institutionId, agreementId }, deadline);
  await expect(submit({ ...actor, validFrom }, '500/2')).rejects.toMatchObject({ code: 'PERSON_NOT_ACCESSED' });
});

test('while nik-verification is away nothing is accepted, and it is said at once', async () => {
  const here = await office();
  await lookUp(here, '500/1');
  await verification.close();
  await expect(submit(here, '500/1')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  const query = { limit: 10 };
  const { records } = await bus.call(listBalikan, { institutionId: here.institutionId, query }, deadline);
  expect(records).toEqual([]);
});
