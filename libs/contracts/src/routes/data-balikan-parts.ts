import type { Role } from '../actor.js';
import { exampleId, serverErrors, tokenErrors } from './shared.js';

export const everybody = ['operator', 'camat', 'admin', 'evaluator'] as const satisfies readonly Role[];
export const office = ['operator', 'camat', 'admin'] as const satisfies readonly Role[];
export const counter = ['operator', 'camat'] as const satisfies readonly Role[];
export const officials = ['camat', 'admin'] as const satisfies readonly Role[];
export const operatorErrors = ['OPERATOR_REQUIRED', 'OPERATOR_INACTIVE'] as const;
export const readErrors = [...operatorErrors, ...tokenErrors, ...serverErrors] as const;
/** Gates of whoever hands in records: the agreement may have ended, its return duty has not (O-07). */
export const writeErrors = [
  'NDA_MISSING',
  'AGREEMENT_MISSING',
  'AGREEMENT_NOT_STARTED',
  'AGREEMENT_CLOSED',
  ...readErrors,
] as const;

export const moment = '2026-11-23T02:15:30.123Z';
export const sha256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
export const exampleRecord = {
  id: exampleId,
  nomorRegister: '500/001/SKU/XI/2026',
  namaUsaha: 'Warung Contoh',
  jenisUsaha: 'Perdagangan eceran makanan',
  kbli: { kode: '47112', versi: '2020' },
  tanggal: '2026-11-20',
  verificationId: exampleId,
  source: 'WEB_SERVICE',
  batchId: null,
  operatorId: exampleId,
  acceptedAt: moment,
  delivery: {
    state: 'WAITING',
    attempts: 0,
    lastAttemptAt: null,
    nextAttemptAt: moment,
    failure: null,
    detail: null,
    deliveredAt: null,
    receipt: null,
    mediaPackageId: null,
  },
} as const;
export const exampleBatch = {
  id: exampleId,
  state: 'HELD',
  format: 'XLSX',
  bytes: 18_213,
  fingerprint: sha256,
  policy: 'ALL_OR_NOTHING',
  operatorId: exampleId,
  createdAt: moment,
  finishedAt: moment,
  expiresAt: '2026-11-26T02:15:30.123Z',
  progress: { rows: 120, percent: 100 },
  counts: { checked: 120, accepted: 0, alreadyThere: 4, refused: 116, heldBack: 113, faults: 3 },
  fileFault: null,
  notes: ['Lembar tersembunyi "Lama" tidak dibaca.'],
  resultReady: true,
} as const;
export const examplePackage = {
  id: exampleId,
  number: 3,
  state: 'OPEN',
  createdAt: moment,
  createdBy: exampleId,
  records: 42,
  bytes: 31_480,
  sha256,
  receipt: null,
} as const;
