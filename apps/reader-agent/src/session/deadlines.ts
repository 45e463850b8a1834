import { z } from 'zod';
import type { FailedOutcome, ReadStep } from '../port.js';

const ms = (normal: number) => z.int().min(50).max(300_000).default(normal);

/** How long each step may last, milliseconds; the order's own deadline and the permit's end are above all of them. */
export const Deadlines = z
  .strictObject({
    WAITING_FOR_CARD: ms(60_000),
    CARD_FOUND: ms(10_000),
    HOLD_STILL: ms(20_000),
    PUT_FINGER: ms(30_000),
    TRY_FAILED: ms(30_000),
    READING: ms(20_000),
    /** What a device may need to come to rest after a read that was stopped. */
    rest: ms(10_000),
  })
  .prefault({});
export type Deadlines = z.infer<typeof Deadlines>;

/** What it means that a step took too long. */
export const lateOutcome: Record<ReadStep, FailedOutcome> = {
  WAITING_FOR_CARD: 'CARD_TIMEOUT',
  CARD_FOUND: 'CARD_UNREADABLE',
  HOLD_STILL: 'CARD_UNREADABLE',
  PUT_FINGER: 'FINGER_TIMEOUT',
  TRY_FAILED: 'FINGER_TIMEOUT',
  READING: 'CARD_UNREADABLE',
};
