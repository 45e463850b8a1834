/** First three letters, what else is usual in Indonesia, and English where a spreadsheet is set to it. */
const months: Readonly<Record<string, number>> = {
  jan: 1,
  januari: 1,
  january: 1,
  feb: 2,
  februari: 2,
  pebruari: 2,
  february: 2,
  mar: 3,
  maret: 3,
  march: 3,
  apr: 4,
  april: 4,
  mei: 5,
  may: 5,
  jun: 6,
  juni: 6,
  june: 6,
  jul: 7,
  juli: 7,
  july: 7,
  agu: 8,
  ags: 8,
  agt: 8,
  agustus: 8,
  aug: 8,
  august: 8,
  sep: 9,
  sept: 9,
  september: 9,
  okt: 10,
  oktober: 10,
  oct: 10,
  october: 10,
  nov: 11,
  november: 11,
  nopember: 11,
  des: 12,
  desember: 12,
  dec: 12,
  december: 12,
};

/** With a time, as a database or a script writes it; one of another zone may be another day, and is not read. */
const yearFirst = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?$/;
const dayFirst = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/;
const inWords = /^(\d{1,2})[ -]([a-z]{3,9})\.?[ -](\d{4})$/;

/**
 * A date as people in Indonesia write it: 2026-01-31, 31-01-2026, 31/1/2026, 31.01.2026, 31 Januari 2026, 31 Jan 2026. A year
 * of two digits or a month in front of its day is not guessed.
 *
 * @returns YYYY-MM-DD
 */
export function readDate(text: string): string | undefined {
  const iso = yearFirst.exec(text);
  if (iso) return dayOf(iso[1]!, Number(iso[3]), Number(iso[4]));
  const numbers = dayFirst.exec(text);
  if (numbers) return dayOf(numbers[4]!, Number(numbers[3]), Number(numbers[1]));
  const words = inWords.exec(text.toLowerCase().replace(/\s+/g, ' '));
  const month = words && months[words[2]!];
  return words && month ? dayOf(words[3]!, month, Number(words[1])) : undefined;
}

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function dayOf(year: string, month: number, day: number): string | undefined {
  const days = month === 2 && isLeap(Number(year)) ? 29 : daysOfMonth[month - 1];
  if (days === undefined || day < 1 || day > days || year === '0000') return undefined;
  return `${year}-${pad(month)}-${pad(day)}`;
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const pad = (value: number): string => (value < 10 ? `0${value}` : `${value}`);
