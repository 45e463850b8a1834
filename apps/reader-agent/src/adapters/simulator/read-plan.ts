import { z } from 'zod';
import { CardElements, readOutcomes, readSteps } from '#contracts/readers/result';

/** What happens at the pretended counter during one read; every failure can be had. */
export const ReadPlan = z.strictObject({
  /** Elements of the card; `unknown` is a card that is no KTP-el, `none` is nobody coming. */
  card: z.union([CardElements, z.literal('unknown'), z.literal('none')]),
  fingers: z.array(z.enum(['match', 'no-match', 'none'])).default(['match']),
  /** The card is taken away when this step begins. */
  removeAt: z.enum(readSteps).optional(),
  /** The device answers no more when this step begins, until the read is stopped. */
  hangAt: z.enum(readSteps).optional(),
  /** It goes on hanging, even when the read is stopped, until `rest` is ordered. */
  deaf: z.boolean().optional(),
  /** Ends with this outcome when this step begins. */
  failAt: z.strictObject({ step: z.enum(readSteps), outcome: z.enum(readOutcomes).exclude(['MATCHED']) }).optional(),
  /** What a device that does not keep to its contract gives besides. */
  leaks: z.record(z.string(), z.unknown()).optional(),
});
export type ReadPlan = z.infer<typeof ReadPlan>;
