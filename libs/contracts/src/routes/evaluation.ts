import {
  LiveFigures,
  Oversight,
  PatternReport,
  PatternRequest,
  Sample,
  SampleList,
  SampleRequest,
} from '../reporting/evaluation.js';
import { PeriodQuery } from '../reporting/period.js';
import { OfficeQuery } from '../reporting/queries.js';
import { defineRoute } from '../route.js';
import {
  checkers,
  evidenceErrors,
  exampleIncidents,
  exampleLookUps,
  moment,
  origin,
  personErrors,
  readers,
  readErrors,
  writeErrors,
} from './reports-parts.js';
import { exampleId } from './shared.js';

const period = { from: '2026-01-01', until: '2026-06-30' } as const;

export const getOfficeFigures = defineRoute({
  operationId: 'getOfficeFigures',
  method: 'GET',
  path: '/v1/figures',
  command: 'evaluation figures',
  summary: 'Live figures of a period, up to this moment (O-21)',
  description: 'Counted as in a report (docs/report-format.md), as of a checkpoint that is signed now.',
  access: { scope: 'reports:read', roles: readers },
  query: PeriodQuery,
  queryExample: period,
  response: {
    status: 200,
    description: 'Look-ups and incidents',
    schema: LiveFigures,
    examples: {
      semester: {
        institutionId: exampleId,
        ...period,
        at: moment,
        origin,
        size: 20_852,
        lookUps: exampleLookUps,
        incidents: exampleIncidents,
      },
    },
  },
  errors: ['RESOURCE_NOT_FOUND', ...evidenceErrors, ...readErrors],
});
export const getOverseenOffices = defineRoute({
  operationId: 'getOverseenOffices',
  method: 'GET',
  path: '/v1/evaluation/offices',
  command: 'evaluation offices',
  summary: 'The kecamatan of the kabupaten: how their obligations stand, and their last report',
  access: { session: true, roles: ['evaluator'] },
  response: {
    status: 200,
    description: 'One line for each',
    schema: Oversight,
    examples: {
      one: {
        at: moment,
        offices: [
          {
            institutionId: exampleId,
            name: 'Kecamatan Contoh',
            regionCode: '33.13.04',
            worst: 'DUE_SOON',
            counts: { IN_ORDER: 11, DUE_SOON: 1 },
            lastReport: {
              id: exampleId,
              period: { kind: 'FIRST_SEMESTER', ...period },
              state: 'SUBMITTED',
              type: 'REPORT',
              version: 1,
            },
          },
        ],
      },
    },
  },
  errors: [...personErrors],
});
export const findOfficePatterns = defineRoute({
  operationId: 'findOfficePatterns',
  method: 'POST',
  path: '/v1/evaluation/patterns',
  command: 'evaluation patterns',
  summary: 'Patterns that are worth a question, counted without revealing a person',
  description: 'Each is a rule with its parameters and says what it counts. A Camat asks about the own office only.',
  access: { session: true, roles: checkers },
  body: {
    schema: PatternRequest,
    contentType: 'application/json',
    examples: { semester: { institutionId: exampleId, ...period } },
  },
  response: {
    status: 200,
    description: 'Every pattern, those without a find too',
    schema: PatternReport,
    examples: {
      found: {
        institutionId: exampleId,
        ...period,
        at: moment,
        patterns: [
          {
            name: 'OUT_OF_HOURS',
            explanation: 'Pemeriksaan di luar jam layanan 07:00 sampai 17:00.',
            parameters: { opensAt: '07:00', closesAt: '17:00' },
            total: 3,
            byOperator: [{ operatorId: exampleId, count: 3 }],
            examples: [exampleId],
          },
        ],
      },
    },
  },
  errors: ['RESOURCE_NOT_FOUND', 'EVIDENCE_UNAVAILABLE', ...writeErrors],
});

const exampleSample = {
  id: exampleId,
  institutionId: exampleId,
  ...period,
  size: 20,
  seed: '3f1a9c0e7b52d4868e0f6a1c9b3d7e25',
  asOf: { origin, size: 20_852 },
  population: 118,
  drawnAt: moment,
  drawnBy: exampleId,
} as const;

export const drawOfficeSample = defineRoute({
  operationId: 'drawOfficeSample',
  method: 'POST',
  path: '/v1/evaluation/samples',
  command: 'evaluation sample',
  summary: 'Random look-ups to ask the office about',
  description: 'Drawn with a seed that is on record: whoever has the log draws the same ones (docs/report-format.md).',
  access: { session: true, roles: ['evaluator'] },
  body: {
    schema: SampleRequest,
    contentType: 'application/json',
    examples: { twenty: { institutionId: exampleId, ...period, size: 20 } },
  },
  response: {
    status: 201,
    description: 'The look-ups, without the person',
    schema: Sample,
    examples: {
      drawn: {
        ...exampleSample,
        lookUps: [
          {
            verificationId: exampleId,
            at: moment,
            operatorId: exampleId,
            service: 'SKU',
            reference: '500/001/SKU/V/2026',
            mode: 'LOOKUP',
            outcome: 'FOUND',
          },
        ],
      },
    },
  },
  errors: ['RESOURCE_NOT_FOUND', 'NOT_IN_CHECKPOINT', ...evidenceErrors, ...writeErrors],
});
export const listOfficeSamples = defineRoute({
  operationId: 'listOfficeSamples',
  method: 'GET',
  path: '/v1/evaluation/samples',
  command: 'evaluation samples',
  summary: 'Samples that were drawn of an office',
  access: { session: true, roles: ['evaluator'] },
  query: OfficeQuery,
  response: {
    status: 200,
    description: 'Newest first; draw one again with its seed and checkpoint to see its look-ups',
    schema: SampleList,
    examples: { list: { samples: [exampleSample] } },
  },
  errors: ['RESOURCE_NOT_FOUND', ...personErrors],
});
