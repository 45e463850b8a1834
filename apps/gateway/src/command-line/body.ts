import type { Command } from './commands.js';
import type { Field } from './fields.js';
import type { Inputs } from './inputs.js';
import type { General } from './options.js';
import { secretOnLine, secretsIn } from './secrets.js';
import { readValue } from './values.js';

export type Body = Record<string, unknown>;

/** The values of each option by its name, in the order of the line. */
export type Texts = ReadonlyMap<string, readonly string[]>;

/**
 * Puts the body together: the file, over it `--json`, over it the options; of an object first the whole, then its parts.
 * @throws {CommandFailure} what cannot be read, or a secret that stood on the line
 */
export async function assembleBody(command: Command, texts: Texts, general: General, inputs: Inputs): Promise<Body> {
  let body: Body = {};
  if (general.file !== undefined) body = objectOf(await inputs.readJson(general.file, '--file'), '--file', inputs);
  if (general.json !== undefined) body = merge(body, readJsonOption(general.json, command.body, inputs));
  for (const field of byDepth(command.body)) {
    const given = texts.get(field.name);
    if (!given) continue;
    const { value, onLine } = await readValue(field.name, field.shape, given, inputs);
    if (onLine) refuseSecrets(secretsIn(value, field.name, command.body), inputs);
    setAt(body, field.name, value);
  }
  return body;
}

function readJsonOption(text: string, fields: readonly Field[], inputs: Inputs): Body {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return inputs.fail('--json: bukan JSON yang benar.');
  }
  refuseSecrets(secretsIn(value, '', fields), inputs);
  return objectOf(value, '--json', inputs);
}

function objectOf(value: unknown, option: string, inputs: Inputs): Body {
  return isObject(value) ? value : inputs.fail(`${option}: isinya harus berupa objek JSON.`);
}

function refuseSecrets([secret]: readonly string[], inputs: Inputs): void {
  if (secret !== undefined) inputs.fail(secretOnLine(secret));
}

const byDepth = (fields: readonly Field[]): Field[] =>
  fields.toSorted((a, b) => a.name.split('.').length - b.name.split('.').length);

export const isObject = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function merge(under: Body, over: Body): Body {
  const merged = Object.entries(over).map(([key, value]): [string, unknown] => {
    const below = Object.hasOwn(under, key) ? under[key] : undefined;
    return [key, isObject(below) && isObject(value) ? merge(below, value) : value];
  });
  // fromEntries defines: a key named __proto__ stays a key
  return Object.fromEntries([...Object.entries(under), ...merged]);
}

/** @param name dotted, of the schema; what stands in the way is replaced by an object */
export function setAt(body: Body, name: string, value: unknown): void {
  const parts = name.split('.');
  const last = parts.pop() ?? '';
  let place = body;
  for (const part of parts) {
    const inner = isObject(place[part]) ? place[part] : {};
    place[part] = inner;
    place = inner;
  }
  place[last] = value;
}

/** The object that a dotted name's last part belongs to, if it is there. */
export function findOwner(body: Body, name: string): Body | undefined {
  const parts = name.split('.').slice(0, -1);
  let place: unknown = body;
  for (const part of parts) place = isObject(place) ? place[part] : undefined;
  return isObject(place) ? place : undefined;
}
