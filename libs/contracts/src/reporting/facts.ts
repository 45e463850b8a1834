import { z } from 'zod';
import { Day } from '../actor.js';
import { defineRpc } from '../rpc.js';
import { BalikanFigures, IncidentFigures, LookUpFigures, ReaderFigures } from './figures.js';
import { Register, RegisterPerson } from './register.js';

// What reporting asks of the owners of the figures. Nobody reads another's tables (DESIGN 3).

const hash = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);
const hex = z.string().regex(/^[0-9a-f]{64}$/);

/** A state of one generation of an institution's log. The figures of a report are those of all of them together. */
export const LogState = z.strictObject({
  origin: z.string(),
  size: z.int().min(0),
  root: hash,
  note: z.string().meta({ description: 'The signed note (C2SP tlog-checkpoint)' }),
});
export type LogState = z.infer<typeof LogState>;

/** The checkpoint up to which is counted: its origin and size, and of several of one size the time; default: the first of them. */
export const AsOf = z.strictObject({
  origin: z.string(),
  size: z.int().min(0),
  at: z.iso.datetime().optional(),
});
export type AsOf = z.infer<typeof AsOf>;

const counted = z.strictObject({
  institutionId: z.uuid(),
  from: Day,
  until: Day,
  /** Default: a checkpoint that is signed now, of everything that is committed. */
  asOf: AsOf.optional(),
});

/** Look-ups and incidents of a period as of a checkpoint; always the same for the same three. From roll-ups, within seconds. */
export const getFigures = defineRpc({
  subject: 'verification.get-figures.v1',
  input: counted,
  output: z.strictObject({
    /** Of the last checkpoint, UTC, by its cosignature. */
    at: z.iso.datetime(),
    /** Every generation of the log up to that one, which stands last; of an earlier one its last checkpoint. */
    checkpoints: z.array(LogState).min(1),
    lookUps: LookUpFigures,
    incidents: IncidentFigures,
  }),
  errors: ['RESOURCE_NOT_FOUND', 'NOT_IN_CHECKPOINT', 'EVIDENCE_UNAVAILABLE', 'EVIDENCE_ROLLED_BACK'],
});

export const ReportedLeafRow = z.strictObject({
  id: z.uuid(),
  at: z.string(),
  type: z.enum(['ADMINISTRATION', 'PERSON_TRAIL', 'DATA_BALIKAN', 'READER_READ', 'REPORT', 'UPSTREAM']),
  act: z.string(),
  subject: z.string().nullable(),
  contentHash: hex.nullable(),
});
export type ReportedLeafRow = z.infer<typeof ReportedLeafRow>;

/** What other parts reported, as leaves of the log up to a checkpoint, in their order; `at` within the period. */
export const listReportedEvents = defineRpc({
  subject: 'verification.list-reported-events.v1',
  input: counted.extend({
    asOf: AsOf,
    types: z.array(ReportedLeafRow.shape.type).min(1).max(6),
    after: z.uuid().nullable(),
    limit: z.int().min(1).max(500).default(400),
  }),
  output: z.strictObject({ events: z.array(ReportedLeafRow), next: z.uuid().nullable() }),
  errors: ['RESOURCE_NOT_FOUND', 'NOT_IN_CHECKPOINT', 'EVIDENCE_UNAVAILABLE'],
});

/** What is counted of the particulars of a leaf `READER_READ` or `DATA_BALIKAN` (docs/report-format.md); null: they do not say it. */
export const CountedContent = z.strictObject({
  outcome: z.string().max(80).nullable(),
  tries: z.int().min(0).max(1_000).nullable(),
  service: z.string().max(80).nullable(),
  receipt: z.string().max(80).nullable(),
  verificationId: z.uuid().nullable(),
});
export type CountedContent = z.infer<typeof CountedContent>;

/** Leaves whose particulars are counted, for one message. */
const mostCounted = 400;

