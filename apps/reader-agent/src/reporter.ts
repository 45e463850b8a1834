import { reportAgent, type AgentStatus } from '#contracts/readers/agent';
import type { RpcOutput } from '#contracts/rpc';
import { AppError } from '#service/app-error';
import type { Log } from '#service/log';
import type { Connection } from './bus/connection.js';
import type { Clock } from './clock.js';

export type ReportAnswer = RpcOutput<ReturnType<typeof reportAgent>>;

/** Well below the time that an asker is waited for after a break, so that there is a second try. */
const answerWithinMs = 2_000;

/** Tells the gateway how the agent stands, on change and every few seconds; the answer is the next permit. */
export class Reporter {
  private running: Promise<void> | undefined;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  /** Reports in a row without an answer: the first ones are repeated soon. */
  private unanswered: number | undefined;
  /** What the gateway last said, for the log: each reason once. */
  private lastRefusal: string | null | undefined;

  constructor(
    private readonly readerId: string,
    private readonly connection: Connection,
    private readonly clock: Clock,
    private readonly status: () => AgentStatus,
    private readonly onAnswer: (answer: ReportAnswer) => Promise<void>,
    /** The gateway does not know this agent any more. */
    private readonly onRevoked: () => Promise<void>,
    private readonly log: Log,
    private readonly everyMs: number,
  ) {}

  /** Reports now; asked again meanwhile, once more afterwards: never two at a time. */
  report(): void {
    if (this.running) this.again = true;
    else this.running = this.once().finally(() => this.next());
  }

  stop(): void {
    this.again = false;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.next = () => undefined;
  }

  private next = (): void => {
    this.running = undefined;
    clearTimeout(this.timer);
    if (this.again) {
      this.again = false;
      this.report();
    } else
      this.timer = setTimeout(
        () => this.report(),
        Math.min(this.everyMs, 250 * 2 ** Math.min(this.unanswered ?? 16, 16)),
      );
  };

  private async once(): Promise<void> {
    if (!this.connection.connected) return;
    const asked = this.clock.monotonicNow();
    try {
      const answer = await this.connection.call(reportAgent(this.readerId), this.status(), answerWithinMs);
      this.unanswered = undefined;
      this.clock.sync(answer.now, asked);
      this.tellRefusal(answer.refusal);
      await this.onAnswer(answer);
    } catch (error) {
      this.unanswered = (this.unanswered ?? -1) + 1;
      if (!(error instanceof AppError)) return this.log.failure('report failed', error);
      this.tellRefusal(error.code);
      if (error.code === 'AGENT_REVOKED' || error.code === 'RESOURCE_NOT_FOUND') await this.onRevoked();
    }
  }

  private tellRefusal(code: string | null): void {
    if (code === this.lastRefusal) return;
    this.lastRefusal = code;
    if (code === null) this.log.event('info', 'permit given');
    else this.log.event('warn', 'no permit', { code });
  }
}
