import type { Worker } from './feature.js';
import type { Log } from './log.js';

export interface RoundsOptions {
  everyMs: number;
  /** What is done: "erasing of files" fails, works again. */
  what: string;
  /** The first one as soon as it is started; otherwise after the first wait. */
  atOnce?: boolean;
}

/**
 * The same work again and again, never twice at a time: a round that takes longer than the wait is the next one, too. That it fails
 * is told once, and so is that it works again.
 */
export class Rounds implements Worker {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private failing = false;
  private ending = false;

  constructor(
    private readonly round: () => Promise<void>,
    private readonly options: RoundsOptions,
    private readonly log: Pick<Log, 'event' | 'failure'>,
  ) {}

  /** For a round that has much to do: what is left waits for whoever is started next. */
  get stopping(): boolean {
    return this.ending;
  }

  start(): void {
    this.timer = setInterval(() => this.begin(), this.options.everyMs);
    if (this.options.atOnce) this.begin();
  }

  /** Ends with the round that is on. */
  async stop(): Promise<void> {
    this.ending = true;
    clearInterval(this.timer);
    await this.running;
  }

  private begin(): void {
    this.running ??= this.round().then(
      () => this.ended(undefined),
      (error: unknown) => this.ended(error),
    );
  }

  private ended(error: unknown): void {
    this.running = undefined;
    const { what } = this.options;
    if (error !== undefined && !this.failing && !this.ending) this.log.failure(`${what} fails`, error, {}, 'warn');
    if (error === undefined && this.failing) this.log.event('info', `${what} works again`);
    this.failing = error !== undefined;
  }
}
