import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism, release, type } from 'node:os';
import { join, relative } from 'node:path';
import { projectRoot } from '../../apps/launcher/src/project-root.js';
import type { Statement } from './statement.js';

/** What was proved: the package, the commit where there is one, and the hash of the very files that ran. */
export async function describeProduct(): Promise<Statement['product']> {
  const { name, version } = JSON.parse(
    await readFile(join(projectRoot, 'package.json'), 'utf8'),
  ) as Statement['product'];
  const git = (...args: string[]) => spawnSync('git', args, { cwd: projectRoot, encoding: 'utf8' });
  const head = git('rev-parse', 'HEAD');
  const changed = git('status', '--porcelain').stdout !== '';
  const commit = head.status === 0 ? `${head.stdout.trim().slice(0, 12)}${changed ? ' (dengan perubahan)' : ''}` : null;
  return { name, version, commit, build: await hashOfBuild() };
}

export const describeMachine = (): Statement['machine'] => ({
  system: `${type()} ${release()} ${process.arch}`,
  cores: availableParallelism(),
  node: process.versions.node,
});

async function hashOfBuild(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of ['apps', 'libs'].map((one) => join(projectRoot, 'dist', one))) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
      .map((entry) => join(entry.parentPath, entry.name));
    for (const path of paths.sort()) hash.update(`${relative(projectRoot, path)}\n`).update(await readFile(path));
  }
  return hash.digest('hex');
}
