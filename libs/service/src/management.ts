import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metrics } from './metrics.js';

/** Each part that a service cannot work without, by name: `ok`, or what is wrong. Never calls the ministry: that costs hits. */
export type ReadinessChecks = Record<string, () => Promise<boolean> | boolean>;

/** What is worth knowing but no reason to take the service out: for example the state of the way to the ministry. */
export type HealthDetails = Record<string, () => unknown>;

const checkDeadlineMs = 2_000;

/** `/health/live`, `/health/ready` and `/metrics`, on a port of their own that is not the public one. */
export class ManagementServer {
  private draining = false;
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(options: {
    host: string;
    port: number;
    checks: ReadinessChecks;
    details?: HealthDetails;
  }): Promise<ManagementServer> {
    const server = createServer((request, response) => {
      const answer = (status: number, body: unknown) => {
        response
          .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
          .end(JSON.stringify(body));
      };
      const path = (request.url ?? '').split('?')[0];
      if (path === '/health/live') answer(200, { status: 'ok' });
      else if (path === '/health/ready') {
        void readiness(options.checks, options.details ?? {}).then((state) => {
          const ready = state.ready && !management.draining;
          answer(ready ? 200 : 503, {
            status: ready ? 'ok' : management.draining ? 'draining' : 'unavailable',
            checks: state.checks,
            details: state.details,
          });
        });
      } else if (path === '/metrics') {
        void metrics
          .metrics()
          .then((text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text));
      } else answer(404, { status: 'not found' });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, options.host, resolve);
    });
    const management = new ManagementServer(server, (server.address() as AddressInfo).port);
    return management;
  }

  /** From now on not ready: a load balancer sends new requests elsewhere. */
  drain(): void {
    this.draining = true;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function readiness(checks: ReadinessChecks, details: HealthDetails) {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await withDeadline(check)] as const),
  );
  const told = await Promise.all(
    Object.entries(details).map(async ([name, detail]) => [name, await withDeadline(detail)] as const),
  );
  return {
    ready: results.every(([, ok]) => ok === true),
    checks: Object.fromEntries(results.map(([name, ok]) => [name, ok === true ? 'ok' : 'unavailable'])),
    details: Object.fromEntries(told),
  };
}

async function withDeadline<T>(work: () => Promise<T> | T): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), checkDeadlineMs);
  });
  try {
    return await Promise.race([Promise.resolve().then(work), late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
