import { start, type RunningSandbox } from '../src/start.js';
import type { Consumer } from '../src/consumers/consumer.js';

export const SITI = '3313044107909901';
export const BUDI = '3313043108859903';
export const NURAINI = '9171017008909903';
export const NOBODY = '3313041505900000';

/** A consumer of generation B with everything that a test does not care about. */
export function makeConsumer(overrides: Partial<Consumer> = {}): Consumer {
  return {
    pathPrefix: '/dukcapil/get_json/33-13/contoh',
    userId: 'USERID_CONTOH',
    password: 'sandi-contoh',
    ips: ['10.0.0.10'],
    quota: 1000,
    generation: 'B',
    quotaLimiter: true,
    countsNotFound: true,
    ...overrides,
  };
}

export interface State {
  now: string;
  inFlight: number;
  requestsOfNobody: number;
  faults: { id: string; kind: string; played: number; left: number | null; count: boolean }[];
  consumers: {
    userId: string;
    day: string;
    hits: number;
    requests: number;
    refusedOverQuota: number;
    hitsByDay: Record<string, number>;
    hitsByNik?: Record<string, number>;
  }[];
}

/** A sandbox on a free port, and short words for what a test does with it. */
export async function startSandbox(
  consumers: Consumer[] = [makeConsumer()],
  env: Record<string, string> = {},
  now?: () => number,
) {
  const sandbox: RunningSandbox = await start(
    { SANDBOX_CONSUMERS: JSON.stringify(consumers), ...env },
    now === undefined ? {} : { now },
  );
  const consumer = consumers[0] ?? makeConsumer();
  const post = (path: string, body: unknown) =>
    fetch(sandbox.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const login = { user_id: consumer.userId, password: consumer.password, ip_user: '10.0.0.10' };
  const control = (method: string, path: string, body?: unknown) =>
    fetch(`${sandbox.url}/_control${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  return {
    ...sandbox,
    consumer,
    login,
    post,
    control,
    callNik: (nik: string, overrides: object = {}) =>
      post(`${consumer.pathPrefix}/call_nik`, { nik, ...login, ...overrides }),
    inject: async (fault: object) => {
      const answer = await control('POST', '/faults', fault);
      if (answer.status !== 201) throw new Error(await answer.text());
    },
    verify: (body: object) => post(`${consumer.pathPrefix}/CALL_VERIFY_BY_ELEMEN`, { ...login, ...body }),
    state: async () => (await (await control('GET', '/state?detail=1')).json()) as State,
  };
}
export type SandboxFixture = Awaited<ReturnType<typeof startSandbox>>;

/** The one record of an answer's page. */
export async function recordOf(answer: Response | Promise<Response>): Promise<Record<string, unknown>> {
  const body = (await (await answer).json()) as { content: Record<string, unknown>[] };
  return body.content[0] ?? {};
}
