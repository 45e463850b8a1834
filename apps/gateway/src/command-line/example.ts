import { isObject, type Body } from './body.js';
import type { Command } from './commands.js';
import type { Field } from './fields.js';
import { isSecret } from './secrets.js';
import { fileOf, isFile } from './success.js';

/** A file that is handed in as it is. */
export const uploadExample = 'berkas.xlsx';

/** More than these, and an object is better written in a file. */
const mostOptions = 10;

export interface Example {
  /** `gerbang` and what follows it. */
  argv: string[];
  /** Files that it names, with what is in them. */
  files: Record<string, unknown>;
}

/** How the contract's own example is called; secrets are left to the question. */
export function exampleOf(command: Command): Example {
  const [body] = Object.values(command.route.body?.examples ?? {});
  const parameters = command.pathParameters
    .filter((name) => name !== 'institutionId')
    .flatMap((name) => [`--${name}`, `<${name}>`]);
  const file = command.route.body?.contentType === 'multipart/form-data' ? [uploadExample] : [];
  const options = isObject(body) && file.length === 0 ? optionsOf(command.body, body) : [];
  const needsFile = options.length > 2 * mostOptions || hasInnerSecret(command.body, body);
  const files: Record<string, unknown> = {};
  const written = needsFile && isObject(body) ? withFiles(command.body, body, files) : options;
  const query = optionsOf(command.query, { ...command.route.queryExample });
  const out = isFile(command) ? ['--out', fileOf(command)] : [];
  return { argv: [...command.words, ...file, ...parameters, ...query, ...written, ...out], files };
}

/** A body as options, without its secrets. */
export function optionsOf(fields: readonly Field[], body: Body): string[] {
  return fields.flatMap((field) => {
    const value = valueAt(body, field.name);
    if (value === undefined || isSecret(field)) return [];
    if (isObject(value) && field.shape.fields.length > 0) return [];
    return textsOf(value).flatMap((text) =>
      text.startsWith('--') ? [`--${field.name}=${text}`] : [`--${field.name}`, text],
    );
  });
}

/** The values of an option that mean this; a text of a list that looks like a list goes with the whole as JSON. */
function textsOf(value: unknown): string[] {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  if (Array.isArray(value) && items.some((item) => typeof item === 'string' && item.startsWith('[')))
    return [JSON.stringify(value)];
  return items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
}

/** Objects in files of their own, named as their field; the rest as options. */
function withFiles(fields: readonly Field[], body: Body, files: Record<string, unknown>): string[] {
  const small: Body = {};
  const named = Object.entries(body).flatMap(([name, value]) => {
    if (!isObject(value)) {
      small[name] = value;
      return [];
    }
    files[`${name}.json`] = value;
    return [`--${name}`, `${name}.json`];
  });
  return [...named, ...optionsOf(fields, small)];
}

const hasInnerSecret = (fields: readonly Field[], body: unknown): boolean =>
  isObject(body) &&
  fields.some((field) => field.name.includes('.') && isSecret(field) && valueAt(body, field.name) !== undefined);

const valueAt = (body: Body, name: string): unknown =>
  name.split('.').reduce<unknown>((place, part) => (isObject(place) ? place[part] : undefined), body);

/** For a shell: quoted where it needs to be. */
export const shellLine = (argv: readonly string[]): string =>
  argv.map((word) => (/^[\w@%+=:,./<>-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
