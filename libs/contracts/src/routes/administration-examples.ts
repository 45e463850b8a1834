import { exampleId } from './shared.js';

/** Fictitious throughout: what the API page and the authorisation tests send. */
export const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const at = '2026-11-23T02:15:30.123Z';

export const terms = {
  effectiveFrom: '2026-01-01',
  validFrom: '2026-01-01',
  validUntil: '2027-12-31',
  elements: ['nik', 'namaLengkap', 'alamat'],
  modes: ['LOOKUP'],
  dailyQuota: 1000,
  networks: ['10.1.2.0/24'],
  userIdOwner: { name: 'Camat Contoh', position: 'Camat' },
  contacts: [{ party: 'KECAMATAN', name: 'Admin Contoh', position: 'Pengelola TI', email: 'ti@kecamatan.example' }],
  dataBalikanRecipient: 'DISDUKCAPIL',
} as const;

export const sptjm = { number: 'SPTJM/CONTOH/2026', signedOn: '2026-01-01', documentSha256: sha256 } as const;
export const nda = { number: 'NDA/CONTOH/2026', signedOn: '2026-01-01', documentSha256: sha256 } as const;

export const agreement = {
  id: exampleId,
  number: 'PKS/CONTOH/2026',
  counterpartNumber: '470/1/2026',
  signedOn: '2026-01-01',
  state: 'in-force',
  missing: [],
  currentVersion: 1,
  validUntil: '2027-12-31',
  endsInDays: 403,
  warning: null,
  versions: [{ ...terms, id: exampleId, version: 1, approvedAt: at, configured: true }],
  sptjm: [{ ...sptjm, recordedAt: at }],
  termination: null,
  closing: null,
  closedAt: null,
} as const;

export const institution = {
  id: exampleId,
  name: 'Kecamatan Contoh',
  kind: 'kecamatan',
  regionCode: '33.99.01',
  address: 'Jl. Contoh No. 1',
  agreementState: 'in-force',
  stop: null,
  openProposals: 0,
} as const;

export const operatorRecord = {
  userIdLokal: 'siti.loket1',
  role: 'operator',
  fullName: 'Operator Contoh',
  employmentStatus: 'PNS',
  position: 'Pengadministrasi',
  workUnit: 'Seksi Pelayanan',
  workingHours: { days: [1, 2, 3, 4, 5], from: '07:00', until: '16:00' },
  activeFrom: '2026-01-01',
  nda,
} as const;

export const operator = {
  id: exampleId,
  userIdLokal: 'siti.loket1',
  role: 'operator',
  fullName: 'Operator Contoh',
  nip: null,
  employmentStatus: 'PNS',
  position: 'Pengadministrasi',
  workUnit: 'Seksi Pelayanan',
  officeName: null,
  officeAddress: null,
  officeRegionCode: null,
  workingHours: { days: [1, 2, 3, 4, 5], from: '07:00', until: '16:00' },
  nikOnFile: false,
  assignment: 1,
  activeFrom: '2026-01-01',
  activeUntil: null,
  state: 'active',
  revocationReason: null,
  nda,
  account: { username: 'siti.loket1', activated: true, secondFactor: false, activationExpiresAt: null },
} as const;

export const jwks = {
  keys: [{ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', kid: '2026-1' }],
} as const;

export const client = {
  id: 'paten-contoh',
  name: 'Aplikasi PATEN',
  state: 'active',
  revocationReason: null,
  scopes: ['verifications:write'],
  elements: null,
  purposes: null,
  networks: null,
  expiresAt: null,
  expiresSoon: false,
  defaultOperator: null,
  burst: null,
  certificateRequired: false,
  secrets: [{ id: exampleId, createdAt: at, expiresAt: null }],
  keyIds: [],
} as const;

export const upstream = {
  baseUrl: 'https://dukcapil.example',
  lookupPath: '/dukcapil/get_json/33-99/contoh/call_nik',
  userId: 'USERID_CONTOH',
  password: 'bukan-kata-sandi',
  ip: '10.0.0.10',
} as const;

/** One for each agreement, with a running number. */
export const formerSealingKeyId = `seal-${exampleId}-1`;
export const sealingKeyId = `seal-${exampleId}-2`;

export const institutionFile = {
  institution: { name: 'Kecamatan Contoh', regionCode: '33.99.01' },
  agreement: { number: 'PKS/CONTOH/2026', sptjm, versions: [terms] },
  operators: [operatorRecord],
  clients: [{ id: 'paten-contoh', name: 'Aplikasi PATEN', scopes: ['verifications:write'] }],
} as const;

const admin = { id: exampleId, name: 'Admin Contoh', role: 'admin' } as const;

export const proposal = {
  id: exampleId,
  act: 'agreement.add-version',
  input: { agreementId: exampleId, terms },
  reason: 'PKS ditandatangani',
  approvers: ['camat', 'evaluator'],
  proposedBy: admin,
  proposedAt: at,
  expiresAt: '2026-12-23T02:15:30.123Z',
  decision: null,
  decidedBy: null,
  decidedAt: null,
  decisionReason: null,
} as const;

export const event = {
  id: exampleId,
  at,
  act: 'client.revoke',
  subject: { type: 'client', id: 'paten-contoh' },
  actor: { kind: 'person', ...admin },
  proposalId: null,
  before: { state: 'active' },
  after: { state: 'revoked' },
  reason: 'Secret bocor',
  evidence: {
    salt: '3p8sZ1gk0PjQ2m7vT4yXcE6bN9aHrUfLwJqKdVoBiSg=',
    contentHash: '67934cd32067520d2705edd0d7f4c0349f404141bc21cf6a6cfbcce746264f1c',
  },
} as const;
