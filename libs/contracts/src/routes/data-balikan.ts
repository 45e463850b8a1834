import { z } from 'zod';
import { Coverage, CoverageQuery } from '../data-balikan/coverage.js';
import { BalikanDelivery } from '../data-balikan/delivery.js';
import {
  BalikanAccepted,
  BalikanOfQuery,
  BalikanPage,
  BalikanQuery,
  BalikanRecord,
  BalikanSubmission,
} from '../data-balikan/record.js';
import { defineRoute } from '../route.js';
import { bodyErrors, exampleId } from './shared.js';
import { everybody, counter, readErrors, writeErrors, moment, exampleRecord } from './data-balikan-parts.js';

export const createBalikan = defineRoute({
  operationId: 'createBalikan',
  method: 'POST',
  path: '/v1/data-balikan',
  command: 'data-balikan send',
  summary: 'Hand in the data balikan of one business',
  description:
    'Accepted means kept until it is delivered. The same record again is harmless and says so (`alreadyThere`); with other content it replaces what is dead or was refused, and says so (`corrected`). Only about people whose NIK was looked up under this agreement, or under one that has ended and is not closed: name the look-up, or one of their own is found.',
  access: { scope: 'data-balikan:write', roles: counter },
  headers: { 'Idempotency-Key': 'Optional; up to 200 visible characters, for example a UUID; never a NIK' },
  body: {
    schema: BalikanSubmission,
    contentType: 'application/json',
    examples: {
      record: {
        nik: '3313044107909901',
        nomorRegister: '500/001/SKU/XI/2026',
        namaUsaha: 'Warung Contoh',
        jenisUsaha: 'Perdagangan eceran makanan',
        kbli: { kode: '47112', versi: '2020' },
        tanggal: '2026-11-20',
        verificationId: exampleId,
      },
    },
  },
  response: {
    status: 202,
    description: 'Accepted; it is delivered in the background',
    schema: BalikanAccepted,
    examples: { accepted: { alreadyThere: false, corrected: false, record: exampleRecord } },
  },
  errors: [
    'NIK_INVALID',
    'PERSON_NOT_ACCESSED',
    'RECORD_DIFFERS',
    'IDEMPOTENCY_KEY_REUSED',
    'EVIDENCE_UNAVAILABLE',
    ...bodyErrors,
    ...writeErrors,
  ],
});

export const listBalikanRecords = defineRoute({
  operationId: 'listBalikanRecords',
  method: 'GET',
  path: '/v1/data-balikan',
  command: 'data-balikan list',
  summary: 'Records and how their delivery stands, newest first',
  access: { scope: 'data-balikan:read', roles: everybody },
  query: BalikanQuery,
  response: {
    status: 200,
    description: 'A page, without persons',
    schema: BalikanPage,
    examples: { page: { records: [exampleRecord], next: null } },
  },
  errors: ['REQUEST_INVALID', 'RESOURCE_NOT_FOUND', ...readErrors],
});

export const getBalikanTemplate = defineRoute({
  operationId: 'getBalikanTemplate',
  method: 'GET',
  path: '/v1/data-balikan/template.xlsx',
  command: 'data-balikan template',
  summary: 'The workbook to fill in',
  access: { scope: 'data-balikan:read', roles: everybody },
  response: {
    status: 200,
    description: 'XLSX with text columns, drop-downs, an example and instructions',
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    schema: z.string().meta({ format: 'binary' }),
    examples: {},
  },
  errors: [...readErrors],
});

export const getBalikanDelivery = defineRoute({
  operationId: 'getBalikanDelivery',
  method: 'GET',
  path: '/v1/data-balikan/delivery',
  command: 'data-balikan delivery',
  summary: 'Is anything on its way, and what stands in the way',
  access: { scope: 'data-balikan:read', roles: everybody },
  query: BalikanOfQuery,
  response: {
    status: 200,
    description: 'Of one institution',
    schema: BalikanDelivery,
    examples: {
      sending: {
        state: 'SENDING',
        since: null,
        until: null,
        reason: null,
        waiting: 12,
        oldestWaitingAt: moment,
        dead: 0,
        packed: 0,
        delivered: 480,
        handedOver: 0,
      },
    },
  },
  errors: ['REQUEST_INVALID', 'RESOURCE_NOT_FOUND', ...readErrors],
});

export const getBalikanCoverage = defineRoute({
  operationId: 'getBalikanCoverage',
  method: 'GET',
  path: '/v1/data-balikan/coverage',
  command: 'data-balikan coverage',
  summary: 'For each look-up of a business service: is there a data balikan?',
  access: { scope: 'data-balikan:read', roles: everybody },
  query: CoverageQuery,
  response: {
    status: 200,
    description: 'By month and operator, and what is still owed',
    schema: Coverage,
    examples: {
      month: {
        overdueAfterDays: 14,
        total: { lookUps: 3, sent: 1, accepted: 1, owed: 1, overdue: 0 },
        months: [
          {
            month: '2026-11',
            lookUps: 3,
            sent: 1,
            accepted: 1,
            owed: 1,
            overdue: 0,
            operators: [{ operatorId: exampleId, lookUps: 3, sent: 1, accepted: 1, owed: 1, overdue: 0 }],
          },
        ],
        open: [
          {
            verificationId: exampleId,
            at: moment,
            operatorId: exampleId,
            service: 'SKU',
            reference: '500/002/SKU/XI/2026',
            overdue: false,
          },
        ],
      },
    },
  },
  errors: ['REQUEST_INVALID', 'RESOURCE_NOT_FOUND', ...readErrors],
});

export const getBalikanRecord = defineRoute({
  operationId: 'getBalikanRecord',
  method: 'GET',
  path: '/v1/data-balikan/{id}',
  command: 'data-balikan show',
  summary: 'One record and how its delivery stands',
  access: { scope: 'data-balikan:read', roles: everybody },
  query: BalikanOfQuery,
  response: {
    status: 200,
    description: 'The record, without the person',
    schema: BalikanRecord,
    examples: { waiting: exampleRecord },
  },
  errors: ['REQUEST_INVALID', 'RESOURCE_NOT_FOUND', ...readErrors],
});

// acts on record
