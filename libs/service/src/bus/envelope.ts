import { z } from 'zod';
import { errorCodes } from '#contracts/errors';
import type { ErrorExtras } from '../app-error.js';

/** What goes back over the bus: the value, or a code of the closed table. Never an error's text. */
export type Envelope = { value: unknown } | { error: { code: string; extras: ErrorExtras } };

export const Envelope = z.union([
  z.strictObject({ value: z.unknown() }),
  z.strictObject({
    error: z.strictObject({
      code: z.enum(errorCodes),
      extras: z.strictObject({
        issues: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
        retryAfter: z.number().optional(),
        verificationId: z.string().optional(),
        quota: z.unknown().optional(),
      }),
    }),
  }),
]);
