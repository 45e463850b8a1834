import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Soft and hard core limit of a process as the kernel has it, `0 unlimited`; `unknown` where that cannot be told. */
export function coreLimitOf(pid: number | 'self'): string {
  try {
    const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
    return /^Max core file size\s+(\S+\s+\S+)/m.exec(limits)?.[1]?.replace(/\s+/g, ' ') ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

/**
 * Lets this process, and what it starts from now on, dump core as far as the machine allows: a limit that the installation
 * does not set itself would be none here. @returns whether core dumps are possible now
 */
export function allowCoreDumps(): boolean {
  const [, hard = ''] = coreLimitOf('self').split(' ');
  if (hard === '') return false;
  spawnSync('prlimit', ['--pid', String(process.pid), `--core=${hard}:${hard}`], { stdio: 'ignore' });
  return Number(coreLimitOf('self').split(' ')[0]?.replace('unlimited', '1')) > 0;
}
