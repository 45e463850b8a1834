import { randomBytes } from 'node:crypto';
import type { Canary } from '../canaries/canary.js';

/** Who an office is at the sandbox. */
export interface Consumer {
  userId: string;
  pathPrefix: string;
  password: string;
  /** Of its data balikan. */
  token: string;
}

export type FaultRequest = { kind: string; userId?: string; nik?: string; times?: number } & Record<string, unknown>;

export const sandboxIp = '10.0.0.10';

/** The sandbox's control API. */
export class Sandbox {
  constructor(private readonly url: string) {}

  async bringIn({ nik, guest }: Canary, outcome = 'FOUND'): Promise<void> {
    await this.call('PUT', `/people/${nik}`, { ...guest, outcome });
  }

  async addConsumer(tag: string, generation: 'A' | 'B', quota = 1_000_000): Promise<Consumer> {
    const consumer = {
      userId: `USERID_${tag.toUpperCase()}`,
      pathPrefix: `/dukcapil/get_json/33-98/${tag}`,
      password: `sandi-${randomBytes(8).toString('hex')}`,
      token: randomBytes(24).toString('base64url'),
    };
    const { pathPrefix, password, token } = consumer;
    const settings = { pathPrefix, password, token, ips: [sandboxIp], quota, generation };
    await this.call('PUT', `/consumers/${consumer.userId}`, settings);
    return consumer;
  }

  async fault(fault: FaultRequest): Promise<void> {
    await this.call('POST', '/faults', fault);
  }

  async clearFaults(): Promise<void> {
    await this.call('DELETE', '/faults');
  }

  async balikanFault(fault: { kind: string; userId: string } & Record<string, unknown>): Promise<void> {
    await this.call('POST', '/data-balikan/faults', fault);
  }

  async clearBalikanFaults(): Promise<void> {
    await this.call('DELETE', '/data-balikan/faults');
  }

  /** Data balikan that were stored, and requests that are held by a fault. */
  async balikan(): Promise<{ distinct: number; underWay: number; requests: number }> {
    return this.call('GET', '/data-balikan');
  }

  /** Requests that are held by a fault. */
  async inFlight(): Promise<number> {
    return (await this.call<{ inFlight: number }>('GET', '/state')).inFlight;
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`sandbox ${method} ${path.split('/')[1]}: ${response.status}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }
}
