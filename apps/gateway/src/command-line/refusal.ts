import { logIn, Problem } from '#contracts';
import type { Command } from './commands.js';
import type { Answer } from './connection.js';
import { CommandFailure, exitStatus, type ExitStatus } from './exit-status.js';
import { printable } from './io.js';

/** Refusals of one route are read without the fields that only other callers need. */
const ShownProblem = Problem.pick({ detail: true, correlationId: true, issues: true, retryAfter: true })
  .extend({ code: Problem.shape.type })
  .loose();

/** @returns what is told when the answer is no success */
export function refusalOf({ route }: Command, answer: Answer, target: string): CommandFailure {
  const problem = answer.contentType.endsWith('json') ? parseProblem(answer.content) : undefined;
  if (!problem) return notOurs(answer, target);
  const { code, detail, issues = [], correlationId, retryAfter } = problem;
  const status = statusOf(answer.status, route.access === 'public' || code === 'LOGIN_FAILED');
  const lines = [
    detail,
    ...issues.map(({ path, message }) => `  - ${path === '' ? '' : `${path}: `}${message}`),
    ...(retryAfter === undefined ? [] : [`Coba lagi setelah ${retryAfter} detik.`]),
    ...(status === exitStatus.logInNeeded ? [`Jalankan: gerbang ${logIn.command} --username <nama>`] : []),
    `Kode: ${code} (HTTP ${answer.status})`,
    `Nomor korelasi: ${correlationId || '-'}`,
  ];
  return new CommandFailure(status, lines.map(printable));
}

/** Whoever was asked for a password and gave a wrong one is refused; a log-in is something else. */
function statusOf(httpStatus: number, isOwnPassword: boolean): ExitStatus {
  return httpStatus === 401 && !isOwnPassword ? exitStatus.logInNeeded : exitStatus.refused;
}

function parseProblem(content: Buffer) {
  try {
    return ShownProblem.safeParse(JSON.parse(content.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** What a proxy, or something else at that address, answers. */
export function notOurs({ status, location }: Answer, target: string): CommandFailure {
  return new CommandFailure(exitStatus.unreachable, [
    `Jawaban dari ${target} bukan jawaban Gerbang PATEN (HTTP ${status}).`,
    location === undefined
      ? 'Periksa alamat (--url) dan apakah gateway berjalan.'
      : printable(`Server mengalihkan ke ${location}; tulis alamat yang benar dengan --url.`),
  ]);
}
