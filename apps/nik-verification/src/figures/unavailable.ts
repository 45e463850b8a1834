import { AppError } from '#service';

/** A database that is away is told as evidence that is: the question may be asked again. */
export function unavailable(cause: unknown): never {
  throw cause instanceof AppError ? cause : new AppError('EVIDENCE_UNAVAILABLE', { retryAfter: 2 }, { cause });
}
