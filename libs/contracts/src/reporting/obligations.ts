import { z } from 'zod';
import { Day } from '../actor.js';
import { freeText } from './report.js';

export const obligationStates = ['IN_ORDER', 'DUE_SOON', 'OVERDUE', 'BREACHED', 'NOT_APPLICABLE'] as const;
export const ObligationState = z.enum(obligationStates).meta({ id: 'ObligationState' });
export type ObligationState = z.infer<typeof ObligationState>;

/** One obligation of the agreement, computed from facts; texts are Indonesian, for the Camat. */
export const Obligation = z
  .strictObject({
    rule: z.string().meta({ description: 'Name of the rule, `semester-report`' }),
    clause: z.string().regex(/^O-\d\d$/),
    title: z.string(),
    state: ObligationState,
    dueOn: Day.nullable().meta({ description: 'Last day on which it is in time' }),
    dueAt: z.iso.datetime().nullable().meta({ description: 'Where a clock of hours runs' }),
    facts: z.array(z.strictObject({ label: z.string(), value: z.string() })),
    evidence: z
      .array(z.strictObject({ label: z.string(), href: z.string() }))
      .meta({ description: 'Calls of this API that show the proof' }),
    nextStep: z.string().nullable(),
  })
  .meta({ id: 'Obligation' });
export type Obligation = z.infer<typeof Obligation>;

export const ObligationList = z
  .strictObject({
    institution: z.strictObject({ id: z.uuid(), name: z.string(), regionCode: z.string() }),
    at: z.iso.datetime(),
    worst: ObligationState.nullable().meta({
      description: 'null: nothing is known to be amiss, but not every obligation could be computed',
    }),
    obligations: z.array(Obligation),
    unknown: z.array(z.strictObject({ rule: z.string(), clause: z.string(), reason: z.string() })).meta({
      description: 'Could not be computed, because a part of the system did not answer: never taken for in order',
    }),
  })
  .meta({ id: 'ObligationList' });
export type ObligationList = z.infer<typeof ObligationList>;

/** What has to be done within 3x24 hours (UU 27/2022 art. 32, 46): a person's request for the trail, a breach notice. */
export const dutyKinds = ['PERSON_TRAIL', 'BREACH_NOTICE'] as const;

export const NewDuty = z
  .strictObject({
    kind: z.enum(dutyKinds),
    number: freeText(80)
      .min(1, 'Isi nomor surat atau nomor kejadian.')
      .meta({ description: 'Of the letter or of the incident; never a name or a NIK' }),
    receivedAt: z.iso.datetime({ offset: true }).meta({ description: 'When the clock began; not in the future' }),
  })
  .meta({ id: 'NewDuty' });
export type NewDuty = z.infer<typeof NewDuty>;

export const DutyDone = z
  .strictObject({
    at: z.iso.datetime({ offset: true }),
    letterNumber: freeText(80).min(1, 'Isi nomor surat jawaban.'),
    note: freeText(500).optional(),
  })
  .meta({ id: 'DutyDone' });
export type DutyDone = z.infer<typeof DutyDone>;

export const Duty = z
  .strictObject({
    id: z.uuid(),
    kind: z.enum(dutyKinds),
    number: z.string(),
    receivedAt: z.iso.datetime(),
    dueAt: z.iso.datetime().meta({ description: '72 hours later' }),
    recordedBy: z.uuid().nullable(),
    done: z
      .strictObject({ at: z.iso.datetime(), letterNumber: z.string(), note: z.string().nullable(), late: z.boolean() })
      .nullable(),
  })
  .meta({ id: 'Duty' });
export type Duty = z.infer<typeof Duty>;
export const DutyList = z.strictObject({ duties: z.array(Duty) }).meta({ id: 'DutyList' });
export type DutyList = z.infer<typeof DutyList>;

// reminders: what is due, by e-mail and webhook. Never personal data, never a figure of a person.

export const ReminderSettings = z
  .strictObject({
    emails: z.array(z.email().max(200)).max(20).default([]),
    webhook: z
      .strictObject({
        url: z
          .url({ protocol: /^https?$/ })
          .max(500)
          .refine((url) => {
            if (!URL.canParse(url)) return true;
            const { username, password } = new URL(url);
            return username === '' && password === '';
          }, 'Tanpa nama pengguna dan kata sandi: panggilan ditandatangani dengan `secret`.'),
        secret: z
          .string()
          .min(16, 'Paling pendek 16 huruf.')
          .max(200)
          .meta({ description: 'Signs each call (HMAC-SHA-256); given once and never shown again' }),
      })
      .nullable()
      .default(null),
  })
  .meta({ id: 'ReminderSettings' });
export type ReminderSettings = z.infer<typeof ReminderSettings>;

export const ReminderSettingsSummary = z
  .strictObject({
    emails: z.array(z.string()),
    webhook: z.strictObject({ url: z.string() }).nullable(),
    mailServer: z.boolean().meta({ description: 'Whether the installation has a mail server' }),
  })
  .meta({ id: 'ReminderSettingsSummary' });
export type ReminderSettingsSummary = z.infer<typeof ReminderSettingsSummary>;

export const reminderStates = ['WAITING', 'SENT', 'UNCERTAIN', 'FAILED'] as const;

export const Reminder = z
  .strictObject({
    id: z.uuid(),
    rule: z.string(),
    clause: z.string(),
    obligationState: ObligationState,
    channel: z.enum(['EMAIL', 'WEBHOOK']),
    recipient: z.string().meta({ description: 'Address; of a webhook the URL without its query' }),
    state: z.enum(reminderStates).meta({
      description:
        'UNCERTAIN: the server had all of it and did not answer; it is not sent again by itself, because nobody wants it twice',
    }),
    attempts: z.int(),
    failure: z.string().nullable(),
    createdAt: z.iso.datetime(),
    sendingSince: z.iso.datetime().nullable().meta({ description: 'Of one that is under way' }),
    sentAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Reminder' });
export type Reminder = z.infer<typeof Reminder>;
export const ReminderPage = z
  .strictObject({ reminders: z.array(Reminder), next: z.uuid().nullable() })
  .meta({ id: 'ReminderPage' });
export type ReminderPage = z.infer<typeof ReminderPage>;
