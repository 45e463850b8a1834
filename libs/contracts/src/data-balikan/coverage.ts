import { z } from 'zod';
import type { PatenService } from '../purpose.js';

/** Services after which data balikan are owed: the citizen has a business (O-07). */
export const businessServices = ['SKU', 'NIB'] as const satisfies readonly PatenService[];

export const CoverageQuery = z.strictObject({
  institutionId: z
    .uuid()
    .optional()
    .meta({ description: 'For an evaluator who has logged in: a kecamatan of the kabupaten. Default: your own' }),
  from: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'Bulan ditulis YYYY-MM.')
    .optional()
    .meta({ description: 'First month, YYYY-MM, Asia/Jakarta; default: the present one' }),
  to: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'Bulan ditulis YYYY-MM.')
    .optional()
    .meta({ description: 'Last month, included, at most 24; default: `from`' }),
});
export type CoverageQuery = z.infer<typeof CoverageQuery>;

const counts = {
  lookUps: z.int().meta({ description: 'Found persons, looked up for a business service' }),
  sent: z.int().meta({
    description: 'With a record that is delivered or handed over; one is enough for all look-ups of a person and case',
  }),
  accepted: z.int().meta({ description: 'With a record that is not delivered yet' }),
  owed: z.int().meta({ description: 'Without a record, still in time' }),
  overdue: z.int().meta({ description: 'Without a record for longer than `overdueAfterDays`' }),
};

/** For each look-up of a business service: is there a data balikan? `lookUps = sent + accepted + owed + overdue`. */
export const Coverage = z
  .strictObject({
    overdueAfterDays: z.int(),
    total: z.strictObject(counts),
    months: z.array(
      z.strictObject({
        month: z.string(),
        ...counts,
        operators: z.array(z.strictObject({ operatorId: z.uuid().nullable(), ...counts })),
      }),
    ),
    open: z
      .array(
        z.strictObject({
          verificationId: z.uuid(),
          at: z.iso.datetime(),
          operatorId: z.uuid().nullable(),
          service: z.string(),
          reference: z.string(),
          overdue: z.boolean(),
        }),
      )
      .meta({ description: 'What is owed, oldest first, at most 500' }),
  })
  .meta({ id: 'Coverage' });
export type Coverage = z.infer<typeof Coverage>;
