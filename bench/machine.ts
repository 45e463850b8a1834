import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

export function describeMachine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    loadBefore: load1(),
  };
}

/** Load average of the last minute. */
export const load1 = (): number => Number((loadavg()[0] ?? 0).toFixed(2));
