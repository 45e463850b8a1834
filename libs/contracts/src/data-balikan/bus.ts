import { z } from 'zod';
import { Day } from '../actor.js';
import { defineRpc } from '../rpc.js';
import { Batch, BatchPage, BatchQuery, RowFaultPage, RowFaultQuery, UploadPolicy } from './batch.js';
import { Coverage } from './coverage.js';
import { BalikanDelivery, BalikanRetried } from './delivery.js';
import { BalikanDestination, BalikanDestinationSummary } from './destination.js';
import { MediaPackage, MediaPackageList, MediaReceipt } from './media.js';
import { BalikanAccepted, BalikanPage, BalikanQuery, BalikanRecord, BalikanSubmission } from './record.js';

// DESIGN 4: what the gateway asks of data-balikan, and what data-balikan asks of nik-verification.

/** An agreement whose return duty lasts (O-07): it has begun and is not closed. */
export const OwingAgreement = z.strictObject({
  agreementId: z.uuid(),
  agreementVersionId: z.uuid(),
  /** First day of the agreement: no register date of its records is earlier. */
  validFrom: Day,
});
export type OwingAgreement = z.infer<typeof OwingAgreement>;

/** Agreements of one institution whose duty lasts at the same time; a sixth one is not looked at. */
export const mostOwingAgreements = 5;

/**
 * Who stands behind it; the gateway fills it in after the access decision. Files and packages are made under the agreement in
 * force; a record belongs to the one under which the person's data was accessed.
 */
export const BalikanActor = OwingAgreement.extend({
  institutionId: z.uuid(),
  /** Besides the one in force, in the order in which a person is looked for under them. */
  otherAgreements: z
    .array(OwingAgreement)
    .max(mostOwingAgreements - 1)
    .optional(),
  clientId: z.string(),
  operatorId: z.uuid().nullable(),
  institutionName: z.string(),
});
export type BalikanActor = z.infer<typeof BalikanActor>;

const ofActor = z.strictObject({ actor: BalikanActor });
const ofInstitution = z.strictObject({ institutionId: z.uuid() });
const one = ofInstitution.extend({ id: z.uuid() });
const base64 = z.base64();
/** Bytes of a file in one message: base64 of it fits the bus's 256 KB. */
export const chunkBytes = 128 * 1024;
const chunk = z.strictObject({ bytes: base64, last: z.boolean() });

export const submitBalikan = defineRpc({
  subject: 'balikan.submit.v1',
  input: ofActor.extend({
    submission: BalikanSubmission,
    source: z.enum(['FORM', 'WEB_SERVICE']),
    idempotencyKey: z.string().max(200).optional(),
  }),
  output: BalikanAccepted,
  errors: [
    'REQUEST_INVALID',
    'NIK_INVALID',
    'PERSON_NOT_ACCESSED',
    'RECORD_DIFFERS',
    'IDEMPOTENCY_KEY_REUSED',
    'AGREEMENT_CLOSED',
    'EVIDENCE_UNAVAILABLE',
  ],
});
export const listBalikan = defineRpc({
  subject: 'balikan.list.v1',
  input: ofInstitution.extend({ query: BalikanQuery.omit({ institutionId: true }) }),
  output: BalikanPage,
  errors: [],
});
export const getBalikan = defineRpc({
  subject: 'balikan.get.v1',
  input: one,
  output: BalikanRecord,
  errors: ['RESOURCE_NOT_FOUND'],
});

// upload: begin, then the chunks in order (each may be sent again), then seal it with its hash
export const beginUpload = defineRpc({
  subject: 'balikan.begin-upload.v1',
  input: ofActor.extend({ policy: UploadPolicy }),
  output: z.strictObject({ id: z.uuid() }),
  errors: ['AGREEMENT_CLOSED', 'OVERLOADED'],
});
export const uploadChunk = defineRpc({
  subject: 'balikan.upload-chunk.v1',
  input: one.extend({ n: z.int().min(0), bytes: base64 }),
  output: z.strictObject({ n: z.int() }),
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT', 'BODY_TOO_LARGE', 'AGREEMENT_CLOSED'],
});
/** Commits the upload: from here on the file is checked, whatever is restarted. */
export const finishUpload = defineRpc({
  subject: 'balikan.finish-upload.v1',
  input: one.extend({ chunks: z.int().min(0), bytes: z.int().min(0), sha256: z.string() }),
  output: Batch,
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT', 'AGREEMENT_CLOSED'],
});
export const getBatch = defineRpc({
  subject: 'balikan.get-batch.v1',
  input: one,
  output: Batch,
  errors: ['RESOURCE_NOT_FOUND'],
});
export const listBatches = defineRpc({
  subject: 'balikan.list-batches.v1',
  input: ofInstitution.extend({ query: BatchQuery }),
  output: BatchPage,
  errors: [],
});
export const listRowFaults = defineRpc({
  subject: 'balikan.list-row-faults.v1',
  input: one.extend({ query: RowFaultQuery }),
  output: RowFaultPage,
  errors: ['RESOURCE_NOT_FOUND'],
});
/** CANCEL at any time before it is done; TAKE_GOOD_ROWS of one that is HELD. */
export const decideBatch = defineRpc({
  subject: 'balikan.decide-batch.v1',
  input: one.extend({ decision: z.enum(['CANCEL', 'TAKE_GOOD_ROWS']) }),
  output: Batch,
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT'],
});
export const readBatchResult = defineRpc({
  subject: 'balikan.read-batch-result.v1',
  input: one.extend({ n: z.int().min(0) }),
  output: chunk,
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT', 'AGREEMENT_CLOSED'],
});
export const readTemplate = defineRpc({
  subject: 'balikan.read-template.v1',
  input: ofInstitution,
  output: z.strictObject({ bytes: base64 }),
  errors: [],
});

