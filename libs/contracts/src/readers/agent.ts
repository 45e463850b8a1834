import { z } from 'zod';
import { ElementName } from '../elements.js';
import { errorCodes } from '../errors.js';
import { holdsNik } from '../nik.js';
import { defineRpc } from '../rpc.js';
import { mostFingerTries, ReadOutcome, ReadProgress, ReadResult } from './result.js';

// On the wire these are plain JSON, not Nest's packets: the message's data is the input, the answer is `{ value }` or
// `{ error: { code, extras } }` (libs/service/src/bus/envelope.ts), the headers are those of libs/service/src/bus/headers.ts.
// An agent's connection has inboxPrefix `reader.<id>.inbox`: the gateway answers nowhere else. What the broker lets it do:
// publish report, journal and event; subscribe to read, cancel and its inbox; answer a request once.

/** Tells one process of an agent from the next, and from a second one with the same credentials. */
const InstanceId = z.uuid();

/** Kept with the reader, so that it must not carry a NIK (O-15). */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((said) => !holdsNik(said), 'Tidak boleh memuat NIK atau nomor KK.');

/** What is wrong at the reader, as an agent's self-test finds it; each has a sentence that says what to do. */
export const readerFaults = [
  'NO_DRIVER',
  'NO_READER',
  'NO_SAM',
  'SAM_MISMATCH',
  'NO_VENDOR_SDK',
  'READER_FAULT',
  'PERMIT_EXPIRED',
  'CLOCK_SKEW',
] as const;

/** How an agent stands; told when it connects, when something changes, and every 10 s. */
export const AgentStatus = z.strictObject({
  instanceId: InstanceId,
  version: text(40),
  adapter: z.enum(['simulator', 'pcsc', 'vendor']),
  /** Names as the driver tells them. */
  reader: text(200).nullable(),
  sam: z.strictObject({
    present: z.boolean(),
    serial: text(80).nullable(),
    atr: z
      .string()
      .regex(/^[0-9A-Fa-f ]{0,80}$/)
      .nullable(),
  }),
  faults: z.array(z.enum(readerFaults)).max(readerFaults.length),
  /** A session is running. */
  busy: z.boolean(),
  /** Entries of the journal that have not been handed in. */
  journal: z.int(),
  /** Checks that found no room or that the disk did not take, since the journal began. */
  lost: z.int().min(0).optional(),
  /** Lines of the journal that the disk spoiled, found when the agent began. */
  damaged: z.int().min(0).optional(),
});
export type AgentStatus = z.infer<typeof AgentStatus>;

/** Agent to gateway: how it stands; the answer is its permit, or why there is none. */
export const reportAgent = (readerId: string) =>
  defineRpc({
    subject: `reader.${readerId}.report.v1`,
    input: AgentStatus,
    output: z.strictObject({
      permit: z.string().max(4_000).nullable(),
      refusal: z.enum(errorCodes).nullable(),
      /** The gateway's clock, milliseconds since 1970. */
      now: z.int(),
      /** Public keys of permits, as JWKS. */
      jwks: z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())).max(10) }),
    }),
    errors: ['AGENT_REVOKED', 'RESOURCE_NOT_FOUND'],
  });

export const ReadOrder = z.strictObject({
  readId: z.uuid(),
  /** Only for `who` of a busy reader: the operator's name. */
  by: text(200),
  elements: z.array(ElementName),
  permit: z.string().max(4_000),
  /** For the whole read, milliseconds. */
  deadlineMs: z.int().min(1_000).max(300_000),
});
export type ReadOrder = z.infer<typeof ReadOrder>;

/** Gateway to agent: begin. One at a time: a busy one says who has it and since when. */
export const beginRead = (readerId: string) =>
  defineRpc({
    subject: `reader.${readerId}.read.v1`,
    input: ReadOrder,
    output: z.discriminatedUnion('state', [
      z.strictObject({ state: z.literal('begun'), instanceId: InstanceId }),
      z.strictObject({ state: z.literal('busy'), by: text(200), since: z.iso.datetime() }),
    ]),
    errors: ['READER_NOT_READY', 'PERMIT_INVALID'],
  });

/** Gateway to agent. A read that is over already is no fault. */
export const cancelRead = (readerId: string) =>
  defineRpc({
    subject: `reader.${readerId}.cancel.v1`,
    input: z.strictObject({ readId: z.uuid() }),
    output: z.strictObject({ running: z.boolean() }),
    errors: [],
  });

/**
 * Agent to every gateway, without an answer: what happens in a read, in order. Never a fingerprint, minutia, photo or
 * signature (DOMAIN 5).
 */
export const eventSubject = (readerId: string): string => `reader.${readerId}.event.v1`;
export const ReadEvent = z.strictObject({
  readId: z.uuid(),
  /** From 0, without a gap. */
  n: z.int(),
  event: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('progress'), progress: ReadProgress }),
    z.strictObject({ kind: z.literal('result'), result: ReadResult }),
  ]),
});
export type ReadEvent = z.infer<typeof ReadEvent>;

/** A check that the device made while the line was down: a count and an outcome, no person (O-15). */
export const JournalEntry = z.strictObject({
  id: z.uuid(),
  at: z.iso.datetime(),
  outcome: ReadOutcome,
  tries: z.int().min(0).max(mostFingerTries),
  /** The permit under which it happened. */
  permit: z.string().max(4_000),
});
export type JournalEntry = z.infer<typeof JournalEntry>;

/** Agent to gateway: hands in what happened offline; may be repeated. Those that are taken need not be kept any more. */
export const handInJournal = (readerId: string) =>
  defineRpc({
    subject: `reader.${readerId}.journal.v1`,
    input: z.strictObject({ entries: z.array(JournalEntry).min(1).max(50) }),
    output: z.strictObject({ taken: z.array(z.uuid()) }),
    errors: ['AGENT_REVOKED', 'RESOURCE_NOT_FOUND'],
  });

/** One-time code: the admin reads it to whoever stands at the reader's PC. */
export const JoinCode = z.string().trim().max(40);

/** `POST /v1/reader-agents`: the PC's agent trades the code for its place on the bus. */
export const AgentJoin = z
  .strictObject({
    code: JoinCode,
    publicKey: z
      .strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string().regex(/^[A-Za-z0-9_-]{43}$/) })
      .meta({ description: 'Of a key pair that was made on this PC; the private key never leaves it' }),
    version: text(40),
  })
  .meta({ id: 'AgentJoin' });
export type AgentJoin = z.infer<typeof AgentJoin>;

export const AgentJoined = z
  .strictObject({
    readerId: z.uuid(),
    institutionName: z.string(),
    /** `tls://` or `nats://` addresses of the broker. */
    servers: z.array(z.string()).min(1),
    /** PEM of the CA that signed the broker's certificate, where it is a private one. */
    caPem: z.string().nullable(),
    jwks: z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())) }),
    issuer: z.string(),
  })
  .meta({ id: 'AgentJoined' });
export type AgentJoined = z.infer<typeof AgentJoined>;

/**
 * How an agent proves itself to the broker: as NATS `auth_token` it sends a JWT (EdDSA, its own key) that is good for a minute.
 * The broker asks the gateway (auth callout), which answers with permissions for `reader.<its id>.>` alone.
 */
export const AgentAssertion = z.object({
  iss: z.uuid(),
  aud: z.literal('gerbang-bus'),
  jti: z.uuid(),
  iat: z.int(),
  exp: z.int(),
  instanceId: InstanceId,
});
export type AgentAssertion = z.infer<typeof AgentAssertion>;
export const assertionSeconds = 60;
