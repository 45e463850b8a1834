import { z } from 'zod';
import { Day } from '../actor.js';

/**
 * The figures of a report (O-20). Each is defined in docs/report-format.md, can be recomputed from the evidence log by
 * whoever has the kit, and is a whole number: shares and percentages are made where they are shown. Lists are in the order of their key;
 * what has no key (no operator, no service) comes last, as null.
 */
const count = z.int().min(0);
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

const lookUpCounts = {
  requests: count.meta({ description: 'Look-ups that were admitted' }),
  hits: count.meta({ description: 'Those that count against the quota: `requests - released`' }),
  confirmed: count.meta({ description: 'Answered by the ministry' }),
  unknown: count.meta({ description: 'May have reached the ministry; the answer was not seen' }),
  released: count.meta({ description: 'Provably never left: no hit' }),
  pending: count.meta({ description: 'Not ended at the checkpoint' }),
  refused: count.meta({ description: 'Refused here, without a hit' }),
};
export const LookUpCounts = z.strictObject(lookUpCounts);
export type LookUpCounts = z.infer<typeof LookUpCounts>;

/** Look-ups belong to the day in Asia/Jakarta on which they were admitted or refused. */
export const LookUpFigures = z
  .strictObject({
    total: LookUpCounts,
    months: z.array(
      z.strictObject({ month, ...lookUpCounts, peak: z.strictObject({ day: Day, hits: count }).nullable() }),
    ),
    days: z
      .array(z.strictObject({ day: Day, hits: count, refusedByQuota: count }))
      .meta({ description: 'Days on which anything was asked' }),
    byMode: z.array(z.strictObject({ mode: z.string().nullable(), hits: count })),
    byService: z.array(z.strictObject({ service: z.string().nullable(), hits: count, refused: count })),
    byOutcome: z
      .array(z.strictObject({ outcome: z.string().nullable(), count }))
      .meta({ description: 'How admitted look-ups ended: outcome of the register or code of the error' }),
    byOperator: z.array(z.strictObject({ operatorId: z.uuid().nullable(), hits: count, found: count, refused: count })),
    byClient: z.array(z.strictObject({ clientId: z.string(), hits: count })),
    refusals: z.array(z.strictObject({ code: z.string(), count })),
  })
  .meta({ id: 'LookUpFigures' });
export type LookUpFigures = z.infer<typeof LookUpFigures>;

export const incidentKinds = ['BREAKER_OPEN', 'ACCESS_BROKEN', 'QUOTA_USED_UP', 'OUTSIDE_HOURS'] as const;

/** The way to the ministry, as the log has it: times that it was not ready. */
export const IncidentFigures = z
  .array(
    z.strictObject({
      kind: z.enum(incidentKinds),
      count: count.meta({ description: 'Times that it began in the period' }),
      minutes: count.nullable().meta({
        description: 'How long it lasted in the period, whole minutes of the sum; null where it has no length',
      }),
    }),
  )
  .meta({ id: 'IncidentFigures' });
export type IncidentFigures = z.infer<typeof IncidentFigures>;

/** Reads of cards, by the time at which they were over. */
export const ReaderFigures = z
  .strictObject({
    reads: count,
    offline: count.meta({ description: 'Checks that a device made while its line was down' }),
    withLookUp: count.meta({ description: 'Reads that were followed by a look-up in the register' }),
    byOutcome: z
      .array(z.strictObject({ outcome: z.string(), count }))
      .meta({ description: 'MATCHED is a finger that matched; reads and offline checks' }),
    byTries: z.array(z.strictObject({ tries: count, count })).meta({ description: 'Of MATCHED and NOT_MATCHED' }),
    byService: z.array(z.strictObject({ service: z.string(), reads: count })),
    byReader: z.array(
      z.strictObject({ readerId: z.uuid(), reads: count, matched: count, withLookUp: count, offline: count }),
    ),
  })
  .meta({ id: 'ReaderFigures' });
export type ReaderFigures = z.infer<typeof ReaderFigures>;

const coverageCounts = { lookUps: count, sent: count, accepted: count, owed: count, overdue: count };

/** Data balikan (O-07, O-08). */
export const BalikanFigures = z
  .strictObject({
    delivered: count,
    byMethod: z
      .array(z.strictObject({ method: z.enum(['WEB_SERVICE', 'MEDIA']), receipt: z.string(), count }))
      .meta({ description: 'Delivered in the period, as the log has it' }),
    months: z.array(z.strictObject({ month, delivered: count })),
    undelivered: z
      .strictObject({ waiting: count, packed: count, refused: count })
      .meta({ description: 'Accepted and not delivered at the checkpoint, whenever they were accepted' }),
    coverage: z.strictObject({
      overdueAfterDays: z.int(),
      total: z.strictObject(coverageCounts),
      months: z.array(z.strictObject({ month, ...coverageCounts })),
    }),
  })
  .meta({ id: 'BalikanFigures' });
export type BalikanFigures = z.infer<typeof BalikanFigures>;

export const QuotaFigures = z
  .strictObject({
    days: count.meta({ description: 'Days of the period, up to the checkpoint, on which an agreement was in force' }),
    granted: count.meta({ description: 'Sum of the daily quotas of these days' }),
    used: count,
    peak: z.strictObject({ day: Day, hits: count, limit: count }).nullable(),
    p95: count.meta({ description: 'Hits a day that 95 % of these days do not exceed (nearest rank)' }),
    exhaustedDays: count.meta({ description: 'Days on which somebody was refused because the quota was used up' }),
    refused: count.meta({ description: 'Look-ups that were refused for it' }),
  })
  .meta({ id: 'QuotaFigures' });
export type QuotaFigures = z.infer<typeof QuotaFigures>;

/** People, statements, devices and stops: from the register of the office, which the report carries. */
export const RegisterFigures = z
  .strictObject({
    operators: z.strictObject({ active: count, withNda: count, withoutNda: count, ended: count }),
    sptjm: z.boolean().meta({ description: 'Whether one is on file for the agreement in force' }),
    readers: z.array(z.strictObject({ state: z.string(), count })),
    sams: z.array(z.strictObject({ state: z.string(), count })),
    workUnits: z.strictObject({ total: count, withReader: count }),
    exceptions: z.array(z.strictObject({ reason: z.string(), decision: z.string().nullable(), count })),
    stops: z.strictObject({ count, minutes: count }),
  })
  .meta({ id: 'RegisterFigures' });
export type RegisterFigures = z.infer<typeof RegisterFigures>;

export const ReportFigures = z
  .strictObject({
    lookUps: LookUpFigures,
    quota: QuotaFigures,
    readers: ReaderFigures,
    dataBalikan: BalikanFigures,
    incidents: IncidentFigures,
    register: RegisterFigures,
  })
  .meta({ id: 'ReportFigures' });
export type ReportFigures = z.infer<typeof ReportFigures>;
