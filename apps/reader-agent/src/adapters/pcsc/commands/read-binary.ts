import { ReadFailure } from '../../../port.js';
import type { CardConnection } from '../card-connection.js';

/** What a KTP-el gives at once (DOMAIN 5). */
export const mostAtOnce = 112;

/**
 * READ BINARY of the selected file (ISO 7816-4).
 *
 * @returns the bytes, fewer than asked or none at the file's end
 * @throws {ReadFailure}
 */
export async function readBinary(card: CardConnection, offset: number): Promise<Buffer> {
  const ask = (length: number) => card.send([0x00, 0xb0, offset >> 8, offset & 0xff, length]);
  let answer = await ask(mostAtOnce);
  // T=0: the card says how much is left
  if (answer.status >> 8 === 0x6c && (answer.status & 0xff) <= mostAtOnce) answer = await ask(answer.status & 0xff);
  if (answer.status === 0x6b00) return Buffer.alloc(0);
  const good = answer.status === 0x9000 || answer.status === 0x6282;
  if (!good || answer.data.length > mostAtOnce) throw new ReadFailure('CARD_UNREADABLE');
  return answer.data;
}
