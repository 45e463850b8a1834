import { rowFaults, type BalikanRecord, type BalikanSubmission } from '#contracts';
import { cleanText, holdsControlCharacter } from '../files/cell-text.js';

export interface Issue {
  path: string;
  message: string;
}

const emptyFaults = {
  nomorRegister: rowFaults.REGISTER_EMPTY,
  namaUsaha: rowFaults.BUSINESS_NAME_EMPTY,
  jenisUsaha: rowFaults.BUSINESS_TYPE_EMPTY,
} as const;
const texts = Object.keys(emptyFaults) as (keyof typeof emptyFaults)[];

/** Texts as an uploaded file has them, so that the same record is the same whichever way it comes. */
export const tidy = (submission: BalikanSubmission): BalikanSubmission => ({
  ...submission,
  ...Object.fromEntries(texts.map((field) => [field, tidyText(submission[field])])),
});

const tidyText = (text: string): string => cleanText(text).replace(/\s*[\t\n\r]\s*/g, ' ');

/** Of texts that are tidy: what is empty after all, or holds what no register book does and neither database nor HMAC can. */
export const textIssues = (submission: BalikanSubmission): Issue[] =>
  texts.flatMap((field): Issue[] => {
    if (submission[field] === '') return [{ path: field, message: emptyFaults[field] }];
    return holdsControlCharacter(submission[field]) ? [{ path: field, message: rowFaults.CONTROL_CHARACTER }] : [];
  });

/**
 * What the day and the register book say. Days are `YYYY-MM-DD`, Asia/Jakarta.
 *
 * @param fits whether a register number is as the kecamatan writes them
 */
export function ruleIssues(
  { tanggal, nomorRegister }: BalikanSubmission,
  { today, validFrom, fits }: { today: string; validFrom: string; fits: (nomorRegister: string) => boolean },
): Issue[] {
  const issues: Issue[] = [];
  if (!fits(nomorRegister)) issues.push({ path: 'nomorRegister', message: rowFaults.REGISTER_PATTERN });
  if (tanggal > today) issues.push({ path: 'tanggal', message: rowFaults.DATE_IN_FUTURE });
  if (tanggal < validFrom) issues.push({ path: 'tanggal', message: rowFaults.DATE_TOO_EARLY });
  return issues;
}

/** Whether a record says what is submitted; how its register number is written makes no difference. */
export const saysTheSame = (record: BalikanRecord, submission: BalikanSubmission): boolean =>
  record.tanggal === submission.tanggal &&
  record.namaUsaha === submission.namaUsaha &&
  record.jenisUsaha === submission.jenisUsaha &&
  record.kbli?.kode === submission.kbli?.kode &&
  record.kbli?.versi === submission.kbli?.versi;
