import type { ErrorCode, HitState, Outcome } from '#contracts';
import type { GateEffect } from '../ledger/hit-ledger.js';

/** An answer about the person: final for this NIK, and never a reason to open the breaker. */
export interface AnswerMeaning {
  kind: 'answer';
  outcome: Outcome;
}

/** No answer about the person. `hit` is what the ledger keeps: what may have left stays counted. */
export interface FaultMeaning {
  kind: 'fault';
  code: Extract<ErrorCode, 'QUOTA_EXHAUSTED' | `UPSTREAM_${string}`>;
  effect: GateEffect;
  hit: Exclude<HitState, 'reserved' | 'confirmed'>;
}

export type Meaning = AnswerMeaning | FaultMeaning;

const answer = (outcome: Outcome): Meaning => ({ kind: 'answer', outcome });
const fault = (code: FaultMeaning['code'], effect: GateEffect): FaultMeaning => ({
  kind: 'fault',
  code,
  effect,
  hit: 'unknown',
});

/** Our access is refused: each further call would burn a hit, so calling stops until an admin re-arms. */
const accessBroken = fault('UPSTREAM_ACCESS_BROKEN', 'access-broken');
const quotaUsedUp = fault('QUOTA_EXHAUSTED', 'quota-used-up');
const outsideHours = fault('UPSTREAM_CLOSED', 'outside-hours');

/** Whatever is not understood: never read as "not found". */
export const unknownAnswer = fault('UPSTREAM_UNKNOWN', 'failure');

const byCode: Record<string, Meaning> = {
  '00': answer('FOUND'),
  '01': answer('FOUND'),
  '03': accessBroken,
  '04': accessBroken,
  '10': accessBroken,
  '16': accessBroken,
  '17': accessBroken,
  '05': quotaUsedUp,
  '06': outsideHours,
  '07': unknownAnswer,
  '09': unknownAnswer,
  '08': answer('UNPROCESSABLE'),
  '15': answer('UNPROCESSABLE'),
  '11': answer('DECEASED'),
  '12': answer('DUPLICATE'),
  '13': answer('NOT_FOUND'),
  '14': answer('INACTIVE'),
};

/** Generation B: `RESPONSE_CODE`, a string or a number. */
export function meaningOfCode(code: string): Meaning {
  return byCode[code.trim().padStart(2, '0')] ?? unknownAnswer;
}

/** The order decides: what concerns our access is looked for before what concerns the person. */
const byText: [RegExp, Meaning][] = [
  [
    /^LOGIN GAGAL|(USER|USER ID|USERNAME|PASSWORD|KATA SANDI)\b.*\b(SALAH|GAGAL|TIDAK SESUAI|TIDAK TERDAFTAR|TIDAK DITEMUKAN)/,
    accessBroken,
  ],
  [/\bIP\b.*\bTIDAK (SESUAI|TERDAFTAR|DIIZINKAN)/, accessBroken],
  [/(INSTANSI|LEMBAGA|USER|USER ID)\b.*\b(TIDAK AKTIF|NON ?AKTIF)/, accessBroken],
  [/\bKUOTA\b.*\bHABIS\b/, quotaUsedUp],
  [/\bDI ?LUAR (JAM|WAKTU)\b/, outsideHours],
  [/\bMENINGGAL\b/, answer('DECEASED')],
  [/\bGANDA\b/, answer('DUPLICATE')],
  [/^(DATA|NIK|DATA NIK)( DITEMUKAN)? (TIDAK AKTIF|NON ?AKTIF)$/, answer('INACTIVE')],
  [/^(DATA |NIK |DATA NIK )?TIDAK DITEMUKAN$/, answer('NOT_FOUND')],
  [/^NIK TIDAK (DAPAT DIPROSES|VALID|SESUAI FORMAT)|^FORMAT NIK\b.*\b(SALAH|TIDAK)/, answer('UNPROCESSABLE')],
];

/** Generation A: a text in `RESPON`, whose case, blanks and punctuation vary. */
export function meaningOfText(text: string): Meaning {
  const plain = text
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, ' ')
    .trim();
  return byText.find(([pattern]) => pattern.test(plain))?.[1] ?? unknownAnswer;
}
