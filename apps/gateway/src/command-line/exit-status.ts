/** What a script may rely on. */
export const exitStatus = {
  done: 0,
  /** The server understood and refused. */
  refused: 1,
  /** Nothing was sent: the command is written wrongly. */
  usage: 2,
  /** No answer of a gateway. */
  unreachable: 3,
  /** 401: log in (again). */
  logInNeeded: 4,
  /** Ctrl-C at a question, as a shell tells it (128 + SIGINT). */
  cancelled: 130,
} as const;
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** Why a command ends without an answer: what is told on stderr, and the exit status. */
export class CommandFailure extends Error {
  constructor(
    readonly status: ExitStatus,
    readonly lines: readonly string[],
    options?: ErrorOptions,
  ) {
    super(lines.join('\n'), options);
  }
}

/** Nothing was sent; all faults of the line at once. */
export const usageFailure = (...faults: string[]) => new CommandFailure(exitStatus.usage, faults);
