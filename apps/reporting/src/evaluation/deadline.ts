/** Kept back from the caller's deadline for what comes after the answers, milliseconds. */
export const marginMs = 500;

/** @param end `performance.now()` at which nobody waits any more */
export const msUntil = (end: number): number => Math.max(1, Math.floor(end - performance.now()));
