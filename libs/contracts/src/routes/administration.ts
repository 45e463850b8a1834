import { z } from 'zod';
import type { Role } from '../actor.js';
import {
  AgreementClosure,
  AgreementDetail,
  AgreementList,
  NewAgreement,
  NewAgreementVersion,
  NewClosingStep,
  NewSptjm,
  Termination,
} from '../administration/agreements.js';
import {
  ClientCredential,
  ClientDetail,
  ClientKeys,
  ClientList,
  ClientReactivation,
  ClientUpdate,
  NewClient,
  SecretRotation,
} from '../administration/clients.js';
import {
  EmergencyStopRequest,
  ImportResult,
  InstitutionDetail,
  InstitutionImport,
  InstitutionList,
  InstitutionUpdate,
  SealingKeyRotated,
  UpstreamAct,
  UpstreamConfiguration,
} from '../administration/institutions.js';
import {
  ActivationCode,
  NewNda,
  NewOperator,
  OfficeHolderChange,
  OfficeHolderChanged,
  OperatorDetail,
  OperatorList,
  OperatorReactivation,
  OperatorUpdate,
  Revocation,
} from '../administration/operators.js';
import { AdminEventPage, AdminEventQuery, Decision, ProposalDetail, ProposalList } from '../administration/records.js';
import type { ErrorCode } from '../errors.js';
import { EvidenceGap } from '../evidence.js';
import { InstitutionFile, UpstreamSummary, UpstreamTest } from '../institution.js';
import { defineRoute, type Route } from '../route.js';
import * as example from './administration-examples.js';
import { bodyErrors, serverErrors, sessionErrors } from './shared.js';

const root = '/v1/admin/institutions';
const one = `${root}/{institutionId}`;
const agreement = `${one}/agreements/{agreementId}`;
const operator = `${one}/operators/{operatorId}`;
const client = `${one}/clients/{clientId}`;
const proposal = `${one}/proposals/{proposalId}`;

interface Sketch<P extends string> {
  path: P;
  command: string;
  summary: string;
  description?: string;
  roles: readonly Role[];
  query?: z.ZodObject;
  /** Errors beside those that every route for people has. */
  errors?: readonly ErrorCode[];
}

const errorsOf = (sketch: Sketch<string>, more: readonly ErrorCode[] = []): ErrorCode[] => [
  ...new Set<ErrorCode>([
    ...more,
    ...(sketch.path === root ? [] : (['RESOURCE_NOT_FOUND'] as const)),
    ...(sketch.errors ?? []),
    ...sessionErrors,
    ...serverErrors,
  ]),
];

/** Something that people read. */
const read = <I extends string>(
  operationId: I,
  sketch: Sketch<string>,
  schema: z.ZodType,
  examples: Record<string, unknown>,
) =>
  defineRoute({
    operationId,
    method: 'GET',
    path: sketch.path,
    command: sketch.command,
    summary: sketch.summary,
    ...(sketch.description === undefined ? {} : { description: sketch.description }),
    access: { session: true, roles: sketch.roles },
    ...(sketch.query ? { query: sketch.query } : {}),
    response: { status: 200, description: sketch.summary, schema, examples },
    errors: errorsOf(sketch, sketch.query ? ['REQUEST_INVALID'] : []),
  } satisfies Route);

interface ActSketch extends Sketch<string> {
  method?: 'POST' | 'PUT' | 'DELETE';
  body: z.ZodType;
  bodyExample: unknown;
}

/** Something that one person may do. */
const act = <I extends string>(
  operationId: I,
  sketch: ActSketch,
  schema: z.ZodType,
  examples: Record<string, unknown>,
) =>
  defineRoute({
    operationId,
    method: sketch.method ?? 'POST',
    path: sketch.path,
    command: sketch.command,
    summary: sketch.summary,
    ...(sketch.description === undefined ? {} : { description: sketch.description }),
    access: { session: true, roles: sketch.roles },
    body: { schema: sketch.body, contentType: 'application/json', examples: { example: sketch.bodyExample } },
    response: { status: 200, description: 'Done, and on record', schema, examples },
    errors: errorsOf(sketch, [...bodyErrors, 'STATE_CONFLICT']),
  } satisfies Route);

