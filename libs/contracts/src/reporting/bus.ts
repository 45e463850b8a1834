import { z } from 'zod';
import { Role } from '../actor.js';
import { defineRpc } from '../rpc.js';
import {
  LiveFigures,
  Oversight,
  PatternReport,
  PatternRequest,
  Sample,
  SampleList,
  SampleRequest,
} from './evaluation.js';
import { Letter, LetterNumbering, LetterPage, NewLetter } from './letters.js';
import {
  Duty,
  DutyDone,
  DutyList,
  NewDuty,
  ObligationList,
  Reminder,
  ReminderPage,
  ReminderSettings,
  ReminderSettingsSummary,
} from './obligations.js';
import { Period } from './period.js';
import {
  Narrative,
  NewReport,
  ReportApproval,
  ReportDetail,
  ReportDiscarding,
  ReportEvaluation,
  reportForms,
  ReportPage,
  ReportSubmission,
  ReportTemplate,
  TemplateMapping,
} from './report.js';
import { PatternParameters } from './evaluation.js';
import { AsOf } from './facts.js';

// What the gateway asks of reporting. The gateway has decided who may; reporting decides what may be done with what stands.

/** Who stands behind it; filled in by the gateway. `institutionId` is whose reports these are, not where the person works. */
export const ReportActor = z.strictObject({
  institutionId: z.uuid(),
  operatorId: z.uuid().nullable(),
  name: z.string().nullable(),
  role: Role,
});
export type ReportActor = z.infer<typeof ReportActor>;

const by = z.strictObject({ actor: ReportActor });
const one = by.extend({ id: z.uuid() });
/** A file comes over the bus in pieces of at most 128 KB. */
const piece = z.strictObject({ bytes: z.base64(), last: z.boolean(), fileName: z.string() });
const page = { limit: z.int().min(1).max(100), before: z.uuid().optional() };

// reports

