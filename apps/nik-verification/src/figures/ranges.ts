/** Leaves `from` ≤ index < `to`. */
export interface Range {
  from: number;
  to: number;
}

/** What of the first `size` leaves lies in none of the ranges, which are in order and apart, in pieces of at most `most`. */
export function uncovered(ranges: readonly Range[], size: number, most: number): Range[] {
  const pieces: Range[] = [];
  let next = 0;
  for (const { from, to } of [...ranges, { from: size, to: size }]) {
    for (; next < from; next = Math.min(next + most, from))
      pieces.push({ from: next, to: Math.min(next + most, from) });
    next = Math.max(next, to);
  }
  return pieces;
}
