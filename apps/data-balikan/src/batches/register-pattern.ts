/** Where the parts up to this one may end, ascending, each once; of where those before it may. */
type Part = (text: string, places: readonly number[]) => number[];

const romanMonths = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII'];

const literal =
  (written: string): Part =>
  (text, places) =>
    places.filter((place) => text.startsWith(written, place)).map((place) => place + written.length);

const romanMonth: Part = (text, places) => {
  const ends = new Set<number>();
  for (const place of places) {
    for (const month of romanMonths) if (text.startsWith(month, place)) ends.add(place + month.length);
  }
  return [...ends].sort((one, other) => one - other);
};

const isDigit = (text: string, place: number): boolean => {
  const code = text.charCodeAt(place);
  return code >= 0x30 && code <= 0x39;
};
const isLetter = (text: string, place: number): boolean => /^\p{L}$/u.test(text.charAt(place));

/** One or more; each place is looked at once, however many there are to begin at. */
const many =
  (fits: (text: string, place: number) => boolean): Part =>
  (text, places) => {
    const ends: number[] = [];
    let seen = -1;
    for (const place of places) {
      if (place <= seen) continue;
      for (seen = place; fits(text, seen);) ends.push((seen += 1));
    }
    return ends;
  };

const year: Part = (text, places) =>
  places.filter((place) => [0, 1, 2, 3].every((step) => isDigit(text, place + step))).map((place) => place + 4);

const parts: Readonly<Record<string, Part>> = {
  '{angka}': many(isDigit),
  '{romawi}': romanMonth,
  '{tahun}': year,
  '{huruf}': many(isLetter),
};

/**
 * A register number's pattern, such as `500/{angka}/SKU/{romawi}/{tahun}`: {angka} digits, {romawi} a month I to XII, {tahun}
 * four digits, {huruf} letters; anything else as written. No regular expression is made of it: the work is bounded by the
 * length of the pattern times that of the text, whatever they say.
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  const steps = pattern
    .split(/(\{(?:angka|romawi|tahun|huruf)\})/)
    .filter((part) => part !== '')
    .map((part) => parts[part] ?? literal(part));
  return (text) => {
    let places = [0];
    for (const step of steps) {
      places = step(text, places);
      if (places.length === 0) return false;
    }
    return places.at(-1) === text.length;
  };
}