/** Something that waits for a second person. */
const propose = <I extends string>(operationId: I, sketch: ActSketch) => {
  const route = act(operationId, sketch, ProposalDetail, { proposed: example.proposal });
  return defineRoute({
    ...route,
    description: `${sketch.description ?? ''} Takes effect when a second person approves the proposal.`.trim(),
    response: { ...route.response, status: 202, description: 'Proposed, and checked as if it were done now' },
  });
};

const admin = ['admin'] as const;
const adminOrCamat = ['admin', 'camat'] as const;
const overseers = ['camat', 'evaluator'] as const;
const officials = ['admin', 'camat', 'evaluator'] as const;

export const listInstitutions = read(
  'listInstitutions',
  {
    path: root,
    command: 'institution list',
    summary: 'Institutions that I may see',
    description: 'Your own; for an evaluator of Disdukcapil those of the kabupaten.',
    roles: officials,
  },
  InstitutionList,
  { one: { institutions: [example.institution] } },
);
export const importInstitution = act(
  'importInstitution',
  {
    path: root,
    command: 'institution import',
    summary: 'Bring in an institution, or more of one, from one file',
    description:
      'All faults of the file are told at once. What one person may do is done; versions of the agreement become proposals. ' +
      'A new institution is brought in by an evaluator of Disdukcapil; an admin brings things into the own one.',
    roles: ['admin', 'evaluator'],
    body: InstitutionImport,
    bodyExample: { file: example.institutionFile, checkOnly: true, reason: 'Kecamatan baru bergabung' },
    errors: ['ALREADY_EXISTS', 'RESOURCE_NOT_FOUND', 'AGREEMENT_CLOSED'],
  },
  ImportResult,
  { checked: { institutionId: null, changes: ['institution Kecamatan Contoh'], proposals: [], secrets: [] } },
);
export const getInstitution = read(
  'getInstitution',
  { path: one, command: 'institution show', summary: 'One institution', roles: officials },
  InstitutionDetail,
  { one: example.institution },
);
export const updateInstitution = act(
  'updateInstitution',
  {
    path: one,
    command: 'institution update',
    summary: 'Name and address',
    roles: admin,
    body: InstitutionUpdate,
    bodyExample: { address: 'Jl. Contoh No. 1', reason: 'Kantor pindah' },
  },
  InstitutionDetail,
  { one: example.institution },
);
export const exportInstitution = read(
  'exportInstitution',
  {
    path: `${one}/export`,
    command: 'institution export',
    summary: 'Everything on file as one file, without secrets',
    roles: admin,
  },
  InstitutionFile,
  { file: example.institutionFile },
);
export const stopInstitution = act(
  'stopInstitution',
  {
    path: `${one}/stop`,
    command: 'institution stop',
    summary: 'Emergency stop ("putus akses"): from within a second nothing is looked up',
    description: 'One person stops (O-19); to undo it takes two.',
    roles: officials,
    body: EmergencyStopRequest,
    bodyExample: { reason: 'Dugaan penyalahgunaan akses' },
  },
  InstitutionDetail,
  { one: example.institution },
);
export const liftStop = propose('liftStop', {
  path: `${one}/stop/lifting`,
  command: 'institution lift-stop',
  summary: 'Undo an emergency stop',
  description: 'Camat or evaluator approve; what an evaluator stopped, only an evaluator.',
  roles: officials,
  body: EmergencyStopRequest,
  bodyExample: { reason: 'Pemeriksaan selesai, tidak ada pelanggaran' },
});

