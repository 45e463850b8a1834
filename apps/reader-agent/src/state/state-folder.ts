import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the agent keeps on the PC: its identity and key (0600), its settings, its journal. Nothing of a person. */
export class StateFolder {
  constructor(readonly path: string) {}

  make(): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
  }

  file(name: 'agent.json' | 'identity.json' | 'key.jwk' | 'key.jwk.joining' | 'journal.log' | 'lock'): string {
    return join(this.path, name);
  }

  /** The JSON of a file; `undefined` when there is none. */
  read(name: Parameters<StateFolder['file']>[0]): unknown {
    try {
      return JSON.parse(readFileSync(this.file(name), 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  rename(from: Parameters<StateFolder['file']>[0], to: Parameters<StateFolder['file']>[0]): void {
    renameSync(this.file(from), this.file(to));
    syncFolder(this.path);
  }

  remove(name: Parameters<StateFolder['file']>[0]): void {
    rmSync(this.file(name), { force: true });
  }

  write(name: Parameters<StateFolder['file']>[0], value: unknown): void {
    replaceFile(this.file(name), `${JSON.stringify(value, null, 2)}\n`);
  }
}

/** The disk or its rights, and not what stands in a file: told as such. */
export const isDiskError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'code' in error;

/** Whole or not at all, also when the power goes: written beside, synced, renamed, and the folder synced too. */
export function replaceFile(path: string, content: string): void {
  const beside = `${path}.new`;
  const file = openSync(beside, 'w', 0o600);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
  syncFolder(dirname(path));
}

export function syncFolder(path: string): void {
  // Windows cannot open a folder; NTFS keeps renames in its own log
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
