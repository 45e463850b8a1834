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
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDriver } from '../../../apps/reader-agent/src/adapters/pcsc/driver.js';
import { findFreePort } from './broker.js';

const driver = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
const socket = '/run/pcscd/pcscd.comm';
const lock = join(tmpdir(), 'reader-agent-test-pcscd.lock');

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
    const pcscd = new Pcscd(await findFreePort(), library);
    await pcscd.launch();
    return pcscd;
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
