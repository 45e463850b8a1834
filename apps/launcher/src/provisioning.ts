import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { InstitutionFile } from '#contracts';
import { withoutCoreDumps } from './core-limit.js';
import { projectRoot } from './project-root.js';
import type { Stack } from './stack.js';
import { StartError } from './start-error.js';
import { writeJson } from './write-json.js';

/** Who can log in at once, as the seed command takes it. */
export interface SeedAccount {
  username: string;
  password: string;
  totpSecret?: string;
}

/** Brings institutions into the running installation, by the seed command: all of it is in force at once, approved by nobody. */
export function provisionInstitutions(
  stack: Stack,
  files: InstitutionFile[],
  accounts: SeedAccount[] = [],
): Promise<void> {
  const environment = { ...stack.environmentOf('gateway'), GATEWAY_SEED: 'true' };
  return provisionThrough(stack.state.path, environment, files, accounts);
}

/** The same with the gateway's environment given; `folder` holds the files for as long as the command runs. */
export async function provisionThrough(
  folder: string,
  environment: NodeJS.ProcessEnv,
  files: InstitutionFile[],
  accounts: SeedAccount[] = [],
): Promise<void> {
  const paths = files.map((_file, index) => join(folder, `institution-${process.pid}-${index}.json`));
  const accountsPath = join(folder, `accounts-${process.pid}.json`);
  try {
    files.forEach((file, index) => writeJson(paths[index] ?? '', file));
    if (accounts.length > 0) writeJson(accountsPath, accounts);
    await runProvisioning(environment, accounts.length > 0 ? [...paths, '--accounts', accountsPath] : paths);
  } finally {
    // they hold the ministry's password and those of the people
    for (const path of [...paths, accountsPath]) rmSync(path, { force: true });
  }
}

/** @returns what it said */
export function runProvisioning(environment: NodeJS.ProcessEnv, args: string[]): Promise<string> {
  const main = join(projectRoot, 'dist', 'apps', 'gateway', 'src', 'provisioning', 'main.js');
  const env = { PATH: process.env.PATH ?? '', ...environment };
  return new Promise((resolve, reject) => {
    const { command, args: all } = withoutCoreDumps(process.execPath, [main, ...args]);
    const child = spawn(command, all, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    let told = '';
    child.stdout.on('data', (chunk: Buffer) => (told += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(told) : reject(new StartError(`Provisioning failed:\n${said.slice(0, 2_000)}`)),
    );
  });
}
