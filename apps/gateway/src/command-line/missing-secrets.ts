import { findOwner, setAt, type Body } from './body.js';
import { usageFailure } from './exit-status.js';
import type { Field } from './fields.js';
import type { Inputs } from './inputs.js';
import type { Io } from './io.js';
import type { General } from './options.js';
import { askSecrets } from './prompt.js';
import { environmentNameOf, isAskedFor, isChosenNow, isOwnPassword, questionOf } from './secrets.js';

/** Secrets that a body lacks, where the object that they belong to is there. */
export function missingSecrets(fields: readonly Field[], body: Body): Field[] {
  return fields.filter((field) => {
    const owner = isAskedFor(field) ? findOwner(body, field.name) : undefined;
    return owner !== undefined && owner[field.name.slice(field.name.lastIndexOf('.') + 1)] === undefined;
  });
}

/**
 * Fills in what `missingSecrets` names: from --password-file, the environment, or else the terminal.
 * @throws {CommandFailure} there is nobody to ask, or what was asked twice differs
 */
export async function addSecrets(
  fields: readonly Field[],
  body: Body,
  from: { general: General; inputs: Inputs; io: Io },
): Promise<void> {
  const open: Field[] = [];
  for (const field of missingSecrets(fields, body)) {
    const given = await findGiven(field.name, from);
    if (given === undefined) open.push(field);
    else put(body, field, given);
  }
  const asked = from.io.stdin.isTTY ? open : open.filter(({ required }) => required);
  if (asked.length === 0) return;
  if (!from.io.stdin.isTTY) throw usageFailure(...asked.map(({ name }) => nobodyToAsk(name)));
  await ask(asked, fields, body, from.io);
}

async function ask(asked: readonly Field[], fields: readonly Field[], body: Body, io: Io): Promise<void> {
  const questions = asked.flatMap((field) => {
    const question = { field, text: questionOf(field.name) };
    return isChosenNow(field.name, fields) ? [question, { field, text: `${question.text}, sekali lagi` }] : [question];
  });
  const answers = await askSecrets(
    io,
    questions.map(({ text }) => text),
  );
  for (const field of asked) {
    const given = new Set(answers.filter((_, index) => questions[index]?.field === field));
    if (given.size > 1) throw usageFailure(`${questionOf(field.name)}: kedua isian tidak sama.`);
    put(body, field, [...given][0] ?? '');
  }
}

async function findGiven(name: string, { general, inputs, io }: Parameters<typeof addSecrets>[2]) {
  const path = isOwnPassword(name) ? general['password-file'] : undefined;
  if (path !== undefined) return (await inputs.readText(path, '--password-file')).replace(/\r?\n$/, '');
  const variable = environmentNameOf(name);
  return variable === undefined ? undefined : io.environment[variable];
}

/** An optional secret that is left empty is not sent. */
function put(body: Body, field: Field, value: string): void {
  if (value !== '' || field.required) setAt(body, field.name, value);
}

function nobodyToAsk(name: string): string {
  const variable = environmentNameOf(name);
  return `--${name}: wajib diisi, tetapi tidak ada terminal untuk bertanya; ${variable ? `isi ${variable}` : 'kirim sebagai JSON lewat stdin (--file -)'}.`;
}
