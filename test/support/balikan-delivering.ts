import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '#service';
import { DeliveryWorker } from '../../apps/data-balikan/src/delivery/delivery-worker.js';
import { Outbox } from '../../apps/data-balikan/src/delivery/outbox.repository.js';
import { Ways } from '../../apps/data-balikan/src/delivery/ways.js';
import { makeConsumer, startSandbox, type SandboxFixture } from '../../apps/dukcapil-sandbox/test/sandbox-fixture.js';
import type { BalikanOutbox } from './balikan-outbox.js';

export const token = 'token-uji-balikan';

/** A lane that rests for so long has nothing to send, or nowhere to. */
const aLongRestMs = 1_000;

export interface Received {
  distinct: number;
  requests: number;
  underWay: number;
  mostAtOnce: number;
}
export interface StoredRecord {
  nomorRegister: string;
  date: string | null;
  userId: string;
}
export interface SeenRequest {
  at: number;
  form: string | null;
  nomorRegister: string;
  date: string;
  stored: boolean;
}

/** The ministry's store in the sandbox. */
export class Ministry {
  private constructor(readonly sandbox: SandboxFixture) {}

  static async start(env: Record<string, string> = {}): Promise<Ministry> {
    return new Ministry(await startSandbox([makeConsumer({ token })], env));
  }

  destination(service: object = {}, rest: object = {}): object {
    return {
      idLembaga: '000123',
      namaLembaga: 'Kecamatan Contoh',
      paramKeys: { tanggal: 'TANGGAL' },
      service: { baseUrl: this.sandbox.url, token, perSecond: 1_000, ...service },
      ...rest,
    };
  }

  received(): Promise<Received> {
    return this.get('');
  }
  stored(): Promise<StoredRecord[]> {
    return this.get('/stored');
  }
  requests(): Promise<SeenRequest[]> {
    return this.get('/requests');
  }

  async fault(fault: object): Promise<void> {
    const answer = await this.sandbox.control('POST', '/data-balikan/faults', fault);
    if (answer.status !== 201) throw new Error(await answer.text());
  }
  async mend(): Promise<void> {
    await this.sandbox.control('DELETE', '/data-balikan/faults');
  }
  async reset(): Promise<void> {
    await this.sandbox.control('POST', '/reset');
  }
  close(): Promise<void> {
    return this.sandbox.close();
  }

  private async get<T>(what: string): Promise<T> {
    return (await (await this.sandbox.control('GET', `/data-balikan${what}`)).json()) as T;
  }
}

export const deliveryRules = {
  workers: 2,
  parallel: 1,
  pollMs: 20,
  retry: { firstMs: 1_000, mostMs: 60_000 },
  breaker: { failures: 5, waitMs: 10_000, mostWaitMs: 300_000 },
  strikes: 8,
};

/** One replica's worker; it shares nothing with others but the database and the keys. */
export function makeWorker(outbox: BalikanOutbox, overrides: Partial<typeof deliveryRules> = {}, lines: string[] = []) {
  const { pool, vault, destinations } = outbox.replica();
  const delivery = { ...deliveryRules, ...overrides };
  const log = {
    event: (level: string, message: string) => lines.push(`${level} ${message}`),
    failure: (message: string, error: unknown) => lines.push(`failure ${message} ${String(error)}`),
  } as unknown as Log;
  const ways = new Ways(destinations, delivery.parallel);
  return new DeliveryWorker(new Outbox(pool), ways, vault, { delivery, drainMs: 5_000 }, log);
}

/** All turns that there are now. Between two of them the lane rests for its pace, as it does in the worker's own loop. */
export async function serveAll(worker: DeliveryWorker, holder = 'uji'): Promise<void> {
  for (;;) {
    const restMs = await worker.serve(holder);
    if (restMs === undefined) return;
    if (restMs < aLongRestMs) await wait(restMs + 2);
  }
}
