import { reportEvents, type ReportedEvent } from '#contracts';
import { AppError } from './app-error.js';
import type { RpcClient } from './bus/rpc-client.js';
import type { Log } from './log.js';

/** So many at once: about 40 KB, far below what the bus takes. */
const batch = 100;
/** How long one batch may take, with everything that it has to be split into: less than the database lets a transaction idle. */
const batchMs = 10_000;
const callMs = 5_000;

export interface RelayPace {
  /** For what other processes left in the outbox, and for what was left behind. */
  everyMs: number;
  /** After a failure; doubled with each further one. */
  firstWaitMs: number;
  /** The most after a failure; and so often an event that was refused is tried again. */
  longestWaitMs: number;
}
const usualPace: RelayPace = { everyMs: 5_000, firstWaitMs: 1_000, longestWaitMs: 60_000 };

/** An event that the evidence log does not have yet. */
export interface Reportable {
  id: string;
  institutionId: string;
  /** @throws when it cannot be written as evidence */
  toEvent(): ReportedEvent;
}

/** Where a service keeps what it has not told the evidence log. */
export interface EvidenceOutbox {
  /**
   * Gives `report` the oldest, but not those of `butNot`, in a transaction that keeps them from others; what it returns has
   * arrived, and leaves the outbox with the transaction.
   *
   * @returns how many were given
   */
  hand(most: number, butNot: readonly string[], report: (events: Reportable[]) => Promise<string[]>): Promise<number>;
  countWaiting(): Promise<number>;
  /** Which of these are still there. */
  findWaiting(ids: readonly string[]): Promise<Set<string>>;
}

/** How a relay tells of itself. */
export interface RelayVoice {
  /** What the events are, in the plural and in the singular. */
  words: { all: string; one: string };
  waiting: { set(count: number): void };
  refused: { set(count: number): void };
}

/**
 * Brings every event to the evidence log, after it was committed: none waits for it, none fails by it. What has arrived leaves
 * the outbox in the transaction that held it, so a crash in between repeats it, and the log knows it by its id.
 */
export class EvidenceRelay {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopped = false;
  /** There may be more than the round that is running has seen. */
  private again = false;
  private failures = 0;
  /** When to try again those that the log does not take; they stay in the outbox, and the others pass them. */
  private readonly refused = new Map<string, number>();

  constructor(
    private readonly outbox: EvidenceOutbox,
    private readonly bus: Pick<RpcClient, 'call'>,
    private readonly log: Log,
    private readonly voice: RelayVoice,
    private readonly pace = usualPace,
  ) {}

  start(): void {
    this.schedule(0);
  }

  /** An event was committed. Never waits and never throws; as long as reporting fails, its own pace goes on. */
  wake(): void {
    this.again = true;
    if (!this.running && this.failures === 0) this.schedule(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Reports what is waiting. @throws when it cannot be known whether the log has it, or nobody answers */
  async round(): Promise<void> {
    try {
      while ((await this.reportBatch()) === batch && !this.stopped);
    } finally {
      await this.measure();
    }
  }

  private schedule(ms: number): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.begin(), ms);
  }

  private begin(): void {
    this.again = false;
    this.running = this.round().then(
      () => this.ended(undefined),
      (error: unknown) => this.ended(error),
    );
  }

  /** A log that is away is told once, and so is its coming back. */
  private ended(error: unknown): void {
    this.running = undefined;
    if (error === undefined) {
      if (this.failures > 0) this.log.event('info', `${this.voice.words.all} reach the evidence log again`);
      this.failures = 0;
      this.schedule(this.again ? 0 : this.pace.everyMs);
    } else {
      if (this.failures === 0)
        this.log.failure(`${this.voice.words.all} do not reach the evidence log`, error, {}, 'warn');
      this.schedule(Math.min(this.pace.firstWaitMs * 2 ** this.failures, this.pace.longestWaitMs));
      this.failures += 1;
    }
  }

  /** Returns how many were looked at. */
  private async reportBatch(): Promise<number> {
    const now = performance.now();
    const apart = [...this.refused].filter(([, until]) => until > now).map(([id]) => id);
    let arrived: string[] = [];
    const given = await this.outbox.hand(batch, apart, async (events) => {
      arrived = await this.send(
        events.flatMap((event) => this.toEvent(event)),
        now + batchMs,
      );
      return arrived;
    });
    for (const id of arrived) this.refused.delete(id);
    return given;
  }

  /** Nothing, if it cannot be written. */
  private toEvent(event: Reportable): ReportedEvent[] {
    try {
      return [event.toEvent()];
    } catch (error) {
      this.refuse(event, error);
      return [];
    }
  }

  /**
   * @returns ids of those that the log has; one that it does not take keeps none of the others from it
   * @throws {AppError} when the log cannot be reached
   */
  private async send(events: ReportedEvent[], deadlineAt: number): Promise<string[]> {
    if (events.length === 0) return [];
    try {
      const deadlineMs = Math.min(callMs, deadlineAt - performance.now());
      if (deadlineMs <= 0) throw new AppError('SERVICE_TIMEOUT');
      await this.bus.call(reportEvents, { events }, { deadlineMs });
      return events.map(({ id }) => id);
    } catch (error) {
      if (!isAboutTheEvents(error)) throw error;
      const [only, ...others] = events;
      if (only && others.length === 0) {
        this.refuse(only, error);
        return [];
      }
      const half = Math.ceil(events.length / 2);
      const arrived = await this.send(events.slice(0, half), deadlineAt);
      return [...arrived, ...(await this.send(events.slice(half), deadlineAt))];
    }
  }

  /** Told once: by itself it will not mend. */
  private refuse({ id, institutionId }: Pick<Reportable, 'id' | 'institutionId'>, error: unknown): void {
    if (!this.refused.has(id)) {
      const code = error instanceof AppError ? error.code : undefined;
      const fields = { institutionId, code, subject: id };
      this.log.failure(`the evidence log does not take ${this.voice.words.one}`, error, fields);
    }
    this.refused.set(id, performance.now() + this.pace.longestWaitMs);
  }

  /** A database that is away is told by the round itself. */
  private async measure(): Promise<void> {
    try {
      this.voice.waiting.set(await this.outbox.countWaiting());
      // another replica may have brought them there since
      const left = await this.outbox.findWaiting([...this.refused.keys()]);
      for (const id of this.refused.keys()) if (!left.has(id)) this.refused.delete(id);
      this.voice.refused.set(left.size);
    } catch {
      // the figures stay as they were
    }
  }
}

/** Not that the log is away, but that it has something else under the id, or cannot read what it was sent. */
const isAboutTheEvents = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'EVIDENCE_CONFLICT' || error.code === 'REQUEST_INVALID');
