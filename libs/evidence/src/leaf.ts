import { utf8 } from './bytes.js';
import { canonicalJson, isPlainObject } from './jcs.js';
import { microseconds } from './times.js';

export const accessTypes = ['REQUESTED', 'ANSWERED', 'REFUSED'] as const;
export const reportedTypes = [
  'ADMINISTRATION',
  'PERSON_TRAIL',
  'DATA_BALIKAN',
  'READER_READ',
  'REPORT',
  'UPSTREAM',
] as const;

/** A look-up, in two leaves, or a refusal. Times are UTC with microseconds, HMACs lower case hex. */
export interface AccessLeaf {
  agreementVersion: string | null;
  at: string;
  client: string;
  fields: string[];
  hit: 'reserved' | 'confirmed' | 'unknown' | 'released' | null;
  id: string;
  institution: string;
  latencyMs: number | null;
  mode: 'LOOKUP' | 'MATCH' | null;
  nikHmac: string | null;
  operator: string | null;
  outcome: string | null;
  referenceHmac: string | null;
  service: string | null;
  type: (typeof accessTypes)[number];
  v: 1;
  verification: string;
}

/** What another part of the system did. */
export interface ReportedLeaf {
  act: string;
  actor: string | null;
  at: string;
  contentHash: string | null;
  id: string;
  institution: string;
  loggedAt: string;
  subject: string | null;
  subjectHmac: string | null;
  type: (typeof reportedTypes)[number];
  v: 1;
}

/** Leaf 0 of a generation above 1: the log before it had been rolled back behind a signed checkpoint. */
export interface GapLeaf {
  acknowledgedBy: string | null;
  at: string;
  id: string;
  institution: string;
  keptRoot: string;
  keptSize: number;
  lastCheckpoint: string;
  previousOrigin: string;
  reason: string;
  type: 'GAP';
  v: 1;
}

export type Leaf = AccessLeaf | ReportedLeaf | GapLeaf;

type Check = (value: unknown) => boolean;
type Schema<L extends Leaf> = { [K in keyof L]-?: Check };

const text: Check = (value) => typeof value === 'string' && value !== '';
const hash: Check = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const time: Check = (value) => typeof value === 'string' && microseconds(value) !== undefined;
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const texts: Check = (value) => Array.isArray(value) && value.every(text);
const one =
  (...allowed: readonly unknown[]): Check =>
  (value) =>
    allowed.includes(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

const access: Schema<AccessLeaf> = {
  agreementVersion: orNull(text),
  at: time,
  client: text,
  fields: texts,
  hit: one('reserved', 'confirmed', 'unknown', 'released', null),
  id: text,
  institution: text,
  latencyMs: orNull(count),
  mode: one('LOOKUP', 'MATCH', null),
  nikHmac: orNull(hash),
  operator: orNull(text),
  outcome: orNull(text),
  referenceHmac: orNull(hash),
  service: orNull(text),
  type: one(...accessTypes),
  v: one(1),
  verification: text,
};

const reported: Schema<ReportedLeaf> = {
  act: text,
  actor: orNull(text),
  at: time,
  contentHash: orNull(hash),
  id: text,
  institution: text,
  loggedAt: time,
  subject: orNull(text),
  subjectHmac: orNull(hash),
  type: one(...reportedTypes),
  v: one(1),
};

const gap: Schema<GapLeaf> = {
  acknowledgedBy: orNull(text),
  at: time,
  id: text,
  institution: text,
  keptRoot: hash,
  keptSize: count,
  lastCheckpoint: text,
  previousOrigin: text,
  reason: text,
  type: one('GAP'),
  v: one(1),
};

const schemas = new Map<unknown, Record<string, Check>>([
  ...accessTypes.map((type) => [type, access] as const),
  ...reportedTypes.map((type) => [type, reported] as const),
  ['GAP', gap],
]);

/** The bytes that are hashed: RFC 8785 in UTF-8. Throws a TypeError that names what does not fit the schema. */
export function encodeLeaf(leaf: Leaf): Uint8Array {
  const fault = faultOf(leaf);
  if (fault !== undefined) throw new TypeError(`Not a leaf: ${fault}`);
  return utf8(canonicalJson(leaf));
}

/** The value as a leaf, if it is exactly one: no key more, none less. */
export function readLeaf(value: unknown): Leaf | undefined {
  return faultOf(value) === undefined ? (value as Leaf) : undefined;
}

/** When it reached the log's database: what the order of the log is judged by. */
export function loggedTime(leaf: Leaf): string {
  return 'loggedAt' in leaf ? leaf.loggedAt : leaf.at;
}

function faultOf(value: unknown): string | undefined {
  if (!isPlainObject(value)) return 'not an object';
  const schema = schemas.get(value.type);
  if (schema === undefined) return `type ${JSON.stringify(value.type)}`;
  for (const key in schema) {
    if (!Object.hasOwn(value, key)) return `${key} is missing`;
    if (!schema[key]!(value[key])) return `${key} has another form`;
  }
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(schema, key));
  return unknown === undefined ? undefined : `${JSON.stringify(unknown)} is unknown`;
}
