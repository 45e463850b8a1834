import { createHash, randomBytes } from 'node:crypto';
import { uuidv7obj, UUID } from 'uuidv7';
import { contentHash } from '#evidence';
import {
  deliveredContent,
  type DeliveredContent,
} from '../../apps/data-balikan/src/evidence-report/delivered-content.js';

/** What an office is made of, as its rows are named. */
export interface OfficeRows {
  institutionId: string;
  agreementId: string;
  versionIds: [string, string];
  /** Day from which the second version counts. */
  addendumOn: string;
  clientIds: string[];
  operatorIds: string[];
  readerIds: string[];
}

export interface AccessEvent {
  id: string;
  at: string;
  kind: 'REQUESTED' | 'ANSWERED' | 'REFUSED';
  verification_id: string;
  institution_id: string;
  agreement_version_id: string;
  client_id: string;
  operator_id: string | null;
  service: string;
  case_reference: string;
  reference_hmac: string;
  mode: string;
  fields: string[];
  nik_hmac: string | null;
  hit_state: string | null;
  outcome: string | null;
  latency_ms: number | null;
}

/** Numbers that look random and are the same in every run (mulberry32). */
export function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * sides);
  };
}

const services = ['SKU', 'NIB', 'SKTM', 'SURAT_PINDAH', 'AHLI_WARIS'];
const endings = [
  ...Array.from({ length: 12 }, () => ['confirmed', 'FOUND'] as const),
  ['confirmed', 'NOT_FOUND'] as const,
  ['confirmed', 'DECEASED'] as const,
  ['unknown', 'UPSTREAM_TIMEOUT'] as const,
  ['released', 'UPSTREAM_UNAVAILABLE'] as const,
];
const refusals = ['QUOTA_EXHAUSTED', 'NIK_INVALID', 'NDA_MISSING', 'RATE_LIMITED'];
/** The edges of a day in Jakarta, UTC+7. */
const edges = ['T00:00:00.000000+07:00', 'T00:00:00.000001+07:00', 'T12:00:00.000000+07:00', 'T23:59:59.999999+07:00'];

const hmac = (text: string): string => createHash('sha256').update(text).digest('hex');
const id = (at: string): string => {
  const bytes = uuidv7obj().bytes.slice();
  const ms = Date.parse(at);
  for (let i = 0; i < 6; i += 1) bytes[i] = Math.floor(ms / 2 ** (8 * (5 - i))) % 256;
  return UUID.ofInner(bytes).toString();
};
const utc = (at: string, micros = 0): string => {
  const fraction = at.slice(20, 26);
  return `${new Date(at).toISOString().slice(0, 19)}.${String(Number(fraction) + micros).padStart(6, '0')}Z`;
};

/** Look-ups of one day: their events, each look-up at an edge of the day or anywhere in it. */
export function dayOfLookUps(
  office: OfficeRows,
  day: string,
  most: number,
  roll: (sides: number) => number,
): AccessEvent[] {
  return Array.from({ length: roll(most + 1) }, (_, n) => lookUp(office, day, n, roll)).flat();
}

function lookUp(office: OfficeRows, day: string, n: number, roll: (sides: number) => number): AccessEvent[] {
  const two = (value: number) => String(value).padStart(2, '0');
  const at =
    n < edges.length
      ? `${day}${edges[n]}`
      : `${day}T${two(roll(24))}:${two(roll(60))}:${two(roll(60))}.${String(roll(1_000_000)).padStart(6, '0')}+07:00`;
  const person = roll(400);
  const base = {
    verification_id: id(at),
    institution_id: office.institutionId,
    agreement_version_id: office.versionIds[day < office.addendumOn ? 0 : 1],
    client_id: office.clientIds[roll(office.clientIds.length)] ?? '',
    operator_id: roll(30) === 0 ? null : (office.operatorIds[roll(office.operatorIds.length)] ?? null),
    service: services[roll(services.length)] ?? 'SKU',
    case_reference: `500/${person}/${day.slice(0, 7)}`,
    reference_hmac: hmac(`${office.institutionId} case ${person} ${day.slice(0, 7)}`),
    mode: roll(5) === 0 ? 'MATCH' : 'LOOKUP',
    fields: ['namaLengkap'],
    nik_hmac: hmac(`${office.institutionId} person ${person}`),
    latency_ms: null,
  };
  const event = (kind: AccessEvent['kind'], when: string, hit: string | null, outcome: string | null): AccessEvent => ({
    ...base,
    ...(kind === 'REFUSED' ? { nik_hmac: null } : {}),
    id: id(when),
    at: when,
    kind,
    hit_state: hit,
    outcome,
  });
  const begun = utc(at);
  if (roll(10) === 0) return [event('REFUSED', begun, null, refusals[roll(refusals.length)] ?? 'NIK_INVALID')];
  // answered a quarter of a second later, in the last second of a day on the next one
  const later = (seconds: number) =>
    `${new Date(Date.parse(begun) + seconds * 1_000).toISOString().slice(0, 23)}${begun.slice(23)}`;
  const asked = event('REQUESTED', begun, 'reserved', null);
  const [hit, outcome] = endings[roll(endings.length)] ?? ['confirmed', 'FOUND'];
  if (roll(40) === 0) return [asked];
  // given up, and answered all the same
  if (roll(40) === 0)
    return [
      asked,
      event('ANSWERED', later(0.25), 'unknown', 'SERVICE_UNAVAILABLE'),
      event('ANSWERED', later(0.5), 'confirmed', 'FOUND'),
    ];
  return [asked, event('ANSWERED', later(0.25), hit, outcome)];
}

export interface Delivery {
  id: string;
  at: string;
  salt: Buffer;
  content: DeliveredContent;
  contentHash: Buffer;
}

/** A record about a look-up, delivered at a moment. */
export function delivery(
  verificationId: string,
  at: string,
  n: number,
  receipt: DeliveredContent['receipt'],
): Delivery {
  const salt = randomBytes(32);
  const content = deliveredContent({
    nomorRegister: `500/${n}/SKU`,
    namaUsaha: 'WARUNG UJI',
    jenisUsaha: 'Dagang',
    kbli: null,
    tanggal: '2024-01-02',
    receipt,
    verificationId,
  });
  return { id: id(at), at, salt, content, contentHash: Buffer.from(contentHash(salt, content)) };
}
