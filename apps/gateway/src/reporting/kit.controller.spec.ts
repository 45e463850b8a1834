import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import {
  beginExport,
  getReport,
  readExport,
  readKitPart,
  readReportForm,
  signCheckpoint,
  type Rpc,
  type RpcInput,
} from '#contracts';
import { AppError, currentContext } from '#service';
import { until } from '../../../../test/support/until.js';
import { Administration } from '../administration/administration.service.js';
import { AppFixture } from '../data-balikan/app-fixture.js';
import { verifierFolderToken, verifierPage, verifierScript } from '../evidence/verifier-files.js';
import { KitController } from './kit.controller.js';

const id = '019ab3c4-5d6e-7f80-9123-456789abcdef';
const origin = `uji/${id}/2`;

let folder: string;
let fixture: AppFixture;
let asked: { subject: string; input: unknown }[];
let correlationIds: Set<string | undefined>;
/** Held back where a test wants it. */
let hold: Promise<void>;
let size: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gerbang-kit-'));
  for (const name of [verifierScript, verifierPage]) await writeFile(join(folder, name), 'alat pemeriksa');
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  const transaction = async () => ({ now: new Date('2026-11-23T02:20:00Z') });
  fixture = await AppFixture.start([KitController], {
    providers: [
      { provide: Administration, useValue: { transaction } },
      { provide: verifierFolderToken, useValue: folder },
    ],
  });
  [asked, correlationIds, hold, size] = [[], new Set(), Promise.resolve(), 5];
  fixture.answer = async (rpc: Rpc, input: never) => {
    asked.push({ subject: rpc.subject, input });
    correlationIds.add(currentContext()?.correlationId);
    return answers(rpc, input);
  };
});
afterEach(() => fixture.stop());

async function answers(rpc: Rpc, input: RpcInput<typeof readKitPart> & { next: number; to?: number; n: number }) {
  const period = { kind: 'OTHER', from: '2026-01-01', until: '2026-06-30' };
  if (rpc === getReport) return { id, version: 1, period, contentHash: 'ab' };
  if (rpc === signCheckpoint) return { origin, size: (size += 1) };
  if (rpc === readReportForm)
    return { bytes: Buffer.from(`bagian ${input.n}\n`).toString('base64'), last: input.n === 1 };
  if (rpc === readKitPart) {
    await hold;
    return {
      lines: [`{"part":"${input.part}","after":${JSON.stringify(input.after)}}`],
      next: input.after ? null : 'x',
    };
  }
  if (rpc === beginExport) return { logId: 1, origin, keys: [], from: 0, to: input.to ?? 3, before: [] };
  if (rpc === readExport) return { lines: ['{"i":0}'], checkpoints: 1, next: input.to };
  throw new Error(`nobody asks ${rpc.subject}`);
}

const get = (signal?: AbortSignal) =>
  fetch(`${fixture.url}/v1/reports/${id}/kit`, {
    headers: { 'x-correlation-id': 'uji-kit' },
    ...(signal ? { signal } : {}),
  });

test('a bundle for each generation, the last one up to a checkpoint that is signed after the particulars', async () => {
  const files = unzipSync(new Uint8Array(await (await get()).arrayBuffer()));
  const text = (name: string) => Buffer.from(files[name] ?? []).toString();
  expect(text('report.pdf')).toBe('bagian 0\nbagian 1\n');
  expect(text('particulars.jsonl').split('\n')).toHaveLength(3);
  expect(text('evidence-1.jsonl')).toContain('"to":3');
  expect(text('evidence-2.jsonl')).toContain('"to":7');
  expect(text('BACA-SAYA.txt')).toContain('gerbang-verify.mjs kit.zip');
  const order = asked.map(({ subject }) => subject);
  expect(order.lastIndexOf(signCheckpoint.subject)).toBeGreaterThan(order.lastIndexOf(readKitPart.subject));
  expect(correlationIds).toEqual(new Set(['uji-kit']));
  expect(fixture.confirmed).toBe(Object.keys(files).length - 1);
});

test('what its first pages are refused with is told as such', async () => {
  const refuse = (refused: Rpc, code: 'EVIDENCE_ROLLED_BACK' | 'EVIDENCE_UNAVAILABLE' | 'RESOURCE_NOT_FOUND') => {
    fixture.answer = async (rpc: Rpc, input: never) => {
      if (rpc === refused) throw new AppError(code);
      return answers(rpc, input);
    };
  };
  // more often than there may be at once: each gives its place back
  for (const [rpc, code, status] of [
    [signCheckpoint, 'EVIDENCE_ROLLED_BACK', 503],
    [readKitPart, 'EVIDENCE_UNAVAILABLE', 503],
    [getReport, 'RESOURCE_NOT_FOUND', 404],
  ] as const) {
    refuse(rpc, code);
    const answer = await get();
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
  }
});

test('two at once; who goes away makes room', async () => {
  let release = () => undefined as void;
  hold = new Promise((resolve) => (release = resolve));
  const aborts = [new AbortController(), new AbortController()];
  const running = aborts.map(({ signal }) => get(signal).catch(() => undefined));
  await until(async () => asked.filter(({ subject }) => subject === readKitPart.subject).length === 2);
  const busy = await get();
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '15']);
  await busy.arrayBuffer();
  aborts.forEach((one) => one.abort());
  release();
  await Promise.all(running);
  await until(async () => {
    const answer = await get();
    await answer.arrayBuffer();
    return answer.status === 200;
  });
});

test('a revocation ends it, and nobody takes it for the whole', async () => {
  const answer = fixture.answer;
  fixture.answer = async (rpc: Rpc, input: never) => {
    if (rpc === readExport) fixture.revoked = 'OPERATOR_INACTIVE';
    return answer(rpc, input);
  };
  await expect(get().then((response) => response.arrayBuffer())).rejects.toThrow('terminated');
  expect(fixture.told).toEqual([expect.arrayContaining(['kit broken off'])]);
});
