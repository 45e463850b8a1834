import { z } from 'zod';
import { Day } from '../actor.js';
import { plainText } from '../administration/parts.js';
import { balikanMost } from './record.js';

export const mediaStates = ['OPEN', 'RECEIPTED', 'CANCELLED'] as const;

/** Everything that is undelivered, for a flash disk or disc (O-08). */
export const MediaPackage = z
  .strictObject({
    id: z.uuid(),
    number: z.int().meta({ description: 'Running number in the institution' }),
    state: z.enum(mediaStates),
    createdAt: z.iso.datetime(),
    createdBy: z.uuid(),
    records: z.int(),
    bytes: z.int(),
    sha256: z.string().meta({ description: 'Of the encrypted file, hex; also on the berita acara, as QR' }),
    receipt: z.strictObject({ number: z.string(), date: Day, accepted: z.int(), refused: z.int() }).nullable(),
  })
  .meta({ id: 'MediaPackage' });
export type MediaPackage = z.infer<typeof MediaPackage>;

export const MediaPackageList = z.strictObject({ packages: z.array(MediaPackage) }).meta({ id: 'MediaPackageList' });
export type MediaPackageList = z.infer<typeof MediaPackageList>;

/**
 * What Disdukcapil confirmed. Refused records go back to the queue. A list that no request holds comes in parts: `number`, `date`,
 * `accepted` and `refused` are of the whole receipt and the same in each of them.
 */
export const MediaReceipt = z
  .strictObject({
    number: plainText(100),
    date: Day,
    accepted: z.int().min(0),
    refused: z.int().min(0),
    refusedRegisters: z
      .array(plainText(balikanMost.nomorRegister))
      .max(100_000)
      .default([])
      .meta({ description: 'Register numbers of those that were refused, as many as `refused`; none when all were' }),
    part: z
      .int()
      .min(1)
      .max(10_000)
      .default(1)
      .meta({ description: 'Which part of a long `refusedRegisters` this is, from 1; part 1 begins anew' }),
    last: z.boolean().default(true).meta({ description: 'false: another part follows, and nothing is done yet' }),
  })
  .meta({ id: 'MediaReceipt' });
export type MediaReceipt = z.infer<typeof MediaReceipt>;

/** Name of the file for the medium, with the day in Asia/Jakarta (UTC+7 all the year). */
export function mediaFileName({ number, createdAt }: { number: number; createdAt: string }): string {
  const day = new Date(Date.parse(createdAt) + 7 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');
  return `data-balikan-${number}-${day}.zip.age`;
}
