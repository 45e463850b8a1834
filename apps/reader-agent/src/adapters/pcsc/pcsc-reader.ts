import type { Log } from '#service/log';
import { ReadFailure, type CardReader, type ReadRequest, type ReaderState } from '../../port.js';
import { CardConnection } from './card-connection.js';
import { checkPublicFiles } from './commands/check-public-files.js';
import type { PcscConfig } from './config.js';
import { loadDriver, type Driver } from './driver.js';
import { SlotWatch } from './slot-watch.js';
import { chooseSlots, type Slot } from './slots.js';

/** pcscd looks after its cards every 400 ms. */
const driverLooksWithinMs = 1_200;

const noSam = { present: false, serial: null, atr: null };

/**
 * Any PC/SC reader. It does the public part for real: readers, cards and SAM as they come and go, the card's own files. The
 * chip's elements and the finger need the vendor's SDK, because the SAM's commands are confidential: it says so, and a read
 * ends there.
 */
export class PcscReader implements CardReader {
  readonly adapter = 'pcsc';
  private readonly listeners: (() => void)[] = [];

  private constructor(
    private readonly config: PcscConfig,
    private readonly driver: Driver | undefined,
    private readonly watch: SlotWatch | undefined,
  ) {}

  static async open(config: PcscConfig, log: Log): Promise<PcscReader> {
    const driver = await loadDriver();
    if (!driver) log.event('error', 'smartcard is not installed', { code: 'NO_DRIVER' });
    const watch = driver && new SlotWatch(driver, log);
    const reader = new PcscReader(config, driver, watch);
    watch?.onChange(() => reader.listeners.forEach((listener) => listener()));
    await watch?.start();
    return reader;
  }

  state(): ReaderState {
    const slots = this.watch?.slots;
    if (!slots) return { reader: null, sam: noSam, faults: ['NO_DRIVER', 'NO_VENDOR_SDK'] };
    const { card, sam } = chooseSlots(slots, this.config);
    if (!card) return { reader: null, sam: noSam, faults: ['NO_READER', 'NO_VENDOR_SDK'] };
    if (!sam?.present) return { reader: card.name.slice(0, 200), sam: noSam, faults: ['NO_SAM', 'NO_VENDOR_SDK'] };
    return {
      reader: card.name.slice(0, 200),
      sam: { present: true, serial: this.serialOf(sam), atr: sam.atr },
      faults: ['NO_VENDOR_SDK'],
    };
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  onStandaloneCheck(): void {
    // plain PC/SC cannot compare a finger, so it never checks by itself
  }

  allowStandalone(): void {
    // as above
  }

  /** Ends with SAM_FAULT when the card is a KTP-el that can be read: what comes next is the vendor's. */
  async read({ signal, onProgress }: ReadRequest): Promise<never> {
    onProgress('WAITING_FOR_CARD', 0);
    const slot = await this.cardLaidDown(signal);
    onProgress('CARD_FOUND', 0);
    await this.tryCard(slot, signal, () => onProgress('HOLD_STILL', 0));
    throw new ReadFailure('SAM_FAULT');
  }

  /**
   * The public part, for a read and for the self-test.
   *
   * @throws {ReadFailure}
   */
  async tryCard(slot: Slot, signal: AbortSignal, onConnected: () => void): Promise<{ bytes: number; atr: string }> {
    if (!this.driver) throw new ReadFailure('READER_FAULT');
    if (slot.mute) throw new ReadFailure('CARD_UNREADABLE');
    let card: CardConnection | undefined;
    try {
      card = await CardConnection.open(this.driver, slot.name);
      onConnected();
      const { bytes } = await checkPublicFiles(card, signal);
      return { bytes, atr: card.status().atr };
    } catch (thrown) {
      throw await this.sharpened(thrown, slot);
    } finally {
      card?.close();
    }
  }

  /** The slot with a card in it, as soon as there is one. */
  async cardLaidDown(signal: AbortSignal): Promise<Slot> {
    for (;;) {
      if (signal.aborted) throw new ReadFailure('CANCELLED');
      if (!this.watch?.slots) throw new ReadFailure('READER_FAULT');
      const { card } = chooseSlots(this.watch.slots, this.config);
      if (!card) throw new ReadFailure('READER_FAULT');
      if (card.present) return card;
      await this.watch.next();
    }
  }

  async close(): Promise<void> {
    await this.watch?.stop();
  }

  /** Drivers call a card that was taken away by many names, so the slot is looked at until it tells: is it still that card? */
  private async sharpened(thrown: unknown, before: Slot): Promise<unknown> {
    // a status word is the card's own answer; only what the driver said is in doubt
    if (!(thrown instanceof ReadFailure) || thrown.cause === undefined || !this.watch) return thrown;
    for (const lookUntil = performance.now() + driverLooksWithinMs; ; await this.watch.next()) {
      const now = this.watch.slots?.find(({ name }) => name === before.name);
      if (!now) return new ReadFailure('READER_FAULT', 0, { cause: thrown });
      if (!now.present || now.changes !== before.changes || now.atr !== before.atr)
        return new ReadFailure('CARD_REMOVED', 0, { cause: thrown });
      if (performance.now() > lookUntil) return thrown;
    }
  }

  /** The number that was entered counts for the SAM with the entered ATR alone. */
  private serialOf({ atr }: Slot): string | null {
    const { sam } = this.config;
    return sam && atr === sam.atr.toUpperCase() ? sam.serial : null;
  }
}
