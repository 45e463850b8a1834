import { errors, type ErrorCode, type ErrorDefinition } from '#contracts/errors';

/** What an error may carry to the caller besides its code: never population data. */
export interface ErrorExtras {
  issues?: { path: string; message: string }[];
  /** Seconds until a repeat makes sense. */
  retryAfter?: number;
  verificationId?: string;
  quota?: unknown;
  /** Who has the reader, and since when. */
  busy?: { by: string; since: string };
}

/** The one error class of the services: a code of the closed table, with the cause kept for the log. */
export class AppError extends Error {
  override readonly name = 'AppError';
  constructor(
    readonly code: ErrorCode,
    readonly extras: ErrorExtras = {},
    options?: { cause?: unknown },
  ) {
    super(code, options);
  }

  get definition(): ErrorDefinition {
    return errors[this.code];
  }
}

/** Whatever was thrown, as an AppError: what is not one is INTERNAL_ERROR, its text stays out of every answer. */
export function toAppError(thrown: unknown): AppError {
  return thrown instanceof AppError ? thrown : new AppError('INTERNAL_ERROR', {}, { cause: thrown });
}
