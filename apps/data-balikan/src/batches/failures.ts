import { AppError, KeyDestroyedError } from '#service';

/** The agreement's keys are destroyed: no attempt will ever open the file again. */
export const isForGood = (error: unknown): boolean =>
  error instanceof KeyDestroyedError || (error instanceof AppError && error.code === 'AGREEMENT_CLOSED');

/** SQLSTATE: connection lost (08), resources (53), shutdown and time limits (57, 25P03), rolled back for another one's sake (40, 55P03). */
const away = /^(08|40|53|57)|^(25P03|55P03)$|^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;

/** It is none of the batch's own fault: a part is away or busy, and the batch waits for it. */
export function isAway(error: unknown): boolean {
  if (error instanceof AppError) return error.definition.retryable;
  if (!(error instanceof Error)) return false;
  if (away.test((error as NodeJS.ErrnoException).code ?? '')) return true;
  // pg has no codes for these
  return /^(Connection terminated|timeout (exceeded )?when trying to connect|Query read timeout)/i.test(error.message);
}
