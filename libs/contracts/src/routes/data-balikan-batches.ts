import { z } from 'zod';
import {
  Batch,
  BatchPage,
  BatchQuery,
  fileFaults,
  RowFaultPage,
  RowFaultQuery,
  rowFaults,
  UploadQuery,
} from '../data-balikan/batch.js';
import { defineRoute } from '../route.js';
import { bodyErrors } from './shared.js';
import { office, counter, readErrors, writeErrors, exampleBatch } from './data-balikan-parts.js';

const faultTable = (table: Record<string, string>): string =>
  Object.entries(table)
    .map(([code, detail]) => `${code}: ${detail}`)
    .join('\n\n');

export const uploadBalikanBatch = defineRoute({
  operationId: 'uploadBalikanBatch',
  method: 'POST',
  path: '/v1/data-balikan/batches',
  command: 'data-balikan upload',
  summary: 'Hand in a file, XLSX or CSV',
  description: `Up to 50 MB and 100 000 rows: one file named \`file\` in a form, or the file itself as the body (\`curl --data-binary @berkas.csv -H "Content-Type: text/csv"\`). It is checked in the background: follow it at /v1/data-balikan/batches/{id} or as server-sent events. A file that cannot be read as a whole ends REFUSED with one of\n\n${faultTable(fileFaults)}`,
  access: { scope: 'data-balikan:write', roles: counter },
  query: UploadQuery,
  body: {
    schema: z.object({ file: z.string().meta({ format: 'binary' }) }),
    contentType: 'multipart/form-data',
    bareFile: ['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    examples: {
      csv: {
        file: 'NIK;Nomor Register;Nama Usaha;Jenis Usaha;Tanggal\n3313044107909901;500/001/SKU/XI/2026;Warung Contoh;Perdagangan;2026-11-20\n',
      },
    },
  },
  response: {
    status: 202,
    description: 'Kept; it is being checked',
    schema: Batch,
    examples: {
      queued: {
        ...exampleBatch,
        state: 'QUEUED',
        finishedAt: null,
        format: null,
        progress: { rows: 0, percent: 0 },
        counts: { checked: 0, accepted: 0, alreadyThere: 0, refused: 0, heldBack: 0, faults: 0 },
        notes: [],
        resultReady: false,
      },
    },
  },
  errors: [
    'REQUEST_MALFORMED',
    'REQUEST_INVALID',
    'BODY_TOO_LARGE',
    'MEDIA_TYPE_UNSUPPORTED',
    'OVERLOADED',
    ...writeErrors,
  ],
});

export const listBalikanBatches = defineRoute({
  operationId: 'listBalikanBatches',
  method: 'GET',
  path: '/v1/data-balikan/batches',
  command: 'data-balikan batches',
  summary: 'Files that were handed in, newest first',
  access: { scope: 'data-balikan:read', roles: office },
  query: BatchQuery,
  response: {
    status: 200,
    description: 'A page',
    schema: BatchPage,
    examples: { page: { batches: [exampleBatch], next: null } },
  },
  errors: ['REQUEST_INVALID', ...readErrors],
});

export const getBalikanBatch = defineRoute({
  operationId: 'getBalikanBatch',
  method: 'GET',
  path: '/v1/data-balikan/batches/{id}',
  command: 'data-balikan batch',
  summary: 'How a file stands: progress, counts, faults',
  access: { scope: 'data-balikan:read', roles: office },
  response: {
    status: 200,
    description: '`checked = accepted + alreadyThere + refused` at all times',
    schema: Batch,
    examples: { held: exampleBatch },
  },
  errors: ['RESOURCE_NOT_FOUND', ...readErrors],
});

export const watchBalikanBatch = defineRoute({
  operationId: 'watchBalikanBatch',
  method: 'GET',
  path: '/v1/data-balikan/batches/{id}/events',
  summary: 'The same as server-sent events',
  description:
    'An event `batch` with the batch as JSON whenever it changes; the stream ends when the batch does, or after 15 minutes.',
  access: { scope: 'data-balikan:read', roles: office },
  response: {
    status: 200,
    description: 'Server-sent events',
    contentType: 'text/event-stream',
    schema: z.string(),
    examples: {},
  },
  errors: ['RESOURCE_NOT_FOUND', 'OVERLOADED', ...readErrors],
});

export const listBalikanFaults = defineRoute({
  operationId: 'listBalikanFaults',
  method: 'GET',
  path: '/v1/data-balikan/batches/{id}/faults',
  command: 'data-balikan faults',
  summary: 'Every fault of every row',
  description: faultTable(rowFaults),
  access: { scope: 'data-balikan:read', roles: office },
  query: RowFaultQuery,
  response: {
    status: 200,
    description: 'A page, in the order of the rows',
    schema: RowFaultPage,
    examples: {
      page: {
        faults: [
          {
            row: 7,
            column: 'B',
            field: 'nik',
            code: 'NIK_NUMBER_CELL',
            value: 'number',
            detail: rowFaults.NIK_NUMBER_CELL,
          },
        ],
        next: null,
      },
    },
  },
  errors: ['REQUEST_INVALID', 'RESOURCE_NOT_FOUND', ...readErrors],
});

export const getBalikanResult = defineRoute({
  operationId: 'getBalikanResult',
  method: 'GET',
  path: '/v1/data-balikan/batches/{id}/result',
  command: 'data-balikan result',
  summary: 'The same file back, with the faulty cells marked and explained',
  access: { scope: 'data-balikan:write', roles: counter },
  response: {
    status: 200,
    description: 'An XLSX for an XLSX, a CSV for a CSV',
    contentType: 'application/octet-stream',
    schema: z.string().meta({ format: 'binary' }),
    examples: {},
  },
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT', 'OVERLOADED', ...writeErrors],
});

export const decideBalikanBatch = defineRoute({
  operationId: 'decideBalikanBatch',
  method: 'POST',
  path: '/v1/data-balikan/batches/{id}/decision',
  command: 'data-balikan decide',
  summary: 'Cancel, or take the good rows of a file that is held',
  access: { scope: 'data-balikan:write', roles: counter },
  body: {
    schema: z.strictObject({ decision: z.enum(['CANCEL', 'TAKE_GOOD_ROWS']) }).meta({ id: 'BalikanBatchDecision' }),
    contentType: 'application/json',
    examples: { take: { decision: 'TAKE_GOOD_ROWS' } },
  },
  response: { status: 200, description: 'The batch', schema: Batch, examples: { held: exampleBatch } },
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT', ...bodyErrors, ...writeErrors],
});
