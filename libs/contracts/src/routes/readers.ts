import type { z } from 'zod';
import type { Role } from '../actor.js';
import type { ErrorCode } from '../errors.js';
import { AgentJoin, AgentJoined } from '../readers/agent.js';
import { Problem } from '../problem.js';
import {
  NewReaderException,
  ReadAnswer,
  ReadBegun,
  ReadCancelled,
  ReaderExceptionDecision,
  ReaderExceptionDetail,
  ReaderExceptionPage,
  ReaderExceptionQuery,
  ReaderSummaryList,
  ReadRequest,
} from '../readers/reads.js';
import {
  AgentAct,
  JoinCodeIssued,
  NewReader,
  NewSam,
  ReaderDetail,
  ReaderRegister,
  ReaderRevocation,
  ReaderUpdate,
  SamActivation,
  SamAssignment,
  SamDeactivation,
  SamDetail,
  SamList,
  SamPersonalisation,
  SamReturn,
} from '../readers/register.js';
import { ReadProgress } from '../readers/result.js';
import { defineRoute, type Route } from '../route.js';
import { createVerification } from './lookups.js';
import * as example from './readers-examples.js';
import { bodyErrors, serverErrors, sessionErrors, tokenErrors } from './shared.js';

const institution = '/v1/admin/institutions/{institutionId}';
const readers = `${institution}/readers`;
const reader = `${readers}/{readerId}`;
const sams = `${institution}/sams`;
const sam = `${sams}/{samId}`;

const counter = ['operator', 'camat'] as const;
const everybody = ['operator', 'camat', 'admin', 'evaluator'] as const;
const admin = ['admin'] as const;
const officials = ['admin', 'camat', 'evaluator'] as const;
const withOperator = ['OPERATOR_REQUIRED', 'OPERATOR_INACTIVE'] as const;

// at the counter

export const listReaders = defineRoute({
  operationId: 'listReaders',
  method: 'GET',
  path: '/v1/readers',
  command: 'reader ready',
  summary: 'Readers of the office, and whether a card can be read just now',
  description: '`missing` names every gate that is shut, `faults` what the agent at the reader finds wrong.',
  access: { scope: 'readers:read', roles: everybody },
  response: {
    status: 200,
    description: 'All that are not revoked',
    schema: ReaderSummaryList,
    examples: { ready: { readers: [example.summary] } },
  },
  errors: [...withOperator, ...tokenErrors, ...serverErrors],
});

const readErrors: ErrorCode[] = [
  ...new Set<ErrorCode>([
    'RESOURCE_NOT_FOUND',
    'READER_BUSY',
    'READER_OFFLINE',
    'READER_NOT_READY',
    'READER_REVOKED',
    'SAM_NOT_ACTIVATED',
    'PERMIT_INVALID',
    'EVIDENCE_UNAVAILABLE',
    'OVERLOADED',
    // the gates of a look-up, but for what is about the NIK, the hit and the ministry: those are told in the answer
    ...createVerification.errors.filter(
      (code) => !/^(NIK_|UPSTREAM_|QUOTA_|ALREADY_|IDEMPOTENCY_|REQUEST_IN|EVIDENCE_S)/.test(code),
    ),
  ]),
];

export const createRead = defineRoute({
  operationId: 'createRead',
  method: 'POST',
  path: '/v1/readers/{id}/reads',
  command: 'reader read',
  summary: 'Have a card and a finger read',
  description:
    'The chip gives its elements only after a 1:1 match of the finger at the reader (O-14); nothing of a finger or photo leaves it. ' +
    'One read at a time: a busy reader is 409 READER_BUSY with who and since when. Closing the connection cancels the read. ' +
    'The answer is not kept. Ask with `Accept: application/json` for one answer at the end, else for events.',
  access: { scope: 'readers:write', roles: counter },
  body: {
    schema: ReadRequest,
    contentType: 'application/json',
    examples: {
      card: { purpose: { service: 'SKU', reference: '500/001/SKU/XI/2026' } },
      withRegister: {
        purpose: { service: 'SKTM', reference: '470/012/SKTM/XI/2026' },
        fields: ['nik', 'namaLengkap', 'alamat'],
        then: 'MATCH',
      },
    },
  },
  response: {
    status: 200,
    description: 'How the read ended; all but MATCHED come without elements',
    schema: ReadAnswer,
    examples: { matched: example.matched, removed: example.removed },
    events: {
      description: '`begun`, then `progress` as it goes, at the end `result` or `problem`',
      schemas: { begun: ReadBegun, progress: ReadProgress, result: ReadAnswer, problem: Problem },
    },
  },
  errors: readErrors,
});

