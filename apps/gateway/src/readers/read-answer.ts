import {
  elementNames,
  elementWords,
  errors,
  type CardElements,
  type ElementName,
  type MatchElements,
  type PersonElements,
  type ReadAnswer,
  type ReadOutcome,
  type ReadResult,
  type ResultLevel,
  type VerificationResult,
} from '#contracts';
import type { AppError } from '#service';
import { identifyingElements } from '../access/decide-read.js';

/** Indonesian, for the counter: what it means and what to do next. */
const details: Record<ReadOutcome, string> = {
  MATCHED: 'Sidik jari cocok dengan KTP-el. Unsur data dibaca dari kartu, seperti saat kartu dicetak.',
  NOT_MATCHED:
    'Sidik jari tidak cocok. Coba jari lain; bila sidik jari aus, ajukan pengecualian untuk diputuskan Camat.',
  CARD_REMOVED: 'KTP-el diangkat sebelum selesai. Letakkan kembali dan ulangi.',
  CARD_UNKNOWN: 'Kartu ini bukan KTP-el. Minta KTP-el warga.',
  CARD_UNREADABLE: 'KTP-el tidak terbaca. Ulangi; bila tetap, kartu mungkin rusak: ajukan pengecualian.',
  CARD_TIMEOUT: 'Tidak ada KTP-el di alat baca. Letakkan kartu lalu ulangi.',
  FINGER_TIMEOUT: 'Tidak ada jari di pemindai. Ulangi dan tempelkan jari saat diminta.',
  CANCELLED: 'Pembacaan dibatalkan. Mulai lagi bila masih perlu.',
  READER_FAULT: 'Alat baca bermasalah. Jalankan "reader-agent check" di komputer itu.',
  SAM_FAULT: 'SAM tidak menjawab. Periksa SAM di slotnya lalu jalankan "reader-agent check".',
  AGENT_LOST: 'Sambungan ke komputer alat baca terputus. Periksa komputer itu lalu ulangi.',
};

/** What the register said, or why it could not be asked. */
export type Followed =
  { verification: VerificationResult; comparison?: Comparison | undefined } | { problem: AppError } | undefined;

export type Comparison = NonNullable<ReadAnswer['comparison']>;

/** Only what was granted and asked for, whatever the reader sent. */
export function pickElements<T extends PersonElements>(found: T, wanted: readonly ElementName[]): T {
  const pairs = Object.entries(found).filter(([name]) => (wanted as readonly string[]).includes(name));
  return Object.fromEntries(pairs) as T;
}

/** The chip's elements that the register is to compare; `undefined` when there is none. */
export function elementsToMatch({ nik: _, ...rest }: CardElements): MatchElements | undefined {
  const filled = Object.entries(rest).filter(([, value]) => typeof value === 'string' && value.trim() !== '');
  return filled.length === 0 ? undefined : Object.fromEntries(filled);
}

const plain = (text: string | null | undefined): string => (text ?? '').trim().replace(/\s+/g, ' ').toUpperCase();

/** What the card says beside what the register says, without their values; what neither has is told of identifying ones alone. */
export function compare(card: CardElements, register: PersonElements, names: readonly ElementName[]): Comparison {
  const pairs = names.map((name) => [name, plain(name === 'noKk' ? null : card[name]), plain(register[name])] as const);
  const told = pairs.filter(([name, ...texts]) => isIdentifying(name) || texts.some((text) => text !== ''));
  return Object.fromEntries(told.map(([name, ours, theirs]) => [name, ours !== '' && ours === theirs]));
}

const isIdentifying = (name: string): boolean => (identifyingElements as readonly string[]).includes(name);

/** Elements in which card and register differ. */
function differing(followed: Followed): ElementName[] {
  if (!followed || 'problem' in followed) return [];
  const { verification, comparison } = followed;
  return elementNames.filter((name) => comparison?.[name] === false || verification.match?.[name]?.agrees === false);
}

/**
 * The register stands behind the card when it knows the person and agrees: with every element that it was asked about, or, where
 * it was only looked up, in those that tell who somebody is. What it could not be asked is pending.
 */
export function levelOf({ outcome }: ReadResult, followed: Followed): ResultLevel | null {
  if (outcome !== 'MATCHED') return null;
  if (followed && 'problem' in followed) return 'pending';
  if (followed?.verification.outcome !== 'FOUND') return 'card-verified';
  const { comparison, verification } = followed;
  const agreeing = comparison
    ? Object.entries(comparison).flatMap(([name, agrees]) => (isIdentifying(name) ? [agrees] : []))
    : Object.values(verification.match ?? {}).map((one) => one?.agrees);
  return agreeing.length > 0 && agreeing.every(Boolean) ? 'register-verified' : 'card-verified';
}

export function answerOf(
  id: string,
  result: ReadResult,
  wanted: readonly ElementName[],
  followed: Followed,
): ReadAnswer {
  const { outcome, tries, elements } = result;
  const level = levelOf(result, followed);
  return {
    id,
    outcome,
    tries,
    level,
    ...(outcome === 'MATCHED' ? { elements: pickElements(elements ?? {}, wanted) } : {}),
    ...(followed && 'verification' in followed ? { verification: followed.verification } : {}),
    ...(followed && 'comparison' in followed ? { comparison: followed.comparison } : {}),
    ...(followed && 'problem' in followed
      ? { verificationProblem: { code: followed.problem.code, detail: errors[followed.problem.code].detail } }
      : {}),
    detail: detailOf(outcome, followed, level),
  };
}

function detailOf(outcome: ReadOutcome, followed: Followed, level: ReadAnswer['level']): string {
  if (outcome !== 'MATCHED' || !followed) return details[outcome];
  const differ = differing(followed).map((name) => elementWords[name]);
  const others = differ.length > 0 ? ` Unsur yang berbeda: ${differ.join(', ')}.` : '';
  if (level === 'register-verified') return `Sidik jari cocok, dan data kependudukan membenarkan KTP-el ini.${others}`;
  if ('problem' in followed)
    return 'Sidik jari cocok. Pemeriksaan ke data kependudukan tertunda: baca kartu ini lagi nanti, atau periksa NIK-nya.';
  return followed.verification.outcome === 'FOUND'
    ? `Sidik jari cocok, tetapi ada unsur kartu yang berbeda dengan data kependudukan.${others} Periksa setiap unsur.`
    : 'Sidik jari cocok, tetapi data kependudukan tidak membenarkan NIK ini. Arahkan warga ke Disdukcapil.';
}
