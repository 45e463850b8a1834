import { z } from 'zod';
import { Day } from '../actor.js';
import { IncidentFigures, LookUpFigures } from './figures.js';
import { ObligationState } from './obligations.js';
import { Report } from './report.js';

/** Live figures of a period, up to now (O-21): the same definitions as in a report, without its register. */
export const LiveFigures = z
  .strictObject({
    institutionId: z.uuid(),
    from: Day,
    until: Day,
    at: z.iso.datetime(),
    origin: z.string(),
    size: z.int(),
    lookUps: LookUpFigures,
    incidents: IncidentFigures,
  })
  .meta({ id: 'LiveFigures' });
export type LiveFigures = z.infer<typeof LiveFigures>;

export const patternNames = [
  'SEQUENTIAL_NIKS',
  'MANY_MISSES',
  'OUT_OF_HOURS',
  'REPEATED_WITHOUT_SERVICE',
  'WITHOUT_DATA_BALIKAN',
] as const;

/** A pattern that is worth a question, never a verdict. Counted; no person can be told from it. */
export const Pattern = z
  .strictObject({
    name: z.enum(patternNames),
    explanation: z.string().meta({ description: 'Indonesian: what is counted, and why it is worth a question' }),
    parameters: z.record(z.string(), z.union([z.int(), z.string()])),
    total: z.int(),
    byOperator: z.array(z.strictObject({ operatorId: z.uuid().nullable(), count: z.int() })),
    examples: z
      .array(z.uuid())
      .max(20)
      .meta({ description: 'Look-ups to ask about, oldest first; the office knows the case, not this answer' }),
  })
  .meta({ id: 'Pattern' });
export type Pattern = z.infer<typeof Pattern>;
export const PatternReport = z
  .strictObject({ institutionId: z.uuid(), from: Day, until: Day, at: z.iso.datetime(), patterns: z.array(Pattern) })
  .meta({ id: 'PatternReport' });
export type PatternReport = z.infer<typeof PatternReport>;

export const PatternParameters = z
  .strictObject({
    /** A NIK whose serial is at most so far from one that the same operator looked up shortly before. */
    serialDistance: z.int().min(1).max(9).default(3),
    sequenceMinutes: z.int().min(1).max(1_440).default(60),
    missesPerDay: z.int().min(1).max(1_000).default(10),
    missShare: z
      .int()
      .min(1)
      .max(100)
      .default(40)
      .meta({ description: 'Per cent of the operator’s look-ups of the day' }),
    opensAt: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .default('07:00'),
    closesAt: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .default('17:00'),
    repeats: z.int().min(2).max(100).default(5),
    repeatDays: z.int().min(1).max(366).default(30),
    balikanAfterDays: z.int().min(0).max(366).default(14),
  })
  .meta({ id: 'PatternParameters' });
export type PatternParameters = z.infer<typeof PatternParameters>;

export const PatternRequest = z
  .strictObject({
    institutionId: z.uuid(),
    from: Day,
    until: Day,
    parameters: PatternParameters.prefault({}),
  })
  .meta({ id: 'PatternRequest' });
export type PatternRequest = z.infer<typeof PatternRequest>;

export const SampleRequest = z
  .strictObject({
    institutionId: z.uuid(),
    from: Day,
    until: Day,
    size: z.int().min(1).max(200).default(20),
    seed: z
      .string()
      .regex(/^[0-9a-f]{32}$/, 'Seed ditulis dengan 32 angka heksadesimal.')
      .optional()
      .meta({ description: 'To draw again what was drawn; default: a new one' }),
    /** To draw again: the checkpoint that was drawn from. */
    asOf: z.strictObject({ origin: z.string(), size: z.int() }).optional(),
  })
  .meta({ id: 'SampleRequest' });
export type SampleRequest = z.infer<typeof SampleRequest>;

/**
 * Random look-ups to ask the office about. Whoever has the log draws the same ones from seed and checkpoint: look-ups in the order of
 * SHA-256(seed || id), the smallest first (docs/report-format.md).
 */
export const Sample = z
  .strictObject({
    id: z.uuid(),
    institutionId: z.uuid(),
    from: Day,
    until: Day,
    size: z.int().meta({ description: 'Look-ups that were asked for' }),
    seed: z.string(),
    asOf: z.strictObject({ origin: z.string(), size: z.int() }),
    population: z.int().meta({ description: 'Look-ups that it was drawn from' }),
    drawnAt: z.iso.datetime(),
    drawnBy: z.uuid().nullable(),
    lookUps: z.array(
      z.strictObject({
        verificationId: z.uuid(),
        at: z.iso.datetime(),
        operatorId: z.uuid().nullable(),
        service: z.string().nullable(),
        reference: z.string().nullable(),
        mode: z.string().nullable(),
        outcome: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Sample' });
export type Sample = z.infer<typeof Sample>;

export const SampleList = z
  .strictObject({ samples: z.array(Sample.omit({ lookUps: true })) })
  .meta({ id: 'SampleList' });
export type SampleList = z.infer<typeof SampleList>;

/** The kabupaten on one page. */
export const Oversight = z
  .strictObject({
    at: z.iso.datetime(),
    offices: z.array(
      z.strictObject({
        institutionId: z.uuid(),
        name: z.string(),
        regionCode: z.string(),
        worst: ObligationState.nullable().meta({ description: 'null: could not be computed just now' }),
        counts: z.partialRecord(ObligationState, z.int()),
        lastReport: Report.pick({ id: true, period: true, state: true, type: true, version: true }).nullable(),
      }),
    ),
  })
  .meta({ id: 'Oversight' });
export type Oversight = z.infer<typeof Oversight>;