export const cancelReading = defineRoute({
  operationId: 'cancelReading',
  method: 'DELETE',
  path: '/v1/readers/{id}/reads/{readId}',
  command: 'reader cancel',
  summary: 'Cancel a read that I began; the Camat any of the office',
  access: { scope: 'readers:write', roles: counter },
  response: {
    status: 200,
    description: 'The reader was told',
    schema: ReadCancelled,
    examples: { cancelled: { running: true } },
  },
  errors: ['RESOURCE_NOT_FOUND', 'READER_OFFLINE', ...withOperator, ...tokenErrors, ...serverErrors],
});

export const requestReaderException = defineRoute({
  operationId: 'requestReaderException',
  method: 'POST',
  path: '/v1/readers/{id}/exceptions',
  command: 'reader-exception request',
  summary: 'Serve somebody whose finger or card cannot be read; the Camat decides',
  description: 'A worn finger is a normal event. It is counted for the report, and opens no element of any card.',
  access: { scope: 'readers:write', roles: counter },
  body: {
    schema: NewReaderException,
    contentType: 'application/json',
    examples: { worn: example.newException },
  },
  response: {
    status: 201,
    description: 'On record, waiting for a decision',
    schema: ReaderExceptionDetail,
    examples: { open: example.exception },
  },
  errors: ['RESOURCE_NOT_FOUND', 'PURPOSE_REQUIRED', ...withOperator, ...bodyErrors, ...tokenErrors, ...serverErrors],
});

export const listReaderExceptions = defineRoute({
  operationId: 'listReaderExceptions',
  method: 'GET',
  path: '/v1/reader-exceptions',
  command: 'reader-exception list',
  summary: 'Exceptions of the office, newest first, with their counts',
  description: 'An operator sees their own.',
  access: { scope: 'readers:read', roles: everybody },
  query: ReaderExceptionQuery,
  response: {
    status: 200,
    description: 'A page',
    schema: ReaderExceptionPage,
    examples: { page: { exceptions: [example.exception], counts: { open: 1, approved: 4, rejected: 0 }, next: null } },
  },
  errors: ['REQUEST_INVALID', ...withOperator, ...tokenErrors, ...serverErrors],
});

export const decideReaderException = defineRoute({
  operationId: 'decideReaderException',
  method: 'POST',
  path: '/v1/reader-exceptions/{id}/decision',
  command: 'reader-exception decide',
  summary: 'Approve or reject an exception; never one that I asked for',
  access: { session: true, roles: ['camat'] },
  body: {
    schema: ReaderExceptionDecision,
    contentType: 'application/json',
    examples: { approved: { decision: 'approved', note: 'Dikenal dari KK dan surat pengantar desa' } },
  },
  response: {
    status: 200,
    description: 'Decided, and on record',
    schema: ReaderExceptionDetail,
    examples: { approved: example.decidedException },
  },
  errors: [
    'RESOURCE_NOT_FOUND',
    'SECOND_PERSON_REQUIRED',
    'STATE_CONFLICT',
    ...bodyErrors,
    ...sessionErrors,
    ...serverErrors,
  ],
});

// at the reader's PC

export const joinReaderAgent = defineRoute({
  operationId: 'joinReaderAgent',
  method: 'POST',
  path: '/v1/reader-agents',
  summary: "Trade a join code for a place on the bus; done by `reader-agent join` on the reader's PC",
  description: 'The code counts once. The private key is made on that PC and never leaves it.',
  access: 'public',
  body: { schema: AgentJoin, contentType: 'application/json', examples: { join: example.join } },
  response: {
    status: 201,
    description: 'The agent may connect to the broker, for `reader.<its id>.*` alone',
    schema: AgentJoined,
    examples: { joined: example.joined },
  },
  errors: ['JOIN_CODE_INVALID', 'NETWORK_NOT_ALLOWED', ...bodyErrors, ...serverErrors],
});

// in the administration

interface Sketch {
  path: string;
  command: string;
  summary: string;
  description?: string;
  roles: readonly Role[];
}
const sketched = ({ description, roles, ...rest }: Sketch) => ({
  ...rest,
  ...(description === undefined ? {} : { description }),
  access: { session: true as const, roles },
});
const officeErrors: ErrorCode[] = ['RESOURCE_NOT_FOUND', ...sessionErrors, ...serverErrors];

const read = <I extends string>(operationId: I, sketch: Sketch, schema: z.ZodType, shown: unknown) =>
  defineRoute({
    operationId,
    method: 'GET',
    ...sketched(sketch),
    response: { status: 200, description: sketch.summary, schema, examples: { one: shown } },
    errors: officeErrors,
  } satisfies Route);

const act = <I extends string>(
  operationId: I,
  {
    body,
    bodyExample,
    errors = [],
    ...sketch
  }: Sketch & { body: z.ZodType; bodyExample: unknown; errors?: ErrorCode[] },
  schema: z.ZodType,
  shown: unknown,
) =>
  defineRoute({
    operationId,
    method: 'POST',
    ...sketched(sketch),
    body: { schema: body, contentType: 'application/json', examples: { example: bodyExample } },
    response: { status: 200, description: 'Done, and on record', schema, examples: { one: shown } },
    errors: [...errors, ...bodyErrors, 'STATE_CONFLICT', ...officeErrors],
  } satisfies Route);

