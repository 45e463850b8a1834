import { z } from 'zod';
import { Actor, Day, VerificationMode } from './actor.js';
import { ElementName, PersonElements } from './elements.js';
import { nikMessages, nikWarningCodes } from './nik.js';
import { Purpose } from './purpose.js';
import { defineRpc } from './rpc.js';
import { errorCodes, type ErrorCode } from './errors.js';

export const outcomes = ['FOUND', 'NOT_FOUND', 'DECEASED', 'DUPLICATE', 'INACTIVE', 'UNPROCESSABLE'] as const;
/** What the register answered about the NIK. All but FOUND come without data; the citizen is referred to Disdukcapil. */
export const Outcome = z.enum(outcomes).meta({ id: 'Outcome' });
export type Outcome = z.infer<typeof Outcome>;

const typedText = z.string().trim().min(1).max(200);

/** The elements as the citizen told them, to be compared by the register. */
export const MatchElements = z
  .strictObject({
    noKk: z.string().regex(/^\d{16}$/, 'Nomor KK harus 16 angka.'),
    namaLengkap: typedText,
    jenisKelamin: typedText,
    tempatLahir: typedText,
    tanggalLahir: z.iso.date('Tanggal lahir ditulis YYYY-MM-DD.'),
    jenisPekerjaan: typedText,
    statusPerkawinan: typedText,
    alamat: typedText,
    threshold: z
      .int()
      .min(1)
      .max(100)
      .meta({ description: 'Least similarity of texts that counts as agreeing, per cent; default 100' }),
  })
  .partial()
  .refine(
    (match) => Object.keys(match).some((key) => key !== 'threshold'),
    'Isi sedikitnya satu unsur untuk dicocokkan.',
  )
  .meta({ id: 'MatchElements' });
export type MatchElements = z.infer<typeof MatchElements>;

/** `POST /v1/verifications`: with `match` the elements are compared, without it they are looked up. */
export const VerificationRequest = z
  .strictObject({
    nik: z
      .string('NIK harus dikirim sebagai teks (string), bukan angka: angka 16 digit berubah di dalam JSON.')
      .max(64, 'NIK harus terdiri atas 16 angka.')
      .meta({ description: '16 digits as a string; blanks, dots and dashes are dropped' }),
    purpose: Purpose,
    fields: z
      .array(ElementName)
      .min(1, 'Sebutkan sedikitnya satu unsur.')
      .max(9)
      .optional()
      .meta({ description: 'Elements wanted; default: all that are granted to you' }),
    match: MatchElements.optional(),
    confirmWarnings: z.boolean().optional().meta({ description: 'true: send although the NIK looks mistyped' }),
  })
  .refine((body) => !(body.fields && body.match), {
    path: ['fields'],
    message: 'Kirim salah satu: fields (ambil data) atau match (cocokkan data).',
  })
  .meta({ id: 'VerificationRequest' });
export type VerificationRequest = z.infer<typeof VerificationRequest>;

export const NikWarning = z
  .strictObject({ code: z.enum(nikWarningCodes), message: z.string() })
  .meta({ id: 'NikWarning', examples: [{ code: 'SERIAL_ZERO', message: nikMessages.SERIAL_ZERO }] });

/** Where the day's hits stand after this answer (O-03). */
export const Quota = z
  .strictObject({
    day: Day,
    limit: z.int(),
    used: z.int(),
    left: z.int(),
    resetAt: z.iso.datetime({ offset: true }).meta({ description: 'Next midnight in Asia/Jakarta' }),
    warning: z.enum(['QUOTA_70', 'QUOTA_90']).optional().meta({ description: '70 % or 90 % of the day is used' }),
  })
  .meta({ id: 'Quota' });
export type Quota = z.infer<typeof Quota>;

export const ElementMatch = z
  .strictObject({
    agrees: z.boolean(),
    similarity: z.int().min(0).max(100).optional().meta({ description: 'Per cent, where the register tells it' }),
  })
  .meta({ id: 'ElementMatch' });
export type ElementMatch = z.infer<typeof ElementMatch>;

export const VerificationResult = z
  .strictObject({
    id: z.uuid(),
    outcome: Outcome,
    data: PersonElements.optional(),
    match: z.partialRecord(ElementName, ElementMatch).optional(),
    warnings: z.array(NikWarning),
    quota: Quota,
    receipt: z
      .string()
      .meta({ description: 'Compact JWS that proves this look-up without the person; docs/evidence-format.md' }),
    receiptCode: z.string().meta({
      description: 'Its short code for the document that you issue (O-06); as a picture: GET /v1/receipts/{code}/qr',
    }),
  })
  .meta({ id: 'VerificationResult' });
export type VerificationResult = z.infer<typeof VerificationResult>;

/** The ledger's word on a hit. `unknown` may have left and stays counted; `released` provably never left (O-03). */
export const hitStates = ['reserved', 'confirmed', 'unknown', 'released'] as const;
export const HitState = z.enum(hitStates).meta({ id: 'HitState' });
export type HitState = z.infer<typeof HitState>;

