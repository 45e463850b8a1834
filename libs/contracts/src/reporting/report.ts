import { z } from 'zod';
import { Day } from '../actor.js';
import { holdsNik } from '../nik.js';
import { LogState } from './facts.js';
import { ReportFigures } from './figures.js';
import { mostPeriodDays, periodKinds } from './period.js';
import { Register } from './register.js';

export const reportFormat = 'gerbang-report/1';

/** DRAFTED -> REVIEWED -> APPROVED -> SUBMITTED -> EVALUATED; a draft may be DISCARDED. From APPROVED on its content is fixed. */
export const reportStates = ['DRAFTED', 'REVIEWED', 'APPROVED', 'SUBMITTED', 'EVALUATED', 'DISCARDED'] as const;
export const ReportState = z.enum(reportStates).meta({ id: 'ReportState' });
export type ReportState = z.infer<typeof ReportState>;

/** A report, or the supplement that carries what came after it in the same period. */
export const reportTypes = ['REPORT', 'SUPPLEMENT'] as const;

export const freeText = (most: number) =>
  z
    .string()
    .trim()
    .max(most, `Paling panjang ${most} huruf.`)
    // what cannot be hashed (RFC 8785) or stored
    .regex(/^[^\0\p{Surrogate}]*$/u, 'Memuat huruf yang rusak.')
    .refine((text) => !holdsNik(text), 'Tidak boleh memuat NIK atau nomor KK.');

export const Narrative = z
  .strictObject({
    obstacles: freeText(8_000).meta({ description: 'Hambatan, in the words of the office' }),
    followUp: freeText(8_000).meta({ description: 'Tindak lanjut' }),
  })
  .meta({ id: 'ReportNarrative' });
export type Narrative = z.infer<typeof Narrative>;

/** Everything that a report says: what is hashed, and what the kit is checked against (docs/report-format.md). */
export const ReportContent = z
  .strictObject({
    format: z.literal(reportFormat),
    id: z.uuid(),
    type: z.enum(reportTypes),
    version: z.int().min(1),
    corrects: z.uuid().nullable().meta({ description: 'The version before, which this one replaces' }),
    supplements: z.uuid().nullable().meta({ description: 'The report of the same period that this one completes' }),
    institution: Register.shape.institution,
    period: z.strictObject({ kind: z.enum(periodKinds), from: Day, until: Day }),
    asOf: z.strictObject({ at: z.iso.datetime(), checkpoints: z.array(LogState).min(1) }),
    figures: ReportFigures,
    /** Of a supplement: what the report before had counted, so that the rest can be seen. */
    reported: z
      .strictObject({
        asOf: z.strictObject({ at: z.iso.datetime(), origin: z.string(), size: z.int() }),
        hits: z.int(),
        refused: z.int(),
        reads: z.int(),
        delivered: z.int(),
      })
      .nullable(),
    register: Register,
    narrative: Narrative,
  })
  .meta({ id: 'ReportContent' });
export type ReportContent = z.infer<typeof ReportContent>;

const step = z.strictObject({ at: z.iso.datetime(), by: z.uuid().nullable(), name: z.string().nullable() });

export const Report = z
  .strictObject({
    id: z.uuid(),
    institutionId: z.uuid(),
    type: z.enum(reportTypes),
    version: z.int(),
    corrects: z.uuid().nullable(),
    supplements: z.uuid().nullable(),
    period: ReportContent.shape.period,
    state: ReportState,
    asOf: z.strictObject({ at: z.iso.datetime(), origin: z.string(), size: z.int() }),
    contentHash: z.string().meta({ description: 'SHA-256 of the RFC 8785 form of the content, hex' }),
    scheduled: z.boolean().meta({ description: 'Drafted by the calendar, on 1 June or 1 December' }),
    drafted: step,
    reviewed: step.nullable(),
    approved: step.nullable(),
    submitted: step.extend({ method: z.enum(['PAPER', 'SITE']), on: Day, receiptNumber: z.string() }).nullable(),
    evaluated: step.extend({ verdict: z.enum(['ACCEPTED', 'TO_BE_CORRECTED']), note: z.string() }).nullable(),
    discarded: step.extend({ reason: z.string() }).nullable(),
    narrative: Narrative,
  })
  .meta({ id: 'Report' });
export type Report = z.infer<typeof Report>;

