import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Controller, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { SMTPServer } from 'smtp-server';
import {
  closeDuty,
  configureReminders,
  describeReminders,
  getCoverage,
  getFigures,
  getRegister,
  getStanding,
  listDuties,
  listObligations,
  listOffices,
  listPeople,
  listReminders,
  listUndelivered,
  openDuty,
  resendReminder,
  type RpcInput,
} from '#contracts';
import { AppError, BusServer, makeBusClient, RpcClient, RpcHandler, type RunningService } from '#service';
import { accountOf, makeAccountSeed } from '../apps/launcher/src/account-key.js';
import { EmbeddedNats } from '../apps/launcher/src/embedded-nats.js';
import { LogFile } from '../apps/launcher/src/log-file.js';
import {
  makeFacts,
  makeAgreement,
  makePerson,
  makeRegister,
  makeVersion,
} from '../apps/reporting/src/obligations/facts-fixture.js';
import { emptyFigures } from '../apps/reporting/src/forms/report-content-fixture.js';
import { start } from '../apps/reporting/src/start.js';
import { TestDatabase } from './support/test-database.js';
import { waitFor } from './support/wait-for.js';

const office = '019ab3c4-5d6e-7f80-9123-00000000c001';
/** Owners that are there and do not answer. */
const silent = new Set<'access' | 'verification' | 'balikan'>();
const unless = <T>(owner: 'access' | 'verification' | 'balikan', answer: T): Promise<T> =>
  silent.has(owner) ? new Promise<never>(() => undefined) : Promise.resolve(answer);

const facts = makeFacts();
const agreement = makeAgreement({
  versions: [makeVersion({ validFrom: '2026-01-01', effectiveFrom: '2026-01-01', validUntil: '2027-12-31' })],
});

@Controller()
class Access {
  @RpcHandler(listOffices)
  async offices() {
    const one = { id: office, name: 'Kecamatan Contoh', regionCode: '33.99.01', closed: false };
    return unless('access', { offices: [{ ...one, validFrom: '2026-01-01', validUntil: '2027-12-31' }], next: null });
  }
  @RpcHandler(getRegister)
  async register({ institutionId }: RpcInput<typeof getRegister>) {
    if (institutionId !== office) throw new AppError('RESOURCE_NOT_FOUND');
    const register = makeRegister({ agreements: [agreement] });
    return unless('access', { ...register, institution: { ...register.institution, id: office } });
  }
  @RpcHandler(listPeople)
  async people({ after }: RpcInput<typeof listPeople>) {
    const [first, second] = [makePerson(), makePerson({ nda: null, activeFrom: '2026-05-30' })];
    return unless('access', after === null ? { people: [first], next: first.id } : { people: [second], next: null });
  }
}

@Controller()
class Verification {
  @RpcHandler(getFigures)
  async figures({ from, until }: RpcInput<typeof getFigures>) {
    const checkpoint = { origin: 'uji', size: 0, root: 'A'.repeat(43) + '=', note: '' };
    const { lookUps, incidents } = emptyFigures({ kind: 'OTHER', from, until });
    return unless('verification', { at: '2026-06-01T00:00:00.000Z', checkpoints: [checkpoint], lookUps, incidents });
  }
  @RpcHandler(getStanding)
  async standing() {
    return unless('verification', facts.standing);
  }
}

@Controller()
class Balikan {
  @RpcHandler(getCoverage)
  async coverage() {
    return unless('balikan', facts.coverage);
  }
  @RpcHandler(listUndelivered)
  async undelivered() {
    return unless('balikan', { records: [], next: null, overdueAfterDays: 14 });
  }
}

const closers: (() => Promise<unknown>)[] = [];
const letters: string[] = [];
let database: TestDatabase;
let client: RpcClient;