export const listAgreements = read(
  'listAgreements',
  { path: `${one}/agreements`, command: 'agreement list', summary: 'Agreements with all versions', roles: officials },
  AgreementList,
  { one: { agreements: [example.agreement] } },
);
export const createAgreement = act(
  'createAgreement',
  {
    path: `${one}/agreements`,
    command: 'agreement create',
    summary: 'A new agreement, as a draft',
    roles: admin,
    body: NewAgreement,
    bodyExample: { number: 'PKS/CONTOH/2026', counterpartNumber: '470/1/2026', reason: 'PKS baru' },
    errors: ['ALREADY_EXISTS'],
  },
  AgreementDetail,
  { draft: example.agreement },
);
export const getAgreement = read(
  'getAgreement',
  { path: agreement, command: 'agreement show', summary: 'One agreement', roles: officials },
  AgreementDetail,
  { one: example.agreement },
);
export const addAgreementVersion = propose('addAgreementVersion', {
  path: `${agreement}/versions`,
  command: 'agreement add-version',
  summary: 'The terms of an agreement, an addendum, an extension or another quota',
  description: 'Camat or evaluator approve; a larger quota than before (O-04) only an evaluator.',
  roles: admin,
  body: NewAgreementVersion,
  bodyExample: { terms: example.terms, reason: 'PKS ditandatangani' },
});
export const recordSptjm = act(
  'recordSptjm',
  {
    path: `${agreement}/sptjm`,
    command: 'agreement record-sptjm',
    summary: "The Camat's statement of absolute responsibility (O-09)",
    roles: adminOrCamat,
    body: NewSptjm,
    bodyExample: { sptjm: example.sptjm, reason: 'SPTJM ditandatangani Camat' },
  },
  AgreementDetail,
  { one: example.agreement },
);
export const terminateAgreement = act(
  'terminateAgreement',
  {
    path: `${agreement}/termination`,
    command: 'agreement terminate',
    summary: 'End an agreement before its time (breach, PKS 10(1); change of institution, PKS 6)',
    roles: ['evaluator'],
    body: Termination,
    bodyExample: { letterNumber: '470/99/2026', reason: 'Pelanggaran kerahasiaan' },
  },
  AgreementDetail,
  { one: example.agreement },
);
export const recordClosingStep = act(
  'recordClosingStep',
  {
    path: `${agreement}/closing-steps`,
    command: 'agreement record-closing-step',
    summary: 'Evidence of one step of the end: data balikan, SAM cards, final report',
    roles: admin,
    body: NewClosingStep,
    bodyExample: {
      step: 'FINAL_REPORT',
      applicable: true,
      receiptNumber: 'TT/12/2026',
      doneOn: '2026-11-20',
      reason: 'Laporan akhir diserahkan',
    },
  },
  AgreementDetail,
  { one: example.agreement },
);
export const closeAgreement = propose('closeAgreement', {
  path: `${agreement}/closure`,
  command: 'agreement close',
  summary: 'Close an agreement for good: keys are destroyed',
  description: 'Every closing step must have its evidence. Cannot be undone.',
  roles: admin,
  body: AgreementClosure,
  bodyExample: { reason: 'Seluruh kewajiban selesai' },
  errors: ['CLOSING_INCOMPLETE'],
});
export const getClosingStatement = defineRoute({
  operationId: 'getClosingStatement',
  method: 'GET',
  path: `${agreement}/closing-statement`,
  command: 'agreement closing-statement',
  summary: 'Berita acara penutupan, PDF',
  access: { session: true, roles: officials },
  response: {
    status: 200,
    description: 'A4, Indonesian',
    contentType: 'application/pdf',
    schema: z.string().meta({ format: 'binary' }),
    examples: {},
  },
  errors: errorsOf({ path: agreement, command: '', summary: '', roles: officials }, ['STATE_CONFLICT']),
});

