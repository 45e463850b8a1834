/** Province codes in use (38), and 54, which old cards carry (East Timor). */
const provinceCodes = new Set(
  (
    '11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 54 61 62 63 64 65 ' +
    '71 72 73 74 75 76 81 82 91 92 93 94 95 96'
  ).split(' '),
);

/** A typing slip burns a hit, so these are asked back before one is spent; none of them is a reason to refuse (O-11). */
export const nikWarningCodes = [
  'PROVINCE_UNKNOWN',
  'DAY_IMPOSSIBLE',
  'MONTH_IMPOSSIBLE',
  'DATE_IMPOSSIBLE',
  'SERIAL_ZERO',
] as const;
export type NikWarningCode = (typeof nikWarningCodes)[number];

export const nikFaultCodes = ['NIK_LENGTH', 'NIK_CHARACTER', 'NIK_ONE_DIGIT'] as const;
export type NikFaultCode = (typeof nikFaultCodes)[number];

/** Indonesian wording for the counter; says what is odd, never the NIK itself. */
export const nikMessages: Record<NikWarningCode | NikFaultCode, string> = {
  PROVINCE_UNKNOWN: 'Dua angka pertama NIK bukan kode provinsi yang dikenal.',
  DAY_IMPOSSIBLE: 'Tanggal lahir di dalam NIK (angka ke-7 dan ke-8) tidak mungkin.',
  MONTH_IMPOSSIBLE: 'Bulan lahir di dalam NIK (angka ke-9 dan ke-10) tidak mungkin.',
  DATE_IMPOSSIBLE: 'Tanggal lahir di dalam NIK tidak ada di kalender.',
  SERIAL_ZERO: 'Nomor urut NIK (empat angka terakhir) adalah 0000.',
  NIK_LENGTH: 'NIK harus terdiri atas 16 angka.',
  NIK_CHARACTER: 'NIK hanya boleh berisi angka. Periksa huruf O yang seharusnya angka 0.',
  NIK_ONE_DIGIT: 'NIK tidak mungkin terdiri atas satu angka yang diulang.',
};

export type NikReading = { ok: true; nik: string; warnings: NikWarningCode[] } | { ok: false; fault: NikFaultCode };

/**
 * Reads a NIK as typed at the counter: blanks, dots and dashes are dropped, letters are refused, never stripped.
 * `PPKKCC DDMMYY SSSS`: region at first registration, birth date with 40 added to the day for women, serial.
 */
export function readNik(typed: string): NikReading {
  const nik = typed.replace(/[\s.-]/g, '');
  if (!/^\d*$/.test(nik)) return { ok: false, fault: 'NIK_CHARACTER' };
  if (nik.length !== 16) return { ok: false, fault: 'NIK_LENGTH' };
  if (/^(\d)\1{15}$/.test(nik)) return { ok: false, fault: 'NIK_ONE_DIGIT' };
  return { ok: true, nik, warnings: nikWarnings(nik) };
}

function nikWarnings(nik: string): NikWarningCode[] {
  const warnings: NikWarningCode[] = [];
  const { dayField, day, month, year } = dateFields(nik);
  const dayPossible = (dayField >= 1 && dayField <= 31) || (dayField >= 41 && dayField <= 71);
  const monthPossible = month >= 1 && month <= 12;
  if (!provinceCodes.has(nik.slice(0, 2))) warnings.push('PROVINCE_UNKNOWN');
  if (!dayPossible) warnings.push('DAY_IMPOSSIBLE');
  if (!monthPossible) warnings.push('MONTH_IMPOSSIBLE');
  if (dayPossible && monthPossible && !isDate(1900 + year, month, day) && !isDate(2000 + year, month, day)) {
    warnings.push('DATE_IMPOSSIBLE');
  }
  if (nik.endsWith('0000')) warnings.push('SERIAL_ZERO');
  return warnings;
}

export interface NikBirth {
  sex: 'LAKI-LAKI' | 'PEREMPUAN';
  /** YYYY-MM-DD */
  date: string;
}

/**
 * What the NIK says of birth date and sex: a hint only, because a NIK never changes even when either proves wrong.
 * The century is not encoded: the latest one that is not after `today` (YYYY-MM-DD) is taken.
 */
export function findNikBirth(nik: string, today: string): NikBirth | undefined {
  const { dayField, day, month, year } = dateFields(nik);
  for (const century of [2000, 1900]) {
    if (!isDate(century + year, month, day)) continue;
    const date = `${century + year}-${pad2(month)}-${pad2(day)}`;
    if (date <= today) return { sex: dayField > 40 ? 'PEREMPUAN' : 'LAKI-LAKI', date };
  }
  return undefined;
}

function dateFields(nik: string) {
  const dayField = Number(nik.slice(6, 8));
  return {
    dayField,
    day: dayField > 40 ? dayField - 40 : dayField,
    month: Number(nik.slice(8, 10)),
    year: Number(nik.slice(10, 12)),
  };
}

function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return day > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function pad2(value: number): string {
  return String(value).padStart(2, '0');
}

/** Up to three at a place: a writing program makes a long dash of a short one, and people align by blanks. */
const spacedRun = /\d(?:[\s.\-\u2010-\u2015\u2212_]{0,3}\d){15,}/g;

/** Sixteen digits in one run; or with blanks, dots or dashes between them, where they read as a plausible NIK. Full-width digits are digits. */
export function holdsNik(raw: string): boolean {
  const text = /^[\t\n\r -~]*$/.test(raw) ? raw : raw.normalize('NFKC').replace(/\p{Cf}/gu, '');
  if (/\d{16}/.test(text)) return true;
  for (const [run] of text.matchAll(spacedRun)) {
    const digits = run.replace(/\D/g, '');
    for (let start = 0; start + 16 <= digits.length; start += 1) {
      const nik = readNik(digits.slice(start, start + 16));
      if (nik.ok && nik.warnings.length === 0) return true;
    }
  }
  return false;
}
