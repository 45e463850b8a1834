import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { dataSourceOptions, makeBusClient, RpcClient } from '#service';
import {
  BalikanDestination,
  elementNames,
  patenServices,
  scopes,
  type BalikanService,
  type InstitutionFile,
  type UpstreamAccess,
} from '#contracts';
import { databaseEntities, databaseSchema } from '../../apps/gateway/src/app.module.js';
import { provision } from '../../apps/gateway/src/provisioning/provision.js';
import { SealingKey } from '#service/keys/sealing-key';
import { Stack, type StackOptions } from '../../apps/launcher/src/stack.js';
import { findLeaksAtRest, findLeaksInAnswer, findLeaksInLogs } from './leaks.js';

Logger.overrideLogger(false);

/** An office of the tests always has an agreement. */
export type OfficeFile = InstitutionFile & { agreement: NonNullable<InstitutionFile['agreement']> };

/** Who an office is at the sandbox. */
export interface Consumer {
  userId: string;
  pathPrefix: string;
  password: string;
  /** Of its data balikan. */
  token: string;
}

export interface Office {
  file: OfficeFile;
  client: { id: string; secret: string };
  operator: string;
  consumer: Consumer;
}

export interface OfficeOptions {
  quota?: number;
  /** The sandbox's own quota, by default far above, so that a hit too many would be counted and not refused. */
  ministryQuota?: number;
  generation?: 'A' | 'B';
  /** Changes the file before it is brought in. */
  change?: (file: OfficeFile) => void;
  /** Its data balikan go to the sandbox, with these settings. */
  dataBalikan?: Partial<BalikanService>;
}

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
  text: string;
}

/** The whole installation in a folder of its own, with offices made as each test needs them. */
export class RunningStack {
  private offices = 0;
  /** Parts that ended although nobody asked them to. */
  private readonly lost: string[] = [];
  private readonly leaks: string[] = [];
  private readonly secrets: string[] = [];

  private constructor(
    readonly stack: Stack,
    private readonly folder: string,
  ) {}

  static async start(options: Omit<StackOptions, 'stateDir'> = {}): Promise<RunningStack> {
    const folder = await mkdtemp(join(tmpdir(), 'gerbang-stack-'));
    // a data folder that the run made once: its initdb and migrations are tested elsewhere (test/launcher.test.ts)
    execFileSync('cp', ['-a', `${process.env.GERBANG_TEST_STATE}/.`, folder]);
    // the most talkative level: whatever it says is searched at the end
    const levels = {
      GATEWAY_LOG_LEVEL: 'debug',
      NIK_VERIFICATION_LOG_LEVEL: 'debug',
      DATA_BALIKAN_LOG_LEVEL: 'debug',
      REPORTING_LOG_LEVEL: 'debug',
    };
    const env = { ...levels, ...options.env };
    // each costs a process; the tests that are about them say so
    const replicas = { dataBalikan: 0, reporting: 0, ...options.replicas };
    const running = new RunningStack(await Stack.start({ ...options, replicas, env, stateDir: folder }), folder);
    running.stack.watch((message) => running.lost.push(message));
    return running;
  }

  get url(): string {
    return this.stack.gatewayUrl;
  }

  /** Of all gateways. */
  get urls(): string[] {
    return this.stack.replicas.gateway.map(({ url = '' }) => url);
  }

  get folderPath(): string {
    return this.folder;
  }

  /** Every run of a stack ends with a search of its logs and of the errors that it gave. */
  async stop(): Promise<void> {
    await this.stack.stop();
    if (this.lost.length > 0) throw new Error(`A part of the stack was lost:\n${this.lost.join('\n')}`);
    const leaks = [
      ...this.leaks,
      ...(await findLeaksInLogs(this.folder, this.secrets)),
      ...(await findLeaksAtRest(this.folder)),
    ];
    await rm(this.folder, { recursive: true, force: true });
    if (leaks.length > 0) throw new Error(`What must not be told was told:\n${leaks.slice(0, 20).join('\n')}`);
  }