export const listOperators = read(
  'listOperators',
  {
    path: `${one}/operators`,
    command: 'operator list',
    summary: 'People with their NDA and account',
    roles: officials,
  },
  OperatorList,
  { one: { operators: [example.operator] } },
);
export const createOperator = act(
  'createOperator',
  {
    path: `${one}/operators`,
    command: 'operator create',
    summary: 'A person with the fields of O-05',
    description: 'Without an NDA nothing is looked up (O-17). To log in, the person needs an activation code.',
    roles: admin,
    body: NewOperator,
    bodyExample: { operator: example.operatorRecord, reason: 'Petugas loket baru' },
    errors: ['ALREADY_EXISTS'],
  },
  OperatorDetail,
  { one: example.operator },
);
export const updateOperator = act(
  'updateOperator',
  {
    path: operator,
    command: 'operator update',
    summary: 'Details, working hours, last day',
    roles: admin,
    body: OperatorUpdate,
    bodyExample: { workUnit: 'Seksi Pelayanan', reason: 'Pindah seksi' },
  },
  OperatorDetail,
  { one: example.operator },
);
export const recordNda = act(
  'recordNda',
  {
    path: `${operator}/nda`,
    command: 'operator record-nda',
    summary: 'The NDA of the present assignment (O-17)',
    roles: adminOrCamat,
    body: NewNda,
    bodyExample: { nda: example.nda, reason: 'NDA ditandatangani' },
  },
  OperatorDetail,
  { one: example.operator },
);
export const revokeOperator = act(
  'revokeOperator',
  {
    path: `${operator}/revocation`,
    command: 'operator revoke',
    summary: 'Take the access of a person away, within a second (O-19)',
    roles: officials,
    body: Revocation,
    bodyExample: { reason: 'Melanggar NDA' },
  },
  OperatorDetail,
  { one: example.operator },
);
export const reactivateOperator = propose('reactivateOperator', {
  path: `${operator}/reactivation`,
  command: 'operator reactivate',
  summary: 'A new assignment of somebody who left or was revoked',
  description: 'It needs an NDA of its own.',
  roles: admin,
  body: OperatorReactivation,
  bodyExample: { activeFrom: '2026-12-01', reason: 'Kembali bertugas' },
});
export const changeOfficeHolder = act(
  'changeOfficeHolder',
  {
    path: `${one}/office-holder-changes`,
    command: 'operator change-office-holder',
    summary: 'Change of office-holder (O-22): who leaves, who comes, from when, by which letter',
    roles: admin,
    body: OfficeHolderChange,
    bodyExample: {
      leaver: example.operator.id,
      successor: example.operatorRecord,
      from: '2026-12-01',
      letterNumber: '800/12/2026',
      letterDate: '2026-11-20',
      documentSha256: example.sha256,
      reason: 'Mutasi jabatan',
    },
    errors: ['ALREADY_EXISTS'],
  },
  OfficeHolderChanged,
  { changed: { leaver: example.operator, successor: example.operator } },
);
export const issueActivationCode = act(
  'issueActivationCode',
  {
    path: `${operator}/activation-code`,
    command: 'operator activation-code',
    summary: 'A code by which a person sets the password',
    description:
      'Shown once. For an operator by an admin, for an admin by Camat or evaluator, for a Camat by an evaluator, for an evaluator by another one; never for oneself.',
    roles: officials,
    body: Revocation,
    bodyExample: { reason: 'Akun baru' },
    errors: ['SECOND_PERSON_REQUIRED'],
  },
  ActivationCode,
  {
    code: { username: 'siti.loket1', activationCode: 'K7QF-2MXB-9TRD-HW4C', expiresAt: '2026-11-30T02:15:30.123Z' },
  },
);
export const endOperatorSessions = act(
  'endOperatorSessions',
  {
    path: `${operator}/sessions/ending`,
    command: 'operator end-sessions',
    summary: 'End all sessions of a person',
    roles: officials,
    body: Revocation,
    bodyExample: { reason: 'Komputer hilang' },
  },
  OperatorDetail,
  { one: example.operator },
);

