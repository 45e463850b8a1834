import { cancelRead, ReadEvent, type ReadOrder, type ReadProgress, type ReadResult } from '#contracts';
import { AppError, type Log } from '#service';
import type { AgentLine } from './bus/agent-line.js';
import type { BrokerConnection } from './bus/system-line.js';

/** After the agent's own deadline, for what it has to say by then. */
const graceMs = 5_000;
/** A read has a few dozen; more come from an agent that is out of its mind. */
const mostEvents = 300;
const cancelMs = 2_000;
const cancelTries = 10;
const cancelEveryMs = 1_000;

/** How a session ends: with what the reader says, or by a decision against it. */
export type SessionEnd = { result: ReadResult } | { error: AppError };

/** What the reader at the other end is doing: one read, from its order to its end. */
export class ReadSession {
  readonly ended: Promise<SessionEnd>;
  private settle!: (end: SessionEnd) => void;
  private over = false;
  private events = 0;
  private onProgress: (progress: ReadProgress) => void = () => undefined;
  private readonly missed: ReadProgress[] = [];
  private watching = false;
  private readonly deadline: NodeJS.Timeout;
  private readonly unlisten: () => void;
  /** By which the agent is connected, and which process it is. */
  connection: BrokerConnection | undefined;
  instanceId: string | undefined;

  constructor(
    private readonly line: AgentLine,
    readonly readerId: string,
    readonly order: ReadOrder,
    subject: string,
    private readonly log: Log,
  ) {
    this.ended = new Promise((resolve) => (this.settle = resolve));
    this.deadline = setTimeout(() => this.abandon('AGENT_LOST'), order.deadlineMs + graceMs);
    this.unlisten = line.listen(subject, (data) => this.take(data));
  }

  /** From now on; what was told before comes first. */
  watch(onProgress: (progress: ReadProgress) => void): void {
    this.onProgress = onProgress;
    this.watching = true;
    for (const progress of this.missed.splice(0)) onProgress(progress);
  }

  /** Ends it here, and tells the reader. */
  abandon(outcome: 'CANCELLED' | 'AGENT_LOST' | 'READER_FAULT'): void {
    this.end({ result: { outcome, tries: 0 } }, true);
  }

  refuse(error: AppError): void {
    this.end({ error }, true);
  }

  /** It never began: there is nothing to be cancelled. */
  close(): void {
    this.end({ error: new AppError('READER_OFFLINE') }, false);
  }

  private take(data: unknown): void {
    if (this.over || (data as { readId?: unknown } | undefined)?.readId !== this.order.readId) return;
    const parsed = ReadEvent.safeParse(data);
    this.events += 1;
    if (!parsed.success || this.events > mostEvents) {
      // never what it was: an agent that breaks the contract may have sent anything
      this.log.event('warn', 'an agent sent what is no event of a read', { subject: this.readerId });
      return this.abandon('READER_FAULT');
    }
    const { event } = parsed.data;
    if (event.kind === 'result') this.end({ result: event.result }, false);
    else if (this.watching) this.onProgress(event.progress);
    else this.missed.push(event.progress);
  }

  private end(end: SessionEnd, tell: boolean): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.deadline);
    this.unlisten();
    this.settle(end);
    if (tell) void this.cancel();
  }

  /** A reader that is not told goes on to its own deadline. */
  private async cancel(): Promise<void> {
    for (let left = cancelTries; left > 0; left -= 1) {
      try {
        await this.line.ask(cancelRead(this.readerId), { readId: this.order.readId }, cancelMs);
        return;
      } catch (error) {
        if (left === 1) this.log.failure('a read could not be cancelled', error, { subject: this.readerId }, 'warn');
      }
      await new Promise((retry) => setTimeout(retry, cancelEveryMs).unref());
    }
  }
}
