import { AppError } from '#service';

/** @throws {AppError} REQUEST_INVALID for one that is not 1 to 200 visible characters */
export function readIdempotencyKey(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  if (/^[\x21-\x7e]{1,200}$/.test(given)) return given;
  throw new AppError('REQUEST_INVALID', {
    issues: [{ path: 'Idempotency-Key', message: 'Idempotency-Key harus 1 sampai 200 huruf tanpa spasi.' }],
  });
}
