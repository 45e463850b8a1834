import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../apps/launcher/src/project-root.js';

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** `bench/results/<name>.json`, which is not kept in the repository. */
export async function save(name: string, result: unknown): Promise<void> {
  const results = join(projectRoot, 'bench', 'results');
  await mkdir(results, { recursive: true });
  await writeFile(join(results, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  say(`Details: ${join('bench', 'results', `${name}.json`)}`);
}
