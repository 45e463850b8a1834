import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import pg from 'pg';
import type { LogLevel } from '#contracts';
import { BusServer, makeBusClient } from './bus/nats.js';
import { RpcClient } from './bus/rpc-client.js';
import { busInFlight, setBusLog } from './bus/rpc-handler.js';
import type { Feature, ServiceContext, Worker } from './feature.js';
import { Log } from './log.js';
import type { RunningService } from './main.js';
import { ManagementServer } from './management.js';

/** What every service on the bus reads from its environment. */
export interface BusServiceConfig {
  logLevel: LogLevel;
  /** How long a shutdown waits for what is in flight, milliseconds. */
  drainMs: number;
  management: { host: string; port: number };
  bus: ConstructorParameters<typeof BusServer>[0];
}

export interface BusServiceParts<Config> {
  name: string;
  config: Config;
  featuresOf: (context: ServiceContext<Config>) => Feature[];
  module: (context: ServiceContext<Config>, features: Feature[]) => DynamicModule | Type;
  /** A statement that succeeds while the service's own tables can be read. */
  readinessQuery: string;
}

/** Starts one replica of a service that is made of features and asked over the bus; any number may run side by side. */
export async function startBusService<Config extends BusServiceConfig>(
  parts: BusServiceParts<Config>,
): Promise<RunningService> {
  const { config, name } = parts;
  const log = Log.create(name, config.logLevel);
  setBusLog(log);
  const server = new BusServer(config.bus, name);
  const client = makeBusClient(config.bus);
  const context = { config, log, bus: new RpcClient(client) };
  const features = parts.featuresOf(context);
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(parts.module(context, features), {
    strategy: server,
    logger: log,
    abortOnError: false,
  });
  await client.connect();
  await app.listen();

  const pool = app.get(pg.Pool);
  const workers = features.flatMap((feature) => feature.workers).map((token) => app.get<Worker>(token));
  for (const worker of workers) worker.start();
  const management = await ManagementServer.start({
    ...config.management,
    checks: {
      nats: () => server.connected,
      postgres: async () => (await pool.query(parts.readinessQuery)) !== undefined,
    },
    details: {},
  });

  const shutDown = async () => {
    management.drain();
    await server.stopIntake();
    await Promise.all(workers.map((worker) => worker.stop()));
    if (!(await busInFlight.drained(config.drainMs)))
      log.event('warn', 'shutdown left requests behind', { count: busInFlight.size });
    await app.close();
    await client.close();
    await management.close();
  };
  let closing: Promise<void> | undefined;
  return { managementPort: management.port, close: () => (closing ??= shutDown()) };
}
