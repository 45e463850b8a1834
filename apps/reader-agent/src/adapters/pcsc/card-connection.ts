import { ReadFailure } from '../../port.js';
import type { Card, Context, Driver } from './driver.js';
import { outcomeOf } from './outcome-of.js';

export interface CardAnswer {
  data: Buffer;
  /** SW1 SW2 of ISO 7816-4. */
  status: number;
}

/** One card, for one program: nobody else's command comes between two of ours. */
export class CardConnection {
  private constructor(
    private readonly context: Context,
    private readonly card: Card,
    private readonly leaveCard: number,
  ) {}

  /**
   * A context of its own: one that waits for changes is locked by the driver meanwhile.
   *
   * @throws {ReadFailure}
   */
  static async open(driver: Driver, slot: string): Promise<CardConnection> {
    let context: Context | undefined;
    try {
      context = new driver.Context();
      const reader = context.listReaders().find(({ name }) => name === slot);
      if (!reader) throw new Error('Reader unavailable');
      const card = await reader.connect(driver.exclusive, driver.anyProtocol);
      return new CardConnection(context, card, driver.leaveCard);
    } catch (cause) {
      context?.close();
      throw new ReadFailure(outcomeOf(cause), 0, { cause });
    }
  }

  /** @throws {ReadFailure} */
  async send(command: readonly number[]): Promise<CardAnswer> {
    let answer: Buffer;
    try {
      answer = await this.card.transmit([...command]);
    } catch (cause) {
      throw new ReadFailure(outcomeOf(cause), 0, { cause });
    }
    // less than a status is no answer: some drivers say so of a card that has gone
    if (answer.length < 2) throw new ReadFailure('CARD_UNREADABLE', 0, { cause: new Error('no status') });
    return { data: answer.subarray(0, -2), status: answer.readUInt16BE(answer.length - 2) };
  }

  /** Protocol and ATR of the card as the driver knows it now (SCardStatus). */
  status(): { protocol: number; atr: string } {
    const { protocol, atr } = this.card.getStatus();
    return { protocol, atr: atr.toString('hex').toUpperCase() };
  }

  /** Leaves the card as it is: a reset is the driver's talk with the card, which this thread would wait for. */
  close(): void {
    for (const step of [() => this.card.disconnect(this.leaveCard), () => this.context.close()]) {
      try {
        step();
      } catch {
        // the card or the service has gone
      }
    }
  }
}
