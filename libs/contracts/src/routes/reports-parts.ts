import type { Role } from '../actor.js';
import { bodyErrors, exampleId, serverErrors, sessionErrors, tokenErrors } from './shared.js';

export const everybody = ['operator', 'camat', 'admin', 'evaluator'] as const satisfies readonly Role[];
export const readers = ['camat', 'admin', 'evaluator'] as const satisfies readonly Role[];
export const officials = ['camat', 'admin'] as const satisfies readonly Role[];
/** Whoever checks the office from outside, and who answers for it. */
export const checkers = ['camat', 'evaluator'] as const satisfies readonly Role[];

/** An agreement that has ended does not stand in the way: the last report comes after it. */
export const readErrors = [
  'REQUEST_INVALID',
  'OPERATOR_REQUIRED',
  'OPERATOR_INACTIVE',
  ...tokenErrors,
  ...serverErrors,
] as const;
export const personErrors = ['REQUEST_INVALID', ...sessionErrors, ...serverErrors] as const;
/** Of a person who sends something. */
export const writeErrors = [...bodyErrors, ...sessionErrors, ...serverErrors] as const;
/** What a person does with a file that comes in pieces. */
export const fileErrors = ['RESOURCE_NOT_FOUND', 'OVERLOADED'] as const;
export const evidenceErrors = ['EVIDENCE_UNAVAILABLE', 'EVIDENCE_ROLLED_BACK'] as const;

export const moment = '2026-06-02T02:15:30.123Z';
export const sha256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
export const origin = `gerbang-paten/${exampleId}/1`;
const counts = { requests: 120, hits: 118, confirmed: 115, unknown: 3, released: 2, pending: 0, refused: 4 };
export const exampleLookUps = {
  total: counts,
  months: [{ month: '2026-05', ...counts, peak: { day: '2026-05-12', hits: 31 } }],
  days: [{ day: '2026-05-12', hits: 31, refusedByQuota: 0 }],
  byMode: [{ mode: 'LOOKUP', hits: 118 }],
  byService: [{ service: 'SKU', hits: 118, refused: 4 }],
  byOutcome: [
    { outcome: 'FOUND', count: 112 },
    { outcome: 'NOT_FOUND', count: 8 },
  ],
  byOperator: [{ operatorId: exampleId, hits: 118, found: 112, refused: 4 }],
  byClient: [{ clientId: 'portal', hits: 118 }],
  refusals: [{ code: 'PURPOSE_REQUIRED', count: 4 }],
} as const;
export const exampleIncidents = [
  { kind: 'BREAKER_OPEN', count: 1, minutes: 12 },
  { kind: 'ACCESS_BROKEN', count: 0, minutes: 0 },
  { kind: 'QUOTA_USED_UP', count: 0, minutes: null },
  { kind: 'OUTSIDE_HOURS', count: 0, minutes: null },
] as const;
const coverage = { lookUps: 112, sent: 100, accepted: 6, owed: 6, overdue: 0 };
export const exampleFigures = {
  lookUps: exampleLookUps,
  quota: {
    days: 151,
    granted: 151_000,
    used: 118,
    peak: { day: '2026-05-12', hits: 31, limit: 1_000 },
    p95: 4,
    exhaustedDays: 0,
    refused: 0,
  },
  readers: {
    reads: 40,
    offline: 1,
    withLookUp: 30,
    byOutcome: [{ outcome: 'MATCHED', count: 41 }],
    byTries: [{ tries: 1, count: 41 }],
    byService: [{ service: 'SKU', reads: 40 }],
    byReader: [{ readerId: exampleId, reads: 40, matched: 40, withLookUp: 30, offline: 1 }],
  },
  dataBalikan: {
    delivered: 100,
    byMethod: [{ method: 'WEB_SERVICE', receipt: 'SUCCESS', count: 100 }],
    months: [{ month: '2026-05', delivered: 100 }],
    undelivered: { waiting: 6, packed: 0, refused: 0 },
    coverage: { overdueAfterDays: 14, total: coverage, months: [{ month: '2026-05', ...coverage }] },
  },
  incidents: exampleIncidents,
  register: {
    operators: { active: 4, withNda: 4, withoutNda: 0, ended: 1 },
    sptjm: true,
    readers: [{ state: 'CONNECTED', count: 1 }],
    sams: [{ state: 'ACTIVE', count: 1 }],
    workUnits: { total: 1, withReader: 1 },
    exceptions: [{ reason: 'WORN_FINGER', decision: 'approved', count: 2 }],
    stops: { count: 0, minutes: 0 },
  },
} as const;
export const exampleReport = {
  id: exampleId,
  institutionId: exampleId,
  type: 'REPORT',
  version: 1,
  corrects: null,
  supplements: null,
  period: { kind: 'FIRST_SEMESTER', from: '2026-01-01', until: '2026-06-30' },
  state: 'DRAFTED',
  asOf: { at: '2026-06-01T00:00:05.000Z', origin, size: 20_852 },
  contentHash: sha256,
  scheduled: true,
  drafted: { at: '2026-06-01T00:00:06.000Z', by: null, name: null },
  reviewed: null,
  approved: null,
  submitted: null,
  evaluated: null,
  discarded: null,
  narrative: { obstacles: '', followUp: '' },
} as const;
const step = { at: moment, by: exampleId, name: 'Pejabat Contoh' } as const;
export const exampleDetail = { ...exampleReport, figures: exampleFigures } as const;
export const approvedDetail = { ...exampleDetail, state: 'APPROVED', reviewed: step, approved: step } as const;
const submitted = { ...step, method: 'PAPER', on: '2026-06-03', receiptNumber: '470/112/2026' } as const;
export const submittedDetail = { ...approvedDetail, state: 'SUBMITTED', submitted } as const;
export const evaluatedDetail = {
  ...submittedDetail,
  state: 'EVALUATED',
  evaluated: { ...step, verdict: 'ACCEPTED', note: 'Lengkap.' },
} as const;
export const reviewedDetail = { ...exampleDetail, state: 'REVIEWED', reviewed: step } as const;
export const discardedDetail = {
  ...exampleDetail,
  state: 'DISCARDED',
  discarded: { ...step, reason: 'Periode keliru' },
} as const;
