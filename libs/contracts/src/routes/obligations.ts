import { OfficeQuery, ReportingPageQuery } from '../reporting/queries.js';
import {
  Duty,
  DutyDone,
  DutyList,
  NewDuty,
  ObligationList,
  Reminder,
  ReminderPage,
  ReminderSettings,
  ReminderSettingsSummary,
} from '../reporting/obligations.js';
import { defineRoute } from '../route.js';
import { everybody, moment, officials, personErrors, readErrors, writeErrors } from './reports-parts.js';
import { exampleId } from './shared.js';

export const getObligations = defineRoute({
  operationId: 'getObligations',
  method: 'GET',
  path: '/v1/obligations',
  command: 'obligation list',
  summary: 'Every obligation of the agreement: its state, its due date and the next step',
  description:
    'Computed from what is on record, each time. Facts and evidence are for Camat, admin and evaluator; whoever works at the counter sees the states.',
  access: { scope: 'reports:read', roles: everybody },
  query: OfficeQuery,
  response: {
    status: 200,
    description: 'The worst first to be looked at: `worst`',
    schema: ObligationList,
    examples: {
      dueSoon: {
        institution: { id: exampleId, name: 'Kecamatan Contoh', regionCode: '33.13.04' },
        at: moment,
        worst: 'DUE_SOON',
        obligations: [
          {
            rule: 'semester-report',
            clause: 'O-20',
            title: 'Laporan semester',
            state: 'DUE_SOON',
            dueOn: '2026-06-30',
            dueAt: null,
            facts: [{ label: 'Keadaan', value: 'Draf' }],
            evidence: [{ label: 'Laporan', href: `/v1/reports/${exampleId}` }],
            nextStep: 'Periksa draf, lalu mintakan persetujuan Camat.',
          },
        ],
        unknown: [],
      },
    },
  },
  errors: ['RESOURCE_NOT_FOUND', ...readErrors],
});

// duties of 72 hours

const exampleDuty = {
  id: exampleId,
  kind: 'PERSON_TRAIL',
  number: '045.2/17/XI/2026',
  receivedAt: '2026-06-01T02:00:00.000Z',
  dueAt: '2026-06-04T02:00:00.000Z',
  recordedBy: exampleId,
  done: null,
} as const;

export const openOfficeDuty = defineRoute({
  operationId: 'openOfficeDuty',
  method: 'POST',
  path: '/v1/duties',
  command: 'duty open',
  summary: 'A request or an incident that has to be answered within 72 hours (UU 27/2022 art. 32, 46)',
  access: { session: true, roles: officials },
  body: {
    schema: NewDuty,
    contentType: 'application/json',
    examples: {
      trail: { kind: 'PERSON_TRAIL', number: '045.2/17/XI/2026', receivedAt: '2026-06-01T09:00:00+07:00' },
    },
  },
  response: { status: 201, description: 'Its clock runs', schema: Duty, examples: { open: exampleDuty } },
  errors: ['STATE_CONFLICT', ...writeErrors],
});
export const closeOfficeDuty = defineRoute({
  operationId: 'closeOfficeDuty',
  method: 'POST',
  path: '/v1/duties/{id}/done',
  command: 'duty done',
  summary: 'It was answered, by this letter',
  access: { session: true, roles: officials },
  body: {
    schema: DutyDone,
    contentType: 'application/json',
    examples: { answered: { at: '2026-06-02T10:00:00+07:00', letterNumber: '470/118/2026' } },
  },
  response: {
    status: 200,
    description: 'The clock has stopped',
    schema: Duty,
    examples: {
      done: {
        ...exampleDuty,
        done: { at: '2026-06-02T03:00:00.000Z', letterNumber: '470/118/2026', note: null, late: false },
      },
    },
  },
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT', ...writeErrors],
});
export const listOfficeDuties = defineRoute({
  operationId: 'listOfficeDuties',
  method: 'GET',
  path: '/v1/duties',
  command: 'duty list',
  summary: 'Duties of 72 hours, those that run first',
  access: { scope: 'reports:read', roles: officials },
  response: {
    status: 200,
    description: 'Of the own office',
    schema: DutyList,
    examples: { list: { duties: [exampleDuty] } },
  },
  errors: [...readErrors],
});

// reminders

const settings = {
  status: 200,
  description: 'Without the secret',
  schema: ReminderSettingsSummary,
  examples: {
    set: { emails: ['camat@kecamatan.example'], webhook: { url: 'https://hook.example/gerbang' }, mailServer: true },
  },
} as const;
const exampleReminder = {
  id: exampleId,
  rule: 'semester-report',
  clause: 'O-20',
  obligationState: 'DUE_SOON',
  channel: 'EMAIL',
  recipient: 'camat@kecamatan.example',
  state: 'SENT',
  attempts: 1,
  failure: null,
  createdAt: moment,
  sendingSince: null,
  sentAt: moment,
} as const;

export const getReminderSettings = defineRoute({
  operationId: 'getReminderSettings',
  method: 'GET',
  path: '/v1/reminders/settings',
  command: 'reminder settings',
  summary: 'Who is reminded, by e-mail and webhook',
  access: { session: true, roles: ['admin'] },
  response: settings,
  errors: [...personErrors],
});
export const putReminderSettings = defineRoute({
  operationId: 'putReminderSettings',
  method: 'PUT',
  path: '/v1/reminders/settings',
  command: 'reminder configure',
  summary: 'Remind these of what is due; never with personal data',
  description: 'Each call of the webhook is signed with the secret (HMAC-SHA-256).',
  access: { session: true, roles: ['admin'] },
  body: {
    schema: ReminderSettings,
    contentType: 'application/json',
    examples: {
      both: {
        emails: ['camat@kecamatan.example'],
        webhook: { url: 'https://hook.example/gerbang', secret: 'paling-pendek-16-huruf' },
      },
    },
  },
  response: settings,
  errors: [...writeErrors],
});
export const listOfficeReminders = defineRoute({
  operationId: 'listOfficeReminders',
  method: 'GET',
  path: '/v1/reminders',
  command: 'reminder list',
  summary: 'Reminders and whether they went out, newest first',
  access: { scope: 'reports:read', roles: officials },
  query: ReportingPageQuery,
  response: {
    status: 200,
    description: 'A page of them',
    schema: ReminderPage,
    examples: { page: { reminders: [exampleReminder], next: null } },
  },
  errors: [...readErrors],
});
export const resendOfficeReminder = defineRoute({
  operationId: 'resendOfficeReminder',
  method: 'POST',
  path: '/v1/reminders/{id}/resend',
  command: 'reminder resend',
  summary: 'Send one that failed or is uncertain once more',
  access: { session: true, roles: ['admin'] },
  response: {
    status: 200,
    description: 'It waits again',
    schema: Reminder,
    examples: { waiting: { ...exampleReminder, state: 'WAITING', sentAt: null } },
  },
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT', ...personErrors],
});