/**
 * Leaves up to a checkpoint whose particulars are counted and have not been handed in yet, in the order of the log: `READER_READ` with act
 * `reader.read` or `reader.offline-check`, `DATA_BALIKAN` with act `data-balikan.delivered`. Default: up to the newest checkpoint there is,
 * and none where there is no log.
 */
export const listUnopenedEvents = defineRpc({
  subject: 'verification.list-unopened-events.v1',
  input: z.strictObject({
    institutionId: z.uuid(),
    asOf: AsOf.optional(),
    limit: z.int().min(1).max(mostCounted).default(mostCounted),
  }),
  output: z.strictObject({ events: z.array(ReportedLeafRow) }),
  errors: ['RESOURCE_NOT_FOUND', 'NOT_IN_CHECKPOINT', 'EVIDENCE_UNAVAILABLE'],
});

/**
 * Hands in what is counted of particulars, each compared with its leaf by whoever opened it. May be repeated: what is on file and says
 * something else is replaced, and counted in `differing`, as is a row that was there before and is missing. Events that are no such leaves of
 * this institution are passed over.
 */
export const keepOpenedEvents = defineRpc({
  subject: 'verification.keep-opened-events.v1',
  input: z.strictObject({
    institutionId: z.uuid(),
    events: z
      .array(z.strictObject({ id: z.uuid(), said: CountedContent }))
      .min(1)
      .max(mostCounted),
  }),
  output: z.strictObject({ kept: z.int(), differing: z.int() }),
  errors: ['EVIDENCE_UNAVAILABLE'],
});

/**
 * What particulars count for, of a period as of a checkpoint; always the same for the same three. EVIDENCE_UNAVAILABLE while one of the
 * leaves up to the checkpoint is not opened ({@link listUnopenedEvents}).
 */
export const getOpenedFigures = defineRpc({
  subject: 'verification.get-opened-figures.v1',
  input: counted.extend({ asOf: AsOf }),
  output: z.strictObject({
    readers: ReaderFigures,
    dataBalikan: BalikanFigures.pick({ delivered: true, byMethod: true, months: true }),
    /** Of each day with one: look-ups for a business service that found somebody, and those of them with a delivered record in their case. */
    covered: z.array(z.strictObject({ day: Day, lookUps: z.int().min(1), sent: z.int().min(0) })),
  }),
  errors: ['RESOURCE_NOT_FOUND', 'NOT_IN_CHECKPOINT', 'EVIDENCE_UNAVAILABLE'],
});

/**
 * Covered look-ups of the period without a delivered record in their case, in whose case one of these look-ups is (they are what
 * undelivered records name), by id; `day` is that of the request in Asia/Jakarta.
 */
export const listAcceptedLookUps = defineRpc({
  subject: 'verification.list-accepted-look-ups.v1',
  input: counted.extend({
    asOf: AsOf,
    named: z.array(z.uuid()).min(1).max(1_000),
    after: z.uuid().nullable(),
    limit: z.int().min(1).max(1_000).default(1_000),
  }),
  output: z.strictObject({
    lookUps: z.array(z.strictObject({ verificationId: z.uuid(), day: Day })),
    next: z.uuid().nullable(),
  }),
  errors: ['RESOURCE_NOT_FOUND', 'NOT_IN_CHECKPOINT', 'EVIDENCE_UNAVAILABLE'],
});

/** Which of these records the log has as delivered, up to a checkpoint. */
export const listDeliveredRecords = defineRpc({
  subject: 'verification.list-delivered-records.v1',
  input: z.strictObject({ institutionId: z.uuid(), asOf: AsOf, records: z.array(z.uuid()).min(1).max(1_000) }),
  output: z.strictObject({ records: z.array(z.uuid()) }),
  errors: ['RESOURCE_NOT_FOUND', 'NOT_IN_CHECKPOINT', 'EVIDENCE_UNAVAILABLE'],
});

/** The particulars of reported events, each with the salt that opens its `contentHash`. What is not here is left out. */
export const OpenedEvent = z.strictObject({
  id: z.uuid(),
  salt: z.base64(),
  content: z.record(z.string(), z.unknown()),
});
export type OpenedEvent = z.infer<typeof OpenedEvent>;
/** So many particulars fit one message. */
export const mostOpened = 100;

