export interface RetryPace {
  firstMs: number;
  mostMs: number;
}

/**
 * How long a reminder waits after it was not accepted, milliseconds: doubles with each attempt up to the most; between half and all
 * of that, so that what failed together does not come back together.
 *
 * @param attempts made so far, this one included
 * @param chance in [0, 1)
 */
export function backOff({ firstMs, mostMs }: RetryPace, attempts: number, chance = Math.random()): number {
  return Math.round(Math.min(firstMs * 2 ** Math.min(attempts - 1, 40), mostMs) * (0.5 + chance / 2));
}
