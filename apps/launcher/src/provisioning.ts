import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { InstitutionFile } from '#contracts';
import { projectRoot } from './project-root.js';
import type { Stack } from './stack.js';
import { StartError } from './start-error.js';
import { writeJson } from './write-json.js';

/** Brings institutions into the running installation, by the same command that a technician uses. */
export function provisionInstitutions(stack: Stack, files: InstitutionFile[]): Promise<void> {
  return provisionThrough(stack.state.path, stack.environmentOf('gateway'), files);
}

/** The same with the gateway's environment given; `folder` holds the files for as long as the command runs. */
export async function provisionThrough(
  folder: string,
  environment: NodeJS.ProcessEnv,
  files: InstitutionFile[],
): Promise<void> {
  const paths = files.map((_file, index) => join(folder, `institution-${process.pid}-${index}.json`));
  try {
    files.forEach((file, index) => writeJson(paths[index] ?? '', file));
    await run(environment, paths);
  } finally {
    // they hold the ministry's password
    for (const path of paths) rmSync(path, { force: true });
  }
}

function run(environment: NodeJS.ProcessEnv, paths: string[]): Promise<void> {
  const main = join(projectRoot, 'dist', 'apps', 'gateway', 'src', 'provisioning', 'main.js');
  const env = { PATH: process.env.PATH ?? '', ...environment };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...paths], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new StartError(`Provisioning failed:\n${said.slice(0, 2_000)}`)),
    );
  });
}