// delivery
export const getDelivery = defineRpc({
  subject: 'balikan.get-delivery.v1',
  /** With an agreement, the numbers are those of its records alone. */
  input: ofInstitution.extend({ agreementId: z.uuid().optional() }),
  output: BalikanDelivery,
  errors: [],
});
export const changeDelivery = defineRpc({
  subject: 'balikan.change-delivery.v1',
  input: ofInstitution.extend({ sending: z.boolean(), reason: z.string(), by: z.uuid().nullable() }),
  output: BalikanDelivery,
  errors: [],
});
/** The kill switch: no institution sends while it is off. Effective everywhere within 5 seconds. */
export const changeAllDelivery = defineRpc({
  subject: 'balikan.change-all-delivery.v1',
  input: z.strictObject({ sending: z.boolean(), reason: z.string(), by: z.uuid().nullable() }),
  output: z.strictObject({ sending: z.boolean() }),
  errors: [],
});
export const retryBalikan = defineRpc({
  subject: 'balikan.retry.v1',
  input: ofInstitution.extend({ id: z.uuid().nullable() }),
  output: BalikanRetried,
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT'],
});
export const configureDestination = defineRpc({
  subject: 'balikan.configure-destination.v1',
  input: ofInstitution.extend({ agreementId: z.uuid(), destination: BalikanDestination }),
  output: BalikanDestinationSummary,
  errors: ['AGREEMENT_CLOSED'],
});
export const describeDestination = defineRpc({
  subject: 'balikan.describe-destination.v1',
  input: ofInstitution,
  output: BalikanDestinationSummary,
  errors: [],
});
/** The end of an agreement: its keys go, and with them every NIK, file and address that they sealed. */
export const destroyBalikanKeys = defineRpc({
  subject: 'balikan.destroy-keys.v1',
  input: ofInstitution.extend({ agreementId: z.uuid() }),
  output: z.strictObject({ destroyedKeyIds: z.array(z.string()), undelivered: z.int() }),
  errors: [],
});

// offline media
export const makeMediaPackage = defineRpc({
  subject: 'balikan.make-media-package.v1',
  input: ofActor,
  output: MediaPackage,
  errors: ['STATE_CONFLICT', 'AGREEMENT_CLOSED'],
});
export const listMediaPackages = defineRpc({
  subject: 'balikan.list-media-packages.v1',
  input: ofInstitution,
  output: MediaPackageList,
  errors: [],
});
export const getMediaPackage = defineRpc({
  subject: 'balikan.get-media-package.v1',
  input: one,
  output: MediaPackage,
  errors: ['RESOURCE_NOT_FOUND'],
});
/** FILE: what goes on the medium; MINUTES: the berita acara, PDF. */
export const readMediaPackage = defineRpc({
  subject: 'balikan.read-media-package.v1',
  input: one.extend({ part: z.enum(['FILE', 'MINUTES']), n: z.int().min(0) }),
  output: chunk,
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT'],
});
export const receiptMediaPackage = defineRpc({
  subject: 'balikan.receipt-media-package.v1',
  input: one.extend({ receipt: MediaReceipt }),
  output: MediaPackage,
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT', 'REQUEST_INVALID'],
});
/** Never handed over after all: its records wait again. */
export const cancelMediaPackage = defineRpc({
  subject: 'balikan.cancel-media-package.v1',
  input: one,
  output: MediaPackage,
  errors: ['RESOURCE_NOT_FOUND', 'STATE_CONFLICT'],
});

export const getCoverage = defineRpc({
  subject: 'balikan.get-coverage.v1',
  input: ofInstitution.extend({ from: z.string(), to: z.string() }),
  output: Coverage,
  errors: [],
});

// what data-balikan asks of nik-verification

/** Look-ups that one person gets: with as many for each of 1,000 people the answer fits the bus's 256 KB. */
export const mostCandidates = 5;

/**
 * Was this person's data accessed under this agreement (O-07)? For each the look-ups that prove it, best first. A look-up that
 * is named is the only one, and counts only if it was of this very person; otherwise one for each case: the same case first,
 * then those for a business service as they were made, or without any the others.
 */
export const findLookUps = defineRpc({
  subject: 'verification.find-look-ups.v1',
  input: ofInstitution.extend({
    agreementId: z.uuid(),
    people: z
      .array(z.strictObject({ nik: z.string(), verificationId: z.uuid().nullable(), reference: z.string().nullable() }))
      .max(1_000),
  }),
  output: z.strictObject({ lookUps: z.array(z.array(z.uuid()).max(mostCandidates)) }),
  errors: ['AGREEMENT_CLOSED'],
});
/** Look-ups with outcome FOUND for a business service in [from, to), oldest first. */
export const listBusinessLookUps = defineRpc({
  subject: 'verification.list-business-look-ups.v1',
  input: ofInstitution.extend({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    after: z.uuid().nullable(),
  }),
  output: z.strictObject({
    lookUps: z.array(
      z.strictObject({
        verificationId: z.uuid(),
        at: z.iso.datetime(),
        operatorId: z.uuid().nullable(),
        service: z.string(),
        reference: z.string(),
        /** Other look-ups of the same person for the same case, at most 20, newest first: one record is enough for all. */
        sameCase: z.array(z.uuid()).max(20),
      }),
    ),
    next: z.uuid().nullable(),
  }),
  errors: [],
});
