import { z } from 'zod';
import { errorCodes } from './errors.js';

/** RFC 9457 `application/problem+json`. */
export const Problem = z
  .object({
    type: z.string().meta({ description: "'urn:gerbang-paten:error:<code>'" }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'Indonesian: what to do next' }),
    code: z.enum(errorCodes),
    correlationId: z.string(),
    issues: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Every fault of the request, at once' }),
    retryAfter: z.int().optional().meta({ description: 'Seconds' }),
    busy: z
      .strictObject({ by: z.string(), since: z.iso.datetime() })
      .optional()
      .meta({ description: 'With READER_BUSY: who reads, and since when' }),
  })
  .loose()
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
