import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { Desk } from './call-nik/desk.js';
import { callNikRoutes } from './call-nik/routes.js';
import { Clock } from './clock.js';
import { readConfiguration } from './configuration.js';
import { ConsumerBook } from './consumers/consumer-book.js';
import { controlRoutes } from './control/routes.js';
import { BalikanStore } from './data-balikan/balikan-store.js';
import { BalikanFaultBook } from './data-balikan/fault.js';
import { dataBalikanRoutes } from './data-balikan/routes.js';
import { Connections } from './faults/connections.js';
import { FaultBook } from './faults/fault-book.js';
import { FaultPlayer } from './faults/fault-player.js';
import { openPopulation } from './people/population.js';
import { Register } from './people/register.js';

export interface RunningSandbox {
  /** `http://127.0.0.1:41234`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Ends open connections too; may be called more than once. */
  close(): Promise<void>;
}

/** Starts the sandbox from its environment; throws one error that lists all faults of the configuration. */
export async function start(
  env: Record<string, string | undefined>,
  { now = Date.now }: { now?: () => number } = {},
): Promise<RunningSandbox> {
  const { host, port: wanted, consumers: known, tls } = readConfiguration(env);
  const clock = new Clock(now);
  const population = openPopulation();
  const register = new Register(population);
  const consumers = new ConsumerBook(known);
  const faults = new FaultBook();
  const connections = new Connections();
  const player = new FaultPlayer(connections);
  const balikan = new BalikanStore();
  const balikanFaults = new BalikanFaultBook();
  const desk = new Desk(register, clock);

  const options = { forceCloseConnections: true, bodyLimit: 65_536, ...(tls && { https: tls }) };
  const app: FastifyInstance = Fastify(options as FastifyServerOptions);
  connections.watch(app.server);
  await app.register(
    (scope, _options, done) => {
      controlRoutes(scope, { population, register, consumers, faults, player, clock, balikan, balikanFaults });
      done();
    },
    { prefix: '/_control' },
  );
  callNikRoutes(app, { consumers, desk, faults, player });
  dataBalikanRoutes(app, { consumers, store: balikan, faults: balikanFaults, connections });
  await app.listen({ host, port: wanted });

  const { port } = app.server.address() as AddressInfo;
  return { url: `${tls ? 'https' : 'http'}://${host}:${port}`, port, close: () => app.close() };
}
