import { z } from 'zod';
import { MediaPackage, MediaPackageList, MediaReceipt } from '../data-balikan/media.js';
import { defineRoute } from '../route.js';
import { bodyErrors } from './shared.js';
import { officials, readErrors, writeErrors, examplePackage } from './data-balikan-parts.js';

const packageRead = {
  access: { scope: 'data-balikan:read', roles: officials },
  errors: ['RESOURCE_NOT_FOUND', ...readErrors],
} as const;
const packageAnswer = {
  status: 200,
  description: 'The package',
  schema: MediaPackage,
  examples: { open: examplePackage },
} as const;

export const makeBalikanPackage = defineRoute({
  operationId: 'makeBalikanPackage',
  method: 'POST',
  path: '/v1/data-balikan/media-packages',
  command: 'data-balikan pack',
  summary: 'Pack everything that is undelivered for a flash disk or disc (O-08)',
  description:
    'Encrypted to the recipient’s key in the age format, and signed. Its records are not sent by web service any more until the package is receipted or cancelled.',
  access: { scope: 'data-balikan:write', roles: officials },
  response: { ...packageAnswer, status: 201 },
  errors: ['STATE_CONFLICT', ...writeErrors],
});
export const listBalikanPackages = defineRoute({
  operationId: 'listBalikanPackages',
  method: 'GET',
  path: '/v1/data-balikan/media-packages',
  command: 'data-balikan packages',
  summary: 'Media packages, newest first',
  ...packageRead,
  response: {
    status: 200,
    description: 'All of them',
    schema: MediaPackageList,
    examples: { list: { packages: [examplePackage] } },
  },
});
export const getBalikanPackage = defineRoute({
  operationId: 'getBalikanPackage',
  method: 'GET',
  path: '/v1/data-balikan/media-packages/{id}',
  command: 'data-balikan package',
  summary: 'One media package',
  ...packageRead,
  response: packageAnswer,
});
export const getBalikanPackageFile = defineRoute({
  operationId: 'getBalikanPackageFile',
  method: 'GET',
  path: '/v1/data-balikan/media-packages/{id}/file',
  command: 'data-balikan package-file',
  summary: 'The file for the medium',
  access: { scope: 'data-balikan:write', roles: officials },
  response: {
    status: 200,
    description: 'age-encrypted',
    contentType: 'application/octet-stream',
    schema: z.string().meta({ format: 'binary' }),
    examples: {},
  },
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT', 'OVERLOADED', ...writeErrors],
});
export const getBalikanPackageMinutes = defineRoute({
  operationId: 'getBalikanPackageMinutes',
  method: 'GET',
  path: '/v1/data-balikan/media-packages/{id}/minutes',
  command: 'data-balikan package-minutes',
  summary: 'The berita acara to be signed when it is handed over, PDF',
  ...packageRead,
  response: {
    status: 200,
    description: 'A4, Indonesian',
    contentType: 'application/pdf',
    schema: z.string().meta({ format: 'binary' }),
    examples: {},
  },
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT', 'OVERLOADED', ...readErrors],
});
export const receiptBalikanPackage = defineRoute({
  operationId: 'receiptBalikanPackage',
  method: 'POST',
  path: '/v1/data-balikan/media-packages/{id}/receipt',
  command: 'data-balikan receipt',
  summary: 'What Disdukcapil confirmed; closes the package',
  description:
    'Accepted records are done and their NIK is erased; refused ones wait again. Register numbers that one request does not hold (64 KB, about 2 000 of them) come in parts: `part` 1, 2, ... with `last: false`, and the last one without. The package stays open until then. `gerbang` does so by itself.',
  access: { scope: 'data-balikan:write', roles: officials },
  body: {
    schema: MediaReceipt,
    contentType: 'application/json',
    examples: {
      receipt: {
        number: '470/112/2026',
        date: '2026-11-23',
        accepted: 41,
        refused: 1,
        refusedRegisters: ['500/007/SKU/XI/2026'],
      },
    },
  },
  response: packageAnswer,
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT', ...bodyErrors, ...writeErrors],
});
export const cancelBalikanPackage = defineRoute({
  operationId: 'cancelBalikanPackage',
  method: 'POST',
  path: '/v1/data-balikan/media-packages/{id}/cancellation',
  command: 'data-balikan unpack',
  summary: 'Never handed over after all: its records wait again',
  access: { scope: 'data-balikan:write', roles: officials },
  response: packageAnswer,
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT', ...writeErrors],
});

// after all routes with a fixed second part
