import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromGenerator, Job, JobResult, ToGenerator } from './job.js';

const generatorMain = fileURLToPath(new URL('./generator.js', import.meta.url));
/** Beyond the time of a job: connecting, draining. */
const jobMarginMs = 30_000;

/** The one process from which all requests of both variants come. */
export class Load {
  private readonly ended: Promise<[FromGenerator]>;

  private constructor(private readonly child: ChildProcess) {
    this.ended = once(child, 'exit').then(() => [{ failed: 'it ended' }]);
  }

  static async start(people: string[]): Promise<Load> {
    const child = fork(generatorMain, { serialization: 'advanced' });
    await once(child, 'message', { signal: AbortSignal.timeout(jobMarginMs) });
    const load = new Load(child);
    load.send({ people });
    return load;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  async run(job: Job): Promise<JobResult> {
    this.send({ job });
    const signal = AbortSignal.timeout(job.ms + jobMarginMs);
    const [message] = (await Promise.race([once(this.child, 'message', { signal }), this.ended])) as [
      Exclude<FromGenerator, 'ready'>,
    ];
    if ('failed' in message) throw new Error(`the load generator failed: ${message.failed}`);
    return message.result;
  }

  stop(): void {
    if (this.child.connected) this.child.disconnect();
  }

  private send(message: ToGenerator): void {
    this.child.send(message);
  }
}
