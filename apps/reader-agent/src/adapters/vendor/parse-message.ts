import { parse } from 'lossless-json';
import { z } from 'zod';
import type { VendorMessage } from './link.js';

const text = z.string().max(200);
const Message = z.object({
  id: text.optional(),
  step: text.optional(),
  tries: z.coerce.number().int().min(0).max(100).optional(),
  data: z.record(z.string().max(100), z.unknown()).optional(),
  error: z.union([text, z.number()]).transform(String).optional(),
  status: z
    .object({
      reader: text.nullable().default(null),
      sam: z.object({
        present: z.boolean(),
        serial: z.string().max(80).nullable().default(null),
        atr: z.string().max(80).nullable().default(null),
      }),
    })
    .optional(),
  check: z.object({ outcome: text, tries: z.coerce.number().int().min(0).max(100) }).optional(),
});

/** Numbers stay the digits that were written: a NIK is larger than a number of JavaScript can hold. `undefined` for nonsense. */
export function parseMessage(line: string): VendorMessage | undefined {
  try {
    return Message.parse(parse(line, undefined, (digits) => digits));
  } catch {
    return undefined;
  }
}
