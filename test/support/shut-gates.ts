import type { ErrorCode } from '#contracts';
import { addClient, addOperator, extraClient, firstVersion, type ExtraClient } from './office-parts.js';
import { purpose, type OfficeFile } from './running-stack.js';

/** One gate that is shut while all others are open, and what is asked then. */
export interface ShutGate {
  name: string;
  change: (file: OfficeFile) => void;
  /** The client that asks; the office's own by default. */
  client?: ExtraClient;
  /** Whom the token names; loket1 by default, nobody when null. */
  operator?: string | null;
  request?: Record<string, unknown>;
  code: ErrorCode;
  /** Paths of the issues that the refusal names, in this order. */
  issues?: string[];
  /** Whether /v1/access-rights lists it as missing: not for what depends on the request. */
  standing: boolean;
}

const sparing = extraClient('hemat');
const counterOnly = extraClient('sku');
const nobody = extraClient('tanpa-operator');

export const shutGates: ShutGate[] = [
  {
    name: 'the agreement has ended, as the PKS of 2022 did',
    change: endAgreement,
    code: 'AGREEMENT_ENDED',
    standing: true,
  },
  {
    name: 'the agreement begins later',
    change: (file) => Object.assign(firstVersion(file), { effectiveFrom: '2098-01-01', validFrom: '2098-01-01' }),
    code: 'AGREEMENT_NOT_STARTED',
    standing: true,
  },
  {
    name: 'an addendum that extends the ended agreement begins later',
    change: (file) => {
      endAgreement(file);
      file.agreement.versions.push({
        ...firstVersion(file),
        effectiveFrom: '2098-01-01',
        validFrom: '2022-12-07',
        validUntil: '2099-12-31',
      });
    },
    code: 'AGREEMENT_ENDED',
    standing: true,
  },
  {
    name: 'no SPTJM is on file',
    change: (file) => delete file.agreement.sptjm,
    code: 'SPTJM_MISSING',
    standing: true,
  },
  {
    name: 'the SPTJM is signed later',
    change: (file) => Object.assign(file.agreement.sptjm ?? {}, { signedOn: '2098-01-01' }),
    code: 'SPTJM_MISSING',
    standing: true,
  },
  {
    name: 'the operator has signed no NDA',
    change: (file) => file.operators.forEach((operator) => delete operator.nda),
    code: 'NDA_MISSING',
    standing: true,
  },
  {
    name: 'the operator signs the NDA later',
    change: (file) => file.operators.forEach(({ nda }) => Object.assign(nda ?? {}, { signedOn: '2098-01-01' })),
    code: 'NDA_MISSING',
    standing: true,
  },
  {
    name: 'the operator has left',
    change: (file) => addOperator(file, 'mantan', { activeUntil: '2026-01-02' }),
    operator: 'mantan',
    code: 'OPERATOR_INACTIVE',
    standing: true,
  },
  {
    name: 'the operator has not begun',
    change: (file) => addOperator(file, 'calon', { activeFrom: '2098-01-01' }),
    operator: 'calon',
    code: 'OPERATOR_INACTIVE',
    standing: true,
  },
  {
    name: 'the token names no operator',
    change: (file) => addClient(file, nobody),
    client: nobody,
    operator: null,
    code: 'OPERATOR_REQUIRED',
    standing: true,
  },
  {
    name: 'the agreement does not grant the elements',
    change: (file) => (firstVersion(file).elements = ['nik', 'namaLengkap']),
    request: { fields: ['alamat', 'nik', 'noKk'] },
    code: 'FIELD_NOT_GRANTED',
    issues: ['fields', 'fields'],
    standing: false,
  },
  {
    name: 'the client is not granted the elements',
    change: (file) => addClient(file, sparing, { elements: ['namaLengkap', 'tanggalLahir'] }),
    client: sparing,
    request: { fields: ['nik', 'namaLengkap'] },
    code: 'FIELD_NOT_GRANTED',
    issues: ['fields'],
    standing: false,
  },
  {
    name: 'the elements to be compared are not granted',
    change: (file) => (firstVersion(file).elements = ['nik', 'namaLengkap']),
    request: { match: { namaLengkap: 'BUDI CONTOH', alamat: 'JL CONTOH NO 1', threshold: 90 } },
    code: 'FIELD_NOT_GRANTED',
    issues: ['match.alamat'],
    standing: false,
  },
  {
    name: 'agreement and client have no element in common',
    change: (file) => {
      firstVersion(file).elements = ['nik'];
      file.clients.forEach((client) => (client.elements = ['alamat']));
    },
    code: 'FIELD_NOT_GRANTED',
    standing: false,
  },
  {
    name: 'the agreement grants no comparing',
    change: (file) => (firstVersion(file).modes = ['LOOKUP']),
    request: { match: { namaLengkap: 'BUDI CONTOH' } },
    code: 'MODE_NOT_GRANTED',
    standing: false,
  },
  {
    name: 'the agreement grants only comparing',
    change: (file) => (firstVersion(file).modes = ['MATCH']),
    code: 'MODE_NOT_GRANTED',
    standing: false,
  },
  {
    name: 'the client is not registered for the service',
    change: (file) => addClient(file, counterOnly, { purposes: ['SKU'] }),
    client: counterOnly,
    request: { purpose: { ...purpose, service: 'SKTM' } },
    code: 'PURPOSE_NOT_ALLOWED',
    standing: false,
  },
];

/** O-18; for an agreement that has ended no access right is taken any more. */
function endAgreement(file: OfficeFile): void {
  const agreementOf2022 = { effectiveFrom: '2022-12-07', validFrom: '2022-12-07', validUntil: '2024-12-06' };
  Object.assign(firstVersion(file), agreementOf2022);
  delete file.upstream;
}
