import { z } from 'zod';
import { Letter, LetterNumbering, LetterPage, NewLetter } from '../reporting/letters.js';
import { ReportingPageQuery } from '../reporting/queries.js';
import { defineRoute } from '../route.js';
import { fileErrors, moment, officials, personErrors, readErrors, writeErrors } from './reports-parts.js';
import { exampleId } from './shared.js';

const exampleLetter = {
  id: exampleId,
  kind: 'USER_ID_REQUEST',
  number: '470/012/PATEN/VI/2026',
  on: '2026-06-02',
  createdAt: moment,
  createdBy: exampleId,
} as const;

export const draftOfficeLetter = defineRoute({
  operationId: 'draftOfficeLetter',
  method: 'POST',
  path: '/v1/letters',
  command: 'letter draft',
  summary: 'Draft a letter that the agreement asks for; it gets the next number',
  description:
    'User ID request (O-05), closed-network statement (O-02), larger quota with its study (O-04), change of office-holder (O-22), return of SAM configuration (O-13), SPTJM and NDA to sign (O-09, O-17), hand-over of data balikan (O-08), breach notice (O-24).',
  access: { session: true, roles: officials },
  body: {
    schema: NewLetter,
    contentType: 'application/json',
    examples: {
      userId: { kind: 'USER_ID_REQUEST', operatorIds: [exampleId] },
      quota: {
        kind: 'QUOTA_REQUEST',
        wantedQuota: 1_500,
        from: '2026-01-01',
        until: '2026-05-31',
        reasons: 'Kuota habis pada sebelas hari kerja.',
      },
    },
  },
  response: { status: 201, description: 'The letter', schema: Letter, examples: { letter: exampleLetter } },
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT', 'EVIDENCE_UNAVAILABLE', ...writeErrors],
});
export const listOfficeLetters = defineRoute({
  operationId: 'listOfficeLetters',
  method: 'GET',
  path: '/v1/letters',
  command: 'letter list',
  summary: 'Letters that were drafted, newest first',
  access: { scope: 'reports:read', roles: officials },
  query: ReportingPageQuery,
  response: {
    status: 200,
    description: 'A page of letters',
    schema: LetterPage,
    examples: { page: { letters: [exampleLetter], next: null } },
  },
  errors: [...readErrors],
});
export const getLetterDocument = defineRoute({
  operationId: 'getLetterDocument',
  method: 'GET',
  path: '/v1/letters/{id}/document',
  command: 'letter document',
  summary: 'The letter as DOCX, to be edited and signed',
  description:
    'Made anew from what is on file now. A User ID request carries the NIK of the officials that it names (O-05): only for a person who has logged in, and kept nowhere.',
  access: { session: true, roles: officials },
  response: {
    status: 200,
    description: 'DOCX, A4, Indonesian',
    contentType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    schema: z.string().meta({ format: 'binary' }),
    examples: {},
  },
  errors: [...fileErrors, 'EVIDENCE_UNAVAILABLE', ...personErrors],
});

const numbering = {
  status: 200,
  description: 'How letters are numbered',
  schema: LetterNumbering,
  examples: {
    pattern: { pattern: '470/{nomor:3}/{kode}/{bulan}/{tahun}', codes: { USER_ID_REQUEST: 'PATEN' } },
  },
} as const;

export const getLetterNumbering = defineRoute({
  operationId: 'getLetterNumbering',
  method: 'GET',
  path: '/v1/letters/numbering',
  command: 'letter numbering',
  summary: 'How letters are numbered',
  access: { session: true, roles: ['admin'] },
  response: numbering,
  errors: [...personErrors],
});
export const putLetterNumbering = defineRoute({
  operationId: 'putLetterNumbering',
  method: 'PUT',
  path: '/v1/letters/numbering',
  command: 'letter configure-numbering',
  summary: 'Number letters by this pattern from now on',
  description:
    '`{nomor}` (with a width: `{nomor:3}`), `{kode}` of the kind, `{bulan}` in Roman digits, `{tahun}`. Numbers begin anew each year.',
  access: { session: true, roles: ['admin'] },
  body: { schema: LetterNumbering, contentType: 'application/json', examples: numbering.examples },
  response: numbering,
  errors: [...writeErrors],
});
