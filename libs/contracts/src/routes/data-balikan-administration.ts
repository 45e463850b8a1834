import { BalikanDelivery, BalikanDeliveryChange, BalikanRetried, BalikanRetry } from '../data-balikan/delivery.js';
import {
  BalikanDestinationConfiguration,
  BalikanDestinationSummary,
  defaultParamKeys,
} from '../data-balikan/destination.js';
import { defineRoute } from '../route.js';
import { bodyErrors, exampleId, serverErrors, sessionErrors } from './shared.js';
import { getBalikanDelivery } from './data-balikan.js';
import { officials, moment } from './data-balikan-parts.js';

const ofInstitution = '/v1/admin/institutions/{institutionId}/data-balikan';
const actErrors = ['RESOURCE_NOT_FOUND', ...bodyErrors, ...sessionErrors, ...serverErrors] as const;
const exampleDestination = {
  configured: true,
  configuredAt: moment,
  agreementId: exampleId,
  recipient: 'DITJEN_DUKCAPIL',
  webService: true,
  body: 'JSON_ARRAY',
  paramKeys: defaultParamKeys,
  registerPattern: null,
  mediaRecipients: [],
  overdueAfterDays: 14,
} as const;

export const getBalikanDestination = defineRoute({
  operationId: 'getBalikanDestination',
  method: 'GET',
  path: ofInstitution,
  command: 'data-balikan-destination show',
  summary: 'Where data balikan go; never an address or a token (O-16)',
  access: { session: true, roles: ['camat', 'admin', 'evaluator'] },
  response: {
    status: 200,
    description: 'What is configured',
    schema: BalikanDestinationSummary,
    examples: { configured: exampleDestination },
  },
  errors: ['RESOURCE_NOT_FOUND', ...sessionErrors, ...serverErrors],
});
export const configureBalikanDestination = defineRoute({
  operationId: 'configureBalikanDestination',
  method: 'PUT',
  path: ofInstitution,
  command: 'data-balikan-destination configure',
  summary: 'Where data balikan go: recipient, web service, token, names of the fields',
  description:
    'Takes the place of all that was there. Sealed at once; address and token can never be read again, so they are given anew each time, or `service: null` ends the web service.',
  access: { session: true, roles: ['admin'] },
  body: {
    schema: BalikanDestinationConfiguration,
    contentType: 'application/json',
    examples: {
      one: {
        destination: {
          recipient: 'DITJEN_DUKCAPIL',
          idLembaga: '000000',
          namaLembaga: 'Kecamatan Contoh',
          service: { baseUrl: 'https://databalikan.example', token: '***' },
        },
        reason: 'Token diterima dari Disdukcapil',
      },
      media: {
        destination: {
          idLembaga: '000000',
          namaLembaga: 'Kecamatan Contoh',
          service: null,
          mediaRecipients: ['age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kudwx2tysh3qnag'],
        },
        reason: 'Layanan web belum ada, hanya lewat media',
      },
    },
  },
  response: {
    status: 200,
    description: 'What is configured now',
    schema: BalikanDestinationSummary,
    examples: { configured: exampleDestination },
  },
  errors: ['AGREEMENT_MISSING', 'AGREEMENT_CLOSED', 'STATE_CONFLICT', ...actErrors],
});
export const changeBalikanDelivery = defineRoute({
  operationId: 'changeBalikanDelivery',
  method: 'PUT',
  path: `${ofInstitution}/delivery`,
  command: 'data-balikan-destination sending',
  summary: 'Pause the sending of this institution, or go on',
  access: { session: true, roles: officials },
  body: {
    schema: BalikanDeliveryChange,
    contentType: 'application/json',
    examples: { pause: { sending: false, reason: 'Disdukcapil memperbaiki layanannya' } },
  },
  response: {
    status: 200,
    description: 'How it stands now',
    schema: BalikanDelivery,
    examples: getBalikanDelivery.response.examples,
  },
  errors: [...actErrors],
});
export const retryDeadBalikan = defineRoute({
  operationId: 'retryDeadBalikan',
  method: 'POST',
  path: `${ofInstitution}/retries`,
  command: 'data-balikan-destination retry-all',
  summary: 'Send all dead records again',
  access: { session: true, roles: officials },
  body: {
    schema: BalikanRetry,
    contentType: 'application/json',
    examples: { retry: { reason: 'Kolom sudah disesuaikan' } },
  },
  response: {
    status: 200,
    description: 'How many wait again',
    schema: BalikanRetried,
    examples: { some: { records: 3 } },
  },
  errors: ['STATE_CONFLICT', ...actErrors],
});
export const retryOneBalikan = defineRoute({
  operationId: 'retryOneBalikan',
  method: 'POST',
  path: `${ofInstitution}/records/{id}/retry`,
  command: 'data-balikan-destination retry',
  summary: 'Send one dead record again',
  access: { session: true, roles: officials },
  body: {
    schema: BalikanRetry,
    contentType: 'application/json',
    examples: { retry: { reason: 'Data di Dukcapil sudah diperbaiki' } },
  },
  response: { status: 200, description: 'It waits again', schema: BalikanRetried, examples: { one: { records: 1 } } },
  errors: ['STATE_CONFLICT', ...actErrors],
});
