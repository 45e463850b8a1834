import { z } from 'zod';
import { PersonElements } from '../elements.js';

/**
 * How a read ended. All but MATCHED come without elements: the chip gives its data only after a 1:1 fingerprint match
 * (PKS 1(8), O-14).
 */
export const readOutcomes = [
  'MATCHED',
  'NOT_MATCHED',
  'CARD_REMOVED',
  'CARD_UNKNOWN',
  'CARD_UNREADABLE',
  'CARD_TIMEOUT',
  'FINGER_TIMEOUT',
  'CANCELLED',
  'READER_FAULT',
  'SAM_FAULT',
  'AGENT_LOST',
] as const;
export const ReadOutcome = z.enum(readOutcomes).meta({ id: 'ReadOutcome' });
export type ReadOutcome = z.infer<typeof ReadOutcome>;

/**
 * What the counter may rely on: the card and the finger, and beside them the register. `pending`: the register was to be asked and could
 * not be, now or because the line was down.
 */
export const resultLevels = ['card-verified', 'register-verified', 'pending'] as const;
export const ResultLevel = z.enum(resultLevels).meta({ id: 'ResultLevel' });
export type ResultLevel = z.infer<typeof ResultLevel>;

/** Most tries of a finger; a worn one is a normal event (DOMAIN 5). */
export const mostFingerTries = 4;

/** Steps as the counter follows them. */
export const readSteps = [
  'WAITING_FOR_CARD',
  'CARD_FOUND',
  'HOLD_STILL',
  'PUT_FINGER',
  'TRY_FAILED',
  'READING',
] as const;

/** `TRY_FAILED` with `tries` 1 means: the second of four follows. */
export const ReadProgress = z
  .strictObject({
    step: z.enum(readSteps),
    tries: z.int().min(0).max(mostFingerTries).meta({ description: 'Tries that failed so far' }),
    mostTries: z.int(),
  })
  .meta({ id: 'ReadProgress' });
export type ReadProgress = z.infer<typeof ReadProgress>;

/** The elements that a chip holds: all but Nomor KK, as they were when the card was printed. Never the photo, never a finger. */
export const CardElements = PersonElements.omit({ noKk: true });
export type CardElements = z.infer<typeof CardElements>;

export const ReadResult = z
  .strictObject({
    outcome: ReadOutcome,
    /** Of the finger, that failed. */
    tries: z.int().min(0).max(mostFingerTries),
    /** Only with MATCHED, and only what is granted. */
    elements: CardElements.optional(),
  })
  .refine(
    ({ outcome, elements }) => elements === undefined || outcome === 'MATCHED',
    'Elements come with a match only.',
  );
export type ReadResult = z.infer<typeof ReadResult>;
