import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import {
  chunkBytes,
  decideBalikanBatch,
  getBatch,
  getMediaPackage,
  makeBalikanPackage,
  readBatchResult,
  readMediaPackage,
  readTemplate,
} from '#contracts';
import { AppError } from '#service';
import { until } from '../../../../test/support/until.js';
import { Administration } from '../administration/administration.service.js';
import { AppFixture, openFacts } from './app-fixture.js';
import { BalikanBatchesController } from './batches.controller.js';
import { BalikanMediaController } from './media.controller.js';
import { BalikanRecordsController } from './records.controller.js';

const batch = decideBalikanBatch.response.examples.held;
const one = makeBalikanPackage.response.examples.open;
const result = `/v1/data-balikan/batches/${batch.id}/result`;
const packages = `/v1/data-balikan/media-packages/${one.id}`;

let fixture: AppFixture;
let content: Buffer;
let format: 'XLSX' | 'CSV';
let asked: number[];
let read: (n: number) => Promise<{ bytes: string; last: boolean }>;

const piece = (n: number) => ({
  bytes: content.subarray(n * chunkBytes, (n + 1) * chunkBytes).toString('base64'),
  last: (n + 1) * chunkBytes >= content.length,
});

beforeEach(async () => {
  [content, format, asked] = [randomBytes(5 * chunkBytes + 17), 'XLSX', []];
  read = async (n) => piece(n);
  fixture = await AppFixture.start([BalikanBatchesController, BalikanMediaController, BalikanRecordsController], {
    providers: [{ provide: Administration, useValue: {} }],
  });
  fixture.answer = async (rpc, input: { n: number; part?: string }) => {
    if (rpc === getBatch) return { ...batch, format };
    if (rpc === getMediaPackage) return one;
    if (rpc === readTemplate) return { bytes: content.toString('base64') };
    if (rpc !== readBatchResult && rpc !== readMediaPackage) throw new Error('nothing else is asked');
    asked.push(input.n);
    return read(input.n);
  };
});
afterEach(() => fixture.stop());

const fetchFile = (path: string) => fetch(fixture.url + path);

/** One whose reader has seen the head of the answer, and reads nothing. */
function open(): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(fixture.url + result, { agent: false }, (response) => {
      response.on('error', () => undefined).pause();
      resolve(response);
    }).on('error', reject);
  });
}

describe('a file', () => {
  test.each([
    ['a marked-up workbook', result, 'XLSX', 'application/octet-stream', `data-balikan-${batch.id}.xlsx`],
    ['a marked-up CSV', result, 'CSV', 'application/octet-stream', `data-balikan-${batch.id}.csv`],
    ['a media package', `${packages}/file`, 'XLSX', 'application/octet-stream', 'data-balikan-3-20261123.zip.age'],
    ['a berita acara', `${packages}/minutes`, 'XLSX', 'application/pdf', 'berita-acara-data-balikan-3.pdf'],
    [
      'the template',
      '/v1/data-balikan/template.xlsx',
      'XLSX',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'data-balikan.xlsx',
    ],
  ] as const)('arrives as it is, and is kept by nobody on the way: %s', async (_name, path, kind, type, fileName) => {
    format = kind;
    const answer = await fetchFile(path);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': type,
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'no-store',
    });
    expect(Buffer.from(await answer.arrayBuffer()).equals(content)).toBe(true);
    expect(fixture.told).toEqual([]);
  });

  test('that is not there is an error like others', async () => {
    read = async () => {
      throw new AppError('STATE_CONFLICT');
    };
    const answer = await fetchFile(result);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await answer.json()).toMatchObject({ status: 409, code: 'STATE_CONFLICT' });
    expect((await fetchFile('/v1/data-balikan/batches/7/result')).status).toBe(404);
  });

  test('of NIKs is not for whoever may not hand in', async () => {
    fixture.facts = { ...openFacts(), agreements: [] };
    for (const path of [result, `${packages}/file`])
      expect(await (await fetchFile(path)).json()).toMatchObject({ code: 'AGREEMENT_MISSING' });
    expect({ asked, refusals: fixture.refusals }).toEqual({
      asked: [],
      refusals: ['AGREEMENT_MISSING', 'AGREEMENT_MISSING'],
    });
  });

  test.each([
    ['a fault', () => (read = async (n) => (n < 3 ? piece(n) : Promise.reject(new AppError('SERVICE_TIMEOUT'))))],
    [
      'a revocation',
      () => (read = async (n) => ((fixture.revoked = n === 2 ? 'CLIENT_REVOKED' : undefined), piece(n))),
    ],
  ])('that %s breaks off takes the connection with it: half of it is not taken for the whole', async (_name, spoil) => {
    spoil();
    const answer = await fetchFile(result);
    expect(answer.status).toBe(200);
    await expect(answer.arrayBuffer()).rejects.toThrow('terminated');
    expect(Math.max(...asked)).toBeLessThanOrEqual(3);
    expect(fixture.told).toHaveLength(1);
  });

  test('that nobody reads is not read on', async () => {
    content = randomBytes(200 * chunkBytes);
    const response = await open();
    await until(() => asked.length > 0);
    let before = -1;
    await until(() => {
      const still = asked.length === before;
      before = asked.length;
      return still;
    });
    expect(asked.length).toBeLessThan(100);
    response.destroy();
  });

  test('beside 16 others has to wait; a place is free again however one ends', async () => {
    content = randomBytes(200 * chunkBytes);
    const others = await Promise.all(Array.from({ length: 16 }, () => open()));
    expect(await (await fetchFile(result)).json()).toMatchObject({ code: 'OVERLOADED' });
    for (const response of others) response.destroy();
    await until(async () => {
      const answer = await fetchFile(result);
      await answer.body?.cancel();
      return answer.status === 200;
    });
  });

  test('that is only asked for by HEAD keeps no place', async () => {
    for (let times = 0; times < 20; times++)
      expect((await fetch(fixture.url + result, { method: 'HEAD' })).status).toBe(200);
    expect((await fetchFile(result)).status).toBe(200);
  });
});
