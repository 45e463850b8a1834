import { randomBytes } from 'node:crypto';

/** Above this, `JSON.parse` changes a NIK; the pass-through reads with it, so people beyond are left out. */
const largestNik = Number.MAX_SAFE_INTEGER;

export interface SandboxConsumer {
  userId: string;
  pathPrefix: string;
  password: string;
  ip: string;
}

/** The control API of the sandbox that both variants ask. */
export class Sandbox {
  constructor(readonly url: string) {}

  /** An access right of its own for each variant, so that hits are counted apart. */
  async addConsumer(name: string): Promise<SandboxConsumer> {
    const consumer = {
      userId: `USERID_${name.toUpperCase()}`,
      pathPrefix: `/dukcapil/get_json/33-97/${name}`,
      password: randomBytes(12).toString('hex'),
      ip: '10.0.0.10',
    };
    const { pathPrefix, password, ip } = consumer;
    await this.call('PUT', `/consumers/${consumer.userId}`, { pathPrefix, password, ips: [ip], quota: 100_000_000 });
    return consumer;
  }

  async findPeople(): Promise<string[]> {
    const people = await this.call<{ nik: string }[]>('GET', '/people?outcome=FOUND&limit=10000');
    return people.map(({ nik }) => nik).filter((nik) => Number(nik) <= largestNik);
  }

  async hits(userId: string): Promise<number> {
    const { consumers } = await this.call<{ consumers: { userId: string; hitsByDay: Record<string, number> }[] }>(
      'GET',
      '/state',
    );
    const byDay = consumers.find((consumer) => consumer.userId === userId)?.hitsByDay ?? {};
    return Object.values(byDay).reduce((sum, hits) => sum + hits, 0);
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/_control${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`sandbox ${method} ${path}: ${response.status}`);
    return (await response.json()) as T;
  }
}
