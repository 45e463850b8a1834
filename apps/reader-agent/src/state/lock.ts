import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';

/** Another agent runs on this state folder; two would spoil its journal. */
export class StateLocked extends Error {
  override readonly name = 'StateLocked';
}

/** A file with the process's id: one that was left by an agent that was killed does not count. */
export class StateLock {
  private constructor(private readonly path: string) {}

  /** @throws {StateLocked} */
  static take(path: string): StateLock {
    const mine = `${process.pid} ${bornAt(process.pid)}`;
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        const file = openSync(path, 'wx', 0o600);
        writeSync(file, mine);
        closeSync(file);
        return new StateLock(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const [pid = '', born = ''] = readFileSync(path, 'utf8').split(' ');
        if (Number(pid) > 0 && isAlive(Number(pid)) && bornAt(Number(pid)) === born) break;
        unlinkSync(path);
      }
    }
    throw new StateLocked('another agent runs on this folder');
  }

  release(): void {
    unlinkSync(this.path);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Tells a process from a later one with the same id; where /proc is missing the id alone has to do. */
function bornAt(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
