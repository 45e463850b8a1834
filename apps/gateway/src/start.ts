import type { NatsConnection } from '@nats-io/transport-node';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
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
import { Steward } from './administration/steward.js';
import { AppModule } from './app.module.js';
import { loadConfig, type Config } from './config.js';
import { EvidenceRelay } from './evidence-report/evidence-relay.js';
import { makeAdapter } from './http/adapter.js';
import { limitBodyTime } from './http/body-time.js';
import { refuseOversizedBodies } from './http/oversized-bodies.js';
import { addRequestScope } from './http/request-scope.js';
import { addSecurityHeaders } from './http/security-headers.js';
import { acceptUploads } from './http/uploads.js';
import { makeOpenApi } from './openapi/openapi.js';
import type { AgentBus } from './readers/agent-bus.js';
import { ReadEvidence } from './readers/read-evidence.js';
import { agentBusToken } from './readers/reader-providers.js';
import { SealingKey } from '#service/keys/sealing-key';
import { LoginThrottle } from './sessions/login-throttle.js';
import { Sessions } from './sessions/sessions.js';
import { SigningKeys } from './tokens/signing-keys.js';

export const serviceName = 'gateway';
export const apiVersion = '1.0.0';

const upkeepMs = 3_600_000;

/** Starts one gateway; any number may run side by side. */
export async function start(environment: NodeJS.ProcessEnv): Promise<RunningService & { url: string }> {
  const config = loadConfig(environment);
  const log = Log.create(serviceName, config.logLevel);
  setBusLog(log);
  // what zod says of a wrong field is read at the counter
  z.config(z.locales.id());
  const client = makeBusClient(config.bus);
  const document = makeOpenApi(apiVersion);
  const app = await makeApp(config, log, new RpcClient(client), document);
  const server = new BusServer(config.bus, serviceName);
  // without the guard, pipe and filter of HTTP: who may ask over the bus is the broker's decision (deploy/nats.conf)
  app.connectMicroservice<MicroserviceOptions>({ strategy: server }, { inheritAppConfig: false });
  await client.connect();
  const keys = app.get(SigningKeys);
  await keys.publicKeys();
  await app.get(SealingKey).get();
  const agents = app.get<AgentBus | null>(agentBusToken);
  await agents?.open(client.unwrap<NatsConnection>());
  if (!agents) log.event('info', 'no bus for readers is configured');
  await app.listen(config.port, config.host);
  await app.startAllMicroservices();

  const upkeep = setInterval(
    () => void removeOld(app).catch((error: unknown) => log.failure('not tidied', error, {}, 'warn')),
    upkeepMs,
  );
  const steward = app.get(Steward);
  steward.start();
  const relays = [app.get(EvidenceRelay), app.get(ReadEvidence)];
  for (const relay of relays) relay.start();
  const pool = poolOf(app.get<DataSource>(getDataSourceToken()));
  const management = await ManagementServer.start({
    ...config.management,
    checks: {
      nats: () => connected(client) && server.connected,
      postgres: async () => (await pool.query('SELECT 1 FROM access.institution LIMIT 1')) !== undefined,
      keys: async () => (await keys.current()) !== undefined,
    },
  });

  const shutDown = async () => {
    management.drain();
    clearInterval(upkeep);
    await server.stopIntake();
    await Promise.all([steward.stop(), ...relays.map((relay) => relay.stop())]);
    await agents?.close();
    if (!(await busInFlight.drained(config.drainMs)))
      log.event('warn', 'shutdown left requests behind', { count: busInFlight.size });
    // Fastify takes no more requests and waits for those in flight; the database closes after them
    await within(config.drainMs, app.close(), () => app.getHttpServer().closeAllConnections());
    await client.close();
    await management.close();
  };
  let closing: Promise<void> | undefined;
  return { url: await app.getUrl(), managementPort: management.port, close: () => (closing ??= shutDown()) };
}

async function makeApp(
  config: Config,
  log: Log,
  bus: RpcClient,
  document: Record<string, unknown>,
): Promise<NestFastifyApplication> {
  const module = AppModule.with(config, log, bus, document);
  const app = await NestFactory.create<NestFastifyApplication>(module, makeAdapter(config, log), {
    logger: log,
    abortOnError: false,
  });
  const server = app.getHttpAdapter().getInstance();
  addSecurityHeaders(server);
  addRequestScope(server, log);
  limitBodyTime(server);
  await acceptUploads(server);
  refuseOversizedBodies(server, config.bodyLimit);
  if (config.corsOrigins.length > 0) {
    app.enableCors({
      origin: config.corsOrigins,
      // other origins bring tokens, never the cookie of a person
      credentials: false,
      methods: ['GET', 'POST', 'DELETE'],
      allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Correlation-Id', 'traceparent'],
      exposedHeaders: ['RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Correlation-Id'],
      maxAge: 600,
    });
  }
  SwaggerModule.setup('docs', app, document as unknown as OpenAPIObject, {
    raw: false,
    customSiteTitle: 'Gerbang PATEN',
  });
  return app;
}

function connected(client: { unwrap(): unknown }): boolean {
  try {
    return (client.unwrap() as { protocol?: { connected?: boolean } }).protocol?.connected !== false;
  } catch {
    return false;
  }
}

/** What has run out and would only be of use to a thief. */
async function removeOld(app: NestFastifyApplication): Promise<void> {
  const keepers: { removeOld(): Promise<void> }[] = [app.get(SigningKeys), app.get(Sessions), app.get(LoginThrottle)];
  await Promise.all(keepers.map((keeper) => keeper.removeOld()));
}

async function within(deadlineMs: number, work: Promise<unknown>, giveUp: () => void): Promise<void> {
  const timer = setTimeout(giveUp, deadlineMs);
  await work.finally(() => clearTimeout(timer));
}
