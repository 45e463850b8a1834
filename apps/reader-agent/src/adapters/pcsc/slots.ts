import type { PcscConfig } from './config.js';

/** One slot as the driver tells it; a reader with a SAM has two. */
export interface Slot {
  name: string;
  present: boolean;
  /** The card in it does not answer a reset. */
  mute: boolean;
  atr: string | null;
  /** Counts the cards that came and went, where the driver tells (the upper half of the state). */
  changes: number;
}

/** Which slot is for the citizen's card and which for the SAM: by the settings, else by name, else by order. */
export function chooseSlots(slots: readonly Slot[], config: PcscConfig): { card?: Slot; sam?: Slot } {
  const named = (part: string) => slots.find(({ name }) => name.includes(part));
  const sam = config.samSlot === undefined ? slots.find(({ name }) => /\bSAM\b/i.test(name)) : named(config.samSlot);
  const card = config.cardSlot === undefined ? slots.find((slot) => slot !== sam) : named(config.cardSlot);
  const second = config.samSlot === undefined ? (sam ?? slots.find((slot) => slot !== card)) : sam;
  return { ...(card ? { card } : {}), ...(second ? { sam: second } : {}) };
}
