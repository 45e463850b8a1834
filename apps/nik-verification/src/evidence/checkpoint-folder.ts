import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Newest checkpoints of a generation that stay. */
const kept = 20;

export interface KeptCheckpoint {
  generation: number;
  size: number;
  note: string;
}

/**
 * The last signed checkpoints of each log, on the disk outside of the database: whoever sets the database back cannot set
 * these back with it. One file for each checkpoint, so that a leader that was paused and writes late hides nothing newer.
 */
export class CheckpointFolder {
  constructor(private readonly folder: string) {}

  /** On the disk when it returns. */
  async save(institutionId: string, { generation, size, note }: KeptCheckpoint): Promise<void> {
    const folder = join(this.folder, institutionId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = join(folder, `.${randomBytes(6).toString('hex')}`);
    await writeFile(draft, note, { mode: 0o600, flag: 'wx', flush: true });
    await rename(draft, join(folder, nameOf(generation, size)));
    await syncFolder(folder);
    await this.prune(folder, generation);
  }

  /** The checkpoint of the highest generation with the largest size, or undefined. */
  async newest(institutionId: string): Promise<KeptCheckpoint | undefined> {
    const folder = join(this.folder, institutionId);
    const name = (await namesIn(folder)).at(-1);
    if (name === undefined) return undefined;
    const [generation = 0, size = 0] = name.split(/[-.]/).map(Number);
    return { generation, size, note: await readFile(join(folder, name), 'utf8') };
  }

  private async prune(folder: string, generation: number): Promise<void> {
    const own = (await namesIn(folder)).filter((name) => name.startsWith(nameOf(generation, 0).slice(0, 6)));
    for (const name of own.slice(0, -kept)) await rm(join(folder, name), { force: true });
  }
}

/** Sorts by generation, then size. */
const nameOf = (generation: number, size: number): string =>
  `${String(generation).padStart(5, '0')}-${String(size).padStart(16, '0')}.note`;

async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => /^\d{5}-\d{16}\.note$/.test(name)).sort();
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}