export const ReportDetail = Report.extend({ figures: ReportFigures }).meta({ id: 'ReportDetail' });
export type ReportDetail = z.infer<typeof ReportDetail>;

export const NewReport = z
  .union(
    [
      z.strictObject({
        year: z.int().min(2000).max(2200),
        semester: z.union([z.literal(1), z.literal(2)]),
      }),
      z
        .strictObject({ from: Day, until: Day })
        .refine(
          ({ from, until }) => from <= until && (Date.parse(until) - Date.parse(from)) / 86_400_000 < mostPeriodDays,
          { path: ['until'], message: `Paling awal \`from\`, dan paling panjang ${mostPeriodDays} hari.` },
        ),
      z.strictObject({ corrects: z.uuid() }).meta({ description: 'A new version of an approved report, counted anew' }),
      z
        .strictObject({ supplements: z.uuid() })
        .meta({ description: 'What came after an approved report, in its period' }),
    ],
    'Sebutkan salah satu: year dengan semester (1 atau 2), from dengan until, corrects, atau supplements.',
  )
  .meta({ id: 'NewReport' });
export type NewReport = z.infer<typeof NewReport>;

export const ReportQuery = z.strictObject({
  institutionId: z
    .uuid()
    .optional()
    .meta({ description: 'For an evaluator who has logged in: a kecamatan of the kabupaten. Default: your own' }),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  before: z.uuid().optional().meta({ description: 'Go on after this report: the `next` of the page before' }),
});
export type ReportQuery = z.infer<typeof ReportQuery>;

export const ReportPage = z
  .strictObject({ reports: z.array(Report), next: z.uuid().nullable() })
  .meta({ id: 'ReportPage' });
export type ReportPage = z.infer<typeof ReportPage>;

const contentHash = z.string().regex(/^[0-9a-f]{64}$/, 'Sidik isi: 64 angka heksadesimal.');

export const ReportApproval = z.strictObject({
  contentHash: contentHash.optional().meta({
    description: '`contentHash` of what the Camat has read: what was changed meanwhile is not approved by mistake',
  }),
});
export type ReportApproval = z.infer<typeof ReportApproval>;

export const ReportSubmission = z
  .strictObject({
    method: z.enum(['PAPER', 'SITE']),
    on: Day,
    receiptNumber: freeText(120).min(1, 'Isi nomor tanda terima.'),
  })
  .meta({ id: 'ReportSubmission' });
export type ReportSubmission = z.infer<typeof ReportSubmission>;

export const ReportEvaluation = z
  .strictObject({ verdict: z.enum(['ACCEPTED', 'TO_BE_CORRECTED']), note: freeText(4_000) })
  .meta({ id: 'ReportEvaluation' });
export type ReportEvaluation = z.infer<typeof ReportEvaluation>;

export const ReportDiscarding = z
  .strictObject({ reason: freeText(500).min(1, 'Isi alasannya.') })
  .meta({ id: 'ReportDiscarding' });
export type ReportDiscarding = z.infer<typeof ReportDiscarding>;

/** The forms that a report can be had in. TEMPLATE: the ministry's own, which the office uploaded. */
export const reportForms = ['PDF', 'XLSX', 'CSV', 'JSON', 'TEMPLATE'] as const;
export type ReportForm = (typeof reportForms)[number];

/**
 * The ministry's own form (JT 5d): an XLSX with named cells. `cells` says which figure goes into which name; figures are named by
 * their path in the content, `figures.lookUps.total.hits`, or by a name of docs/report-format.md such as `periode`.
 */
export const ReportTemplate = z
  .strictObject({
    uploadedAt: z.iso.datetime(),
    sha256: z.string(),
    bytes: z.int(),
    names: z.array(z.string()).meta({ description: 'Named cells that the file has' }),
    cells: z.record(z.string(), z.string()),
    unmapped: z.array(z.string()).meta({ description: 'Names of the file that nothing is mapped to' }),
  })
  .meta({ id: 'ReportTemplate' });
export type ReportTemplate = z.infer<typeof ReportTemplate>;

export const TemplateMapping = z
  .strictObject({
    cells: z.record(
      z.string().max(255),
      z
        .string()
        .max(200)
        .regex(/^[A-Za-z][\w.[\]=-]*$/, 'Bukan nama angka laporan.'),
    ),
  })
  .meta({ id: 'TemplateMapping' });
export type TemplateMapping = z.infer<typeof TemplateMapping>;
