import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { getStanding, recordRefusal, scopes, type JwkSetInput, type Rpc } from '#contracts';
import { Log, type RpcClient } from '#service';
import { AppModule } from '../../apps/gateway/src/app.module.js';
import { loadConfig } from '../../apps/gateway/src/config.js';
import { makeAdapter } from '../../apps/gateway/src/http/adapter.js';
import { makeOpenApi } from '../../apps/gateway/src/openapi/openapi.js';
import { TestDatabase } from './test-database.js';

export interface Sent {
  headers?: Record<string, string>;
  form?: Record<string, string>;
  /** What TLS is to use: certificate, agent, versions. */
  tls?: https.RequestOptions;
  /** Source address; all of 127.0.0.0/8 are this machine's. */
  from?: string;
}

export interface Got {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/** A gateway in this process, on a real database but with nobody on the bus. */
export class BareGateway {
  private constructor(
    private readonly app: NestFastifyApplication,
    readonly port: number,
    readonly url: string,
    /** Codes that were put on record. */
    readonly refusals: string[],
  ) {}

  static async start(
    { database, keyDir }: Pick<Ground, 'database' | 'keyDir'>,
    env: Record<string, string> = {},
  ): Promise<BareGateway> {
    const { server } = database;
    const config = loadConfig({
      GATEWAY_NATS_URL: 'nats://127.0.0.1:1',
      GATEWAY_NATS_USER: 'gateway',
      GATEWAY_NATS_PASSWORD: 'tidak-dipakai',
      GATEWAY_DATABASE_HOST: server.host,
      GATEWAY_DATABASE_PORT: String(server.port),
      GATEWAY_DATABASE_NAME: database.name,
      GATEWAY_DATABASE_USER: 'gateway',
      GATEWAY_DATABASE_PASSWORD: server.passwords.gateway,
      GATEWAY_KEY_DIR: keyDir,
      ...env,
    });
    // what is refused on purpose needs no line
    const log = Log.create('gateway', 'error');
    const refusals: string[] = [];
    const module = AppModule.with(config, log, busDouble(refusals), makeOpenApi('1'));
    const app = await NestFactory.create<NestFastifyApplication>(module, makeAdapter(config, log), {
      logger: false,
      abortOnError: false,
    });
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    return new BareGateway(app, port, await app.getUrl(), refusals);
  }

  ask(form: Record<string, string>, sent: Omit<Sent, 'form'> = {}): Promise<Got> {
    return this.send('POST', '/oauth/token', { form: { grant_type: 'client_credentials', ...form }, ...sent });
  }

  send(method: string, path: string, { headers = {}, form, tls, from }: Sent = {}): Promise<Got> {
    const body = form && new URLSearchParams(form).toString();
    const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
    const options = { method, headers: { ...type, ...headers }, ...(from ? { localAddress: from } : {}), ...tls };
    return new Promise((resolve, reject) => {
      const answer = (response: http.IncomingMessage) => {
        const parts: Buffer[] = [];
        response.on('error', reject).on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const text = Buffer.concat(parts).toString();
          const { statusCode: status = 0, headers: given } = response;
          resolve({ status, headers: given, body: JSON.parse(text || '{}') as Record<string, unknown> });
        });
      };
      const url = this.url + path;
      const request = url.startsWith('https')
        ? https.request(url, options, answer)
        : http.request(url, options, answer);
      request.on('error', reject).end(body);
    });
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}

/** What several gateways of one installation share. */
export class Ground {
  private constructor(
    readonly database: TestDatabase,
    readonly keyDir: string,
    private readonly institutionId: string,
  ) {}

  static async create(): Promise<Ground> {
    const database = await TestDatabase.create();
    const keyDir = await mkdtemp(join(tmpdir(), 'gerbang-keys-'));
    const rows = await database.asSuperuser(database.name, async (client) =>
      client.query<{ id: string }>(
        "INSERT INTO access.institution (name, region_code) VALUES ('Kecamatan Uji', '33.98.01') RETURNING id",
      ),
    );
    return new Ground(database, keyDir, rows.rows[0]?.id ?? '');
  }

  async addClient(id: string, with_: { secrets?: string[]; jwks?: JwkSetInput; certificateRequired?: boolean }) {
    await this.sql(
      'INSERT INTO access.client (id, institution_id, name, scopes, jwks, certificate_required) VALUES ($1, $2, $1, $3, $4, $5)',
      [id, this.institutionId, [...scopes], with_.jwks ?? null, with_.certificateRequired ?? false],
    );
    for (const secret of with_.secrets ?? []) await this.addSecret(id, secret);
  }

  async addSecret(clientId: string, secret: string, expires: string | null = null): Promise<void> {
    await this.sql('INSERT INTO access.client_secret (client_id, secret_sha256, expires_at) VALUES ($1, $2, $3)', [
      clientId,
      createHash('sha256').update(secret).digest('hex'),
      expires,
    ]);
  }

  async sql(text: string, values: unknown[] = []): Promise<void> {
    await this.database.asSuperuser(this.database.name, async (client) => client.query(text, values));
  }

  async drop(): Promise<void> {
    await this.database.drop();
    await rm(this.keyDir, { recursive: true });
  }
}

const standing = {
  quota: { day: '2026-06-15', limit: 1_000, used: 0, left: 1_000, resetAt: '2026-06-16T00:00:00+07:00' },
  upstream: { state: 'ready', retryAfter: null },
};

function busDouble(refusals: string[]): RpcClient {
  const call = async (rpc: Rpc, input: { code: string }): Promise<unknown> => {
    if (rpc === (recordRefusal as Rpc)) refusals.push(input.code);
    return rpc === (getStanding as Rpc) ? standing : undefined;
  };
  return { call } as unknown as RpcClient;
}
