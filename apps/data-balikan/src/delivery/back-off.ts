export interface RetryPace {
  firstMs: number;
  mostMs: number;
}

/**
 * How long a record waits after a failure, milliseconds: doubles with each attempt up to the most, and of that a random part
 * ("full jitter"), so that what failed together does not come back together.
 *
 * @param attempts made before this one
 * @param chance in [0, 1)
 */
export function backOff({ firstMs, mostMs }: RetryPace, attempts: number, chance = Math.random()): number {
  return Math.round(Math.min(firstMs * 2 ** Math.min(attempts, 40), mostMs) * chance);
}
