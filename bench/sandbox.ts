import { randomBytes } from 'node:crypto';

/** Above this, `JSON.parse` changes a NIK; the pass-through reads with it, so people beyond are left out. */
const largestNik = Number.MAX_SAFE_INTEGER;

export interface SandboxConsumer {
  userId: string;
  pathPrefix: string;
  password: string;
  ip: string;
  /** For data balikan. */
  token: string;
}

/** Data balikan of one access right, as the sandbox saw them. */
export interface Received {
  /** Of each distinct record. */
  registerNumbers: string[];
  /** When each request came, milliseconds of the sandbox's own clock. */
  arrivals: number[];
  /** Requests whose record was new. */
  accepted: number;
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
      token: randomBytes(12).toString('hex'),
    };
    const { pathPrefix, password, ip, token } = consumer;
    const account = { pathPrefix, password, token, ips: [ip], quota: 100_000_000 };
    await this.call('PUT', `/consumers/${consumer.userId}`, account);
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

  /** What arrived of data balikan since the last {@link forgetBalikan}. */
  async received(userId: string): Promise<Received> {
    const stored = await this.call<{ userId: string; nomorRegister: string }[]>('GET', '/data-balikan/stored');
    const requests = await this.call<{ userId: string; at: number; stored: boolean }[]>(
      'GET',
      '/data-balikan/requests',
    );
    const own = requests.filter((request) => request.userId === userId);
    return {
      registerNumbers: stored.filter((one) => one.userId === userId).map(({ nomorRegister }) => nomorRegister),
      arrivals: own.map(({ at }) => at),
      accepted: own.filter((request) => request.stored).length,
    };
  }

  /** Whether this record of this very person arrived. */
  async hasBalikan(record: {
    userId: string;
    idLembaga: string;
    nik: string;
    nomorRegister: string;
  }): Promise<boolean> {
    return (await this.call<{ stored: boolean }>('POST', '/data-balikan/find', record)).stored;
  }

  async forgetBalikan(): Promise<void> {
    await this.call('DELETE', '/data-balikan');
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/_control${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`sandbox ${method} ${path}: ${response.status}`);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
}
