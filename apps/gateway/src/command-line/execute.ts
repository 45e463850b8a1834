import { resolve } from 'node:path';
import { logIn, logOut, type Route } from '#contracts';
import type { Command } from './commands.js';
import { send, type Answer, type Connection, type Sink } from './connection.js';
import { CommandFailure, exitStatus, usageFailure } from './exit-status.js';
import { Inputs } from './inputs.js';
import type { Io } from './io.js';
import { splitGeneral, type General, type Option } from './options.js';
import { inParts } from './parts.js';
import { checkCall, completeCall, optionNames, type Call } from './prepare.js';
import { notOurs, refusalOf } from './refusal.js';
import { saveStream } from './save-stream.js';
import { isSecret } from './secrets.js';
import { findSession, removeSession, sessionPath, type SavedSession } from './session-file.js';
import { keepSession } from './session-keeping.js';
import { checkOut, isBundle, isPromised, isStream, showAnswer } from './success.js';
import { isUnprotected, targetOf } from './target.js';

const is = (route: Route, other: Route): boolean => route.operationId === other.operationId;

/**
 * One command from its options to its answer.
 * @throws {CommandFailure} whatever is not a success
 */
export async function execute(
  command: Command,
  options: readonly Option[],
  io: Io,
  deadlineMs: number,
): Promise<number> {
  const { route } = command;
  const { general, own } = splitGeneral(options, (name) => optionNames(command).includes(name));
  const path = sessionPath(io);
  const saved = await findSession(path);
  if (is(route, logOut) && !saved) return told(io, 'Belum masuk (login).');

  const target = targetOf(general, io, saved);
  const inputs = new Inputs(io);
  const isPublic = route.access === 'public';
  // a log-in, too, sends the cookies of before: the server ends that session and knows the computer again
  const session = saved?.url === target ? saved : undefined;
  // without a session nothing is sent, but the line is checked first
  const institutionId = saved?.institutionId ?? (isPublic ? undefined : '-');
  const checked = await checkCall(command, own, { general, inputs, institutionId });
  await checkOut(command, general);
  if (!isPublic && !session) throw logInFirst(target, saved);
  if (isUnprotected(target) && command.body.some(isSecret))
    io.stderr.write(`Peringatan: sambungan ke ${target} tidak terenkripsi; gunakan https.\n`);

  const ca = general.ca === undefined ? session?.ca : resolve(general.ca);
  const connection = { target, ca: await readCa(ca, inputs), session, deadlineMs };
  const call = await completeCall(command, checked, { general, inputs, io });
  const sink = isStream(command) && general.out !== undefined ? saveStream(general.out, isBundle(command)) : undefined;
  const answer = await sendAll(command, inParts(route, call), connection, sink).finally(() =>
    // who leaves the computer wants the session gone from it, whatever the server says; there it ends by itself
    is(route, logOut) ? removeSession(path) : undefined,
  );
  if (is(route, logOut) && answer.status === 401) return told(io, 'Sesi sudah berakhir; berkas sesi dihapus.');
  if (!isPromised(command, answer)) throw failureOf(command, answer, target);
  // first of all the answer: it may hold a secret that is shown only once
  await showAnswer({ command, call, answer }, general, io);
  if (!is(route, logOut)) await keepSession(path, route, answer, { url: target, session, ...(ca ? { ca } : {}) });
  return exitStatus.done;
}

/** Answers what the last one did, or the first that is not a success: those after it are not sent. */
async function sendAll(
  command: Command,
  [first, ...more]: [Call, ...Call[]],
  connection: Connection,
  sink: Sink | undefined,
): Promise<Answer> {
  let answer = await send(command.route, first, connection, sink);
  for (const call of more) {
    if (!isPromised(command, answer)) break;
    answer = await send(command.route, call, connection, sink);
  }
  return answer;
}

function failureOf(command: Command, answer: Answer, target: string): CommandFailure {
  return answer.status >= 400 ? refusalOf(command, answer, target) : notOurs(answer, target);
}

async function readCa(path: General['ca'], inputs: Inputs): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const pem = await inputs.readText(path, '--ca');
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw usageFailure(`--ca: "${path}" bukan sertifikat PEM.`);
  return pem;
}

function logInFirst(target: string, saved: SavedSession | undefined): CommandFailure {
  const other = saved ? [`Sesi yang tersimpan adalah untuk ${saved.url}.`] : [];
  return new CommandFailure(exitStatus.logInNeeded, [
    `Belum masuk (login) ke ${target}.`,
    ...other,
    `Jalankan: gerbang ${logIn.command} --url ${target} --username <nama>`,
  ]);
}

function told(io: Io, text: string): number {
  io.stderr.write(`${text}\n`);
  return exitStatus.done;
}
