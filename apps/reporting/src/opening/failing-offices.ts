import { AppError, type Log } from '#service';

/** Offices that a round did not work for: each is told once, once more when its error is another one, and when it works again. */
export class FailingOffices {
  private readonly codes = new Map<string, string>();

  /** @param texts what the log says: `fails` as a warning, `works` as information */
  constructor(
    private readonly log: Pick<Log, 'event' | 'failure'>,
    private readonly texts: { fails: string; works: string },
  ) {}

  /** The code that was told of it last; undefined while it works. */
  codeOf(institutionId: string): string | undefined {
    return this.codes.get(institutionId);
  }

  failed(institutionId: string, error: unknown): void {
    const code = error instanceof AppError ? error.code : 'INTERNAL_ERROR';
    if (this.codes.get(institutionId) === code) return;
    this.codes.set(institutionId, code);
    this.log.failure(this.texts.fails, error, { institutionId, code }, 'warn');
  }

  worked(institutionId: string): void {
    if (this.codes.delete(institutionId)) this.log.event('info', this.texts.works, { institutionId });
  }
}
