import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogFile } from './log-file.js';
import { StartError } from './start-error.js';
import { writeJson } from './write-json.js';

const leastFreeBytes = 300 * 1024 * 1024;

/** Everything that one installation keeps on disk, in one folder. */
export class StateFolder {
  private constructor(readonly path: string) {}

  /** @throws {StartError} when it cannot be written, is full, or another launcher runs on it */
  static open(path: string): StateFolder {
    try {
      mkdirSync(join(path, 'logs'), { recursive: true, mode: 0o755 });
      accessSync(path, constants.W_OK);
      const probe = join(path, `.write-test-${process.pid}`);
      writeFileSync(probe, 'x');
      rmSync(probe);
    } catch (error) {
      throw new StartError(
        `The state folder ${path} cannot be written (${(error as NodeJS.ErrnoException).code}). Give this user the right to write there, or set GERBANG_STATE_DIR to another folder.`,
      );
    }
    const { bavail, bsize } = statfsSync(path);
    if (bavail * bsize < leastFreeBytes)
      throw new StartError(
        `Less than 300 MB are free on the disk of ${path}. Make room, or set GERBANG_STATE_DIR to another disk.`,
      );
    const state = new StateFolder(path);
    state.lock();
    return state;
  }

  file(...names: string[]): string {
    return join(this.path, ...names);
  }

  folder(...names: string[]): string {
    const path = join(this.path, ...names);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }

  openLog = (name: string): LogFile => new LogFile(this.file('logs', `${name}.log`));

  /** Kept between starts; each name gets 32 random bytes on first use, or what `make` gives. */
  secret(name: string, make = () => `s${randomBytes(32).toString('hex')}`): string {
    const path = this.file('secrets.json');
    const secrets = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>) : {};
    const found = secrets[name];
    if (found !== undefined) return found;
    const made = make();
    this.writeJson('secrets.json', { ...secrets, [name]: made });
    return made;
  }

  /** Whole or not at all, and for this user only. */
  writeJson(name: string, content: unknown): void {
    writeJson(this.file(name), content);
  }

  remove(name: string): void {
    rmSync(this.file(name), { force: true });
  }

  unlock(): void {
    rmSync(this.file('launcher.pid'), { force: true });
  }

  private lock(): void {
    const path = this.file('launcher.pid');
    const holder = existsSync(path) ? Number(readFileSync(path, 'utf8')) : undefined;
    if (holder !== undefined && holder !== process.pid && isLauncher(holder)) {
      throw new StartError(
        `Gerbang PATEN runs on ${this.path} already (process ${holder}). Stop it first, or set GERBANG_STATE_DIR to another folder.`,
      );
    }
    writeFileSync(path, String(process.pid));
  }
}

/** The process is there and, where that can be told, is a Node process: ids are given again after a reboot. */
function isLauncher(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync(`/proc/${pid}/cmdline`) || readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('launcher');
  } catch {
    return false;
  }
}
