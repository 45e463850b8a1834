import { z } from 'zod';
import { mostTemplateBytes, OfficeQuery } from '../reporting/queries.js';
import {
  Narrative,
  NewReport,
  ReportContent,
  ReportDetail,
  ReportApproval,
  ReportDiscarding,
  ReportEvaluation,
  ReportPage,
  ReportQuery,
  ReportSubmission,
  ReportTemplate,
  TemplateMapping,
} from '../reporting/report.js';
import { defineRoute } from '../route.js';
import {
  approvedDetail,
  checkers,
  discardedDetail,
  evaluatedDetail,
  evidenceErrors,
  exampleDetail,
  exampleReport,
  fileErrors,
  moment,
  officials,
  personErrors,
  readers,
  readErrors,
  reviewedDetail,
  sha256,
  submittedDetail,
  writeErrors,
} from './reports-parts.js';
import { exampleId } from './shared.js';

const readable = { access: { scope: 'reports:read', roles: readers } } as const;
const stepErrors = ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT'] as const;

export const listSemesterReports = defineRoute({
  operationId: 'listSemesterReports',
  method: 'GET',
  path: '/v1/reports',
  command: 'report list',
  summary: 'Reports of an office, newest first (O-20)',
  ...readable,
  query: ReportQuery,
  response: {
    status: 200,
    description: 'A page of reports, supplements and corrections',
    schema: ReportPage,
    examples: { page: { reports: [exampleReport], next: null } },
  },
  errors: ['RESOURCE_NOT_FOUND', ...readErrors],
});
export const draftSemesterReport = defineRoute({
  operationId: 'draftSemesterReport',
  method: 'POST',
  path: '/v1/reports',
  command: 'report draft',
  summary: 'Draft a report: of a semester, of a period, a correction or a supplement',
  description:
    'Drafts come by themselves on 1 June and 1 December. Figures are counted as of a checkpoint that is signed now; the same period and checkpoint always give the same figures.',
  access: { session: true, roles: officials },
  body: {
    schema: NewReport,
    contentType: 'application/json',
    examples: {
      semester: { year: 2026, semester: 1 },
      period: { from: '2026-01-01', until: '2026-03-31' },
      correction: { corrects: exampleId },
      supplement: { supplements: exampleId },
    },
  },
  response: { status: 201, description: 'The draft', schema: ReportDetail, examples: { drafted: exampleDetail } },
  errors: ['PERIOD_NOT_BEGUN', ...stepErrors, ...evidenceErrors, 'EVIDENCE_MISMATCH', ...writeErrors],
});
export const getSemesterReport = defineRoute({
  operationId: 'getSemesterReport',
  method: 'GET',
  path: '/v1/reports/{id}',
  command: 'report show',
  summary: 'One report with its figures and steps',
  ...readable,
  query: OfficeQuery,
  response: { status: 200, description: 'The report', schema: ReportDetail, examples: { approved: approvedDetail } },
  errors: ['RESOURCE_NOT_FOUND', ...readErrors],
});

const file = z.string().meta({ format: 'binary' });
const fileRoute = { method: 'GET', ...readable, query: OfficeQuery } as const;
const formErrors = [...fileErrors, ...readErrors] as const;