/** One line of the trail: everything about a look-up but the person. */
export const VerificationTrailEntry = z
  .strictObject({
    id: z.uuid(),
    at: z.iso.datetime(),
    kind: z.enum(['LOOKUP', 'MATCH', 'REFUSAL']),
    agreementVersionId: z.uuid().nullable(),
    clientId: z.string(),
    operatorId: z.uuid().nullable(),
    purpose: z.strictObject({ service: z.string(), reference: z.string() }).nullable(),
    fields: z.array(ElementName),
    hit: HitState.nullable(),
    outcome: z.string().nullable().meta({ description: 'An Outcome, or the code of the error; null while in flight' }),
    latencyMs: z.int().nullable(),
  })
  .meta({ id: 'VerificationTrailEntry' });
export type VerificationTrailEntry = z.infer<typeof VerificationTrailEntry>;

export const VerificationTrailQuery = z.strictObject({
  institutionId: z
    .uuid()
    .optional()
    .meta({ description: 'For an evaluator who has logged in: a kecamatan of the kabupaten. Default: your own' }),
  from: Day.optional().meta({ description: 'First day, Asia/Jakarta' }),
  to: Day.optional().meta({ description: 'Last day, Asia/Jakarta, included' }),
  operatorId: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z.uuid().optional().meta({ description: 'Go on after this entry: the `next` of the page before' }),
});
export type VerificationTrailQuery = z.infer<typeof VerificationTrailQuery>;

export const VerificationTrail = z
  .strictObject({ entries: z.array(VerificationTrailEntry), next: z.uuid().nullable() })
  .meta({ id: 'VerificationTrail' });
export type VerificationTrail = z.infer<typeof VerificationTrail>;

/** How the way to the ministry stands, for one institution. */
export const UpstreamState = z
  .strictObject({
    state: z.enum(['ready', 'open', 'trial', 'access-broken', 'quota-used-up', 'outside-hours', 'not-configured']),
    since: z.iso.datetime().nullable(),
    until: z.iso.datetime().nullable(),
  })
  .meta({ id: 'UpstreamState' });
export type UpstreamState = z.infer<typeof UpstreamState>;

const verifyInput = z.strictObject({
  actor: Actor,
  request: VerificationRequest,
  idempotencyKey: z.string().max(200).optional(),
});

const verifyErrors = [
  'NIK_INVALID',
  'NIK_NEEDS_CONFIRMATION',
  'AGREEMENT_ENDED',
  'AGREEMENT_NOT_STARTED',
  'QUOTA_NOT_GRANTED',
  'QUOTA_EXHAUSTED',
  'ALREADY_ANSWERED',
  'REQUEST_IN_PROGRESS',
  'IDEMPOTENCY_KEY_REUSED',
  'EVIDENCE_UNAVAILABLE',
  'EVIDENCE_STALLED',
  'UPSTREAM_NOT_CONFIGURED',
  'UPSTREAM_CLOSED',
  'UPSTREAM_ACCESS_BROKEN',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNKNOWN',
  'OVERLOADED',
] as const satisfies readonly ErrorCode[];

/** One look-up or match: spends at most one hit. */
export const verify = defineRpc({
  subject: 'verification.verify.v1',
  input: verifyInput,
  output: VerificationResult,
  errors: verifyErrors,
});

/** The same, asked of the one replica that already has an identical look-up in flight, so that both share its hit. */
export const verifyAt = (instanceId: string) =>
  defineRpc({
    subject: `verification.verify-at.v1.${instanceId}`,
    input: verifyInput,
    output: VerificationResult,
    errors: verifyErrors,
  });

/** A refusal at the gateway is evidence too, without a NIK (O-15, O-21). */
export const recordRefusal = defineRpc({
  subject: 'verification.record-refusal.v1',
  input: z.strictObject({
    institutionId: z.uuid(),
    agreementVersionId: z.uuid().nullable(),
    clientId: z.string(),
    operatorId: z.uuid().nullable(),
    purpose: Purpose.nullable(),
    mode: VerificationMode.nullable(),
    fields: z.array(ElementName),
    code: z.enum(errorCodes),
  }),
  output: z.strictObject({ id: z.uuid() }),
  errors: ['EVIDENCE_UNAVAILABLE', 'OVERLOADED'],
});

export const listTrail = defineRpc({
  subject: 'verification.list-trail.v1',
  input: z.strictObject({ institutionId: z.uuid(), query: VerificationTrailQuery.omit({ institutionId: true }) }),
  output: VerificationTrail,
  errors: [],
});

/** Quota and the way to the ministry as they stand now; costs no hit. */
export const getStanding = defineRpc({
  subject: 'verification.get-standing.v1',
  input: z.strictObject({ institutionId: z.uuid() }),
  output: z.strictObject({ quota: Quota, upstream: UpstreamState }),
  errors: [],
});
