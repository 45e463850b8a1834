import type { LoggerService } from '@nestjs/common';
import { pino, type Logger as Pino } from 'pino';
import type { LogLevel } from '#contracts';
import { currentContext } from './context.js';

/** The allow-list: a field that is not named here is not written, whatever it holds (DESIGN: a NIK is never logged). */
const allowedFields = [
  'attempt',
  'bytes',
  'clientId',
  'code',
  'count',
  'day',
  'durationMs',
  'errorCode',
  'errorName',
  'file',
  'hits',
  'hop',
  'institutionId',
  'limit',
  'method',
  'operatorId',
  'outcome',
  'port',
  'reason',
  'role',
  'route',
  'stack',
  'state',
  'status',
  'subject',
  'url',
  'verificationId',
  'version',
  'warning',
] as const;

export type LogFields = Partial<Record<(typeof allowedFields)[number], string | number | boolean | undefined>>;

const flushEveryMs = 200;

/** Lines are written together, a few times a second, and what is left when the process ends. */
function bufferedOutput() {
  const output = pino.destination({ dest: 1, sync: false, minLength: 4_096 });
  setInterval(() => output.flush(), flushEveryMs).unref();
  // without the parent that reads it sonic-boom would try the write again for good, pino's own at the end of the process as well
  process.prependListener('exit', () => {
    if (process.connected === false) output.flushSync = () => undefined;
  });
  process.on('exit', () => {
    try {
      output.flushSync();
    } catch {
      // nobody reads any more
    }
  });
  return output;
}

/** JSON lines on standard output, one event each, joined by the correlation id. */
export class Log implements LoggerService {
  private constructor(private readonly pino: Pino) {}

  static create(service: string, level: LogLevel): Log {
    return new Log(
      pino(
        {
          level,
          base: { service },
          messageKey: 'msg',
          timestamp: pino.stdTimeFunctions.isoTime,
          formatters: { level: (label) => ({ level: label }) },
        },
        bufferedOutput(),
      ),
    );
  }

  event(level: LogLevel, msg: string, fields: LogFields = {}): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const context = currentContext();
    const line: Record<string, unknown> = context
      ? { correlationId: context.correlationId, trace: context.traceparent.slice(3, 35) }
      : {};
    for (const name of allowedFields) if (fields[name] !== undefined) line[name] = fields[name];
    this.pino[level](line, msg);
  }

  /**
   * An error that was not expected. Its message is left out, because drivers and parsers quote the data they stumbled
   * over; class, code and stack frames stay.
   */
  failure(msg: string, thrown: unknown, fields: LogFields = {}, level: LogLevel = 'error'): void {
    this.event(level, msg, { ...fields, ...describeError(thrown) });
  }

  // The rest is what Nest itself logs through: its texts are fixed ones, long digit runs are struck all the same.
  log(message: unknown, ...rest: unknown[]): void {
    this.framework('debug', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.framework('warn', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.framework('error', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.framework('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.framework('debug', message, rest);
  }

  private framework(level: LogLevel, message: unknown, rest: unknown[]): void {
    const origin = typeof rest.at(-1) === 'string' ? ` (${String(rest.at(-1)).slice(0, 80)})` : '';
    if (message instanceof Error) this.failure(`framework${origin}`, message, {}, level);
    else if (typeof message === 'string')
      this.event(level, `${message.replace(/\d{6,}/g, '#').slice(0, 300)}${origin}`);
  }
}

export function describeError(thrown: unknown): LogFields {
  if (!(thrown instanceof Error)) return { errorName: typeof thrown };
  // the stack begins with the message, and a line of that may look like a frame
  const stack = thrown.stack ?? '';
  const begin = stack.indexOf(thrown.message);
  const frames = stack
    .slice(begin < 0 ? 0 : begin + thrown.message.length)
    .split('\n')
    .filter((line) => /^\s+at /.test(line));
  const cause = thrown.cause === undefined ? {} : { reason: causeOf(thrown.cause) };
  const code = (thrown as NodeJS.ErrnoException).code;
  return {
    errorName: thrown.name,
    errorCode: code === undefined ? undefined : String(code),
    stack: frames.slice(0, 8).join('\n'),
    ...cause,
  };
}

function causeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause;
  return [cause.name, (cause as NodeJS.ErrnoException).code].filter(Boolean).join(' ');
}
