import { readFileSync } from 'node:fs';

export interface WatchedProcess {
  name: string;
  pid: number | undefined;
  /** With all its children, as for PostgreSQL. */
  family?: boolean;
  /** Held against the aim for memory. */
  judged?: boolean;
}

const sampleEveryMs = 1_000;
/** USER_HZ: the unit of /proc/<pid>/stat on every Linux. */
const tickMs = 10;

/** Memory and processor time of the processes under test, from /proc; on other systems nothing is measured. */
export class ProcessWatch {
  private readonly peaks = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;

  constructor(readonly watched: readonly WatchedProcess[]) {
    this.timer = setInterval(() => this.sample(), sampleEveryMs);
  }

  /** Largest resident size seen so far, MB (10^6 bytes). */
  peakMb(name: string): number | undefined {
    return this.peaks.get(name);
  }

  /** Processor time used so far by each process, milliseconds. */
  cpuMs(): Map<string, number> {
    return new Map(this.watched.map((one) => [one.name, membersOf(one).reduce((sum, pid) => sum + cpuOf(pid), 0)]));
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private sample(): void {
    for (const one of this.watched) {
      const sizes = membersOf(one).map(memoryOf);
      // what the members of a family share is counted once
      const mb = (sum(sizes.map(({ own }) => own)) + Math.max(0, ...sizes.map(({ shared }) => shared))) / 1e6;
      if (mb > (this.peaks.get(one.name) ?? 0)) this.peaks.set(one.name, mb);
    }
  }
}

function membersOf({ pid, family }: WatchedProcess): number[] {
  if (pid === undefined) return [];
  if (!family) return [pid];
  const children = readProc(`${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [pid, ...children];
}

function memoryOf(pid: number): { own: number; shared: number } {
  const status = readProc(`${pid}/status`);
  const bytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1_024;
  const shared = bytes('RssShmem') + bytes('RssFile');
  return { own: bytes('VmRSS') - shared, shared };
}

/**
 * `utime`, `stime`, and those of children that have ended, of proc_pid_stat(5); the name in parentheses may hold blanks.
 * A connection of PostgreSQL that closes meanwhile is counted at its parent from then on.
 */
function cpuOf(pid: number): number {
  const fields = readProc(`${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  return sum(fields.slice(11, 15).map(Number)) * tickMs;
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
