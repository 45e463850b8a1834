import { z } from 'zod';

const common = {
  /** How many requests it meets; without it, all until it is cleared. */
  times: z.number().int().min(1).optional(),
  /** Only requests that name this User ID. */
  userId: z.string().optional(),
  /** Only requests for this NIK. */
  nik: z.string().optional(),
  /** Whether the hit is counted; each kind has its own default. A hit that the rules refuse is never counted. */
  count: z.boolean().optional(),
};

const kind = <K extends string, S extends z.ZodRawShape>(name: K, shape: S) =>
  z.strictObject({ kind: z.literal(name), ...common, ...shape });

/** What can go wrong, on demand. `Counts` and `does not count` are defaults that `count` overrides. */
export const Fault = z.discriminatedUnion('kind', [
  /** Counts; the right answer comes `ms` later. Goes together with any other fault. */
  kind('latency', { ms: z.number().int().min(0).max(120_000) }),
  /** Does not count; the connection is closed (FIN) without an answer. */
  kind('drop-before-count', {}),
  /** Counts; the connection is closed (FIN) without an answer: the hit is burned. */
  kind('drop-after-count', {}),
  /** Does not count; never answers. The connection is closed after 120 s. */
  kind('hang-before-count', {}),
  /** Counts; never answers. The connection is closed after 120 s. */
  kind('hang-after-count', {}),
  /** Does not count; the connection is reset (RST). */
  kind('reset', {}),
  /** Counts; the right answer at so many bytes a second. */
  kind('slow-drip', { bytesPerSecond: z.number().min(1) }),
  /** Counts; 200 and `application/json`, but random bytes. */
  kind('garbage', {}),
  /** Does not count; 200 with the log-in page of something in between. */
  kind('html', {}),
  /** Counts; 200 with no body. */
  kind('empty', {}),
  /** Counts; half of the answer: the connection closes short of the content-length, or a chunked body ends properly. */
  kind('truncated', { ending: z.enum(['content-length', 'chunked']).default('content-length') }),
  /** Counts; the answer, with a letter outside ASCII, in another encoding than the UTF-8 that is declared. */
  kind('wrong-encoding', { encoding: z.enum(['utf16le', 'latin1']).default('utf16le') }),
  /** Counts; valid JSON with one text of so many megabytes, streamed. */
  kind('huge', { megabytes: z.number().min(0.1).max(4096) }),
  /** Does not count; this status with an HTML page, or `body` as it is. */
  kind('status', { status: z.number().int().min(400).max(599), body: z.string().optional() }),
  /** A generation B answer. Counts unless the code is a refusal that precedes the look-up (03-07, 09, 10, 15-17). */
  kind('code', { code: z.string().min(1), desc: z.string().optional(), asNumber: z.boolean().default(false) }),
  /** A generation A answer. Counts if the text begins with `Data`: then the register was asked. */
  kind('respon', { text: z.string() }),
  /** Counts; `content` is the record itself in place of an array. */
  kind('content-object', {}),
  /** Counts; `content` is an empty array. */
  kind('content-empty', {}),
  /** Counts; the page has no `content`. */
  kind('missing-content', {}),
  /** Counts; somebody else's record, whoever was asked for. */
  kind('wrong-nik', {}),
]);
export type Fault = z.output<typeof Fault>;
export type FaultKind = Fault['kind'];
export type FaultOf<K extends FaultKind> = Extract<Fault, { kind: K }>;

const UNCOUNTED_KINDS: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'drop-before-count',
  'hang-before-count',
  'reset',
  'html',
  'status',
]);
const UNCOUNTED_CODES = new Set(['03', '04', '05', '06', '07', '09', '10', '15', '16', '17']);

/** Whether a look-up under this fault costs a hit. */
export function countsHit(fault: Fault): boolean {
  if (fault.count !== undefined) return fault.count;
  if (fault.kind === 'code') return !UNCOUNTED_CODES.has(fault.code.padStart(2, '0'));
  if (fault.kind === 'respon') return /^\s*data/i.test(fault.text);
  return !UNCOUNTED_KINDS.has(fault.kind);
}
