import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import {
  busInFlight,
  BusServer,
  Log,
  makeBusClient,
  ManagementServer,
  poolOf,
  RpcClient,
  setBusLog,
  type RunningService,
} from '#service';
import { AppModule } from './app.module.js';
import { loadConfig } from './config.js';
import { Sequencer } from './evidence/sequencer.js';
import { Coverage } from './figures/coverage.js';
import { Tally } from './figures/tally.js';
import { HitLedger } from './ledger/hit-ledger.js';
import { SequenceWatch } from './patterns/sequence-watch.js';
import { GateKeeper } from './upstream/gate-keeper.js';
import { UpstreamDirectory } from './upstream/upstream-directory.js';
import { Housekeeping } from './verification/housekeeping.js';

export const serviceName = 'nik-verification';

/** Starts one replica; any number may run side by side. */
export async function start(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const config = loadConfig(environment);
  const log = Log.create(serviceName, config.logLevel);
  setBusLog(log);
  const server = new BusServer(config.bus, serviceName);
  const client = makeBusClient(config.bus);
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(
    AppModule.with(config, log, new RpcClient(client)),
    {
      strategy: server,
      logger: log,
      abortOnError: false,
    },
  );
  await client.connect();
  await app.listen();

  const pool = poolOf(app.get<DataSource>(getDataSourceToken()));
  const housekeeping = app.get(Housekeeping);
  housekeeping.start();
  const sequencer = app.get(Sequencer);
  sequencer.start();
  const tally = app.get(Tally);
  tally.start();
  const coverage = app.get(Coverage);
  coverage.start();
  const sequences = app.get(SequenceWatch);
  sequences.start();
  const management = await ManagementServer.start({
    ...config.management,
    checks: {
      nats: () => server.connected,
      postgres: async () => (await pool.query('SELECT 1 FROM verification.quota_grant LIMIT 1')) !== undefined,
    },
    details: { upstream: () => app.get(GateKeeper).countStates() },
  });

  const shutDown = async () => {
    management.drain();
    await server.stopIntake();
    if (!(await busInFlight.drained(config.drainMs)))
      log.event('warn', 'shutdown left look-ups behind', { count: busInFlight.size });
    await housekeeping.stop();
    await app.get(HitLedger).idle();
    await sequences.stop();
    await coverage.stop();
    await tally.stop();
    await sequencer.stop();
    await app.get(UpstreamDirectory).close();
    await app.close();
    await client.close();
    await management.close();
  };
  let closing: Promise<void> | undefined;
  return { managementPort: management.port, close: () => (closing ??= shutDown()) };
}
