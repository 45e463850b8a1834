import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { defineRpc, type RpcInput } from '#contracts';
import {
  AppError,
  BusServer,
  currentContext,
  makeBusClient,
  makeContext,
  RpcClient,
  RpcHandler,
  runInContext,
  type Call,
} from '#service';
import { accountOf, makeAccountSeed } from '../apps/launcher/src/account-key.js';
import { EmbeddedNats } from '../apps/launcher/src/embedded-nats.js';
import { LogFile } from '../apps/launcher/src/log-file.js';

// subjects that the real permissions let the gateway call and nik-verification answer
const echo = defineRpc({
  subject: 'verification.verify.v1',
  input: z.strictObject({ what: z.enum(['echo', 'refuse', 'break', 'lie', 'sleep']) }),
  output: z.strictObject({ correlationId: z.string(), traceparent: z.string(), patienceMs: z.number() }),
  errors: ['QUOTA_EXHAUSTED'],
});
const nobody = defineRpc({
  subject: 'verification.rearm-upstream.v1',
  input: z.strictObject({}),
  output: z.strictObject({}),
  errors: [],
});

@Controller()
class EchoController {
  @RpcHandler(echo)
  async answer({ what }: RpcInput<typeof echo>, { deadlineAt }: Call) {
    if (what === 'refuse') throw new AppError('QUOTA_EXHAUSTED', { retryAfter: 7 });
    if (what === 'break') throw new Error('NIK 3313044107909901 of SITI CONTOH');
    if (what === 'lie') return { correlationId: 1 } as never;
    if (what === 'sleep') return new Promise<never>(() => undefined);
    const { correlationId = '', traceparent = '' } = currentContext() ?? {};
    return { correlationId, traceparent, patienceMs: deadlineAt - performance.now() };
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

let folder: string;
let nats: EmbeddedNats;
let client: RpcClient;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gerbang-bus-'));
  const passwords = {
    GATEWAY_NATS_PASSWORD: 'gateway-of-this-test',
    NIK_VERIFICATION_NATS_PASSWORD: 'verification-of-this-test',
    DATA_BALIKAN_NATS_PASSWORD: 'balikan-of-this-test',
    REPORTING_NATS_PASSWORD: 'reporting-of-this-test',
    GATEWAY_SYSTEM_NATS_PASSWORD: 'system-of-this-test',
    BUS_ISSUER: accountOf(makeAccountSeed()),
  };
  nats = await EmbeddedNats.start({ folder, passwords, openLog: () => new LogFile(join(folder, 'nats.log')) });
  const server = new BusServer(
    { servers: [nats.url], user: 'nik-verification', password: passwords.NIK_VERIFICATION_NATS_PASSWORD },
    'echo',
  );
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(EchoModule, {
    strategy: server,
    logger: false,
  });
  await app.listen();
  const bus = makeBusClient({ servers: [nats.url], user: 'gateway', password: passwords.GATEWAY_NATS_PASSWORD });
  await bus.connect();
  client = new RpcClient(bus);
  closers.push(
    () => app.close(),
    () => bus.close(),
  );
});
afterAll(async () => {
  for (const close of closers) await close();
  await nats.stop();
  await rm(folder, { recursive: true });
});

const call = (what: RpcInput<typeof echo>['what'], deadlineMs = 10_000) => client.call(echo, { what }, { deadlineMs });

test('correlation id, trace and what is left of the deadline come along', async () => {
  const context = makeContext('kasus-17', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
  const seen = await runInContext(context, () => call('echo', 4_000));
  expect(seen.correlationId).toBe('kasus-17');
  expect(seen.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
  expect(seen.traceparent).not.toBe(context.traceparent);
  expect(seen.patienceMs).toBeGreaterThan(0);
  expect(seen.patienceMs).toBeLessThanOrEqual(4_000);
});

test('a code of the contract arrives with what it carries', async () => {
  await expect(call('refuse')).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED', extras: { retryAfter: 7 } });
});

test('an unexpected error is INTERNAL_ERROR, and its text stays where it was', async () => {
  const error = await call('break').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'INTERNAL_ERROR', extras: {} });
  expect(JSON.stringify(error)).not.toMatch(/SITI|3313/);
});

test('an answer outside the contract is refused at its source', async () => {
  await expect(call('lie')).rejects.toMatchObject({ code: 'INTERNAL_ERROR' });
});

test('input outside the contract is refused by the handler', async () => {
  await expect(client.call(echo, { what: 'sing' } as never, { deadlineMs: 10_000 })).rejects.toMatchObject({
    code: 'REQUEST_INVALID',
  });
});

test('a silent service is SERVICE_TIMEOUT, a missing one SERVICE_UNAVAILABLE at once', async () => {
  await expect(call('sleep', 300)).rejects.toMatchObject({ code: 'SERVICE_TIMEOUT' });
  await expect(client.call(nobody, {}, { deadlineMs: 60_000 })).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});