export const listClients = read(
  'listClients',
  { path: `${one}/clients`, command: 'client list', summary: 'Applications', roles: officials },
  ClientList,
  { one: { clients: [example.client] } },
);
export const createClient = act(
  'createClient',
  {
    path: `${one}/clients`,
    command: 'client create',
    summary: 'An application with its scopes, elements, purposes and networks',
    description: 'With `jwks` it signs assertions and gets no secret; without, the secret is shown once.',
    roles: admin,
    body: NewClient,
    bodyExample: {
      id: 'paten-contoh',
      name: 'Aplikasi PATEN',
      scopes: ['verifications:write'],
      reason: 'Aplikasi baru',
    },
    errors: ['ALREADY_EXISTS'],
  },
  ClientCredential,
  { created: { client: example.client, secret: 'q0vYwLJX2yqYqRrlkCqz7w8z9o4a5k3lq9Zt1mW2xS0' } },
);
export const updateClient = act(
  'updateClient',
  {
    path: client,
    command: 'client update',
    summary: 'Scopes, elements, purposes, networks, expiry',
    roles: admin,
    body: ClientUpdate,
    bodyExample: { purposes: ['SKU'], reason: 'Hanya untuk SKU' },
  },
  ClientDetail,
  { one: example.client },
);
export const rotateClientSecret = act(
  'rotateClientSecret',
  {
    path: `${client}/secrets`,
    command: 'client rotate-secret',
    summary: 'A new secret; those before count for the overlap',
    roles: admin,
    body: SecretRotation,
    bodyExample: { overlapHours: 24, reason: 'Pergantian berkala' },
  },
  ClientCredential,
  { rotated: { client: example.client, secret: 'q0vYwLJX2yqYqRrlkCqz7w8z9o4a5k3lq9Zt1mW2xS0' } },
);
export const setClientKeys = act(
  'setClientKeys',
  {
    path: `${client}/keys`,
    method: 'PUT',
    command: 'client set-keys',
    summary: 'Public keys by which the application signs its assertions (RFC 7523)',
    roles: admin,
    body: ClientKeys,
    bodyExample: { jwks: example.jwks, endSecrets: true, reason: 'Beralih ke private_key_jwt' },
  },
  ClientDetail,
  { one: example.client },
);
export const revokeClient = act(
  'revokeClient',
  {
    path: `${client}/revocation`,
    command: 'client revoke',
    summary: 'Take the access of an application away, within a second (O-19)',
    roles: officials,
    body: Revocation,
    bodyExample: { reason: 'Secret bocor' },
  },
  ClientDetail,
  { one: example.client },
);
export const reactivateClient = propose('reactivateClient', {
  path: `${client}/reactivation`,
  command: 'client reactivate',
  summary: 'Give a revoked or expired application its access back',
  roles: admin,
  body: ClientReactivation,
  bodyExample: { expiresAt: '2027-12-31T16:59:59Z', reason: 'Secret sudah diganti' },
});

export const getUpstream = read(
  'getUpstream',
  {
    path: `${one}/upstream`,
    command: 'upstream show',
    summary: "Whether the ministry's access right is on file; never what it says (O-16)",
    roles: officials,
  },
  UpstreamSummary,
  {
    ready: {
      configured: true,
      configuredAt: '2026-11-01T02:15:30.123Z',
      agreementId: example.agreement.id,
      keyId: example.sealingKeyId,
      upstream: { state: 'ready', since: null, until: null },
    },
  },
);
export const configureUpstream = act(
  'configureUpstream',
  {
    path: `${one}/upstream`,
    method: 'PUT',
    command: 'upstream configure',
    summary: "The ministry's access right: address, User ID, password, IP LAN",
    description:
      'Sealed at once; nobody can read it again. Belongs to the agreement that counts today, or else the draft.',
    roles: admin,
    body: UpstreamConfiguration,
    bodyExample: { access: example.upstream, reason: 'User ID diterima' },
    errors: ['AGREEMENT_MISSING', 'AGREEMENT_CLOSED', 'EVIDENCE_UNAVAILABLE'],
  },
  UpstreamSummary,
  {
    configured: {
      configured: true,
      configuredAt: '2026-11-01T02:15:30.123Z',
      agreementId: example.agreement.id,
      keyId: example.sealingKeyId,
      upstream: { state: 'ready', since: null, until: null },
    },
  },
);
export const testUpstreamAccess = act(
  'testUpstreamAccess',
  {
    path: `${one}/upstream/test`,
    command: 'upstream test',
    summary: 'Is the way to the ministry there? Costs no hit',
    roles: admin,
    body: UpstreamAct,
    bodyExample: { reason: 'Pemeriksaan rutin' },
    errors: ['UPSTREAM_NOT_CONFIGURED'],
  },
  UpstreamTest,
  {
    reachable: {
      reachable: true,
      tls: 'verified',
      fault: null,
      hits: 0,
      notChecked: ['USER_ID', 'PASSWORD', 'IP_LAN', 'PATH'],
      durationMs: 12,
    },
  },
);
export const acknowledgeEvidenceRollback = act(
  'acknowledgeEvidenceRollback',
  {
    path: `${one}/evidence/rollback-acknowledgements`,
    command: 'evidence acknowledge-rollback',
    summary: 'Acknowledge that the database was set back behind a signed checkpoint',
    description:
      'After a restore nothing is signed until an admin says so: the log goes on as a new generation that begins with a signed statement of what is missing.',
    roles: admin,
    body: UpstreamAct,
    bodyExample: { reason: 'Dipulihkan dari cadangan tanggal 20 November setelah kerusakan disk' },
    errors: ['EVIDENCE_UNAVAILABLE'],
  },
  EvidenceGap,
  {
    acknowledged: {
      fault: 'ROLLED_BACK',
      previousOrigin: `gerbang-paten/${example.institution.id}/1`,
      origin: `gerbang-paten/${example.institution.id}/2`,
      keptSize: 20_000,
      lostEvents: 852,
    },
  },
);
export const rearmUpstreamAccess = act(
  'rearmUpstreamAccess',
  {
    path: `${one}/upstream/rearming`,
    command: 'upstream rearm',
    summary: 'Call again after the ministry had refused our access and it was mended',
    roles: admin,
    body: UpstreamAct,
    bodyExample: { reason: 'IP LAN sudah didaftarkan Dukcapil' },
  },
  UpstreamSummary,
  {
    rearmed: {
      configured: true,
      configuredAt: '2026-11-01T02:15:30.123Z',
      agreementId: example.agreement.id,
      keyId: example.sealingKeyId,
      upstream: { state: 'ready', since: null, until: null },
    },
  },
);
export const rotateUpstreamKey = act(
  'rotateUpstreamKey',
  {
    path: `${one}/upstream/key-rotation`,
    command: 'upstream rotate-key',
    summary: 'Seal the access right anew and destroy the old key',
    roles: admin,
    body: UpstreamAct,
    bodyExample: { reason: 'Pergantian kunci tahunan' },
    errors: ['UPSTREAM_NOT_CONFIGURED'],
  },
  SealingKeyRotated,
  { rotated: { keyId: example.sealingKeyId, destroyedKeyIds: [example.formerSealingKeyId] } },
);