beforeAll(async () => {
  database = await TestDatabase.create();
  closers.push(() => database.drop());
  await database.setReportingClock({ at: '2026-06-01T00:00:30Z' });
  const folder = await mkdtemp(join(tmpdir(), 'gerbang-cockpit-'));
  closers.push(() => rm(folder, { recursive: true }));
  const passwords = {
    GATEWAY_NATS_PASSWORD: 'gateway-of-this-test',
    NIK_VERIFICATION_NATS_PASSWORD: 'verification-of-this-test',
    DATA_BALIKAN_NATS_PASSWORD: 'balikan-of-this-test',
    REPORTING_NATS_PASSWORD: 'reporting-of-this-test',
    GATEWAY_SYSTEM_NATS_PASSWORD: 'system-of-this-test',
    BUS_ISSUER: accountOf(makeAccountSeed()),
  };
  const nats = await EmbeddedNats.start({ folder, passwords, openLog: () => new LogFile(join(folder, 'nats.log')) });
  closers.push(() => nats.stop());
  await owner(nats.url, 'gateway', passwords.GATEWAY_NATS_PASSWORD, Access);
  await owner(nats.url, 'nik-verification', passwords.NIK_VERIFICATION_NATS_PASSWORD, Verification);
  await owner(nats.url, 'data-balikan', passwords.DATA_BALIKAN_NATS_PASSWORD, Balikan);
  const mailPort = await mailServer();
  const { host, port, passwords: roles } = database.server;
  const running: RunningService = await start({
    REPORTING_NATS_URL: nats.url,
    REPORTING_NATS_USER: 'reporting',
    REPORTING_NATS_PASSWORD: passwords.REPORTING_NATS_PASSWORD,
    REPORTING_DATABASE_HOST: host,
    REPORTING_DATABASE_PORT: String(port),
    REPORTING_DATABASE_NAME: database.name,
    REPORTING_DATABASE_USER: 'reporting',
    REPORTING_DATABASE_PASSWORD: roles.reporting,
    REPORTING_KEY_DIR: join(folder, 'keys'),
    REPORTING_LOG_LEVEL: 'error',
    REPORTING_STEWARD_EVERY_MS: '50',
    REPORTING_REMINDER_POLL_MS: '20',
    REPORTING_SMTP_HOST: '127.0.0.1',
    REPORTING_SMTP_PORT: String(mailPort),
    REPORTING_SMTP_TLS: 'none',
    REPORTING_SMTP_FROM: 'gerbang@kabupaten.example',
  });
  closers.push(() => running.close());
  const bus = makeBusClient({ servers: [nats.url], user: 'gateway', password: passwords.GATEWAY_NATS_PASSWORD });
  await bus.connect();
  closers.push(() => bus.close());
  client = new RpcClient(bus);
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});
beforeEach(() => silent.clear());

/** Stands in for a service, with that service's credentials. */
async function owner(url: string, user: string, password: string, controller: Type): Promise<void> {
  @Module({ controllers: [controller] })
  class OwnerModule {}
  const strategy = new BusServer({ servers: [url], user, password }, user);
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(OwnerModule, { strategy, logger: false });
  await app.listen();
  closers.push(() => app.close());
}

async function mailServer(): Promise<number> {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          letters.push(Buffer.concat(chunks).toString('utf8'));
          done();
        });
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return (server.server.address() as AddressInfo).port;
}

const actor = { institutionId: office, operatorId: null, name: null, role: 'camat' as const };
const cockpit = (deadlineMs = 10_000, institutionId = office) =>
  client.call(listObligations, { actor: { ...actor, institutionId } }, { deadlineMs });
const patience = { deadlineMs: 10_000 };

test('the cockpit: every obligation with its state, due date, facts, proof and next step', async () => {
  const { institution, at, worst, obligations, unknown } = await cockpit();
  expect(institution).toEqual({ id: office, name: 'Kecamatan Contoh', regionCode: '33.99.01' });
  expect([at, worst, unknown]).toEqual(['2026-06-01T00:00:30.000Z', 'OVERDUE', []]);
  expect(obligations.slice(0, 2)).toEqual([
    expect.objectContaining({ rule: 'operator-nda', state: 'OVERDUE', dueOn: '2026-05-30' }),
    {
      rule: 'semester-report',
      clause: 'O-20',
      title: 'Laporan semester',
      state: 'DUE_SOON',
      dueOn: '2026-06-30',
      dueAt: null,
      facts: [
        { label: 'Periode', value: 'Semester I 2026' },
        { label: 'Batas penyerahan', value: '30 Juni 2026' },
        { label: 'Keadaan', value: 'Belum disusun' },
      ],
      evidence: [{ label: 'Laporan', href: '/v1/reports' }],
      nextStep: expect.stringMatching(/^Admin menyusun laporan/),
    },
  ]);
});

