import { ConfigError } from '#service';
import { StartError } from '../start-error.js';

/** One JSON line when it is done. Exit status 78 (EX_CONFIG of sysexits) means that the configuration cannot be used. */
export async function runCommand(name: string, work: () => Promise<Record<string, unknown>>): Promise<void> {
  try {
    const result = await work();
    const line = { level: 'info', time: new Date().toISOString(), service: name, msg: 'done', ...result };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  } catch (error) {
    process.stderr.write(`${name} failed: ${describe(error)}\n`);
    process.exitCode = error instanceof ConfigError ? 78 : 1;
  }
}

function describe(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StartError) return error.message;
  if (!(error instanceof Error)) return 'unknown error';
  const code = (error as NodeJS.ErrnoException).code;
  return `${error.name}${code ? ` ${code}` : ''}: ${error.message}`;
}
