import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localCommands } from './local-commands.js';
import { verifierCommands } from './verifier-commands.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gerbang-verifier-'));
});
afterEach(() => rm(folder, { recursive: true }));

const run = (name: string, args: string[]): Promise<number> | undefined => verifierCommands(folder)[name]?.run(args);

test('both are commands of their own', () => {
  expect(Object.keys(localCommands)).toEqual(expect.arrayContaining(['verify', 'verifier']));
});

test('gerbang verify passes everything on, and ends as the verifier ends', async () => {
  await writeFile(
    join(folder, 'gerbang-verify.mjs'),
    `import { writeFileSync } from 'node:fs';
     writeFileSync(${JSON.stringify(join(folder, 'args.json'))}, JSON.stringify(process.argv.slice(2)));
     process.exitCode = 7;`,
  );
  const args = ['bukti.jsonl', '--key', 'a+b', '--checkpoint', 'c', '--receipt', 'r', '--json', '--help'];
  expect(await run('verify', args)).toBe(7);
  expect(JSON.parse(await readFile(join(folder, 'args.json'), 'utf8'))).toEqual(args);
});

test('one that is killed is told as a shell tells it', async () => {
  await writeFile(
    join(folder, 'gerbang-verify.mjs'),
    "process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);",
  );
  expect(await run('verify', [])).toBe(137);
});

test('gerbang verifier copies both files', async () => {
  for (const name of ['gerbang-verify.mjs', 'gerbang-verify.html']) await writeFile(join(folder, name), name);
  const target = join(folder, 'usb', 'bukti');
  expect(await run('verifier', ['--out', target])).toBe(0);
  for (const name of ['gerbang-verify.mjs', 'gerbang-verify.html'])
    expect(await readFile(join(target, name), 'utf8')).toBe(name);
  expect(await run('verifier', ['--out', join(folder, 'gerbang-verify.mjs')])).toBe(1);
});

test('without a build, or written wrongly, nothing is done', async () => {
  expect(await run('verify', ['bukti.jsonl'])).toBe(1);
  expect(await run('verifier', ['--out', folder])).toBe(1);
  expect(await run('verifier', [])).toBe(2);
  expect(await run('verifier', ['--output', folder])).toBe(2);
});
