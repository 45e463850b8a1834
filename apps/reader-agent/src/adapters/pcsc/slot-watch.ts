import type { Log } from '#service/log';
import type { Context, Driver, Reader } from './driver.js';
import type { Slot } from './slots.js';

/** Readers that are plugged in are looked for this often; cards are told by the driver at once. */
const lookEveryMs = 1_000;
const retryMs = 500;

/** Follows readers and cards as they come and go, and the PC/SC service, too. */
export class SlotWatch {
  /** `undefined` while the PC/SC service does not answer. */
  slots: readonly Slot[] | undefined;
  private context: Context | undefined;
  private readonly stopping = new AbortController();
  private readonly listeners = new Set<() => void>();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly driver: Driver,
    private readonly log: Log,
  ) {}

  /** The state of now, then every change. */
  async start(): Promise<void> {
    const first = this.next();
    this.running = this.follow();
    await first;
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The next time that the driver was asked, whether something has changed or not. */
  next(): Promise<void> {
    return new Promise((resolve) => this.asked.add(resolve));
  }
  private readonly asked = new Set<() => void>();

  async stop(): Promise<void> {
    this.stopping.abort();
    this.attempt(() => this.context?.cancel());
    await this.running;
  }

  private async follow(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        this.context ??= new this.driver.Context();
        const readers = this.context.listReaders();
        // a reader that was pulled out may be on the list for a while
        this.note(readers.filter(({ state }) => (state & this.driver.gone) === 0).map((reader) => this.slot(reader)));
        // own state, without the bit that says "changed"
        const known = readers.map(({ name, state }) => ({
          name,
          state: (state & ~2) >>> 0,
          changed: false,
          atr: null,
        }));
        if (known.length === 0) await this.pause(retryMs);
        else await this.context.waitForChange(known, lookEveryMs);
      } catch (error) {
        if (this.slots) this.log.failure('PC/SC service does not answer', error, {}, 'warn');
        this.note(undefined);
        this.attempt(() => this.context?.close());
        this.context = undefined;
        await this.pause(retryMs);
      }
    }
    this.attempt(() => this.context?.close());
    for (const tell of this.asked) tell();
  }

  private slot({ name, state, atr }: Reader): Slot {
    return {
      name,
      present: (state & this.driver.present) !== 0,
      mute: (state & this.driver.mute) !== 0,
      atr: atr?.toString('hex').toUpperCase() ?? null,
      changes: state >>> 16,
    };
  }

  private note(slots: readonly Slot[] | undefined): void {
    const changed = JSON.stringify(slots) !== JSON.stringify(this.slots);
    this.slots = slots;
    for (const tell of this.asked) tell();
    this.asked.clear();
    if (changed) for (const listener of [...this.listeners]) listener();
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.stopping.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
  }

  /** Closing what is broken may fail, and that is no news. */
  private attempt(work: () => void): void {
    try {
      work();
    } catch {
      // the service has gone with it
    }
  }
}
