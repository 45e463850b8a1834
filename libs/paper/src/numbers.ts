/** A whole number as Indonesians write it: "1.234". Reckoned, so that no version of ICU changes a paper. */
export const numberText = (number: number): string =>
  `${number < 0 ? '-' : ''}${Math.abs(number)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, '.')}`;

/** A share in percent with one place, "12,5 %"; of nothing: "-". Rounded half up, in whole numbers. */
export function percentText(part: number, whole: number): string {
  if (whole === 0) return '-';
  const tenths = Math.floor((part * 2_000 + whole) / (2 * whole));
  return `${numberText(Math.floor(tenths / 10))},${tenths % 10} %`;
}

/** Whole minutes as "3 jam 7 menit". */
export function durationText(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = `${minutes % 60} menit`;
  return hours === 0 ? rest : `${numberText(hours)} jam ${rest}`;
}
