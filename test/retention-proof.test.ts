import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { projectRoot } from '../apps/launcher/src/project-root.js';
import { withoutPerson } from '../proof/statement/judge.js';
import type { Statement } from '../proof/statement/statement.js';

/** The retention proof at its small scale, as `npm run proof:retention` runs it: about two minutes on a busy machine. */
const boundMs = 600_000;
let folder: string;
let proof: { status: number | null; said: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gerbang-retention-'));
  proof = await run(['--scale', 'small', '--out', folder]);
}, boundMs);
afterAll(() => rm(folder, { recursive: true }));

function run(args: string[]): Promise<{ status: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(projectRoot, 'dist', 'proof', 'main.js'), ...args], {
      cwd: projectRoot,
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, said }));
  });
}

const statement = async () => JSON.parse(await readFile(join(folder, 'statement.json'), 'utf8')) as Statement;

test('nothing of a person was left behind, and what was planted on purpose was found', async () => {
  expect(proof).toMatchObject({ status: 0 });
  const { verdict, reasons, findings, planted, undriven, search, canaries } = await statement();
  expect({ verdict, reasons, findings }).toEqual({ verdict: 'nothing-found', reasons: [], findings: [] });
  expect(planted.found).toBe(planted.expected);
  expect(planted.expected).toBeGreaterThan(100);
  expect(canaries.count).toBeGreaterThan(100);
  expect(search.bytes).toBeGreaterThan(20_000_000);
  // every route of the contract was driven but for those that are named with a reason
  expect(undriven.map(({ operationId }) => operationId)).toEqual(Object.keys(withoutPerson));
});

test('database, WAL, broker, logs, keys and temporary folders were searched, and no service may dump core', async () => {
  const { places, coreDumps } = await statement();
  expect(places.filter(({ unread }) => unread.length > 0)).toEqual([]);
  for (const name of ['PostgreSQL: basis data', 'PostgreSQL: WAL', 'NATS', 'log', 'kunci'])
    expect(places.find((place) => place.name === name)?.bytes).toBeGreaterThan(0);
  expect(places.some(({ name }) => name.startsWith('sementara:'))).toBe(true);
  expect(coreDumps.limits.filter(({ limit }) => limit !== '0 0')).toEqual([]);
  expect(coreDumps.limits.length).toBeGreaterThan(4);
});

test('the statement is signed, and a changed one is told from it', async () => {
  const path = join(folder, 'statement.json');
  expect((await run(['--verify', path])).status).toBe(0);
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('"nothing-found"', '"nothing-found "'));
  expect((await run(['--verify', path])).status).toBe(1);
  await writeFile(path, text);
  expect((await readFile(join(folder, 'statement.pdf'))).subarray(0, 5).toString()).toBe('%PDF-');
});
