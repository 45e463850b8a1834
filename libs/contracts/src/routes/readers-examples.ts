import { exampleId, exampleQuota, exampleReceipt } from './shared.js';

const at = '2026-11-23T02:15:30.123Z';
const person = { id: exampleId, name: 'Siti Contoh', role: 'operator' } as const;
const purpose = { service: 'SKU', reference: '500/001/SKU/XI/2026' } as const;

const device = { brand: 'Merek Contoh', type: 'R-1', serial: 'RDR-0001', workUnit: 'Pelayanan Umum' };

export const newReader = { ...device, reason: 'Alat baca baru' };

export const summary = {
  id: exampleId,
  ...device,
  state: 'online',
  adapter: 'pcsc' as const,
  journal: { waiting: 0 },
  sam: 'activated',
  ready: true,
  missing: [],
  faults: [],
};

export const reader = {
  id: exampleId,
  ...device,
  state: 'online',
  registeredAt: at,
  revoked: null,
  sam: { id: exampleId, serial: 'SAM-0001', state: 'activated' },
  agent: {
    joinedAt: at,
    seenAt: at,
    status: {
      instanceId: '3f1c2a80-9d0b-4c1e-8a56-7b1f4e0d2c33',
      version: '0.1.0',
      adapter: 'vendor',
      reader: 'Contoh R-1 00 00',
      sam: { present: true, serial: 'SAM-0001', atr: null },
      faults: [],
      busy: false,
      journal: 0,
    },
  },
  joinCodeExpiresAt: null,
  secondAgentAt: null,
};

export const revokedReader = { ...reader, state: 'revoked', revoked: { at, reason: 'Alat hilang' }, agent: null };

export const register = {
  readers: [reader],
  obligations: [{ workUnit: 'Pelayanan Umum', fulfilled: true, readers: 1, withActivatedSam: 1, dueOn: '2027-01-01' }],
};

export const joinCode = { reader, joinCode: 'K7QF-2MXB-9TRD-HW4C', expiresAt: at };

export const requestedSam = {
  id: exampleId,
  state: 'requested',
  agreementId: exampleId,
  sifilmaNumber: 'SIFILMA/CONTOH/1',
  letter: { number: '470/11/2026', date: '2026-01-15' },
  serial: null,
  pcidFingerprint: null,
  readerId: null,
  requestedAt: at,
  personalisedOn: null,
  activatedOn: null,
  configurationReturned: null,
  deactivatedOn: null,
  history: [],
};

export const newSam = {
  sifilmaNumber: 'SIFILMA/CONTOH/1',
  letter: { number: '470/11/2026', date: '2026-01-15' },
  reason: 'SAM untuk loket 1',
};

export const personalisation = {
  serial: 'SAM-0001',
  pcidFingerprint: '3f'.repeat(16) + 'ab'.repeat(16),
  doneOn: '2026-02-02',
  reason: 'Personalisasi SIFILMA',
};

export const sam = {
  ...requestedSam,
  state: 'activated',
  serial: personalisation.serial,
  pcidFingerprint: personalisation.pcidFingerprint,
  readerId: exampleId,
  personalisedOn: '2026-02-02',
  activatedOn: '2026-02-03',
  history: [{ readerId: exampleId, from: at, until: null }],
};

export const matched = {
  id: exampleId,
  outcome: 'MATCHED',
  tries: 0,
  level: 'register-verified',
  elements: { nik: '3313044107909901', namaLengkap: 'SITI CONTOH', alamat: 'JL CONTOH NO 1' },
  verification: {
    id: exampleId,
    outcome: 'FOUND',
    match: { namaLengkap: { agrees: true, similarity: 100 }, alamat: { agrees: true, similarity: 100 } },
    warnings: [],
    quota: exampleQuota,
    ...exampleReceipt,
  },
  detail: 'Sidik jari cocok, dan data pada KTP-el sesuai dengan data kependudukan.',
};

export const removed = {
  id: exampleId,
  outcome: 'CARD_REMOVED',
  tries: 0,
  level: null,
  detail: 'KTP-el diangkat sebelum selesai. Letakkan kembali dan ulangi.',
};

export const newException = {
  purpose,
  reason: 'WORN_FINGER',
  note: 'Sidik jari aus; dikenal dari KK dan surat pengantar desa',
};

export const exception = {
  id: exampleId,
  readerId: exampleId,
  readId: null,
  ...newException,
  requestedBy: person,
  requestedAt: at,
  decision: null,
  decidedBy: null,
  decidedAt: null,
  decisionNote: null,
};

export const decidedException = {
  ...exception,
  decision: 'approved',
  decidedBy: { ...person, name: 'Camat Contoh', role: 'camat' },
  decidedAt: at,
  decisionNote: 'Dikenal dari KK dan surat pengantar desa',
};

export const join = {
  code: 'K7QF-2MXB-9TRD-HW4C',
  publicKey: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
  version: '0.1.0',
};

export const joined = {
  readerId: exampleId,
  institutionName: 'Kecamatan Contoh',
  servers: ['tls://gerbang.example:4222'],
  caPem: null,
  jwks: { keys: [] },
  issuer: 'gerbang-paten',
};