export const getReportPdf = defineRoute({
  operationId: 'getReportPdf',
  path: '/v1/reports/{id}/report.pdf',
  command: 'report pdf',
  summary: 'The report on paper: A4, to be signed by the Camat',
  ...fileRoute,
  response: {
    status: 200,
    description: 'With tables, charts and the checkpoint as a QR symbol',
    contentType: 'application/pdf',
    schema: file,
    examples: {},
  },
  errors: [...formErrors],
});
export const getReportXlsx = defineRoute({
  operationId: 'getReportXlsx',
  path: '/v1/reports/{id}/report.xlsx',
  command: 'report xlsx',
  summary: 'The report as a workbook, one sheet for each table',
  ...fileRoute,
  response: {
    status: 200,
    description: 'With real numbers and dates',
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    schema: file,
    examples: {},
  },
  errors: [...formErrors],
});
export const getReportCsv = defineRoute({
  operationId: 'getReportCsv',
  path: '/v1/reports/{id}/report.csv',
  command: 'report csv',
  summary: 'Every figure of the report, a line for each',
  ...fileRoute,
  response: { status: 200, description: 'UTF-8', contentType: 'text/csv', schema: file, examples: {} },
  errors: [...formErrors],
});
export const getReportJson = defineRoute({
  operationId: 'getReportJson',
  path: '/v1/reports/{id}/report.json',
  command: 'report json',
  summary: 'The content of the report, as it is hashed',
  description: 'The SHA-256 of its RFC 8785 form is what the evidence log holds of every step (docs/report-format.md).',
  ...fileRoute,
  response: {
    status: 200,
    description: 'The whole content',
    contentType: 'application/json',
    schema: ReportContent,
    examples: {},
  },
  errors: [...formErrors],
});
export const getReportForm = defineRoute({
  operationId: 'getReportForm',
  path: '/v1/reports/{id}/form.xlsx',
  command: 'report form',
  summary: 'The ministry’s own form, filled in (JT 5d)',
  description: 'The office uploads the form once and says which named cell takes which figure: /v1/report-template.',
  ...fileRoute,
  response: {
    status: 200,
    description: 'The uploaded workbook with the figures in its named cells',
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    schema: file,
    examples: {},
  },
  errors: ['TEMPLATE_MISSING', ...formErrors],
});
export const getReportKit = defineRoute({
  operationId: 'getReportKit',
  path: '/v1/reports/{id}/kit',
  command: 'report kit',
  summary: 'The evaluator’s kit: everything that is needed to count the report anew, offline',
  description:
    'One ZIP (docs/report-format.md): the report, the evidence log, the particulars of its events, and the verifier: `node gerbang-verify.mjs kit.zip`. A kit that was cut off cannot be opened. No data of the population are in it.',
  method: 'GET',
  access: { scope: 'reports:read', roles: checkers },
  query: OfficeQuery,
  response: { status: 200, description: 'ZIP, streamed', contentType: 'application/zip', schema: file, examples: {} },
  errors: [...evidenceErrors, 'NOT_IN_CHECKPOINT', ...formErrors],
});

// steps

