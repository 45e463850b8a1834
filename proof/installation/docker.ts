import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { CannotRun } from '../cannot-run.js';

export interface Run {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  input?: string;
}

const running = new Set<ChildProcess>();

/** Ends what {@link run} has begun and not finished. */
export function endRuns(): void {
  for (const child of running) child.kill('SIGTERM');
}

/** Runs a command and hands back what it printed. @throws with its last words when it fails */
export function run(command: string, args: readonly string[], { cwd, env, input }: Run = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...(cwd ? { cwd } : {}), env: { ...process.env, ...env } });
    running.add(child);
    const said = { out: '', error: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (said.error += chunk.toString('utf8')));
    child.once('error', reject);
    child.once('close', (status) => {
      running.delete(child);
      if (status === 0) resolve(said.out.trim());
      else reject(new Error(`${command} ${args.slice(0, 3).join(' ')}: ${said.error.trim().slice(-1_500)}`));
    });
    // a command that ends before it has read all tells it by its status
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}

export const docker = (...args: string[]): Promise<string> => run('docker', args);

/** One value of a container, by a Go template. */
export const inspect = (container: string, template: string): Promise<string> =>
  docker('inspect', '-f', template, container);

const works = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** `docker compose`, or the older `docker-compose`. @throws {CannotRun} without either, or without an engine */
export function findCompose(): { command: string; args: string[]; env: NodeJS.ProcessEnv } {
  if (!works('docker', 'version')) throw new CannotRun('There is no Docker engine here that this user may use.');
  // without buildx the engine's classic builder does it
  const env = works('docker', 'buildx', 'version') ? {} : { DOCKER_BUILDKIT: '0' };
  if (works('docker', 'compose', 'version')) return { command: 'docker', args: ['compose'], env };
  if (works('docker-compose', 'version')) return { command: 'docker-compose', args: [], env };
  throw new CannotRun('There is neither docker compose nor docker-compose here.');
}
