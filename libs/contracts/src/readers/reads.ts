import { z } from 'zod';
import { Role } from '../actor.js';
import { plainText } from '../administration/parts.js';
import { ElementName } from '../elements.js';
import { errorCodes } from '../errors.js';
import { Purpose } from '../purpose.js';
import { VerificationResult } from '../verification.js';
import { AgentStatus, readerFaults } from './agent.js';
import { samStates, readerStates } from './register.js';
import { CardElements, mostFingerTries, ReadOutcome, ResultLevel } from './result.js';

/** Indonesian, for the counter: what is wrong at the reader, and what to do. */
export const readerFaultDetails: Record<(typeof readerFaults)[number], string> = {
  NO_DRIVER: 'Driver alat baca tidak berjalan. Nyalakan layanan PC/SC di komputer alat baca.',
  NO_READER: 'Alat baca tidak terdeteksi. Periksa kabel USB dan dayanya.',
  NO_SAM: 'SAM tidak ada di slotnya. Pasang SAM yang terdaftar untuk alat baca ini.',
  SAM_MISMATCH: 'SAM di slot bukan yang terdaftar untuk alat baca ini. Pasang SAM yang benar atau hubungi admin.',
  NO_VENDOR_SDK: 'Program (SDK) dari vendor alat baca belum terpasang. Hubungi vendor atau admin.',
  READER_FAULT: 'Alat baca bermasalah. Cabut lalu pasang kembali; bila tetap, hubungi admin.',
  PERMIT_EXPIRED: 'Izin alat baca habis. Periksa sambungan komputer ini ke kantor kecamatan.',
  CLOCK_SKEW: 'Jam komputer alat baca tidak tepat. Samakan jamnya (NTP).',
};

/** A reader as the counter sees it. */
export const ReaderSummary = z
  .strictObject({
    id: z.uuid(),
    brand: z.string(),
    type: z.string(),
    serial: z.string(),
    workUnit: z.string(),
    state: z.enum(readerStates),
    adapter: AgentStatus.shape.adapter.nullable().meta({
      description:
        'How its agent reaches it, as it told last; a `simulator` reads only where the installation is a try-out',
    }),
    journal: z
      .strictObject({
        waiting: z.int().meta({ description: 'Checks without a line that have not been handed in' }),
        lost: z.int().optional().meta({ description: 'Checks that the agent says it has lost' }),
        damaged: z.int().optional().meta({ description: 'Lines of its journal that cannot be read any more' }),
      })
      .nullable()
      .meta({ description: 'As its agent told last' }),
    sam: z.enum(samStates).nullable(),
    ready: z.boolean().meta({ description: 'true: a read by you, from here, now, would be let through' }),
    missing: z
      .array(z.strictObject({ code: z.enum(errorCodes), detail: z.string() }))
      .meta({ description: 'Every gate that is shut' }),
    faults: z
      .array(z.strictObject({ code: z.enum(readerFaults), detail: z.string() }))
      .meta({ description: 'What the agent finds wrong at the reader' }),
  })
  .meta({ id: 'ReaderSummary' });
export type ReaderSummary = z.infer<typeof ReaderSummary>;

export const ReaderSummaryList = z.strictObject({ readers: z.array(ReaderSummary) }).meta({ id: 'ReaderSummaryList' });
export type ReaderSummaryList = z.infer<typeof ReaderSummaryList>;

/** `POST /v1/readers/{id}/reads` */
export const ReadRequest = z
  .strictObject({
    purpose: Purpose,
    fields: z
      .array(ElementName)
      .min(1, 'Sebutkan sedikitnya satu unsur.')
      .max(9)
      .optional()
      .meta({ description: 'Elements wanted; default: all that are granted to you and that a card has' }),
    then: z
      .enum(['LOOKUP', 'MATCH'])
      .optional()
      .meta({
        description:
          "After a match of the finger: look the chip's NIK up in the register, or compare the chip's elements with it. " +
          'Same purpose, one hit of the day',
      }),
  })
  .meta({ id: 'ReadRequest' });
export type ReadRequest = z.infer<typeof ReadRequest>;

