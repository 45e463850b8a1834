import { Pool, type Dispatcher } from 'undici';
import type { FromGenerator, Job, JobResult, ToGenerator } from './job.js';

/** A job that does not drain within this time after its end has lost answers. */
const drainMs = 15_000;

let people: string[] = [];
let asked = 0;

/** The next person: identical look-ups in flight share a hit, so each request has a NIK of its own. */
function nextNik(): string {
  asked += 1;
  return people[asked % people.length] ?? '';
}

class Run {
  private readonly pool: Pool;
  private readonly latencies: number[] = [];
  private readonly result = { sent: 0, answered: 0, inTime: 0, wrong: {} as Record<string, number> };
  private endsAt = 0;
  private inFlight = 0;
  private drained: (() => void) | undefined;

  constructor(private readonly job: Job) {
    this.pool = new Pool(job.url, { connections: job.connections, pipelining: 1 });
  }

  async finish(): Promise<JobResult> {
    const startedAt = performance.now();
    this.endsAt = startedAt + this.job.ms;
    if (this.job.perSecond === undefined) for (let i = 0; i < this.job.connections; i += 1) this.askOn();
    else await this.askAtRate(startedAt, 1_000 / this.job.perSecond);
    await new Promise((resolve) => setTimeout(resolve, this.endsAt - performance.now()));
    await this.drain();
    return { ...this.result, latencies: Float64Array.from(this.latencies) };
  }

  /** Closed loop: the next request leaves when the answer is here. */
  private askOn(): void {
    const now = performance.now();
    if (now < this.endsAt) this.ask(now, () => this.askOn());
  }

  /** Open loop: requests leave when they are due, however long the others take, and are measured from then. */
  private async askAtRate(startedAt: number, everyMs: number): Promise<void> {
    let dueAt = startedAt;
    while (dueAt < this.endsAt) {
      const now = performance.now();
      while (dueAt <= now && dueAt < this.endsAt) {
        this.ask(dueAt, () => undefined);
        dueAt += everyMs;
      }
      await new Promise((resolve) => setTimeout(resolve, Math.max(1, dueAt - now)));
    }
  }

  private ask(since: number, next: () => void): void {
    const nik = nextNik();
    const chunks: Buffer[] = [];
    let status = 0;
    const done = (verdict: string) => {
      const now = performance.now();
      this.latencies.push(now - since);
      if (verdict !== 'right') this.result.wrong[verdict] = (this.result.wrong[verdict] ?? 0) + 1;
      else {
        this.result.answered += 1;
        if (now <= this.endsAt) this.result.inTime += 1;
      }
      this.inFlight -= 1;
      if (this.inFlight === 0) this.drained?.();
      next();
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, statusCode) => {
        status = statusCode;
      },
      onResponseData: (_controller, chunk) => {
        chunks.push(chunk);
      },
      onResponseEnd: () => done(status !== 200 ? String(status) : shows(chunks, nik) ? 'right' : 'another person'),
      onResponseError: (_controller, error) => done((error as NodeJS.ErrnoException).code ?? error.name),
    };
    this.result.sent += 1;
    this.inFlight += 1;
    this.pool.dispatch(
      {
        method: 'POST',
        path: '/v1/verifications',
        headers: { authorization: this.job.authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ nik, purpose: { service: 'SKU', reference: '500/001/SKU/I/2026' } }),
      },
      handler,
    );
  }

  private async drain(): Promise<void> {
    const timer = setTimeout(() => this.drained?.(), drainMs);
    if (this.inFlight > 0) await new Promise<void>((resolve) => (this.drained = resolve));
    clearTimeout(timer);
    if (this.inFlight > 0) this.result.wrong['no answer'] = this.inFlight;
    await this.pool.destroy();
  }
}

function shows(chunks: Buffer[], nik: string): boolean {
  const [first] = chunks;
  return (chunks.length === 1 && first ? first : Buffer.concat(chunks)).includes(nik);
}

const tell = (message: FromGenerator): void => void process.send?.(message);

process.on('message', (message: ToGenerator) => {
  if ('people' in message) people = message.people;
  else
    new Run(message.job).finish().then(
      (result) => tell({ result }),
      (error: unknown) => tell({ failed: error instanceof Error ? error.message : 'unknown error' }),
    );
});
process.on('disconnect', () => process.exit(0));
tell('ready');