export const writeReportNarrative = defineRoute({
  operationId: 'writeReportNarrative',
  method: 'PUT',
  path: '/v1/reports/{id}/narrative',
  command: 'report narrative',
  summary: 'Obstacles and follow-up, in the words of the office',
  description: 'While the report is not approved. A report that was reviewed goes back to being a draft.',
  access: { session: true, roles: officials },
  body: {
    schema: Narrative,
    contentType: 'application/json',
    examples: {
      text: {
        obstacles: 'Jaringan kementerian terputus selama dua hari pada bulan Mei.',
        followUp: 'Jadwal layanan dipindahkan ke hari berikutnya.',
      },
    },
  },
  response: { status: 200, description: 'The report', schema: ReportDetail, examples: { drafted: exampleDetail } },
  errors: [...stepErrors, ...writeErrors],
});
export const reviewSemesterReport = defineRoute({
  operationId: 'reviewSemesterReport',
  method: 'POST',
  path: '/v1/reports/{id}/review',
  command: 'report review',
  summary: 'The figures have been looked through',
  access: { session: true, roles: ['admin'] },
  response: { status: 200, description: 'The report', schema: ReportDetail, examples: { reviewed: reviewedDetail } },
  errors: [...stepErrors, ...personErrors],
});
export const approveSemesterReport = defineRoute({
  operationId: 'approveSemesterReport',
  method: 'POST',
  path: '/v1/reports/{id}/approval',
  command: 'report approve',
  summary: 'The Camat answers for it; from now on nobody can change it',
  access: { session: true, roles: ['camat'] },
  query: ReportApproval,
  response: { status: 200, description: 'The report', schema: ReportDetail, examples: { approved: approvedDetail } },
  errors: [...stepErrors, ...personErrors],
});
export const submitSemesterReport = defineRoute({
  operationId: 'submitSemesterReport',
  method: 'POST',
  path: '/v1/reports/{id}/submission',
  command: 'report submit',
  summary: 'It was handed in, on paper or by the ministry’s site',
  access: { session: true, roles: officials },
  body: {
    schema: ReportSubmission,
    contentType: 'application/json',
    examples: { paper: { method: 'PAPER', on: '2026-06-03', receiptNumber: '470/112/2026' } },
  },
  response: { status: 200, description: 'The report', schema: ReportDetail, examples: { submitted: submittedDetail } },
  errors: [...stepErrors, ...writeErrors],
});
export const evaluateSemesterReport = defineRoute({
  operationId: 'evaluateSemesterReport',
  method: 'POST',
  path: '/v1/reports/{id}/evaluation',
  command: 'report evaluate',
  summary: 'What Disdukcapil says of it (O-21)',
  access: { session: true, roles: ['evaluator'] },
  query: OfficeQuery,
  body: {
    schema: ReportEvaluation,
    contentType: 'application/json',
    examples: { accepted: { verdict: 'ACCEPTED', note: 'Lengkap.' } },
  },
  response: { status: 200, description: 'The report', schema: ReportDetail, examples: { evaluated: evaluatedDetail } },
  errors: [...stepErrors, ...writeErrors],
});
export const discardSemesterReport = defineRoute({
  operationId: 'discardSemesterReport',
  method: 'POST',
  path: '/v1/reports/{id}/discarding',
  command: 'report discard',
  summary: 'A draft that nobody needs; it stays on record',
  access: { session: true, roles: officials },
  body: {
    schema: ReportDiscarding,
    contentType: 'application/json',
    examples: { wrong: { reason: 'Periode keliru' } },
  },
  response: { status: 200, description: 'The report', schema: ReportDetail, examples: { discarded: discardedDetail } },
  errors: [...stepErrors, ...writeErrors],
});

// the ministry's own form

const exampleTemplate = {
  uploadedAt: moment,
  sha256,
  bytes: 18_213,
  names: ['jumlah_akses', 'periode'],
  cells: { jumlah_akses: 'figures.lookUps.total.hits' },
  unmapped: ['periode'],
} as const;
const template = {
  status: 200,
  description: 'The form: its named cells, and what goes into them',
  schema: ReportTemplate,
  examples: { mapped: exampleTemplate },
} as const;

export const getReportTemplate = defineRoute({
  operationId: 'getReportTemplate',
  method: 'GET',
  path: '/v1/report-template',
  command: 'report-template show',
  summary: 'The ministry’s form that the office uploaded',
  access: { session: true, roles: officials },
  response: template,
  errors: ['TEMPLATE_MISSING', ...personErrors],
});
export const uploadReportTemplate = defineRoute({
  operationId: 'uploadReportTemplate',
  method: 'PUT',
  path: '/v1/report-template',
  command: 'report-template upload',
  summary: 'The ministry’s form, an XLSX with named cells',
  description:
    'Up to 150 KB: one file named `file` in a form, or the file itself as the body. What was mapped stays, where the new file has the same names.',
  access: { session: true, roles: ['admin'] },
  body: {
    schema: z.object({ file: z.string().meta({ format: 'binary' }) }),
    contentType: 'multipart/form-data',
    bareFile: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    mostBytes: mostTemplateBytes,
    examples: { form: { file: 'PK…' } },
  },
  response: template,
  errors: ['TEMPLATE_INVALID', ...writeErrors],
});
export const mapReportTemplate = defineRoute({
  operationId: 'mapReportTemplate',
  method: 'PUT',
  path: '/v1/report-template/mapping',
  command: 'report-template map',
  summary: 'Which named cell of the form takes which figure',
  access: { session: true, roles: ['admin'] },
  body: {
    schema: TemplateMapping,
    contentType: 'application/json',
    examples: { one: { cells: { jumlah_akses: 'figures.lookUps.total.hits' } } },
  },
  response: template,
  errors: ['TEMPLATE_MISSING', ...writeErrors],
});
