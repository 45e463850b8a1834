import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Log, makeBusClient, RpcClient } from '#service';
import { AppModule } from '../../apps/gateway/src/app.module.js';
import { loadConfig } from '../../apps/gateway/src/config.js';
import { makeOpenApi } from '../../apps/gateway/src/openapi/openapi.js';
import { allRoutes, bearer } from '../support/asking.js';
import { TestDatabase } from '../support/test-database.js';

@Controller()
class Stray {
  @Get('/v1/tersesat')
  show() {
    return 'seen';
  }
}

let database: TestDatabase;
let app: NestFastifyApplication;
let keyDir: string;
const served: string[] = [];

beforeAll(async () => {
  database = await TestDatabase.create();
  keyDir = await mkdtemp(join(tmpdir(), 'gerbang-keys-'));
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
    GATEWAY_LOG_LEVEL: 'error',
  });
  const log = Log.create('gateway', 'error');
  const adapter = new FastifyAdapter();
  adapter.getInstance().addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) served.push(`${one} ${url}`);
  });
  const gateway = AppModule.with(config, log, new RpcClient(makeBusClient(config.bus)), makeOpenApi('1'));
  app = await NestFactory.create<NestFastifyApplication>(
    { ...gateway, controllers: [...(gateway.controllers ?? []), Stray] },
    adapter,
    { logger: false, abortOnError: false },
  );
  await app.listen(0, '127.0.0.1');
});
afterAll(async () => {
  await app.close();
  await database.drop();
  await rm(keyDir, { recursive: true });
});

test('the routes that are served are those of the contract, and no other', () => {
  const expected = allRoutes.flatMap(({ method, path }) => {
    const url = path.replace(/\{(\w+)\}/g, ':$1');
    // Fastify answers HEAD wherever there is a GET
    return method === 'GET' ? [`GET ${url}`, `HEAD ${url}`] : [`${method} ${url}`];
  });
  expect(served.filter((route) => !route.endsWith('/v1/tersesat')).sort()).toEqual(expected.sort());
});

test('one that is not in the contract is refused, whoever asks', async () => {
  expect(served).toContain('GET /v1/tersesat');
  for (const headers of [{}, bearer('abc'), { cookie: 'gerbang_session=abc' }]) {
    const answer = await fetch(`${await app.getUrl()}/v1/tersesat`, { headers });
    const text = await answer.text();
    expect({ status: answer.status, text }).toMatchObject({
      status: 404,
      text: expect.stringContaining('ROUTE_NOT_FOUND'),
    });
    expect(text).not.toContain('seen');
  }
});