  /** An office with an agreement in force, one operator under NDA, one client, and an access right at the sandbox. */
  async addOffice({
    quota = 1_000,
    ministryQuota = 1_000_000,
    generation = 'B',
    change,
    dataBalikan,
  }: OfficeOptions = {}): Promise<Office> {
    this.offices += 1;
    const tag = `${this.offices}-${randomBytes(3).toString('hex')}`;
    const secret = randomBytes(24).toString('hex');
    const consumer = await this.addConsumer(tag, { quota: ministryQuota, generation });
    const sha256 = createHash('sha256').update(tag).digest('hex');
    const file: OfficeFile = {
      institution: { name: `Kecamatan Uji ${tag}`, regionCode: `33.98.${String(this.offices).padStart(2, '0')}` },
      agreement: {
        number: `PKS/UJI/${tag}`,
        sptjm: { number: 'SPTJM/UJI', signedOn: '2026-01-01', documentSha256: sha256 },
        versions: [
          {
            effectiveFrom: '2026-01-01',
            validFrom: '2026-01-01',
            validUntil: '2099-12-31',
            elements: [...elementNames],
            modes: ['LOOKUP', 'MATCH'],
            dailyQuota: quota,
            networks: ['127.0.0.0/8', '::1/128'],
          },
        ],
      },
      operators: [
        {
          userIdLokal: 'loket1',
          fullName: 'Operator Uji',
          role: 'operator',
          activeFrom: '2026-01-01',
          nda: { number: 'NDA/UJI', signedOn: '2026-01-01', documentSha256: sha256 },
        },
      ],
      clients: [
        {
          id: `uji-${tag}`,
          name: 'Aplikasi Uji',
          secretSha256: createHash('sha256').update(secret).digest('hex'),
          scopes: [...scopes],
          purposes: [...patenServices],
          burst: { perSecond: 100_000, size: 100_000 },
        },
      ],
      upstream: this.accessOf(consumer),
      ...(dataBalikan ? { dataBalikan: this.destinationOf(consumer, dataBalikan) } : {}),
    };
    change?.(file);
    await this.provision(file);
    this.keepSecret(secret);
    return { file, client: { id: file.clients[0]?.id ?? '', secret }, operator: 'loket1', consumer };
  }

  /** Somebody whom the sandbox answers. */
  async addConsumer(
    tag: string,
    { quota = 1_000_000, generation = 'B' }: { quota?: number; generation?: 'A' | 'B' } = {},
  ): Promise<Consumer> {
    const consumer = {
      userId: `USERID_${tag}`,
      token: randomBytes(24).toString('base64url'),
      pathPrefix: `/dukcapil/get_json/33-99/${tag}`,
      password: `rahasia-${randomBytes(8).toString('hex')}`,
    };
    const { pathPrefix, password, token } = consumer;
    const settings = { pathPrefix, password, token, ips: ['10.0.0.10'], quota, generation };
    await this.control('PUT', `/consumers/${consumer.userId}`, settings);
    this.keepSecret(password, token, consumer.userId);
    return consumer;
  }

  /** The access right as the ministry would have given it. */
  accessOf({ userId, password, pathPrefix }: Consumer): UpstreamAccess {
    return {
      baseUrl: this.stack.sandbox.url,
      lookupPath: `${pathPrefix}/call_nik`,
      matchPath: `${pathPrefix}/CALL_VERIFY_BY_ELEMEN`,
      userId,
      password,
      ip: '10.0.0.10',
      dialect: { nik: 'nik', userId: 'user_id', password: 'password', ip: 'ip_user' },
    };
  }

  /** Where its data balikan go. */
  destinationOf({ token }: Consumer, service: Partial<BalikanService> = {}): BalikanDestination {
    return BalikanDestination.parse({
      idLembaga: '000099',
      namaLembaga: 'Kecamatan Uji',
      service: { baseUrl: this.stack.sandbox.url, token, ...service },
    });
  }

