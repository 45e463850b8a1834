import type { ReadEvent, ReadOrder } from '#contracts/readers/agent';
import { AppError } from '#service/app-error';
import type { Log } from '#service/log';
import type { Clock } from '../clock.js';
import type { Gate } from '../gate.js';
import type { CardReader, FailedOutcome, StandaloneCheck } from '../port.js';
import type { Deadlines } from './deadlines.js';
import { Outbox } from './outbox.js';
import { Session } from './session.js';

interface Parts {
  reader: CardReader;
  gate: Gate;
  clock: Clock;
  deadlines: Deadlines;
  log: Log;
  instanceId: string;
  /** @returns false when the line is down */
  publish(event: ReadEvent): boolean;
  onChange(): void;
  /** A result that nobody could be told. */
  onUntold(result: StandaloneCheck, permit: string): void;
}

type Begun = { state: 'begun'; instanceId: string } | { state: 'busy'; by: string; since: string };

/** One read at a time. */
export class Sessions {
  private holder: { readId: string; by: string; since: string } | undefined;
  private session: Session | undefined;
  private readonly outbox: Outbox;

  constructor(private readonly parts: Parts) {
    this.outbox = new Outbox((event) => parts.publish(event));
  }

  get busy(): boolean {
    return this.holder !== undefined;
  }

  /** A device that does not come to rest after a read. */
  stuck = false;

  /** @throws {AppError} PERMIT_INVALID, READER_NOT_READY */
  async begin(order: ReadOrder): Promise<Begun> {
    if (this.stuck) throw new AppError('READER_NOT_READY');
    if (this.holder) return { state: 'busy', by: this.holder.by, since: this.holder.since };
    // taken before anything is waited for: two orders at once are one read
    this.holder = { readId: order.readId, by: order.by, since: new Date(this.parts.clock.now()).toISOString() };
    try {
      const permit = await this.parts.gate.admit(order.permit);
      const session = new Session(order, permit, this.parts.deadlines, this.outbox.of(order.readId, order.permit));
      this.session = session;
      session.run(this.parts.reader, permit.exp * 1000 - this.parts.clock.now());
      void this.follow(session);
    } catch (error) {
      this.holder = undefined;
      throw error;
    }
    this.parts.onChange();
    return { state: 'begun', instanceId: this.parts.instanceId };
  }

  cancel(readId: string): boolean {
    if (this.session?.order.readId !== readId || !this.busy) return false;
    this.session.stop('CANCELLED');
    return true;
  }

  /** The permit was withdrawn, the SAM was taken out, the agent stops. */
  abort(outcome: FailedOutcome): void {
    this.session?.stop(outcome);
  }

  /** The line is there again: what could not be said is said. */
  lineUp(): void {
    this.outbox.flush();
  }

  /** The line has been away for too long: whoever asked has gone, and what a card said is forgotten. */
  lineLost(): void {
    this.parts.log.event('info', 'asker is gone');
    this.abort('CANCELLED');
    for (const { result, permit } of this.outbox.forget())
      if (result.outcome !== 'CANCELLED') this.parts.onUntold(result, permit);
  }

  async close(): Promise<void> {
    this.abort('CANCELLED');
    await this.session?.atRest;
  }

  private async follow(session: Session): Promise<void> {
    const result = await session.result;
    this.parts.log.event('info', 'read ended', { outcome: result.outcome, count: result.tries });
    const late = setTimeout(() => this.setStuck(true), this.parts.deadlines.rest);
    this.parts.onChange();
    await session.atRest;
    clearTimeout(late);
    this.holder = undefined;
    this.session = undefined;
    this.setStuck(false);
    this.parts.onChange();
  }

  private setStuck(stuck: boolean): void {
    if (this.stuck === stuck) return;
    this.stuck = stuck;
    this.parts.log.event(stuck ? 'error' : 'info', stuck ? 'device does not come to rest' : 'device is at rest');
    this.parts.onChange();
  }
}