export const draftReport = defineRpc({
  subject: 'reporting.draft-report.v1',
  input: by.extend({ report: NewReport }),
  output: ReportDetail,
  errors: [
    'RESOURCE_NOT_FOUND',
    'STATE_CONFLICT',
    'PERIOD_NOT_BEGUN',
    'EVIDENCE_UNAVAILABLE',
    'EVIDENCE_MISMATCH',
    'EVIDENCE_ROLLED_BACK',
  ],
});
export const listReports = defineRpc({
  subject: 'reporting.list-reports.v1',
  input: by.extend(page),
  output: ReportPage,
  errors: [],
});
export const getReport = defineRpc({
  subject: 'reporting.get-report.v1',
  input: one,
  output: ReportDetail,
  errors: ['RESOURCE_NOT_FOUND'],
});
export const writeNarrative = defineRpc({
  subject: 'reporting.write-narrative.v1',
  input: one.extend({ narrative: Narrative }),
  output: ReportDetail,
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT'],
});
const moved = { output: ReportDetail, errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT'] } as const;
export const reviewReport = defineRpc({ subject: 'reporting.review-report.v1', input: one, ...moved });
export const approveReport = defineRpc({
  subject: 'reporting.approve-report.v1',
  input: one.extend(ReportApproval.shape),
  ...moved,
});
export const submitReport = defineRpc({
  subject: 'reporting.submit-report.v1',
  input: one.extend({ submission: ReportSubmission }),
  ...moved,
});
export const evaluateReport = defineRpc({
  subject: 'reporting.evaluate-report.v1',
  input: one.extend({ evaluation: ReportEvaluation }),
  ...moved,
});
export const discardReport = defineRpc({
  subject: 'reporting.discard-report.v1',
  input: one.extend({ discarding: ReportDiscarding }),
  ...moved,
});
/** One form of a report, piece `n`; every piece is of the same bytes. */
export const readReportForm = defineRpc({
  subject: 'reporting.read-report-form.v1',
  input: one.extend({ form: z.enum(reportForms), n: z.int().min(0) }),
  output: piece,
  errors: ['RESOURCE_NOT_FOUND', 'TEMPLATE_MISSING'],
});
/**
 * A page of what the kit holds besides the bundle of the log: lines of `particulars.jsonl`, each an opened event, in the order of the
 * log; `undelivered` likewise.
 */
export const readKitPart = defineRpc({
  subject: 'reporting.read-kit-part.v1',
  input: one.extend({ part: z.enum(['particulars', 'undelivered']), after: z.string().nullable() }),
  output: z.strictObject({ lines: z.array(z.string()), next: z.string().nullable() }),
  errors: ['RESOURCE_NOT_FOUND', 'EVIDENCE_UNAVAILABLE'],
});

// the ministry's own form

export const uploadTemplate = defineRpc({
  subject: 'reporting.upload-template.v1',
  /** base64 of the whole file: at most 150 KB fit one message. */
  input: by.extend({ bytes: z.base64() }),
  output: ReportTemplate,
  errors: ['TEMPLATE_INVALID'],
});
export const mapTemplate = defineRpc({
  subject: 'reporting.map-template.v1',
  input: by.extend({ mapping: TemplateMapping }),
  output: ReportTemplate,
  errors: ['TEMPLATE_MISSING', 'REQUEST_INVALID'],
});
export const getTemplate = defineRpc({
  subject: 'reporting.get-template.v1',
  input: by,
  output: ReportTemplate,
  errors: ['TEMPLATE_MISSING'],
});

// obligations

export const listObligations = defineRpc({
  subject: 'reporting.list-obligations.v1',
  input: by,
  output: ObligationList,
  errors: ['RESOURCE_NOT_FOUND'],
});
export const openDuty = defineRpc({
  subject: 'reporting.open-duty.v1',
  input: by.extend({ duty: NewDuty }),
  output: Duty,
  errors: ['REQUEST_INVALID', 'STATE_CONFLICT'],
});
export const closeDuty = defineRpc({
  subject: 'reporting.close-duty.v1',
  input: one.extend({ done: DutyDone }),
  output: Duty,
  errors: ['RESOURCE_NOT_FOUND', 'REQUEST_INVALID', 'STATE_CONFLICT'],
});
export const listDuties = defineRpc({ subject: 'reporting.list-duties.v1', input: by, output: DutyList, errors: [] });
export const configureReminders = defineRpc({
  subject: 'reporting.configure-reminders.v1',
  input: by.extend({ settings: ReminderSettings }),
  output: ReminderSettingsSummary,
  errors: [],
});
export const describeReminders = defineRpc({
  subject: 'reporting.describe-reminders.v1',
  input: by,
  output: ReminderSettingsSummary,
  errors: [],
});
export const listReminders = defineRpc({
  subject: 'reporting.list-reminders.v1',
  input: by.extend(page),
  output: ReminderPage,
  errors: [],
});
/** One that is uncertain or failed goes out once more, because a person says so. */
export const resendReminder = defineRpc({
  subject: 'reporting.resend-reminder.v1',
  input: one,
  output: Reminder,
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT'],
});

// letters

export const makeLetter = defineRpc({
  subject: 'reporting.make-letter.v1',
  input: by.extend({ letter: NewLetter }),
  output: Letter,
  errors: ['RESOURCE_NOT_FOUND', 'REQUEST_INVALID', 'STATE_CONFLICT', 'EVIDENCE_UNAVAILABLE', 'EVIDENCE_ROLLED_BACK'],
});
export const listLetters = defineRpc({
  subject: 'reporting.list-letters.v1',
  input: by.extend(page),
  output: LetterPage,
  errors: [],
});
/** DOCX, piece `n`, from what stands now; NIKs of officials (O-05) come with the question and are not kept. */
export const readLetter = defineRpc({
  subject: 'reporting.read-letter.v1',
  input: one.extend({
    n: z.int().min(0),
    officials: z.array(
      z.strictObject({
        id: z.uuid(),
        nik: z.string().nullable(),
        employmentStatus: z.string().nullable(),
        officeName: z.string().nullable(),
        officeAddress: z.string().nullable(),
        officeRegionCode: z.string().nullable(),
      }),
    ),
  }),
  output: piece,
  errors: ['RESOURCE_NOT_FOUND', 'EVIDENCE_UNAVAILABLE', 'EVIDENCE_ROLLED_BACK'],
});
/** Whose O-05 columns a letter needs. */
export const getLetter = defineRpc({
  subject: 'reporting.get-letter.v1',
  input: one,
  output: Letter.extend({ officialIds: z.array(z.uuid()) }),
  errors: ['RESOURCE_NOT_FOUND'],
});
export const configureNumbering = defineRpc({
  subject: 'reporting.configure-numbering.v1',
  input: by.extend({ numbering: LetterNumbering }),
  output: LetterNumbering,
  errors: [],
});
export const describeNumbering = defineRpc({
  subject: 'reporting.describe-numbering.v1',
  input: by,
  output: LetterNumbering,
  errors: [],
});

// the evaluator

export const getLiveFigures = defineRpc({
  subject: 'reporting.get-live-figures.v1',
  input: by.extend({ period: Period }),
  output: LiveFigures,
  errors: ['RESOURCE_NOT_FOUND', 'EVIDENCE_UNAVAILABLE', 'EVIDENCE_ROLLED_BACK'],
});
export const findPatterns = defineRpc({
  subject: 'reporting.find-patterns.v1',
  input: by.extend({ request: PatternRequest }),
  output: PatternReport,
  errors: ['RESOURCE_NOT_FOUND', 'EVIDENCE_UNAVAILABLE'],
});
export const drawSample = defineRpc({
  subject: 'reporting.draw-sample.v1',
  input: by.extend({ request: SampleRequest }),
  output: Sample,
  errors: ['RESOURCE_NOT_FOUND', 'NOT_IN_CHECKPOINT', 'EVIDENCE_UNAVAILABLE', 'EVIDENCE_ROLLED_BACK'],
});
export const listSamples = defineRpc({
  subject: 'reporting.list-samples.v1',
  input: by,
  output: SampleList,
  errors: [],
});
/** Offices that the evaluator oversees, as the gateway knows them. */
export const oversee = defineRpc({
  subject: 'reporting.oversee.v1',
  input: z.strictObject({
    offices: z.array(z.strictObject({ institutionId: z.uuid(), name: z.string(), regionCode: z.string() })).max(100),
  }),
  output: Oversight,
  errors: [],
});

// what reporting asks of nik-verification for the evaluator

/** Patterns that only evidence can show; the fifth, look-ups without data balikan, is reporting's. */
export const countPatterns = defineRpc({
  subject: 'verification.count-patterns.v1',
  input: z.strictObject({
    institutionId: z.uuid(),
    from: z.iso.date(),
    until: z.iso.date(),
    parameters: PatternParameters,
  }),
  output: PatternReport.pick({ patterns: true }),
  errors: ['EVIDENCE_UNAVAILABLE'],
});
export const sampleLookUps = defineRpc({
  subject: 'verification.sample-look-ups.v1',
  input: z.strictObject({
    institutionId: z.uuid(),
    from: z.iso.date(),
    until: z.iso.date(),
    size: z.int().min(1).max(200),
    seed: z.string().regex(/^[0-9a-f]{32}$/),
    asOf: AsOf.optional(),
  }),
  output: Sample.pick({ asOf: true, population: true, lookUps: true }),
  errors: ['RESOURCE_NOT_FOUND', 'NOT_IN_CHECKPOINT', 'EVIDENCE_UNAVAILABLE', 'EVIDENCE_ROLLED_BACK'],
});
