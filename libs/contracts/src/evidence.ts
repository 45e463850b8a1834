import { z } from 'zod';
import { VerificationMode } from './actor.js';
import { ElementName } from './elements.js';
import { holdsNik } from './nik.js';
import { PatenService } from './purpose.js';
import { defineRpc } from './rpc.js';
import { Outcome } from './verification.js';

// docs/evidence-format.md is the specification of what is hashed and signed; these are the ways to ask for it.

const base64 = z.base64();
const hash = z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'SHA-256 dalam base64');
const hex = z.string().regex(/^[0-9a-f]{64}$/);
const index = z.int().min(0);
const moment = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);

/** A C2SP tlog-checkpoint and what it says. */
export const Checkpoint = z
  .strictObject({
    origin: z.string(),
    size: index.meta({ description: 'Number of leaves' }),
    root: hash.meta({ description: 'RFC 6962 root hash, base64' }),
    signedAt: z.iso.datetime(),
    note: z.string().meta({ description: 'The signed note as it is checked (C2SP tlog-checkpoint)' }),
  })
  .meta({ id: 'Checkpoint' });
export type Checkpoint = z.infer<typeof Checkpoint>;

const ofInstitution = {
  institutionId: z
    .uuid()
    .optional()
    .meta({ description: 'For an evaluator who has logged in: a kecamatan of the kabupaten. Default: your own' }),
};

export const EvidenceQuery = z.strictObject(ofInstitution);

export const CheckpointQuery = z.strictObject({
  ...ofInstitution,
  limit: z.coerce.number().int().min(1).max(100).default(20),
  before: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .meta({ description: 'Only smaller ones: the `next` of the page before' }),
});
export type CheckpointQuery = z.infer<typeof CheckpointQuery>;

/** Newest first. `keys` check the signatures; compare them once with what the installation told you on paper. */
export const CheckpointPage = z
  .strictObject({
    origin: z.string(),
    keys: z.array(z.string()).meta({ description: 'Verifier keys (C2SP signed note)' }),
    checkpoints: z.array(Checkpoint),
    next: index.nullable(),
  })
  .meta({ id: 'CheckpointPage' });
export type CheckpointPage = z.infer<typeof CheckpointPage>;

export const InclusionQuery = z
  .strictObject({
    ...ofInstitution,
    verificationId: z.uuid().optional().meta({ description: 'A look-up: proves its last event' }),
    eventId: z.uuid().optional(),
    index: z.coerce.number().int().min(0).optional(),
    size: z.coerce
      .number()
      .int()
      .min(1)
      .optional()
      .meta({ description: 'Size of a checkpoint; default: the newest one' }),
  })
  .refine(
    ({ verificationId, eventId, index }) =>
      [verificationId, eventId, index].filter((one) => one !== undefined).length === 1,
    { path: ['verificationId'], message: 'Sebutkan salah satu: verificationId, eventId, atau index.' },
  );
export type InclusionQuery = z.infer<typeof InclusionQuery>;

export const InclusionProof = z
  .strictObject({
    index,
    size: index,
    leafHash: hash,
    hashes: z.array(hash).meta({ description: 'RFC 6962 2.1.1, from the leaf up' }),
    checkpoint: Checkpoint,
  })
  .meta({ id: 'InclusionProof' });
export type InclusionProof = z.infer<typeof InclusionProof>;

export const ConsistencyQuery = z.strictObject({
  ...ofInstitution,
  from: z.coerce.number().int().min(0).meta({ description: 'Size of the older checkpoint' }),
  to: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .meta({ description: 'Size of the newer checkpoint; default: the newest' }),
});
export type ConsistencyQuery = z.infer<typeof ConsistencyQuery>;

export const ConsistencyProof = z
  .strictObject({
    from: index,
    to: index,
    hashes: z.array(hash).meta({ description: 'RFC 6962 2.1.2' }),
    checkpoint: Checkpoint.meta({ description: 'The newer one' }),
  })
  .meta({ id: 'ConsistencyProof' });
export type ConsistencyProof = z.infer<typeof ConsistencyProof>;

export const logFaults = ['ROLLED_BACK', 'FORKED', 'KEY_CHANGED'] as const;

export const EvidenceStatus = z
  .strictObject({
    origin: z.string().nullable(),
    size: index,
    pending: z.int().meta({ description: 'Events that have no index yet, counted up to 10 000' }),
    lagSeconds: z.int().meta({ description: 'Age of the oldest of them' }),
    lastCheckpoint: Checkpoint.nullable(),
    fault: z.enum(logFaults).nullable().meta({
      description:
        'The database does not fit the last checkpoint outside of it: nothing is signed until an admin acknowledges it',
    }),
    stalled: z.boolean().meta({ description: 'Look-ups are stopped, because evidence lags too far behind' }),
  })
  .meta({ id: 'EvidenceStatus' });
