import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { Rpc, RpcInput, RpcOutput } from '#contracts';
import { BusServer, makeBusClient, RpcClient, RpcHandler } from '#service';
import { accountOf, makeAccountSeed } from '../../apps/launcher/src/account-key.js';
import { EmbeddedNats } from '../../apps/launcher/src/embedded-nats.js';
import { LogFile } from '../../apps/launcher/src/log-file.js';
import type { TestDatabase } from './test-database.js';
import { start } from '../../apps/reporting/src/start.js';

const passwords = {
  GATEWAY_NATS_PASSWORD: 'gateway-of-this-test',
  NIK_VERIFICATION_NATS_PASSWORD: 'verification-of-this-test',
  DATA_BALIKAN_NATS_PASSWORD: 'balikan-of-this-test',
  REPORTING_NATS_PASSWORD: 'reporting-of-this-test',
  GATEWAY_SYSTEM_NATS_PASSWORD: 'system-of-this-test',
  BUS_ISSUER: accountOf(makeAccountSeed()),
};
const userOf = {
  access: { user: 'gateway', password: passwords.GATEWAY_NATS_PASSWORD },
  verification: { user: 'nik-verification', password: passwords.NIK_VERIFICATION_NATS_PASSWORD },
  balikan: { user: 'data-balikan', password: passwords.DATA_BALIKAN_NATS_PASSWORD },
} as const;
type Owner = keyof typeof userOf;

type Answer = (subject: string, input: unknown) => Promise<unknown>;

/** The service as it runs: over a real broker with its permissions, beside stand-ins for those whom it asks. */
export class ReportingOnBus {
  private constructor(
    private readonly bus: RpcClient,
    private readonly closers: (() => Promise<unknown>)[],
  ) {}

  /** @param owners messages of each owner; `answer` answers them all */
  static async start(database: TestDatabase, owners: Record<Owner, Rpc[]>, answer: Answer): Promise<ReportingOnBus> {
    const folder = await mkdtemp(join(tmpdir(), 'gerbang-reporting-'));
    const openLog = () => new LogFile(join(folder, 'nats.log'));
    const nats = await EmbeddedNats.start({ folder: join(folder, 'nats'), passwords, openLog });
    const closers = [() => rm(folder, { recursive: true, force: true }), () => nats.stop()];
    for (const [owner, rpcs] of Object.entries(owners) as [Owner, Rpc[]][]) {
      const strategy = new BusServer({ servers: [nats.url], ...userOf[owner] }, userOf[owner].user);
      const app = await NestFactory.createMicroservice<MicroserviceOptions>(standIn(rpcs, answer), {
        strategy,
        logger: false,
      });
      await app.listen();
      closers.unshift(() => app.close());
    }
    const { server } = database;
    const service = await start({
      REPORTING_NATS_URL: nats.url,
      REPORTING_NATS_USER: 'reporting',
      REPORTING_NATS_PASSWORD: passwords.REPORTING_NATS_PASSWORD,
      REPORTING_DATABASE_HOST: server.host,
      REPORTING_DATABASE_PORT: String(server.port),
      REPORTING_DATABASE_NAME: database.name,
      REPORTING_DATABASE_USER: 'reporting',
      REPORTING_DATABASE_PASSWORD: server.passwords.reporting,
      REPORTING_KEY_DIR: join(folder, 'keys'),
      REPORTING_LOG_LEVEL: 'error',
      REPORTING_STEWARD_EVERY_MS: '3600000',
    });
    const client = makeBusClient({ servers: [nats.url], ...userOf.access });
    await client.connect();
    closers.unshift(
      () => client.close(),
      () => service.close(),
    );
    return new ReportingOnBus(new RpcClient(client), closers);
  }

  /** As the gateway asks. */
  ask<R extends Rpc>(rpc: R, input: RpcInput<R>, deadlineMs = 20_000): Promise<RpcOutput<R>> {
    return this.bus.call(rpc, input, { deadlineMs });
  }

  async stop(): Promise<void> {
    for (const close of this.closers) await close();
  }
}

function standIn(rpcs: readonly Rpc[], answer: Answer): Type {
  class StandIn {}
  rpcs.forEach((rpc, n) => {
    const name = `answer${n}`;
    const descriptor = { configurable: true, writable: true, value: (input: unknown) => answer(rpc.subject, input) };
    RpcHandler(rpc)(StandIn.prototype, name, descriptor);
    Object.defineProperty(StandIn.prototype, name, descriptor);
  });
  Controller()(StandIn);
  class StandInModule {}
  Module({ controllers: [StandIn] })(StandInModule);
  return StandInModule;
}
