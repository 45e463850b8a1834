import { setTimeout as wait } from 'node:timers/promises';
import type { DeliveryRules, Hold, Outbox, Settled, Settlement, TurnEnd } from './outbox.repository.js';

/** Between attempts to write what became of records while the database is away. */
const retryMs = 500;
/** After this long it is given up: the records are sent again when their claim is over, and the ministry knows them. */
const mostMs = 60_000;

/** Writes outcomes as they come: one statement at a time, and whatever came meanwhile goes together with the next. */
export class Settler {
  private pending: Settlement[] = [];
  private writing: Promise<void> | undefined;
  private failure: { error: unknown } | undefined;
  /** False once the database said that no more shall be sent, or could not be asked. */
  goesOn = true;

  constructor(
    private readonly outbox: Pick<Outbox, 'settle'>,
    private readonly hold: Hold,
    private readonly rules: DeliveryRules,
    private readonly told: (settled: Settled) => void,
    private readonly givesUp: () => boolean,
  ) {}

  add(settlement: Settlement): void {
    this.pending.push(settlement);
    this.writing ??= this.write()
      .catch((error: unknown) => (this.failure = { error }))
      .then(() => (this.writing = undefined));
  }

  /** All that was added is written. @throws when it was given up */
  async settled(): Promise<void> {
    while (this.writing) await this.writing;
    if (this.failure) throw this.failure.error;
  }

  /** Puts back what was not sent, and gives the lane back. */
  async end(unsent: readonly string[], end: TurnEnd): Promise<void> {
    await this.settled();
    await this.writeNow(
      unsent.map((id) => ({ id })),
      end,
    );
  }

  private async write(): Promise<void> {
    while (this.pending.length > 0) await this.writeNow(this.pending.splice(0));
  }

  private async writeNow(settlements: Settlement[], end?: TurnEnd): Promise<void> {
    const began = performance.now();
    for (;;) {
      try {
        const settled = await this.outbox.settle(this.hold, settlements, this.rules, end);
        this.told(settled);
        if (!settled.goesOn) this.goesOn = false;
        return;
      } catch (error) {
        this.goesOn = false;
        if (this.givesUp() || performance.now() - began > mostMs) throw error;
        await wait(retryMs);
      }
    }
  }
}
