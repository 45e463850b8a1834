import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ReaderDetail, ReaderRegister } from '#contracts';
import { projectRoot } from '../apps/launcher/src/project-root.js';
import { readEvents } from './support/read-events.js';
import {
  act,
  addReader,
  addSam,
  joinCode,
  openReaderOffice,
  read,
  type ReaderOffice,
} from './support/reader-office.js';
import { RunningStack } from './support/running-stack.js';
import { cardOf } from './support/stand-in-agent.js';
import { until } from './support/until.js';

/** The agent itself, with its simulator, at the real gateway and broker. */
let stack: RunningStack;
let office: ReaderOffice;
let folder: string;
let person: Record<string, string | null>;
const main = join(projectRoot, 'dist', 'apps', 'reader-agent', 'src', 'main.js');
const running = new Set<ChildProcessByStdio<Writable, Readable, Readable>>();

beforeAll(async () => {
  stack = await RunningStack.start({ env: { GATEWAY_BURST_PER_SECOND: '100000', GATEWAY_BURST_SIZE: '100000' } });
  const opened = await openReaderOffice(stack);
  const reader = await addReader(opened.admin, opened.path);
  const sam = await addSam(opened.admin, opened.path, reader.id);
  office = { ...opened, reader, sam };
  [person = {}] = await stack.people('FOUND', 1);
  folder = mkdtempSync(join(tmpdir(), 'gerbang-agent-'));
  const code = await joinCode(office.admin, office.path, reader.id);
  expect(await command('join', code, '--url', stack.url, '--state', folder)).toBe(0);
  writeFileSync(join(folder, 'agent.json'), JSON.stringify(settings()));
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
  await stack.stop();
});

const settings = () => ({
  adapter: 'simulator',
  simulator: {
    stepMs: 20,
    sam: { present: true, serial: office.sam.serial, atr: '3B00' },
    reads: [{ card: cardOf(person), fingers: ['no-match', 'match'] }],
  },
});

function start(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  // nobody reads what it says
  child.stdout.resume();
  child.stderr.resume();
  running.add(child);
  const ended = new Promise<number>((resolve) =>
    child.once('exit', (status) => {
      running.delete(child);
      resolve(status ?? -1);
    }),
  );
  return { child, ended };
}
const command = (...args: string[]): Promise<number> => start(...args).ended;

const stateOf = async (): Promise<ReaderDetail['state'] | undefined> => {
  const { body } = await office.admin.send('GET', `${office.path}/readers`);
  return (body as unknown as ReaderRegister).readers.find(({ id }) => id === office.reader.id)?.state;
};
const online = () => until(async () => (await stateOf()) === 'online');

test('joins, reads a card with the finger at the second try, and goes on to the register', async () => {
  const agent = start('run', '--state', folder);
  await online();
  const events = await readEvents(stack, office, { then: 'MATCH' });
  const all = await events.rest();
  expect(all.map(({ event }) => event).filter((event) => event !== 'progress')).toEqual(['begun', 'result']);
  expect(all.some(({ data }) => data.step === 'TRY_FAILED' && data.tries === 1)).toBe(true);
  expect(all.at(-1)?.data).toMatchObject({ outcome: 'MATCHED', tries: 1, level: 'register-verified' });
  expect(all.at(-1)?.data.elements).toEqual(cardOf(person));
  agent.child.kill();
  expect(await agent.ended).toBe(0);
  await until(async () => (await stateOf()) === 'offline');
});

test('killed and back at once; a copy of its folder is refused and reported', async () => {
  const first = start('run', '--state', folder);
  await online();
  first.child.kill('SIGKILL');
  await first.ended;
  await until(async () => (await stateOf()) === 'offline');
  // what the killed one left locked
  rmSync(join(folder, 'lock'), { force: true });
  const back = start('run', '--state', folder);
  await online();
  expect(await read(stack, office)).toMatchObject({ status: 200, body: { outcome: 'MATCHED' } });
  const copy = mkdtempSync(join(tmpdir(), 'gerbang-agent-'));
  for (const name of ['agent.json', 'identity.json', 'key.jwk'])
    writeFileSync(join(copy, name), readFileSync(join(folder, name)), { mode: 0o600 });
  const second = start('run', '--state', copy);
  await until(async () => {
    const { body } = await office.admin.send('GET', `${office.path}/readers`);
    const { readers } = body as unknown as ReaderRegister;
    return readers.find(({ id }) => id === office.reader.id)?.secondAgentAt !== null;
  });
  expect(await read(stack, office)).toMatchObject({ status: 200, body: { outcome: 'MATCHED' } });
  for (const one of [second, back]) one.child.kill();
  await Promise.all([second.ended, back.ended]);
  rmSync(copy, { recursive: true });
});

test('revoked: thrown out, and it stays out', async () => {
  const agent = start('run', '--state', folder);
  await online();
  await act(office.admin, `${office.path}/readers/${office.reader.id}/revocation`);
  expect(await read(stack, office)).toMatchObject({ status: 403 });
  const rows = () =>
    stack.sql<{ connected: boolean }>(
      'SELECT connected_cid IS NOT NULL AS connected FROM access.reader WHERE id = $1',
      [office.reader.id],
    );
  await until(async () => (await rows())[0]?.connected === false);
  agent.child.kill();
  await agent.ended;
});
