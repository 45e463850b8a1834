import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDriver } from '../../../apps/reader-agent/src/adapters/pcsc/driver.js';

const driver = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
const socket = '/run/pcscd/pcscd.comm';
const lock = join(tmpdir(), 'reader-agent-test-pcscd.lock');
const mostTries = 5;

/** Why the tests against pcscd cannot run here; `undefined` when they can. */
export const whyNoPcscd = async (): Promise<string | undefined> => whatIsMissing() ?? whoIsInTheWay();

/** What .ci/run would have installed. */
export function whatIsMissing(): string | undefined {
  if (spawnSync('pcscd', ['--version']).status !== 0) return 'pcscd is not installed';
  if (!existsSync(driver)) return 'vsmartcard-vpcd is not installed';
  if (process.getuid?.() !== 0) return 'pcscd needs root';
  if (!addonLoads()) return 'the package smartcard was not built (libpcsclite-dev, node-gyp)';
  if (spawnSync('pkg-config', ['--exists', 'libpcsclite']).status !== 0 || spawnSync('cc', ['--version']).status !== 0)
    return 'no compiler for the driver that can be unplugged (pkg-config, cc)';
  return undefined;
}

async function whoIsInTheWay(): Promise<string | undefined> {
  if (lockHolder() !== undefined) return 'another test runs a pcscd, and there can be one on a machine';
  if (await answers(socket)) return 'a pcscd of this machine is running, and is left alone';
  return undefined;
}

/** The real pcscd with the virtual driver; its socket's place is fixed, so there is one at a time on a machine. */
export class Pcscd {
  private child: ChildProcess | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), 'pcscd-'));
  readonly unplugSwitch = join(this.folder, 'unplugged');

  private constructor(
    readonly port: number,
    library: string,
  ) {
    const config = `FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:${hexOf(port)}\nLIBPATH ${library}\nCHANNELID ${hexOf(port)}\n`;
    mkdirSync(join(this.folder, 'reader.conf.d'));
    writeFileSync(join(this.folder, 'reader.conf.d', 'vpcd'), config);
  }

  /** @param library the virtual driver, or one that stands before it */
  static async start(library = driver): Promise<Pcscd> {
    takeLock();
    for (let tries = 1; ; tries += 1) {
      const pcscd = new Pcscd(await findTwoPorts(), library);
      await pcscd.launch();
      if (await pcscd.hasItsSlots()) return pcscd;
      if (tries === mostTries) throw new Error(`no virtual reader in ${mostTries} tries`);
      await pcscd.kill();
    }
  }

  /** Somebody else may have taken one of the two ports in the meantime: then the driver has no reader, and says nothing. */
  private async hasItsSlots(): Promise<boolean> {
    for (let looks = 0; looks < 200; looks += 1) {
      if (isListenedOn(this.port) && isListenedOn(this.port + 1)) return true;
      await new Promise((again) => setTimeout(again, 25));
    }
    return false;
  }

  async launch(): Promise<void> {
    const args = ['--foreground', '--error', '--config', join(this.folder, 'reader.conf.d')];
    const env = { ...process.env, UNPLUG_SWITCH: this.unplugSwitch };
    const child = (this.child = spawn('pcscd', args, { stdio: 'ignore', env }));
    while (!(await answers(socket))) {
      if (child.exitCode !== null) throw new Error(`pcscd ended with ${child.exitCode}`);
      await new Promise((again) => setTimeout(again, 25));
    }
  }

  /** Until the driver tells that this slot is empty, or that it is not. */
  async slotIs(slot: 0 | 1, what: 'empty' | 'taken'): Promise<void> {
    const driver = await loadDriver();
    if (!driver) throw new Error('no driver');
    const context = new driver.Context();
    for (;;) {
      const [one] = context.listReaders().filter(({ name }) => name.endsWith(`0${slot}`));
      if (one && ((one.state & driver.present) !== 0) === (what === 'taken')) break;
      await new Promise((again) => setTimeout(again, 20));
    }
    context.close();
  }

  /** What a hot-plug event of the kernel would do. */
  lookForReaders(): void {
    this.child?.kill('SIGUSR1');
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
    unlinkSync(lock);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}

/** A driver that loses its reader when a file appears: stands before the virtual one, which is never unplugged. */
export function buildUnpluggableDriver(): string {
  const folder = mkdtempSync(join(tmpdir(), 'unpluggable-'));
  const library = join(folder, 'libunpluggable.so');
  const source = join(process.cwd(), 'test/support/reader-agent/unpluggable.c');
  const flags = execFileSync('pkg-config', ['--cflags', 'libpcsclite'], { encoding: 'utf8' }).trim().split(/\s+/);
  const built = spawnSync('cc', ['-shared', '-fPIC', '-o', library, source, ...flags, '-ldl'], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(built.stderr);
  return library;
}

function takeLock(): void {
  for (;;) {
    try {
      const file = openSync(lock, 'wx');
      writeSync(file, String(process.pid));
      return closeSync(file);
    } catch {
      if (lockHolder() !== undefined) throw new Error('another test runs a pcscd');
      unlinkSync(lock);
    }
  }
}

/** The process of a test that runs a pcscd now. */
function lockHolder(): number | undefined {
  if (!existsSync(lock)) return undefined;
  const holder = Number(readFileSync(lock, 'utf8'));
  return holder > 0 && existsSync(`/proc/${holder}`) ? holder : undefined;
}

/** One for each slot, side by side; below those that the kernel gives to connections. */
async function findTwoPorts(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)));
  });

/** As the kernel has it: to connect would be to lay down a card. */
function isListenedOn(port: number): boolean {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .filter((path) => existsSync(path))
    .flatMap((path) => readFileSync(path, 'utf8').split('\n'))
    .map((line) => line.trim().split(/\s+/))
    .some(([, address, , state]) => state === '0A' && address?.endsWith(local));
}

const hexOf = (port: number) => `0x${port.toString(16).toUpperCase()}`;

function addonLoads(): boolean {
  try {
    createRequire(`${process.cwd()}/package.json`)('smartcard');
    return true;
  } catch {
    return false;
  }
}

const answers = (path: string) => canConnect(() => connect(path));

function canConnect(dial: () => ReturnType<typeof connect>): Promise<boolean> {
  return new Promise((resolve) => {
    const one = dial();
    one.once('connect', () => (one.destroy(), resolve(true)));
    one.once('error', () => resolve(false));
  });
}
