import { z } from 'zod';

/** Which of the PC's readers holds what; a part of the name as the driver tells it is enough. */
export const PcscConfig = z.strictObject({
  cardSlot: z.string().min(1).optional(),
  samSlot: z.string().min(1).optional(),
  /**
   * The SAM's serial number as it is printed: plain PC/SC cannot read it, because the SAM's commands are confidential. It counts
   * only while the SAM with this ATR is in the slot.
   */
  sam: z.strictObject({ serial: z.string().min(1).max(80), atr: z.string().regex(/^[0-9A-Fa-f]{4,66}$/) }).optional(),
});
export type PcscConfig = z.infer<typeof PcscConfig>;
