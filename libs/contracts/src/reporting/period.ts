import { z } from 'zod';
import { Day } from '../actor.js';

export const periodKinds = ['FIRST_SEMESTER', 'SECOND_SEMESTER', 'OTHER'] as const;

/** Longest period that a report is made of, days: a leap year. */
export const mostPeriodDays = 366;

const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000;
const fits = ({ from, until }: { from: string; until: string }): boolean =>
  from <= until && dayNumber(until) - dayNumber(from) < mostPeriodDays;
const periodFault = { path: ['until'], message: `Paling awal \`from\`, dan paling panjang ${mostPeriodDays} hari.` };

/** Calendar days in Asia/Jakarta, both included. */
export const Period = z.strictObject({ from: Day, until: Day }).refine(fits, periodFault);
export type Period = z.infer<typeof Period>;

/** The same from the query of a URL, with the institution that an evaluator asks for. */
export const PeriodQuery = z
  .strictObject({
    institutionId: z
      .uuid()
      .optional()
      .meta({ description: 'For an evaluator who has logged in: a kecamatan of the kabupaten. Default: your own' }),
    from: Day,
    until: Day,
  })
  .refine(fits, periodFault);
export type PeriodQuery = z.infer<typeof PeriodQuery>;
