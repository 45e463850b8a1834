import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Parts } from './parts.js';

export interface Run {
  /** Everything on the disk; it goes with the run. */
  folder: string;
  parts: Parts;
}

/** After Ctrl-C: how long what was just starting may take until it can be stopped. */
const settleMs = 60_000;

/**
 * Runs a benchmark and leaves nothing behind, be it at its end, when it breaks off or after Ctrl-C. Its exit status is 1 unless
 * `bench` says true.
 */
export async function runBenchmark(bench: (run: Run) => Promise<boolean>): Promise<void> {
  const interrupted = new Promise<'interrupted'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('interrupted'));
  });
  const folder = await mkdtemp(join(tmpdir(), 'gerbang-bench-'));
  const parts = new Parts();
  const outcome = bench({ folder, parts }).catch((error: unknown) => error);
  const first = await Promise.race([outcome, interrupted]);
  await parts.stopAll();
  if (first === 'interrupted') await Promise.race([outcome, later(settleMs)]);
  await parts.stopAll();
  await rm(folder, { recursive: true, force: true });
  if (first === 'interrupted') process.exit(130);
  if (first !== true) process.exitCode = 1;
  if (typeof first !== 'boolean') process.stderr.write(`The benchmark broke off: ${describe(first)}\n`);
}

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : 'unknown error';

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