export type EvidenceStatus = z.infer<typeof EvidenceStatus>;

export const EvidenceExportQuery = z.strictObject({
  ...ofInstitution,
  from: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .meta({ description: 'Size of the checkpoint after which it begins; default: the beginning' }),
  to: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .meta({ description: 'Size of the checkpoint with which it ends; default: the newest' }),
  generation: z.coerce.number().int().min(1).optional().meta({ description: 'Default: the present one' }),
});
export type EvidenceExportQuery = z.infer<typeof EvidenceExportQuery>;

export const ReceiptVerification = z
  .strictObject({
    receipt: z
      .string()
      .trim()
      .min(1, 'Isi kode bukti, JWS, atau id pemeriksaan.')
      .max(4_000)
      .meta({ description: 'The JWS, the short code (XXXX-XXXX-XXXX-XXXX-C) or the id of the look-up' }),
  })
  .meta({ id: 'ReceiptVerification' });

export const receiptFaults = ['UNKNOWN', 'FORGED', 'NOT_IN_LOG'] as const;

/** What is left after a restore behind a signed checkpoint, and where the log goes on. */
export const EvidenceGap = z
  .strictObject({
    fault: z.enum(logFaults),
    previousOrigin: z.string(),
    origin: z.string().meta({ description: 'Of the new generation; its first leaf is the statement of the gap' }),
    keptSize: index,
    lostEvents: index.meta({ description: 'Events that had been signed and are not in this database any more' }),
  })
  .meta({ id: 'EvidenceGap' });
export type EvidenceGap = z.infer<typeof EvidenceGap>;

/** Whether a receipt is genuine, and what it says; never anything about the person. */
export const ReceiptVerdict = z
  .strictObject({
    genuine: z.boolean(),
    fault: z.enum(receiptFaults).optional(),
    /** Indonesian, for the counter. */
    message: z.string(),
    receipt: z
      .strictObject({
        id: z.uuid(),
        code: z.string(),
        at: z.string(),
        institution: z.strictObject({ id: z.uuid(), name: z.string().nullable(), regionCode: z.string().nullable() }),
        agreement: z.strictObject({ versionId: z.uuid(), number: z.string().nullable() }),
        service: PatenService,
        mode: VerificationMode,
        outcome: Outcome,
        elements: z.array(ElementName),
        jws: z.string().optional().meta({ description: 'The receipt itself, where it was what you sent' }),
      })
      .optional(),
    proof: InclusionProof.nullish().meta({
      description: 'null: recorded, but not yet part of a checkpoint; ask again in a minute',
    }),
  })
  .meta({ id: 'ReceiptVerdict' });
export type ReceiptVerdict = z.infer<typeof ReceiptVerdict>;

export const PersonTrailRequest = z
  .strictObject({
    nik: z.string('NIK harus dikirim sebagai teks (string).').max(64, 'NIK harus terdiri atas 16 angka.'),
    requestNumber: z
      .string()
      .trim()
      .min(1, 'Isi nomor surat permohonan warga.')
      .max(80, 'Paling panjang 80 huruf.')
      .refine((text) => !holdsNik(text), 'Nomor surat tidak boleh memuat NIK atau nomor KK.')
      .meta({
        description: 'Number of the person’s request (UU 27/2022 art. 32), which has to be answered within 3x24 hours',
      }),
  })
  .meta({ id: 'PersonTrailRequest' });
export type PersonTrailRequest = z.infer<typeof PersonTrailRequest>;

/** Who looked at a person's data here, when and what for (O-24), newest first. */
export const PersonTrail = z
  .strictObject({
    /** Of this disclosure, which is evidence itself. */
    id: z.uuid(),
    at: z.iso.datetime(),
    institution: z.strictObject({ id: z.uuid(), name: z.string() }),
    entries: z.array(
      z.strictObject({
        id: z.uuid().meta({ description: 'Of the look-up' }),
        at: z.iso.datetime(),
        office: z.string().meta({ description: 'Institution, and the work unit where it is known' }),
        service: PatenService,
        reference: z.string(),
        mode: VerificationMode,
        elements: z.array(ElementName).meta({ description: 'Asked for; shown only if the outcome is FOUND' }),
        outcome: z.string().nullable(),
      }),
    ),
    complete: z.boolean().meta({ description: 'false: there are more than 1000, or an agreement’s key is destroyed' }),
  })
  .meta({ id: 'PersonTrail' });
export type PersonTrail = z.infer<typeof PersonTrail>;

// on the bus

const institution = z.strictObject({ institutionId: z.uuid() });

