import type { LetterKind, LetterNumbering } from '#contracts';

/** Classification of letters: 470 population, 800 staff. */
const defaultCodes: Record<LetterKind, string> = {
  USER_ID_REQUEST: '470',
  CLOSED_NETWORK_STATEMENT: '470',
  QUOTA_REQUEST: '470',
  OFFICE_HOLDER_CHANGE: '800',
  SAM_CONFIGURATION_RETURN: '470',
  SPTJM_FORM: '470',
  NDA_FORM: '470',
  DATA_BALIKAN_HANDOVER: '470',
  BREACH_NOTICE: '470',
};

const romanMonths = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII'] as const;

/**
 * The number of a letter, `470/007/XI/2026`. What the pattern asks for that stands apart makes sure that two serials of a year, and
 * two years, never give the same one.
 *
 * @param on date of the letter, `YYYY-MM-DD`
 */
export function letterNumber(numbering: LetterNumbering, kind: LetterKind, serial: number, on: string): string {
  const { pattern, codes } = numbering;
  return pattern.replace(/\{(nomor|kode|bulan|tahun)(?::(\d))?\}/g, (_, name: string, width = '0') => {
    if (name === 'nomor') return String(serial).padStart(Number(width), '0');
    if (name === 'kode') return codes[kind] ?? defaultCodes[kind];
    return name === 'bulan' ? (romanMonths[Number(on.slice(5, 7)) - 1] ?? '') : on.slice(0, 4);
  });
}

const fileWords: Record<LetterKind, string> = {
  USER_ID_REQUEST: 'permohonan-user-id',
  CLOSED_NETWORK_STATEMENT: 'pernyataan-jaringan-tertutup',
  QUOTA_REQUEST: 'permohonan-kuota',
  OFFICE_HOLDER_CHANGE: 'pergantian-pejabat',
  SAM_CONFIGURATION_RETURN: 'pengembalian-konfigurasi-sam',
  SPTJM_FORM: 'sptjm',
  NDA_FORM: 'pernyataan-kerahasiaan',
  DATA_BALIKAN_HANDOVER: 'serah-terima-data-balikan',
  BREACH_NOTICE: 'pemberitahuan-kegagalan-pelindungan-data',
};

/** `permohonan-kuota-470-007-XI-2026.docx`, in letters that every file system takes. */
export const letterFileName = ({ kind, number }: { kind: LetterKind; number: string }): string =>
  `${fileWords[kind]}-${number.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '')}.docx`;
