import { ConfigError } from './config.js';
import { describeError } from './log.js';

/** A started service: what tests, containers and the launcher hold on to. */
export interface RunningService {
  /** Where it can be reached, for those that listen. */
  url?: string;
  managementPort: number;
  /** Stops intake, lets what is in flight finish within a bound, closes. May be called twice. */
  close(): Promise<void>;
}

/**
 * What every `main.ts` calls: starts, says so in one JSON line, and stops on SIGTERM or SIGINT. A second signal ends at
 * once. Exit status 78 (EX_CONFIG of sysexits) means that the configuration cannot be used.
 */
export async function runMain(name: string, start: (env: NodeJS.ProcessEnv) => Promise<RunningService>): Promise<void> {
  dieQuietly(name);
  try {
    const service = await start(process.env);
    let stopping = false;
    const stop = () => {
      if (stopping) process.exit(1);
      stopping = true;
      service.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    process.on('disconnect', stop);
    // the parent ended while this was starting
    if (process.connected === false) return stop();
    const ready = { service: name, msg: 'ready', url: service.url, managementPort: service.managementPort };
    process.send?.(ready, () => undefined);
    process.stdout.write(`${JSON.stringify({ level: 'info', time: new Date().toISOString(), ...ready })}\n`);
  } catch (error) {
    const known = error instanceof ConfigError;
    process.stderr.write(`${name} did not start: ${known ? error.message : describe(error)}\n`);
    process.exit(known ? 78 : 1);
  }
}

/** A fault that nobody caught ends the process, but not with Node's own report: that quotes the error's text, which may quote data. */
function dieQuietly(name: string): void {
  const die = (thrown: unknown) => {
    const line = {
      level: 'error',
      time: new Date().toISOString(),
      service: name,
      msg: 'uncaught',
      ...describeError(thrown),
    };
    process.stderr.write(`${JSON.stringify(line)}\n`);
    process.exit(70);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const code = (error as NodeJS.ErrnoException).code;
  return `${error.name}${code ? ` ${code}` : ''}: ${error.message}`;
}
