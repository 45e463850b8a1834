import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { InstitutionFile } from '#contracts';
import { projectRoot } from './project-root.js';
import type { Stack } from './stack.js';
import { StartError } from './start-error.js';

/** Brings institutions into the running installation, by the same command that a technician uses. */
export async function provisionInstitutions(stack: Stack, files: InstitutionFile[]): Promise<void> {
  const names = files.map((_file, index) => `institution-${process.pid}-${index}.json`);
  files.forEach((file, index) => stack.state.writeJson(names[index] ?? '', file));
  try {
    await run(
      stack,
      names.map((name) => stack.state.file(name)),
    );
  } finally {
    // they hold the ministry's password
    for (const name of names) rmSync(stack.state.file(name), { force: true });
  }
}

function run(stack: Stack, paths: string[]): Promise<void> {
  const main = join(projectRoot, 'dist', 'apps', 'gateway', 'src', 'provisioning', 'main.js');
  const env = { PATH: process.env.PATH ?? '', ...stack.environmentOf('gateway') };
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
