import { spawn } from 'node:child_process';
import { copyFile, mkdir, stat } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { verifierFolder, verifierPage, verifierScript } from '../evidence/verifier-files.js';
import type { LocalCommand } from './local-commands.js';

const script = verifierScript;
const page = verifierPage;

/** What needs neither a gateway nor an installation. */
export const verifierCommands = (folder: string = verifierFolder): Record<string, LocalCommand> => ({
  verify: {
    summary:
      'Check a bundle, or the kit of a report, without anybody: gerbang verify <file> [--key k] [--checkpoint file] [--receipt file] [--json]',
    run: async (args) => {
      const path = join(folder, script);
      return (await isThere(path)) ? runScript(path, args) : notBuilt(path);
    },
  },
  verifier: {
    summary: 'Copy the verifier, as program and as page, for a computer elsewhere: gerbang verifier --out <folder>',
    run: async (args) => {
      const target = readTarget(args);
      if (target === undefined) return complain('gerbang verifier --out <folder>', 2);
      const paths = [script, page].map((name) => join(folder, name));
      for (const path of paths) if (!(await isThere(path))) return notBuilt(path);
      try {
        await mkdir(target, { recursive: true });
        for (const name of [script, page]) await copyFile(join(folder, name), join(target, name));
      } catch (error) {
        return complain(`--out: "${target}" tidak dapat ditulis (${(error as NodeJS.ErrnoException).code}).`, 1);
      }
      for (const name of [script, page]) process.stdout.write(`Disalin: ${join(target, name)}\n`);
      return 0;
    },
  },
});

function readTarget(args: string[]): string | undefined {
  try {
    return parseArgs({ args, options: { out: { type: 'string' } } }).values.out || undefined;
  } catch {
    return undefined;
  }
}

/** With our own terminal; its exit status is ours. */
function runScript(path: string, args: readonly string[]): Promise<number> {
  // Ctrl-C goes to both: the child ends by it, and we tell its end
  const ignore = () => undefined;
  process.on('SIGINT', ignore);
  return new Promise<number>((resolve, reject) => {
    spawn(process.execPath, [path, ...args], { stdio: 'inherit' })
      .once('error', reject)
      .once('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  }).finally(() => process.off('SIGINT', ignore));
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

const notBuilt = (path: string): number => complain(`${path} tidak ada: jalankan npm run build.`, 1);

function complain(text: string, status: number): number {
  process.stderr.write(`${text}\n`);
  return status;
}
