import { z } from 'zod';
import type { Role } from '../actor.js';
import {
  Checkpoint,
  CheckpointPage,
  CheckpointQuery,
  ConsistencyProof,
  ConsistencyQuery,
  EvidenceExportQuery,
  EvidenceQuery,
  EvidenceStatus,
  InclusionProof,
  InclusionQuery,
  PersonTrail,
  PersonTrailRequest,
  ReceiptVerdict,
  ReceiptVerification,
} from '../evidence.js';
import { defineRoute } from '../route.js';
import { bodyErrors, exampleId, exampleReceipt, serverErrors, sessionErrors, tokenErrors } from './shared.js';

const everybody = ['operator', 'camat', 'admin', 'evaluator'] as const satisfies readonly Role[];
const officials = ['camat', 'admin', 'evaluator'] as const satisfies readonly Role[];
/** Somebody stands behind whatever is read here. */
const operatorErrors = ['OPERATOR_REQUIRED', 'OPERATOR_INACTIVE'] as const;
const readErrors = [
  'REQUEST_INVALID',
  'RESOURCE_NOT_FOUND',
  ...operatorErrors,
  ...tokenErrors,
  ...serverErrors,
] as const;

const origin = `gerbang-paten/${exampleId}/1`;
const exampleHash = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
const exampleCheckpoint = {
  origin,
  size: 20852,
  root: exampleHash,
  signedAt: '2026-11-23T02:16:00.000Z',
  note: `${origin}\n20852\n${exampleHash}\n\n— ${origin} Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n`,
};
const exampleInclusion = {
  index: 20850,
  size: 20852,
  leafHash: exampleHash,
  hashes: [exampleHash],
  checkpoint: exampleCheckpoint,
};

export const listEvidenceCheckpoints = defineRoute({
  operationId: 'listEvidenceCheckpoints',
  method: 'GET',
  path: '/v1/evidence/checkpoints',
  command: 'evidence checkpoints',
  summary: 'Signed states of the evidence log, newest first',
  description:
    'A checkpoint fixes everything that was on record when it was signed: keep one, and nobody can change what is behind it without your seeing it.',
  access: { scope: 'evidence:read', roles: everybody },
  query: CheckpointQuery,
  response: {
    status: 200,
    description: 'A page of checkpoints and the keys that check them',
    schema: CheckpointPage,
    examples: {
      page: {
        origin,
        keys: [`${origin}+033de0ae+AZ3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeO`],
        checkpoints: [exampleCheckpoint],
        next: null,
      },
    },
  },
  errors: [...readErrors],
});

export const createEvidenceCheckpoint = defineRoute({
  operationId: 'createEvidenceCheckpoint',
  method: 'POST',
  path: '/v1/evidence/checkpoints',
  command: 'evidence sign',
  summary: 'Sign the present state now',
  access: { scope: 'evidence:read', roles: officials },
  query: EvidenceQuery,
  response: {
    status: 201,
    description: 'Everything that was committed before is in it',
    schema: Checkpoint,
    examples: { signed: exampleCheckpoint },
  },
  errors: ['EVIDENCE_UNAVAILABLE', 'EVIDENCE_ROLLED_BACK', ...readErrors],
});

export const getInclusionProof = defineRoute({
  operationId: 'getInclusionProof',
  method: 'GET',
  path: '/v1/evidence/proofs/inclusion',
  command: 'evidence prove-inclusion',
  summary: 'Proof that an event is in the log',
  description: 'RFC 6962 2.1.1, against the newest checkpoint or the one of `size`.',
  access: { scope: 'evidence:read', roles: everybody },
  query: InclusionQuery,
  queryExample: { verificationId: exampleId },
  response: {
    status: 200,
    description: 'The path from the leaf to the root of the checkpoint',
    schema: InclusionProof,
    examples: { proof: exampleInclusion },
  },
  errors: ['NOT_IN_CHECKPOINT', ...readErrors],
});

export const getConsistencyProof = defineRoute({
  operationId: 'getConsistencyProof',
  method: 'GET',
  path: '/v1/evidence/proofs/consistency',
  command: 'evidence prove-consistency',
  summary: 'Proof that a newer checkpoint only adds to an older one',
  description: 'RFC 6962 2.1.2, between two sizes of which there are checkpoints.',
  access: { scope: 'evidence:read', roles: everybody },
  query: ConsistencyQuery,
  queryExample: { from: 0 },
  response: {
    status: 200,
    description: 'The hashes that lead from the older root to the newer',
    schema: ConsistencyProof,
    examples: { proof: { from: 20000, to: 20852, hashes: [exampleHash], checkpoint: exampleCheckpoint } },
  },
  errors: ['NOT_IN_CHECKPOINT', ...readErrors],
});

export const getEvidenceState = defineRoute({
  operationId: 'getEvidenceState',
  method: 'GET',
  path: '/v1/evidence/status',
  command: 'evidence status',
  summary: 'Is evidence being sequenced and signed, and how far behind',
  access: { scope: 'evidence:read', roles: officials },
  query: EvidenceQuery,
  response: {
    status: 200,
    description: 'The log of the institution',
    schema: EvidenceStatus,
    examples: {
      inOrder: {
        origin,
        size: 20852,
        pending: 0,
        lagSeconds: 0,
        lastCheckpoint: exampleCheckpoint,
        fault: null,
        stalled: false,
      },
    },
  },
  errors: [...readErrors],
});