  /** As the provisioning command does it, without the second that a process takes. */
  async provision(file: InstitutionFile): Promise<void> {
    const env = this.stack.environmentOf('gateway');
    const database = await new DataSource(
      dataSourceOptions(
        'test',
        databaseSchema,
        {
          host: env.GATEWAY_DATABASE_HOST ?? '',
          port: Number(env.GATEWAY_DATABASE_PORT),
          name: env.GATEWAY_DATABASE_NAME ?? '',
          user: env.GATEWAY_DATABASE_USER ?? '',
          password: env.GATEWAY_DATABASE_PASSWORD ?? '',
          poolSize: 1,
        },
        databaseEntities,
      ),
    ).initialize();
    const bus = makeBusClient({
      servers: [env.GATEWAY_NATS_URL ?? ''],
      user: 'gateway',
      password: env.GATEWAY_NATS_PASSWORD ?? '',
    });
    await bus.connect();
    try {
      await provision(file, database, new RpcClient(bus), new SealingKey(env.GATEWAY_KEY_DIR ?? ''));
    } finally {
      await bus.close();
      await database.destroy();
    }
  }

  async token(
    office: Pick<Office, 'client' | 'operator'>,
    form: Record<string, string> = { operator: office.operator },
  ): Promise<string> {
    const answer = await this.askToken(office.client, form);
    if (!answer.body.access_token) throw new Error(`no token: ${answer.text}`);
    return answer.body.access_token;
  }

  askToken(
    { id, secret }: Office['client'],
    form: Record<string, string>,
    url = this.url,
  ): Promise<Answer<{ access_token?: string }>> {
    const init = {
      headers: {
        authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...form }).toString(),
    };
    return this.send<{ access_token?: string }>('POST', '/oauth/token', init, url);
  }

  verify<T = Record<string, unknown>>(
    token: string,
    body: unknown,
    headers: Record<string, string> = {},
    url = this.url,
  ): Promise<Answer<T>> {
    return this.send<T>(
      'POST',
      '/v1/verifications',
      {
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      },
      url,
    );
  }

  async send<T = Record<string, unknown>>(
    method: string,
    path: string,
    init: { headers?: Record<string, string>; body?: string } = {},
    url = this.url,
  ): Promise<Answer<T>> {
    const response = await fetch(`${url}${path}`, { method, ...init });
    const text = await response.text();
    const isLines = response.headers.get('content-type')?.startsWith('application/jsonl') ?? false;
    this.leaks.push(...findLeaksInAnswer(`${method} ${path}`, response, text, this.secrets));
    return {
      status: response.status,
      headers: response.headers,
      // an export has an object in each line
      body: (text.startsWith('{') && !isLines ? JSON.parse(text) : {}) as T,
      text,
    };
  }

  /** The sandbox's control API. */
  async control<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.stack.sandbox.url}/_control${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`sandbox ${method} ${path}: ${response.status} ${await response.text()}`);
    const text = await response.text();
    return (text ? JSON.parse(text) : undefined) as T;
  }

  people(
    outcome: string,
    limit: number,
  ): Promise<{ nik: string; outcome: string; [element: string]: string | null }[]> {
    return this.control('GET', `/people?outcome=${outcome}&limit=${limit}`);
  }

  /** What the sandbox counted for an office. */
  async counted(
    office: Pick<Office, 'consumer'>,
  ): Promise<{ hits: number; requests: number; refusedOverQuota: number; hitsByNik?: Record<string, number> }> {
    const state = await this.control<{
      consumers: {
        userId: string;
        hits: number;
        requests: number;
        refusedOverQuota: number;
        hitsByNik?: Record<string, number>;
      }[];
    }>('GET', '/state?detail=1');
    const found = state.consumers.find(({ userId }) => userId === office.consumer.userId);
    if (!found) throw new Error('the sandbox does not know this office');
    return found;
  }

  /** From now on no log and no error may hold these. */
  keepSecret(...secrets: string[]): void {
    this.secrets.push(...secrets);
  }

  /** Rows as the superuser sees them. */
  async sql<T>(text: string, values: unknown[] = []): Promise<T[]> {
    const client = await this.stack.postgres.connect('gerbang');
    try {
      return (await client.query(text, values)).rows as T[];
    } finally {
      await client.end();
    }
  }
}

export const purpose = { service: 'SKU', reference: '500/001/SKU/I/2026' } as const;
