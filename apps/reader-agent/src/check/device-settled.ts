import type { CardReader } from '../port.js';

const withinMs = 5_000;

/** A vendor's program needs a moment to tell how its device stands; others tell at once. */
export function deviceSettled(reader: CardReader): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, withinMs);
    const look = () => {
      if (reader.adapter === 'vendor' && reader.state().reader === null) return;
      clearTimeout(timer);
      resolve();
    };
    reader.onChange(look);
    look();
  });
}