export const exportEvidence = defineRoute({
  operationId: 'exportEvidence',
  method: 'GET',
  path: '/v1/evidence/export',
  command: 'evidence export',
  summary: 'A bundle of evidence that can be checked without us',
  description:
    'JSON Lines as docs/evidence-format.md says: every event, the checkpoints, and what is needed to check them offline with gerbang-verify. No person is in it.',
  access: { scope: 'evidence:read', roles: ['camat', 'evaluator'] },
  query: EvidenceExportQuery,
  response: {
    status: 200,
    description: 'The bundle, streamed. When it is cut off, its last line is missing',
    contentType: 'application/jsonl',
    schema: z.string(),
    examples: {},
  },
  errors: ['NOT_IN_CHECKPOINT', 'OVERLOADED', ...readErrors],
});

export const checkReceipt = defineRoute({
  operationId: 'checkReceipt',
  method: 'POST',
  path: '/v1/receipts/verify',
  command: 'receipt verify',
  summary: 'Is this receipt genuine',
  description:
    'Takes the JWS, the short code of a document, or the id of the look-up. Says what was asked, when, by whom and how it ended, with the proof that it is in the log, and nothing about the person. Unknown codes are limited to a few in a minute.',
  access: { scope: 'verifications:read', roles: everybody },
  body: {
    schema: ReceiptVerification,
    contentType: 'application/json',
    examples: { code: { receipt: exampleReceipt.receiptCode }, jws: { receipt: exampleReceipt.receipt } },
  },
  response: {
    status: 200,
    description: 'The verdict',
    schema: ReceiptVerdict,
    examples: {
      genuine: {
        genuine: true,
        message: 'Bukti ini asli dan tercatat.',
        receipt: {
          id: exampleId,
          code: exampleReceipt.receiptCode,
          at: '2026-11-23T02:15:30.123456Z',
          institution: { id: exampleId, name: 'Kecamatan Contoh', regionCode: '33.13.04' },
          agreement: { versionId: exampleId, number: 'PKS/CONTOH/2026' },
          service: 'SKU',
          mode: 'LOOKUP',
          outcome: 'FOUND',
          elements: ['namaLengkap', 'alamat'],
          jws: exampleReceipt.receipt,
        },
        proof: exampleInclusion,
      },
      unknown: { genuine: false, fault: 'UNKNOWN', message: 'Bukti ini tidak tercatat di sini.' },
    },
  },
  errors: ['RECEIPT_MALFORMED', ...bodyErrors, ...operatorErrors, ...tokenErrors, ...serverErrors],
});

export const getReceiptPicture = defineRoute({
  operationId: 'getReceiptPicture',
  method: 'GET',
  path: '/v1/receipts/{code}/qr',
  command: 'receipt qr',
  summary: 'The short code as a QR picture for a document',
  description: 'SVG, 29 mm wide. Made from the code alone, whether or not there is such a receipt.',
  access: { scope: 'verifications:read', roles: everybody },
  response: {
    status: 200,
    description: 'SVG',
    contentType: 'image/svg+xml',
    schema: z.string(),
    examples: {},
  },
  errors: ['RECEIPT_MALFORMED', ...operatorErrors, ...tokenErrors, ...serverErrors],
});

const personTrailErrors = [
  'NIK_INVALID',
  'EVIDENCE_UNAVAILABLE',
  ...bodyErrors,
  ...sessionErrors,
  ...serverErrors,
] as const;
const personTrailBody = {
  schema: PersonTrailRequest,
  contentType: 'application/json',
  examples: { request: { nik: '3313044107909901', requestNumber: '045.2/17/XI/2026' } },
} as const;

export const tracePersonData = defineRoute({
  operationId: 'tracePersonData',
  method: 'POST',
  path: '/v1/person-trails',
  command: 'person-trail show',
  summary: 'Who looked at a person’s data here (UU 27/2022 art. 32)',
  description:
    'For the Camat alone, at the request of the person, who stands at the counter. The disclosure itself goes on record. At most 20 in an hour.',
  access: { session: true, roles: ['camat'] },
  body: personTrailBody,
  response: {
    status: 200,
    description: 'Every look-up that the agreements’ keys still recognise, newest first',
    schema: PersonTrail,
    examples: {
      trail: {
        id: exampleId,
        at: '2026-11-23T02:20:00.000Z',
        institution: { id: exampleId, name: 'Kecamatan Contoh' },
        entries: [
          {
            id: exampleId,
            at: '2026-11-20T03:00:00.000Z',
            office: 'Kecamatan Contoh, Seksi Pelayanan',
            service: 'SKU',
            reference: '500/001/SKU/XI/2026',
            mode: 'LOOKUP',
            elements: ['namaLengkap', 'alamat'],
            outcome: 'FOUND',
          },
        ],
        complete: true,
      },
    },
  },
  errors: [...personTrailErrors],
});

export const printPersonTrail = defineRoute({
  operationId: 'printPersonTrail',
  method: 'POST',
  path: '/v1/person-trails/document',
  command: 'person-trail print',
  summary: 'The same as a letter for the person, PDF',
  access: { session: true, roles: ['camat'] },
  body: personTrailBody,
  response: {
    status: 200,
    description: 'A4, Indonesian',
    contentType: 'application/pdf',
    schema: z.string().meta({ format: 'binary' }),
    examples: {},
  },
  errors: [...personTrailErrors],
});
