import { errors } from '#contracts';
import { AppError } from '#service';
import { refuseInvalid, type Act, type ActContext, type Issue } from '../administration/act.js';
import { keepProposal, run } from '../administration/administration.service.js';

/** Walks through a file step by step and collects the faults of all of them, so that they are told at once. */
export class ImportSteps {
  readonly changes: string[] = [];
  readonly proposals: string[] = [];
  readonly secrets: { clientId: string; secret: string }[] = [];
  private readonly faults: Issue[] = [];

  constructor(
    readonly context: ActContext,
    private readonly reason: string,
  ) {}

  changed(what: string): void {
    this.changes.push(what);
  }

  fault(path: string, message: string): void {
    this.faults.push({ path, message });
  }

  /** One step: what goes wrong in it is told under `path`, and the next one is tried all the same. */
  async attempt<R>(path: string, step: () => Promise<R>): Promise<R | undefined> {
    const { manager } = this.context;
    await manager.query('SAVEPOINT step');
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      await manager.query('ROLLBACK TO SAVEPOINT step');
      const issues = error.extras.issues ?? [];
      if (issues.length === 0) this.fault(path, errors[error.code].detail);
      for (const issue of issues) this.fault(join(path, issue.path), issue.message);
      return undefined;
    }
  }

  perform<I, R>(act: Act<I, R>, input: I) {
    return run(act, input, this.context, this.reason);
  }

  async propose<I>(act: Act<I>, input: I): Promise<void> {
    const { id } = await keepProposal(act, input, this.context, this.reason);
    this.proposals.push(id);
  }

  /** @throws {AppError} REQUEST_INVALID */
  refuseFaults(): void {
    refuseInvalid(this.faults);
  }
}

/** An act names the path within its own input; in the file it stands elsewhere. */
function join(path: string, within: string): string {
  const rest = within.replace(/^(operator|terms|sptjm)(\.|$)/, '');
  return rest === '' ? path : `${path}.${rest}`;
}
