import { readFileSync } from 'node:fs';

/** Largest resident size that the process ever had, MB (10^6 bytes), as the kernel counts it; undefined where it does not tell. */
export function peakMemoryMb(pid: number | 'self' | undefined): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : (Number(kilobytes) * 1_024) / 1e6;
  } catch {
    return undefined;
  }
}
