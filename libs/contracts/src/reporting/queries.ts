import { z } from 'zod';

const institutionId = z
  .uuid()
  .optional()
  .meta({ description: 'For an evaluator who has logged in: a kecamatan of the kabupaten. Default: your own' });

/** Whose report, obligations or figures. */
export const OfficeQuery = z.strictObject({ institutionId });
export type OfficeQuery = z.infer<typeof OfficeQuery>;

/** A page of what belongs to the own office. */
export const ReportingPageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  before: z.uuid().optional().meta({ description: 'Go on after this one: the `next` of the page before' }),
});
export type ReportingPageQuery = z.infer<typeof ReportingPageQuery>;

/** An XLSX with named cells: as base64 it fits one message of the bus. */
export const mostTemplateBytes = 150 * 1024;