/** How a read ended. */
export const ReadAnswer = z
  .strictObject({
    id: z.uuid(),
    outcome: ReadOutcome,
    tries: z.int().min(0).max(mostFingerTries).meta({ description: 'Tries of the finger that failed' }),
    level: ResultLevel.nullable().meta({
      description: 'What the counter may rely on; null without a match of the finger',
    }),
    elements: CardElements.optional().meta({ description: 'Of the chip, as they were when the card was printed' }),
    verification: VerificationResult.optional().meta({ description: "The register's answer, with `then`" }),
    comparison: z
      .partialRecord(ElementName, z.boolean())
      .optional()
      .meta({
        description:
          'With `then: LOOKUP`: whether card and register agree in each element, blanks and case aside; NIK, name and birth date ' +
          'are compared wherever they are granted',
      }),
    verificationProblem: z
      .strictObject({ code: z.enum(errorCodes), detail: z.string() })
      .optional()
      .meta({ description: 'Why the register could not be asked; the card is verified all the same' }),
    detail: z.string().meta({ description: 'Indonesian: what it means and what to do next' }),
  })
  .meta({ id: 'ReadAnswer' });
export type ReadAnswer = z.infer<typeof ReadAnswer>;

/** First event of the stream: from now on it can be cancelled under this id. */
export const ReadBegun = z
  .strictObject({ id: z.uuid(), deadlineMs: z.int().meta({ description: 'For the whole read' }) })
  .meta({ id: 'ReadBegun' });

export const ReadCancelled = z
  .strictObject({ running: z.boolean().meta({ description: 'false: it was over already' }) })
  .meta({ id: 'ReadCancelled' });

export const exceptionReasons = ['WORN_FINGER', 'INJURED_FINGER', 'DAMAGED_CARD', 'READER_OUT_OF_ORDER'] as const;
export const ExceptionReason = z.enum(exceptionReasons).meta({ id: 'ExceptionReason' });
export type ExceptionReason = z.infer<typeof ExceptionReason>;

export const NewReaderException = z
  .strictObject({
    purpose: Purpose,
    reason: ExceptionReason,
    note: plainText(500).meta({ description: 'How the person was identified instead. Never a NIK' }),
    readId: z.uuid().optional().meta({ description: 'The read that did not succeed' }),
  })
  .meta({ id: 'NewReaderException' });
export type NewReaderException = z.infer<typeof NewReaderException>;

export const exceptionDecisions = ['approved', 'rejected'] as const;

export const ReaderExceptionDecision = z
  .strictObject({ decision: z.enum(exceptionDecisions), note: plainText(500) })
  .meta({ id: 'ReaderExceptionDecision' });
export type ReaderExceptionDecision = z.infer<typeof ReaderExceptionDecision>;

const Person = z.strictObject({ id: z.uuid(), name: z.string(), role: Role });

export const ReaderExceptionDetail = z
  .strictObject({
    id: z.uuid(),
    readerId: z.uuid(),
    readId: z.uuid().nullable(),
    purpose: Purpose,
    reason: ExceptionReason,
    note: z.string(),
    requestedBy: Person,
    requestedAt: z.iso.datetime(),
    decision: z.enum(exceptionDecisions).nullable(),
    decidedBy: Person.nullable(),
    decidedAt: z.iso.datetime().nullable(),
    decisionNote: z.string().nullable(),
  })
  .meta({ id: 'ReaderExceptionDetail' });
export type ReaderExceptionDetail = z.infer<typeof ReaderExceptionDetail>;

export const ReaderExceptionQuery = z.strictObject({
  open: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'true: only those that wait; false: only decided ones' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.uuid().optional().meta({ description: 'Go on after this entry: the `next` of the page before' }),
});
export type ReaderExceptionQuery = z.infer<typeof ReaderExceptionQuery>;

export const ReaderExceptionPage = z
  .strictObject({
    exceptions: z.array(ReaderExceptionDetail),
    counts: z.strictObject({ open: z.int(), approved: z.int(), rejected: z.int() }),
    next: z.uuid().nullable(),
  })
  .meta({ id: 'ReaderExceptionPage' });
export type ReaderExceptionPage = z.infer<typeof ReaderExceptionPage>;
