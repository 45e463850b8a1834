import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateFolder } from '../apps/launcher/src/state-folder.js';
import { projectRoot } from '../apps/launcher/src/project-root.js';
import { until } from './support/until.js';

interface StackFile {
  gatewayUrl: string;
  managementUrl: string;
  client: { id: string; secret: string };
  operator: { username: string };
  people: { nik: string; outcome: string }[];
  expired: { client: { id: string; secret: string }; operator: { username: string } };
}

/** `npm start` as a person runs it: what it prints, and how it ends. */
class Launch {
  output = '';
  readonly ended: Promise<number | null>;
  private constructor(private readonly process: ChildProcess) {
    process.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
    process.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
    this.ended = new Promise((resolve) => process.once('close', resolve));
  }

  static start(stateDir: string, env: Record<string, string> = {}): Launch {
    const main = join(projectRoot, 'dist', 'apps', 'launcher', 'src', 'main.js');
    return new Launch(
      spawn(process.execPath, [main], { env: { PATH: process.env.PATH ?? '', GERBANG_STATE_DIR: stateDir, ...env } }),
    );
  }

  async ready(): Promise<void> {
    let over = false;
    void this.ended.then(() => (over = true));
    await until(async () => over || this.output.includes('is ready'));
    if (over) throw new Error(this.output);
  }

  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    this.process.kill(signal);
    return this.ended;
  }
}

/** Taken away after each test. */
let temporary: string;
/** What is started on: that one, unless a test says otherwise. */
let folder: string;
let launches: Launch[];
const launch = (env: Record<string, string> = {}, stateDir = folder): Launch => {
  const one = Launch.start(stateDir, env);
  launches.push(one);
  return one;
};
const stackFile = async () => JSON.parse(await readFile(join(folder, 'stack.json'), 'utf8')) as StackFile;

beforeEach(async () => {
  folder = temporary = await mkdtemp(join(tmpdir(), 'gerbang-launch-'));
  launches = [];
});
afterEach(async () => {
  for (const one of launches) await one.stop('SIGTERM');
  await rm(temporary, { recursive: true, force: true });
});

async function tokenOf(
  { gatewayUrl }: StackFile,
  client: { id: string; secret: string },
  operator: string,
): Promise<string> {
  const response = await fetch(`${gatewayUrl}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', operator }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

async function lookUp(file: StackFile, token: string, nik: string) {
  const response = await fetch(`${file.gatewayUrl}/v1/verifications`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ nik, purpose: { service: 'SKU', reference: '500/001' } }),
  });
  return (await response.json()) as { outcome?: string; code?: string; quota?: { used: number } };
}

describe('one folder, start after start', () => {
  let home: string;
  let file: StackFile;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'gerbang-home-'));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));
  beforeEach(() => void (folder = home));

  test('below one that only root may enter, after an initdb that was interrupted: it starts, and the curl that is printed works', async () => {
    await chmod(home, 0o700);
    await mkdir(join(home, 'postgres', 'draft-1'), { recursive: true });
    const one = launch();
    await one.ready();
    const pasted = /(TOKEN=\$[\s\S]*?)\n\nCtrl-C/.exec(one.output)?.[1] ?? '';
    const shell = spawn('bash', ['-c', pasted]);
    let said = '';
    shell.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    await new Promise((resolve) => shell.once('close', resolve));
    expect(JSON.parse(said)).toMatchObject({ outcome: 'FOUND', quota: { used: 1 } });

    file = await stackFile();
    expect(file.people.length).toBeGreaterThanOrEqual(100);
    expect(new Set(file.people.map(({ outcome }) => outcome))).toEqual(
      new Set(['FOUND', 'NOT_FOUND', 'DECEASED', 'DUPLICATE', 'INACTIVE', 'UNPROCESSABLE']),
    );
    // the 2022-2024 agreement alone refuses every look-up
    const expired = await lookUp(
      file,
      await tokenOf(file, file.expired.client, file.expired.operator.username),
      file.people[0]?.nik ?? '',
    );
    expect(expired.code).toBe('AGREEMENT_ENDED');
    expect((await fetch(`${file.managementUrl}/health/ready`)).status).toBe(200);

    // another one on the same folder is refused, with the process that runs there
    const other = launch();
    expect(await other.ended).toBe(1);
    expect(other.output).toMatch(/runs on .* already \(process \d+\)/);

    expect(await one.stop('SIGINT')).toBe(0);
    await expect(stackFile()).rejects.toThrow(/ENOENT/);
  });

  test('again, with the data of before; then it is killed the hard way', async () => {
    const one = launch();
    await one.ready();
    const again = await stackFile();
    expect(again.client).toEqual(file.client);
    const found = file.people.filter(({ outcome }) => outcome === 'FOUND');
    expect(
      await lookUp(again, await tokenOf(again, again.client, again.operator.username), found[1]?.nik ?? ''),
    ).toMatchObject({ outcome: 'FOUND', quota: { used: 2 } });
    await one.stop('SIGKILL');
  });

  test('that leaves nothing in the way of the next; a part that crashes is named, and ends it with a status that is not zero', async () => {
    const one = launch();
    await one.ready();
    const pid = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
      .split('\n')
      .map((line) => /^\s*(\d+)\s+(.*)$/.exec(line))
      .find((match) => match?.[2]?.includes('nik-verification/src/main.js') && isOfFolder(Number(match[1])))?.[1];
    process.kill(Number(pid), 'SIGKILL');
    expect(await one.ended).toBe(1);
    expect(one.output).toContain('nik-verification-1 ended unexpectedly (SIGKILL)');
  });
});

/** Services run in the state folder, so one of this test can be told from one of another that runs beside. */
function isOfFolder(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false;
  }
}

test('a taken port is told by number and by the setting that names it', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = String(typeof address === 'object' && address ? address.port : 0);
  const one = launch({ GERBANG_PORT: port });
  expect(await one.ended).toBe(1);
  expect(one.output).toContain(`Port ${port} (GERBANG_PORT) is taken`);
  await new Promise((resolve) => server.close(resolve));
});

test('a half-initialised data directory is told, not repaired by guess', async () => {
  await mkdir(join(folder, 'postgres', 'data'), { recursive: true });
  await writeFile(join(folder, 'postgres', 'data', 'PG_VERSION'), '18\n');
  const one = launch();
  expect(await one.ended).toBe(1);
  expect(one.output).toContain('is not a whole database (half-initialised or damaged)');
});

test('a folder that cannot be written is told with its path', async () => {
  const blocked = join(folder, 'a-file');
  await writeFile(blocked, '');
  expect(() => StateFolder.open(join(blocked, 'state'))).toThrow(/cannot be written .*GERBANG_STATE_DIR/);
  if (process.getuid?.() !== 0) {
    const readOnly = join(folder, 'read-only');
    await mkdir(readOnly);
    await chmod(readOnly, 0o500);
    expect(() => StateFolder.open(join(readOnly, 'state'))).toThrow(/cannot be written/);
  }
});
