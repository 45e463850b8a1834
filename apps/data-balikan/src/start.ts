import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import pg from 'pg';
import {
  busInFlight,
  BusServer,
  Log,
  makeBusClient,
  ManagementServer,
  RpcClient,
  setBusLog,
  type RunningService,
} from '#service';
import { AppModule, featuresOf } from './app.module.js';
import { loadConfig } from './config.js';
import type { Worker } from './feature.js';

export const serviceName = 'data-balikan';

/** Starts one replica; any number may run side by side. */
export async function start(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const config = loadConfig(environment);
  const log = Log.create(serviceName, config.logLevel);
  setBusLog(log);
  const server = new BusServer(config.bus, serviceName);
  const client = makeBusClient(config.bus);
  const context = { config, log, bus: new RpcClient(client) };
  const features = featuresOf(context);
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule.with(context, features), {
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
      postgres: async () => (await pool.query('SELECT 1 FROM balikan.switch')) !== undefined,
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
