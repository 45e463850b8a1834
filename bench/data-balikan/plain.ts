import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromPlain, PlainJob, PlainResult } from './plain-job.js';

const main = fileURLToPath(new URL('./plain-process.js', import.meta.url));
/** As a service of the installation is started (apps/launcher/src/stack.ts). */
const nodeFlags = ['--enable-source-maps', '--max-old-space-size=128'];
const deadlineMs = 300_000;

/** The process of the baselines: it lives as long as the service does, so that both are warm. */
export class Plain {
  private readonly ended: Promise<[FromPlain]>;

  private constructor(private readonly child: ChildProcess) {
    this.ended = once(child, 'exit').then((): [FromPlain] => [{ failed: 'it ended' }]);
  }

  static start(): Plain {
    return new Plain(fork(main, { execArgv: nodeFlags, env: { PATH: process.env.PATH, NODE_ENV: 'production' } }));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  async run(job: PlainJob): Promise<PlainResult> {
    const answered = once(this.child, 'message', { signal: AbortSignal.timeout(deadlineMs) });
    this.child.send(job);
    const [message] = (await Promise.race([answered, this.ended])) as [FromPlain];
    if ('failed' in message) throw new Error(`the baseline failed: ${message.failed}`);
    return message.result;
  }

  stop(): void {
    if (this.child.connected) this.child.disconnect();
  }
}
