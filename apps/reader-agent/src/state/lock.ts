import { closeSync, openSync, readFileSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { uptime } from 'node:os';

/** Another agent runs on this state folder; two would spoil its journal. */
export class StateLocked extends Error {
  override readonly name = 'StateLocked';
}

/** The computed boot time moves when the clock is set; a restart of the PC moves it by more. */
const sameBootMs = 60_000;
const here = { bornAt, bootedAt: () => Math.round(Date.now() - uptime() * 1000) };

/** A file with the process's id: one that was left by an agent that was killed does not count. */
export class StateLock {
  private constructor(private readonly path: string) {}

  /** @throws {StateLocked} */
  static take(path: string, os = here): StateLock {
    const mine = `${process.pid} ${os.bornAt(process.pid)} ${os.bootedAt()}`;
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        const file = openSync(path, 'wx', 0o600);
        writeSync(file, mine);
        closeSync(file);
        return new StateLock(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const [pid = '', born = '', booted = ''] = readFileSync(path, 'utf8').split(' ');
        if (isHeld(Number(pid), born, Number(booted), os)) break;
        unlinkSync(path);
      }
    }
    throw new StateLocked('another agent runs on this folder');
  }

  release(): void {
    rmSync(this.path, { force: true });
  }
}

function isHeld(pid: number, born: string, booted: number, os: typeof here): boolean {
  // this process holds nothing yet: its id was another's before
  if (!(pid > 0) || pid === process.pid || !isAlive(pid) || os.bornAt(pid) !== born) return false;
  return born !== '' || Math.abs(os.bootedAt() - booted) < sameBootMs;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Tells a process from a later one with the same id; where /proc is missing (Windows) the boot time has to do. */
function bornAt(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
