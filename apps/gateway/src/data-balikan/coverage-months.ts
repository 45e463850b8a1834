import type { CoverageQuery } from '#contracts';
import { refuseInvalid } from '../administration/act.js';

const mostMonths = 24;

/**
 * The months that are asked for, both included, `YYYY-MM`.
 *
 * @param today Asia/Jakarta, `YYYY-MM-DD`
 * @throws {AppError} REQUEST_INVALID
 */
export function monthsOf(
  { from, to }: Pick<CoverageQuery, 'from' | 'to'>,
  today: string,
): { from: string; to: string } {
  const first = from ?? to ?? today.slice(0, 7);
  const last = to ?? first;
  const months = numberOf(last) - numberOf(first) + 1;
  if (months < 1) refuseInvalid([{ path: 'to', message: 'Bulan terakhir lebih awal daripada bulan pertama.' }]);
  if (months > mostMonths) refuseInvalid([{ path: 'to', message: `Paling banyak ${mostMonths} bulan sekaligus.` }]);
  return { from: first, to: last };
}

const numberOf = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5));