export const listCheckpoints = defineRpc({
  subject: 'verification.list-checkpoints.v1',
  input: institution.extend({ query: CheckpointQuery.omit({ institutionId: true }) }),
  output: CheckpointPage,
  errors: ['RESOURCE_NOT_FOUND'],
});

/** Gives what is waiting its index and signs, now. */
export const signCheckpoint = defineRpc({
  subject: 'verification.sign-checkpoint.v1',
  input: institution,
  output: Checkpoint,
  errors: ['RESOURCE_NOT_FOUND', 'EVIDENCE_UNAVAILABLE', 'EVIDENCE_ROLLED_BACK'],
});

export const proveInclusion = defineRpc({
  subject: 'verification.prove-inclusion.v1',
  input: institution.extend({
    leaf: z.union([
      z.strictObject({ verificationId: z.uuid() }),
      z.strictObject({ eventId: z.uuid() }),
      z.strictObject({ index }),
    ]),
    size: index.optional(),
  }),
  output: InclusionProof,
  errors: ['RESOURCE_NOT_FOUND', 'NOT_IN_CHECKPOINT'],
});

export const proveConsistency = defineRpc({
  subject: 'verification.prove-consistency.v1',
  input: institution.extend({ from: index, to: index.optional() }),
  output: ConsistencyProof,
  errors: ['RESOURCE_NOT_FOUND', 'NOT_IN_CHECKPOINT'],
});

export const getEvidenceStatus = defineRpc({
  subject: 'verification.get-evidence-status.v1',
  input: institution,
  output: EvidenceStatus,
  errors: [],
});

/** What the export of a bundle begins with; its bounds are checkpoints. */
export const beginExport = defineRpc({
  subject: 'verification.begin-export.v1',
  input: institution.extend({ from: index, to: index.optional(), generation: z.int().min(1).optional() }),
  output: z.strictObject({
    logId: z.int(),
    origin: z.string(),
    keys: z.array(z.string()),
    from: index,
    to: index,
    before: z.array(base64),
  }),
  errors: ['RESOURCE_NOT_FOUND', 'NOT_IN_CHECKPOINT'],
});

/** A page of an export: complete lines of a bundle (docs/evidence-format.md), at least one leaf or the end. */
export const readExport = defineRpc({
  subject: 'verification.read-export.v1',
  input: institution.extend({ logId: z.int(), from: index, next: index, to: index }),
  output: z.strictObject({ lines: z.array(z.string()), checkpoints: z.int(), next: index }),
  errors: ['RESOURCE_NOT_FOUND'],
});

/** After a restore behind a signed checkpoint: opens a new generation with a signed statement of the gap. */
export const acknowledgeRollback = defineRpc({
  subject: 'verification.acknowledge-rollback.v1',
  input: institution.extend({ acknowledgedBy: z.uuid().nullable(), reason: z.string() }),
  output: EvidenceGap,
  errors: ['STATE_CONFLICT'],
});

export const verifyReceipt = defineRpc({
  subject: 'verification.verify-receipt.v1',
  input: ReceiptVerification,
  output: ReceiptVerdict,
  errors: ['RECEIPT_MALFORMED'],
});

export const tracePerson = defineRpc({
  subject: 'verification.trace-person.v1',
  input: z.strictObject({
    institutionId: z.uuid(),
    /** Agreements of the institution: whose keys are still there, those look-ups are found. */
    agreementIds: z.array(z.uuid()),
    operatorId: z.uuid(),
    request: PersonTrailRequest,
  }),
  output: z.strictObject({
    id: z.uuid(),
    at: z.iso.datetime(),
    entries: z.array(
      PersonTrail.shape.entries.element.omit({ office: true }).extend({ operatorId: z.uuid().nullable() }),
    ),
    complete: z.boolean(),
  }),
  errors: ['NIK_INVALID', 'RATE_LIMITED', 'EVIDENCE_UNAVAILABLE'],
});

/** What another part of the system did, for the log. The part keeps the particulars; may be repeated. */
export const ReportedEvent = z.strictObject({
  id: z.uuid(),
  at: moment,
  type: z.enum(['ADMINISTRATION', 'DATA_BALIKAN', 'READER_READ', 'REPORT']),
  institutionId: z.uuid(),
  act: z.string().max(80),
  actorId: z.uuid().nullable(),
  subject: z.string().max(200).nullable(),
  contentHash: hex,
});
export type ReportedEvent = z.infer<typeof ReportedEvent>;

export const reportEvents = defineRpc({
  subject: 'verification.report-events.v1',
  input: z.strictObject({ events: z.array(ReportedEvent).min(1).max(200) }),
  output: z.strictObject({ taken: z.int() }),
  errors: ['EVIDENCE_UNAVAILABLE', 'EVIDENCE_CONFLICT'],
});