export const getReaderRegister = read(
  'getReaderRegister',
  {
    path: readers,
    command: 'reader list',
    summary: 'Readers, and whether each work unit has one with an activated SAM',
    roles: officials,
  },
  ReaderRegister,
  example.register,
);
export const registerReader = act(
  'registerReader',
  {
    path: readers,
    command: 'reader register',
    summary: 'A card reader with its serial number and work unit',
    roles: admin,
    body: NewReader,
    bodyExample: example.newReader,
    errors: ['ALREADY_EXISTS'],
  },
  ReaderDetail,
  example.reader,
);
export const updateReader = act(
  'updateReader',
  {
    path: reader,
    command: 'reader update',
    summary: 'Brand, type, work unit',
    roles: admin,
    body: ReaderUpdate,
    bodyExample: { workUnit: 'Pelayanan Umum', reason: 'Pindah loket' },
  },
  ReaderDetail,
  example.reader,
);
export const revokeReader = act(
  'revokeReader',
  {
    path: `${reader}/revocation`,
    command: 'reader revoke',
    summary: 'From within a second nothing is read with it; its agent is thrown out at once',
    description: 'It is never given back; the same device may be registered anew.',
    roles: officials,
    body: ReaderRevocation,
    bodyExample: { reason: 'Alat hilang' },
  },
  ReaderDetail,
  example.revokedReader,
);
export const issueJoinCode = act(
  'issueJoinCode',
  {
    path: `${reader}/join-code`,
    command: 'reader issue-join-code',
    summary: "A code, good once and for an hour, by which the reader's PC joins",
    description: 'An agent that has joined goes on until another one joins with the code.',
    roles: admin,
    body: AgentAct,
    bodyExample: { reason: 'Pasang komputer loket 1' },
  },
  JoinCodeIssued,
  example.joinCode,
);
export const removeAgent = act(
  'removeAgent',
  {
    path: `${reader}/agent/removal`,
    command: 'reader remove-agent',
    summary: "Throw out the reader's agent; it needs a new join code",
    roles: officials,
    body: AgentAct,
    bodyExample: { reason: 'Komputer diganti' },
  },
  ReaderDetail,
  example.reader,
);

export const listSams = read(
  'listSams',
  { path: sams, command: 'sam list', summary: 'SAM cards with their life so far', roles: officials },
  SamList,
  { sams: [example.sam] },
);
export const requestSam = act(
  'requestSam',
  {
    path: sams,
    command: 'sam request',
    summary: 'A SAM was asked for in SIFILMA, by letter',
    roles: admin,
    body: NewSam,
    bodyExample: example.newSam,
    errors: ['ALREADY_EXISTS'],
  },
  SamDetail,
  example.requestedSam,
);
export const recordSamPersonalisation = act(
  'recordSamPersonalisation',
  {
    path: `${sam}/personalisation`,
    command: 'sam record-personalisation',
    summary: 'It was personalised: serial number, and the fingerprint of its PCID',
    roles: admin,
    body: SamPersonalisation,
    bodyExample: example.personalisation,
    errors: ['ALREADY_EXISTS'],
  },
  SamDetail,
  example.sam,
);
export const activateSam = act(
  'activateSam',
  {
    path: `${sam}/activation`,
    command: 'sam activate',
    summary: 'It was activated in SIFILMA',
    roles: admin,
    body: SamActivation,
    bodyExample: { doneOn: '2026-02-03', reason: 'Aktivasi SIFILMA' },
  },
  SamDetail,
  example.sam,
);
export const assignSam = act(
  'assignSam',
  {
    path: `${sam}/reader`,
    command: 'sam assign',
    summary: 'In which reader it is; one SAM a reader, one reader a SAM',
    roles: admin,
    body: SamAssignment,
    bodyExample: { readerId: example.reader.id, reason: 'Dipasang di loket 1' },
  },
  SamDetail,
  example.sam,
);
export const returnSamConfiguration = act(
  'returnSamConfiguration',
  {
    path: `${sam}/configuration-return`,
    command: 'sam return-configuration',
    summary: 'Its configuration file went back to Disdukcapil (O-13): from now on nothing is read with it',
    roles: admin,
    body: SamReturn,
    bodyExample: { receiptNumber: '470/77/BA/2027', returnedOn: '2027-12-31', reason: 'PKS berakhir' },
  },
  SamDetail,
  example.sam,
);
export const deactivateSam = act(
  'deactivateSam',
  {
    path: `${sam}/deactivation`,
    command: 'sam deactivate',
    summary: 'It was deactivated, after its configuration file was returned',
    roles: admin,
    body: SamDeactivation,
    bodyExample: { doneOn: '2027-12-31', reason: 'PKS berakhir' },
  },
  SamDetail,
  example.sam,
);
