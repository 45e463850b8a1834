import { AppError } from '../app-error.js';

/** Connection lost (08), rolled back for another one's sake (40), resources (53), shutdown and time limits (57); Node's codes. */
const away = /^(08|40|53|57|E[A-Z]+$)/;
/** The driver's own words for the same, where it gives no code. */
const awayInWords =
  /^(Connection terminated|timeout exceeded when|Query read timeout|Client has encountered a connection)/;

/**
 * What the database did not answer may be asked again: it is no fault of the request.
 *
 * @throws {AppError} SERVICE_UNAVAILABLE in place of what the driver throws
 */
export function unlessAway<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    if (error instanceof AppError) throw error;
    const { code, message = '' } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
    if (!(code === undefined ? awayInWords.test(message) : away.test(code))) throw error;
    throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 2 }, { cause: error });
  });
}
