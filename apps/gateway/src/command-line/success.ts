import { access, constants, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { approveProposal } from '#contracts';
import { isObject } from './body.js';
import type { Command } from './commands.js';
import type { Answer } from './connection.js';
import { usageFailure } from './exit-status.js';
import { printable, type Io } from './io.js';
import type { General } from './options.js';
import type { Call } from './prepare.js';
import { readable } from './readable.js';

/** Whether the answer is something else than JSON, which goes to a file. */
export const isFile = ({ route }: Command): boolean => route.response.contentType !== undefined;

/** Whether the answer may be larger than the memory. */
export const isStream = (command: Command): boolean =>
  isBundle(command) || largeTypes.has(command.route.response.contentType);

const largeTypes: ReadonlySet<unknown> = new Set(['application/octet-stream', 'application/zip']);

/** Whether the answer tells by its last line that it is whole. */
export const isBundle = ({ route }: Command): boolean => route.response.contentType === 'application/jsonl';

/** Whether what came is what the route promises. */
export function isPromised(command: Command, { status, contentType, content }: Answer): boolean {
  if (status < 200 || status > 299) return false;
  if (isFile(command)) return contentType === command.route.response.contentType;
  return contentType === 'application/json' && parse(content) !== undefined;
}

/** Shows or saves the answer, and tells on stderr what remains to be done. */
export async function showAnswer(
  { command, call, answer: { status, content } }: { command: Command; call: Call; answer: Answer },
  general: General,
  io: Io,
): Promise<void> {
  const value = isFile(command) ? undefined : parse(content);
  if (general.out !== undefined) {
    if (!isStream(command)) await save(general.out, content);
    io.stderr.write(`Disimpan: ${general.out}\n`);
  } else if ((general.output ?? (io.stdout.isTTY ? 'text' : 'json')) === 'json') {
    io.stdout.write(`${content.toString('utf8').trimEnd()}\n`);
  } else {
    const text = readable(value, io.stdout.columns ?? 80);
    io.stdout.write(`${text === '' ? 'Selesai.' : text}\n`);
  }
  if (status === 202 && isObject(value) && Array.isArray(value.approvers))
    io.stderr.write(`${nextStep(value, call.institutionId).join('\n')}\n`);
}

const files: Readonly<Record<string, string>> = {
  'application/pdf': 'berkas.pdf',
  'image/svg+xml': 'kode.svg',
  'application/jsonl': 'bukti.jsonl',
  'application/octet-stream': 'berkas.bin',
  'application/zip': 'kit.zip',
  'application/json': 'isi.json',
  'text/csv': 'angka.csv',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'surat.docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'contoh.xlsx',
};

/** Name of a file that fits the answer, for examples. */
export const fileOf = ({ route }: Command): string => files[route.response.contentType ?? ''] ?? 'jawaban.json';

/** Before anything is sent: an answer that cannot be saved may hold a secret that is shown only once. */
export async function checkOut(command: Command, { out }: General): Promise<void> {
  if (out === undefined) {
    if (isFile(command)) throw usageFailure(`Jawabannya bukan teks: tulis --out ${fileOf(command)}.`);
    return;
  }
  try {
    await access(dirname(out), constants.W_OK);
    if ((await stat(out).catch(() => undefined))?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  } catch (cause) {
    throw usageFailure(`--out: berkas "${out}" tidak dapat ditulis (${(cause as NodeJS.ErrnoException).code}).`);
  }
}

/** Replaces the file in one step, readable for its owner only. */
async function save(path: string, content: Buffer): Promise<void> {
  const next = `${path}.${process.pid}`;
  await writeFile(next, content, { mode: 0o600 });
  await rename(next, path);
}

function nextStep(value: unknown, institutionId: string | undefined): string[] {
  const { id, approvers, expiresAt } = isObject(value) ? value : {};
  // the second person may be of another institution, so the proposal's own is named
  const institution = institutionId === undefined ? '' : ` --institutionId ${institutionId}`;
  const roles = Array.isArray(approvers) ? approvers.map(String).join(' atau ') : 'yang berwenang';
  return [
    `Ini baru usulan: orang kedua (${roles}) harus menyetujuinya${typeof expiresAt === 'string' ? ` sebelum ${expiresAt}` : ''}, dengan`,
    `  gerbang ${approveProposal.command}${institution} --proposalId ${String(id)} --reason "..."`,
  ].map(printable);
}

function parse(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
