import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { projectRoot } from '../../apps/launcher/src/project-root.js';
import { docker, findCompose, inspect, run, type Run } from './docker.js';

/** What docker-compose.yml is made of; nothing that was built or kept here. */
const left = /^(node_modules|dist|coverage|\.git|\.gerbang|\.gerbang-proof|deploy\/secrets)(\/|$)/;
const startDeadlineMs = 180_000;

/** The services under a project name of their own, from a copy of the sources. */
export class ComposeProject {
  readonly name = `gerbang-proof-${process.pid}`;
  readonly image = `gerbang-paten:proof-${process.pid}`;
  private readonly compose = findCompose();

  readonly folder: string;

  /** @throws {CannotRun} without a Docker engine */
  constructor(folder: string) {
    this.folder = join(folder, 'clone');
  }

  async prepare(): Promise<void> {
    await cp(projectRoot, this.folder, {
      recursive: true,
      filter: (path) => !left.test(relative(projectRoot, path)),
    });
    await run(process.execPath, ['deploy/create-secrets.mjs'], { cwd: this.folder });
  }

  async secret(name: string): Promise<string> {
    return (await readFile(join(this.folder, 'deploy', 'secrets', name), 'utf8')).trimEnd();
  }

  /** Settings beside those of docker-compose.yml, by service. */
  async override(environments: Record<string, Record<string, string>>): Promise<void> {
    const services = Object.entries(environments).flatMap(([service, values]) => [
      `  ${service}:`,
      '    environment:',
      ...Object.entries(values).map(([name, value]) => `      ${name}: '${value}'`),
    ]);
    await writeFile(join(this.folder, 'docker-compose.override.yml'), `services:\n${services.join('\n')}\n`);
  }

  run(args: string[], { env = {}, ...more }: Run = {}): Promise<string> {
    const own = {
      COMPOSE_PROJECT_NAME: this.name,
      COMPOSE_PROFILES: 'sandbox',
      GERBANG_VERSION: this.image.split(':')[1] ?? '',
      // any free one
      GERBANG_BUS_PORT: '0',
    };
    return run(this.compose.command, [...this.compose.args, ...args], {
      cwd: this.folder,
      env: { ...this.compose.env, ...own, ...env },
      ...more,
    });
  }

  /** All containers of the project, also those that have ended. */
  async containers(): Promise<{ id: string; service: string }[]> {
    const ids = (await docker('ps', '-aq', '--filter', `label=com.docker.compose.project=${this.name}`)).split('\n');
    const template = '{{index .Config.Labels "com.docker.compose.service"}}';
    return Promise.all(ids.filter(Boolean).map(async (id) => ({ id, service: await inspect(id, template) })));
  }

  /** The container of a service that runs or has run; never one of `compose run`. */
  async container(service: string): Promise<string> {
    const filters = [`project=${this.name}`, `service=${service}`, 'oneoff=False'];
    const args = filters.flatMap((filter) => ['--filter', `label=com.docker.compose.${filter}`]);
    const [id] = (await docker('ps', '-aq', ...args)).split('\n');
    if (!id) throw new Error(`there is no container of ${service}`);
    return id;
  }

  async healthy(service: string): Promise<void> {
    const late = performance.now() + startDeadlineMs;
    for (;;) {
      const state = await inspect(await this.container(service), '{{.State.Status}} {{.State.Health.Status}}');
      if (state === 'running healthy') return;
      if (performance.now() > late) throw new Error(`${service} did not become healthy: ${state}`);
      await new Promise((retry) => setTimeout(retry, 200));
    }
  }

  async addressOf(service: string, network: string): Promise<string> {
    const template = `{{(index .NetworkSettings.Networks "${this.name}_${network}").IPAddress}}`;
    return inspect(await this.container(service), template);
  }

  async volumes(): Promise<{ name: string; folder: string }[]> {
    const names = await docker('volume', 'ls', '-q', '--filter', `label=com.docker.compose.project=${this.name}`);
    return Promise.all(
      names
        .split('\n')
        .filter(Boolean)
        .map(async (name) => ({
          name: name.slice(this.name.length + 1),
          folder: await docker('volume', 'inspect', '-f', '{{.Mountpoint}}', name),
        })),
    );
  }

  async remove(): Promise<void> {
    if (!existsSync(this.folder)) return;
    await this.run(['down', '-v', '--remove-orphans', '--timeout', '30']);
    await docker('image', 'rm', this.image).catch(() => undefined);
  }
}