test.each([
  ['balikan', ['balikan-coverage', 'balikan-delivery']],
  ['verification', ['quota-forecast', 'user-id']],
] as const)('%s is silent: only its own rules are unknown, and the answer is in time', async (name, rules) => {
  silent.add(name);
  const began = performance.now();
  const { unknown, obligations, worst } = await cockpit(1_800);
  expect(performance.now() - began).toBeLessThan(1_800);
  expect(unknown.map(({ rule }) => rule).sort()).toEqual(rules);
  expect(unknown.every(({ reason }) => reason.includes('SERVICE_TIMEOUT'))).toBe(true);
  expect(obligations.some(({ rule }) => (rules as readonly string[]).includes(rule))).toBe(false);
  expect(worst).toBe('OVERDUE');
});

test('access is silent: the office is known by its name of before, and nothing is said to be in order', async () => {
  silent.add('access');
  const { institution, unknown, worst } = await cockpit(1_800);
  expect(institution.name).toBe('Kecamatan Contoh');
  expect(unknown).toHaveLength(11);
  expect(worst).toBeNull();
  await expect(cockpit(1_500, '019ab3c4-5d6e-7f80-9123-00000000c0ff')).rejects.toMatchObject({
    code: 'RESOURCE_NOT_FOUND',
  });
});

test('a duty runs its clock in the cockpit until it is closed', async () => {
  const duty = { kind: 'PERSON_TRAIL' as const, number: '470/7', receivedAt: '2026-05-29T08:00:00+07:00' };
  const opened = await client.call(openDuty, { actor, duty }, patience);
  expect(opened.dueAt).toBe('2026-06-01T01:00:00.000Z');
  await expect(client.call(openDuty, { actor, duty }, patience)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  const ofTrail = async () => (await cockpit()).obligations.find(({ rule }) => rule === 'person-trail');
  expect(await ofTrail()).toMatchObject({ state: 'DUE_SOON', dueAt: opened.dueAt });
  const done = { at: '2026-06-01T00:00:00Z', letterNumber: '470/8' };
  await client.call(closeDuty, { actor, id: opened.id, done }, patience);
  expect(await ofTrail()).toMatchObject({ state: 'IN_ORDER' });
  const { duties } = await client.call(listDuties, { actor }, patience);
  expect(duties).toMatchObject([{ number: '470/7', done: { late: false } }]);
});

test('whoever is configured gets a letter for each obligation that is due, once; what was sent is not sent again', async () => {
  expect(await client.call(describeReminders, { actor }, patience)).toEqual({
    emails: [],
    webhook: null,
    mailServer: true,
  });
  const settings = { emails: ['camat@contoh.example'], webhook: null };
  expect(await client.call(configureReminders, { actor, settings }, patience)).toMatchObject({
    emails: settings.emails,
  });
  const { reminders } = await waitFor(
    () => client.call(listReminders, { actor, limit: 10 }, patience),
    (page) => page.reminders.length >= 2 && page.reminders.every(({ state }) => state === 'SENT'),
    20_000,
  );
  expect(reminders.map(({ rule, obligationState }) => `${rule} ${obligationState}`).sort()).toEqual([
    'operator-nda OVERDUE',
    'semester-report DUE_SOON',
  ]);
  expect(letters).toHaveLength(2);
  // no name of a person, no User ID lokal
  for (const letter of letters) expect(letter).not.toMatch(/CONTOH|operator\.contoh/);
  const [first] = reminders;
  await expect(client.call(resendReminder, { actor, id: first?.id ?? '' }, patience)).rejects.toMatchObject({
    code: 'STATE_CONFLICT',
  });
  const other = { ...actor, institutionId: '019ab3c4-5d6e-7f80-9123-00000000c0ff' };
  await expect(client.call(resendReminder, { actor: other, id: first?.id ?? '' }, patience)).rejects.toMatchObject({
    code: 'RESOURCE_NOT_FOUND',
  });
  expect((await client.call(listReminders, { actor: other, limit: 10 }, patience)).reminders).toEqual([]);
});
