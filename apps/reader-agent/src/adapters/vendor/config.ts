import { z } from 'zod';
import { cardElementNames } from '#contracts/elements';
import { readOutcomes, readSteps } from '#contracts/readers/result';

const ms = (normal: number) => z.int().min(50).max(120_000).default(normal);

/** Only this PC: the address is written as one, so that no name server is asked. */
const LoopbackUrl = z.url({ protocol: /^http$/, hostname: /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/ });

/** How a vendor's program is talked to. What stands here comes from the vendor's manual; docs/reader-agent.md has an example. */
export const VendorConfig = z.strictObject({
  transport: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('stdio'), command: z.array(z.string().min(1)).min(1) }),
    z.strictObject({ kind: z.literal('http'), url: LoopbackUrl }),
  ]),
  timeouts: z
    .strictObject({
      /** From asking how the device stands to the answer. */
      status: ms(5_000),
      /** Between two asks. */
      statusEvery: ms(5_000),
      /** From stopping a read to the program's last word on it. */
      stop: ms(5_000),
    })
    .prefault({}),
  /**
   * An element from what the program gives: `{NAME}` is a key of its data, `{3}` a place in its quoted-CSV record. Text around
   * a value that is missing is left out together with it when both stand in `[...]`.
   */
  fields: z.partialRecord(z.enum(cardElementNames as [string, ...string[]]), z.string().min(1)),
  /** Key of the data that holds a quoted-CSV record (the biodata of DOMAIN 5), if there is one. */
  csvRecord: z.string().min(1).optional(),
  /** The program's word for a step, and ours. */
  steps: z.record(z.string(), z.enum(readSteps)).default({}),
  /** The program's code of an error, and what it means; one that is not here is READER_FAULT. */
  errors: z.record(z.string(), z.enum(readOutcomes).exclude(['MATCHED'])).default({}),
});
export type VendorConfig = z.infer<typeof VendorConfig>;
