import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { get, type IncomingMessage } from 'node:http';
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { beginExport, readExport } from '#contracts';
import { AppError, currentContext, Log, RpcClient } from '#service';
import { Administration } from '../administration/administration.service.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { addRequestScope } from '../http/request-scope.js';
import { validationPipe } from '../http/validation.pipe.js';
import { ExportController } from './export.controller.js';

const institution = { id: '019ab3c4-5d6e-7f80-9123-456789abcdef', name: 'Kecamatan Uji', regionCode: '33.98.01' };
const facts = {
  today: '2026-11-23',
  institution,
  client: { id: 'uji' },
  session: null,
  operator: { id: institution.id, role: 'camat', activeFrom: '2026-01-01', activeUntil: null, revoked: false },
};
const leaves = 400;

let app: NestFastifyApplication;
let url: string;
let readPage: (next: number) => Promise<unknown>;
let asked: number[];
let correlationIds: Set<string | undefined>;
let told: unknown[][];

/** Twenty leaves of 50 kB, which no socket swallows unread. */
const page = async (next: number) => ({
  lines: Array.from({ length: 20 }, (_, index) => `{"i":${next + index},"leaf":"${'x'.repeat(50_000)}"}`),
  checkpoints: 1,
  next: next + 20,
});

const bus = {
  async call(rpc: unknown, input: { next: number; from: number }) {
    correlationIds.add(currentContext()?.correlationId);
    if (rpc === readExport) {
      asked.push(input.next);
      return readPage(input.next);
    }
    if (rpc !== beginExport) throw new Error('nothing else is asked');
    if (input.from === 7) throw new AppError('NOT_IN_CHECKPOINT');
    return { logId: 1, origin: `uji/${institution.id}/2`, keys: [], from: input.from, to: leaves, before: [] };
  },
};
const log = {
  event: () => undefined,
  failure: (...args: unknown[]) => told.push(args),
} as unknown as Log;

@Module({
  controllers: [ExportController],
  providers: [
    { provide: Administration, useValue: { transaction: async () => ({ now: new Date('2026-11-23T02:20:00Z') }) } },
    { provide: RpcClient, useValue: bus },
    { provide: Log, useValue: log },
    { provide: APP_PIPE, useValue: validationPipe },
    { provide: APP_FILTER, useValue: new ProblemFilter(log) },
  ],
})
class TestModule {}

beforeEach(async () => {
  [asked, told, correlationIds, readPage] = [[], [], new Set(), page];
  app = await NestFactory.create<NestFastifyApplication>(TestModule, new FastifyAdapter(), { logger: false });
  const server = app.getHttpAdapter().getInstance();
  addRequestScope(server, log);
  server.addHook('onRequest', (request, _reply, done) => {
    Object.assign(request, { facts });
    done();
  });
  await app.listen(0, '127.0.0.1');
  url = `${await app.getUrl()}/v1/evidence/export`;
});
afterEach(async () => {
  app.getHttpServer().closeAllConnections();
  await app.close();
});

/** An export whose reader has seen the head of the answer, and reads nothing. */
function open(): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false, headers: { 'x-correlation-id': 'ekspor-1' } }, (response) => {
      response.on('error', () => undefined).pause();
      resolve(response);
    }).on('error', reject);
  });
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}
const status = async (method = 'GET') => {
  const answer = await fetch(url, { method });
  await answer.body?.cancel();
  return answer.status;
};

describe('an export', () => {
  test('is a file that tells what it is', async () => {
    const answer = await fetch(url, { headers: { 'x-correlation-id': 'ekspor-1' } });
    const lines = (await answer.text()).split('\n');
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/jsonl; charset=utf-8',
      'content-disposition': 'attachment; filename="bukti-33.98.01-2-0-400.jsonl"',
      'cache-control': 'no-store',
    });
    expect(lines[0]).toBe(
      JSON.stringify({
        format: 'gerbang-evidence/1',
        origin: `uji/${institution.id}/2`,
        institution: { id: institution.id, name: 'Kecamatan Uji' },
        keys: [],
        from: 0,
        to: leaves,
        before: [],
        exportedAt: '2026-11-23T02:20:00.000Z',
      }),
    );
    expect(lines).toHaveLength(1 + leaves + 2);
    expect(lines.at(-2)).toBe('{"end":true,"leaves":400,"checkpoints":20}');
    // what is asked for late belongs to the request as well
    expect([...correlationIds]).toEqual(['ekspor-1']);
    expect(told).toEqual([]);
  });

  test('that cannot begin is an error like others', async () => {
    const answer = await fetch(`${url}?from=7`);
    expect(answer.status).toBe(409);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await answer.json()).toMatchObject({ code: 'NOT_IN_CHECKPOINT' });
    expect(await Promise.all([status(), status()])).toEqual([200, 200]);
  });

  test('that nobody reads is not read on', async () => {
    const response = await open();
    await until(() => asked.length > 0);
    const settled = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(asked.length).toBeLessThanOrEqual(Math.max(settled, 10));
    expect(asked.length).toBeLessThan(20);
    response.destroy();
  });

  test('that breaks off half-way takes the connection with it, and is told', async () => {
    readPage = (next) => (next >= 100 ? Promise.reject(new AppError('SERVICE_TIMEOUT')) : page(next));
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow('terminated');
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject([
      'export broken off',
      expect.any(AppError),
      { institutionId: institution.id, code: 'SERVICE_TIMEOUT' },
      'error',
    ]);
    expect(await status()).toBe(200);
  });

  test('whose reader goes away stops, and is nobody’s fault', async () => {
    const response = await open();
    await until(() => asked.length > 0);
    response.destroy();
    await until(async () => (await status()) === 200 && (await status()) === 200);
    const settled = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked.length).toBe(settled);
    expect(told).toEqual([]);
  });
});

describe('of exports at the same time', () => {
  test('there are two; a place is free again however one ends', async () => {
    const [first, second] = [await open(), await open()];
    const third = await fetch(url);
    expect({ status: third.status, wait: third.headers.get('retry-after') }).toEqual({ status: 503, wait: '15' });
    expect(await third.json()).toMatchObject({ code: 'OVERLOADED', retryAfter: 15 });
    first.destroy();
    await until(async () => (await status()) === 200);
    second.destroy();
    await until(async () => (await Promise.all([status(), status()])).every((one) => one === 200));
  });

  test('HEAD reads no page and keeps no place', async () => {
    for (let times = 0; times < 5; times++) expect(await status('HEAD')).toBe(200);
    expect(asked).toEqual([]);
  });
});
