import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../../apps/launcher/src/project-root.js';
import type { FileVerdict } from '../../apps/verifier/src/file-check.js';
import type { Parts } from '../parts.js';
import { peakMemoryMb } from './peak-memory.js';
import type { WrittenBundle } from './bundle.js';

const verifier = join(projectRoot, 'dist', 'verifier', 'gerbang-verify.mjs');
const hashLines = fileURLToPath(new URL('./hash-lines.js', import.meta.url));
const sampleEveryMs = 20;

export interface ProgramRun {
  seconds: number;
  peakMb: number | undefined;
}

export interface OfflineRound {
  verifier: ProgramRun;
  hashing: ProgramRun;
}

export const hasVerifier = (): boolean => existsSync(verifier);

/** The offline verifier over a bundle. Throws unless it finds the bundle right and whole. */
export async function verify(parts: Parts, bundle: WrittenBundle, key: string): Promise<ProgramRun> {
  const { said, ...run } = await runProgram(parts, [verifier, bundle.path, '--key', key, '--json']);
  const verdict = JSON.parse(said) as FileVerdict;
  if (verdict.kind !== 'BUNDLE' || !verdict.report.ok || verdict.report.leaves !== bundle.leaves)
    throw new Error(`the verifier did not find ${bundle.leaves} events right: ${said.slice(0, 2_000)}`);
  return run;
}

/** By turns with a program that only reads and hashes every line. */
export async function verifyInRounds(
  parts: Parts,
  bundle: WrittenBundle,
  key: string,
  rounds: number,
): Promise<OfflineRound[]> {
  const played: OfflineRound[] = [];
  for (let n = 0; n < rounds; n += 1) {
    const round: Partial<OfflineRound> = {};
    const hash = async () => {
      const { seconds, peakMb } = await runProgram(parts, [hashLines, bundle.path]);
      round.hashing = { seconds, peakMb };
    };
    if (n % 2 === 1) await hash();
    round.verifier = await verify(parts, bundle, key);
    if (n % 2 === 0) await hash();
    played.push(round as OfflineRound);
  }
  return played;
}

/** Throws unless it ends with status 0. */
async function runProgram(parts: Parts, args: string[]): Promise<ProgramRun & { said: string }> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const part = parts.keep({ stop: () => void child.kill('SIGKILL') });
  let peakMb: number | undefined;
  const timer = setInterval(() => (peakMb = peakMemoryMb(child.pid) ?? peakMb), sampleEveryMs);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [status] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  await parts.stop(part);
  const seconds = (performance.now() - startedAt) / 1_000;
  if (status !== 0) throw new Error(`${args[0]} ended with status ${status}: ${said.slice(0, 2_000)}`);
  return { seconds, peakMb, said };
}