const opening = {
  input: z.strictObject({ institutionId: z.uuid(), ids: z.array(z.uuid()).max(mostOpened) }),
  output: z.strictObject({ events: z.array(OpenedEvent) }),
  errors: [],
} as const;

/** ADMINISTRATION and READER_READ, which the gateway keeps. */
export const openAccessEvents = defineRpc({
  subject: 'access.open-events.v1',
  ...opening,
  output: opening.output.extend({
    left: z.array(z.uuid()).meta({ description: 'Not in this answer, because it was full: to be asked for again' }),
  }),
});
/** DATA_BALIKAN, act `data-balikan.delivered`: `subject` of the leaf is the record. */
export const openBalikanEvents = defineRpc({
  subject: 'balikan.open-events.v1',
  input: z.strictObject({
    institutionId: z.uuid(),
    events: z.array(z.strictObject({ id: z.uuid(), subject: z.uuid() })).max(mostOpened),
  }),
  output: opening.output,
  errors: [],
});

/** Kecamatan that reports are made for: every one that has, or had, an agreement. */
export const listOffices = defineRpc({
  subject: 'access.list-offices.v1',
  input: z.strictObject({ after: z.uuid().nullable() }),
  output: z.strictObject({
    offices: z.array(
      z.strictObject({
        id: z.uuid(),
        name: z.string(),
        regionCode: z.string(),
        /** First day of the first agreement, and the last day on which one was or will be in force. */
        validFrom: Day,
        validUntil: Day,
        closed: z.boolean().meta({ description: 'All of its agreements are closed' }),
      }),
    ),
    next: z.uuid().nullable(),
  }),
  errors: [],
});

/** Without what may be much: {@link listPeople}, {@link listExceptions}. */
export const getRegister = defineRpc({
  subject: 'access.get-register.v1',
  input: z.strictObject({ institutionId: z.uuid() }),
  output: Register.omit({ people: true, exceptions: true }),
  errors: ['RESOURCE_NOT_FOUND'],
});

export const listPeople = defineRpc({
  subject: 'access.list-people.v1',
  input: z.strictObject({ institutionId: z.uuid(), after: z.uuid().nullable() }),
  output: z.strictObject({ people: z.array(RegisterPerson), next: z.uuid().nullable() }),
  errors: ['RESOURCE_NOT_FOUND'],
});

/** Exceptions at readers that were requested in the period, oldest first. */
export const listExceptions = defineRpc({
  subject: 'access.list-exceptions.v1',
  input: z.strictObject({ institutionId: z.uuid(), from: Day, until: Day, after: z.uuid().nullable() }),
  output: z.strictObject({ exceptions: Register.shape.exceptions, next: z.uuid().nullable() }),
  errors: ['RESOURCE_NOT_FOUND'],
});

export const UndeliveredRecord = z.strictObject({
  id: z.uuid(),
  verificationId: z.uuid(),
  acceptedAt: z.iso.datetime(),
  state: z.enum(['WAITING', 'PACKED', 'DEAD']),
});
export type UndeliveredRecord = z.infer<typeof UndeliveredRecord>;

/**
 * Records that were accepted up to a moment and not delivered or handed over then, oldest first. Those of which the delivery is not
 * an hour older than the moment are among them: whoever asks takes out what the log has as delivered. With `untold` also those
 * whose delivery, however old, the log has not been told of yet.
 */
export const listUndelivered = defineRpc({
  subject: 'balikan.list-undelivered.v1',
  input: z.strictObject({
    institutionId: z.uuid(),
    at: z.iso.datetime(),
    after: z.uuid().nullable(),
    limit: z.int().min(1).max(1_000).default(1_000),
    untold: z.boolean().optional(),
  }),
  output: z.strictObject({
    records: z.array(UndeliveredRecord),
    next: z.uuid().nullable(),
    /** Days after which a look-up without a record is overdue, as the destination has it. */
    overdueAfterDays: z.int(),
  }),
  errors: [],
});
