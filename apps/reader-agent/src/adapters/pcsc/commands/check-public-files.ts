import { ReadFailure } from '../../../port.js';
import type { CardConnection } from '../card-connection.js';
import { mostAtOnce, readBinary } from './read-binary.js';
import { selectFile } from './select-file.js';

const ktpFolder = 0x7f0a;
const photoFile = 0x6ff2;
/** The whole chip has 8 KB. */
const mostBytes = 8_192;

/**
 * Reads what a KTP-el shows without its SAM: the photo, which tells that card, antenna and chip work. Its bytes are dropped
 * block by block; only how many there were is left.
 *
 * @throws {ReadFailure} CARD_UNKNOWN for a card that is no KTP-el
 */
export async function checkPublicFiles(card: CardConnection, signal: AbortSignal): Promise<{ bytes: number }> {
  await selectFile(card, ktpFolder);
  await selectFile(card, photoFile);
  let bytes = 0;
  for (;;) {
    if (signal.aborted) throw new ReadFailure('CANCELLED');
    const block = await readBinary(card, bytes);
    bytes += block.length;
    block.fill(0);
    if (bytes > mostBytes) throw new ReadFailure('CARD_UNREADABLE');
    if (block.length < mostAtOnce) break;
  }
  if (bytes === 0) throw new ReadFailure('CARD_UNREADABLE');
  return { bytes };
}
