const units = ['nol', 'satu', 'dua', 'tiga', 'empat', 'lima', 'enam', 'tujuh', 'delapan', 'sembilan'] as const;

/**
 * A whole number in Indonesian words, as official letters write dates: 2026 is "dua ribu dua puluh enam".
 * @throws {RangeError} not a whole number from 0 to 9999
 */
export function numberWords(number: number): string {
  if (!Number.isInteger(number) || number < 0 || number > 9_999) throw new RangeError(`no words for ${number}`);
  return number === 0 ? units[0] : wordsOf(number);
}

/** Of zero: nothing, so that "seratus" has no "nol" behind it. */
function wordsOf(number: number): string {
  if (number === 0) return '';
  if (number < 10) return units[number] ?? '';
  if (number === 10) return 'sepuluh';
  if (number === 11) return 'sebelas';
  if (number < 20) return `${wordsOf(number - 10)} belas`;
  if (number < 100) return joined(number, 10, 'puluh');
  if (number < 200) return `seratus ${wordsOf(number - 100)}`.trim();
  if (number < 1_000) return joined(number, 100, 'ratus');
  if (number < 2_000) return `seribu ${wordsOf(number - 1_000)}`.trim();
  return joined(number, 1_000, 'ribu');
}

const joined = (number: number, base: number, word: string): string =>
  `${wordsOf(Math.floor(number / base))} ${word} ${wordsOf(number % base)}`.trim();