export const listProposals = read(
  'listProposals',
  {
    path: `${one}/proposals`,
    command: 'proposal list',
    summary: 'What waits for a second person, and the last hundred that were decided',
    roles: officials,
  },
  ProposalList,
  { one: { proposals: [example.proposal] } },
);
const deciding = { body: Decision, bodyExample: { reason: 'Sesuai dokumen' } };
export const approveProposal = act(
  'approveProposal',
  {
    path: `${proposal}/approval`,
    command: 'proposal approve',
    summary: 'Approve what another person proposed; it takes effect at once',
    roles: overseers,
    errors: ['SECOND_PERSON_REQUIRED', 'PROPOSAL_DECIDED', 'ALREADY_EXISTS', 'CLOSING_INCOMPLETE'],
    ...deciding,
  },
  ProposalDetail,
  { approved: example.proposal },
);
export const rejectProposal = act(
  'rejectProposal',
  {
    path: `${proposal}/rejection`,
    command: 'proposal reject',
    summary: 'Refuse what another person proposed',
    roles: overseers,
    errors: ['SECOND_PERSON_REQUIRED', 'PROPOSAL_DECIDED'],
    ...deciding,
  },
  ProposalDetail,
  { rejected: example.proposal },
);
export const withdrawProposal = act(
  'withdrawProposal',
  {
    path: `${proposal}/withdrawal`,
    command: 'proposal withdraw',
    summary: 'Take back what I proposed',
    roles: officials,
    errors: ['PROPOSAL_DECIDED'],
    ...deciding,
  },
  ProposalDetail,
  { withdrawn: example.proposal },
);
export const listAdminEvents = read(
  'listAdminEvents',
  {
    path: `${one}/events`,
    command: 'event list',
    summary: 'Who did what, when and why, with what was before and after',
    description: 'Newest first. Cannot be changed by anybody.',
    roles: overseers,
    query: AdminEventQuery,
  },
  AdminEventPage,
  { page: { events: [example.event], next: null } },
);
