import { ReadFailure } from '../../../port.js';
import type { CardConnection } from '../card-connection.js';

/** Status words that say: this card has no such file or does not know the command, so it is no KTP-el. */
const notThere = new Set([0x6a82, 0x6a81, 0x6a86, 0x6a80, 0x6d00, 0x6e00]);

/**
 * SELECT by file identifier (ISO 7816-4).
 *
 * @throws {ReadFailure} CARD_UNKNOWN when the card has no such file
 */
export async function selectFile(card: CardConnection, file: number): Promise<void> {
  const { status } = await card.send([0x00, 0xa4, 0x00, 0x00, 0x02, file >> 8, file & 0xff]);
  if (status === 0x9000 || status >> 8 === 0x61) return;
  throw new ReadFailure(notThere.has(status) ? 'CARD_UNKNOWN' : 'CARD_UNREADABLE');
}
