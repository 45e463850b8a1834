import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { JournalEntry } from '#contracts/readers/agent';

/** One line of the journal's file: an entry, entries that were handed in, or how many found no room. */
export const JournalLine = z.union([
  z.strictObject({ entry: JournalEntry }),
  z.strictObject({ taken: z.array(z.uuid()) }),
  z.strictObject({ lost: z.int() }),
]);
export type JournalLine = z.infer<typeof JournalLine>;

/** `<CRC-32 of the rest, 8 hex digits> <JSON>`: what power loss made of a line is told from what was written. */
export function writeLine(line: JournalLine): string {
  const json = JSON.stringify(line);
  return `${checksum(json)} ${json}\n`;
}

/** `undefined` for a line that is not as it was written. */
export function readLine(text: string): JournalLine | undefined {
  const json = text.slice(9);
  if (text[8] !== ' ' || text.slice(0, 8) !== checksum(json)) return undefined;
  try {
    return JournalLine.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');
