import type { z } from 'zod';
import { assembleBody, type Body, type Texts } from './body.js';
import type { Command } from './commands.js';
import { usageFailure } from './exit-status.js';
import { faultLine, faultsOf } from './faults.js';
import type { Inputs } from './inputs.js';
import type { Io } from './io.js';
import { addSecrets, missingSecrets } from './missing-secrets.js';
import { didYouMean } from './nearest.js';
import { generalOptions, type General, type Option } from './options.js';
import { isSecret, secretOnLine } from './secrets.js';

/** What is sent: by the contract, and checked with its own schemas. */
export interface Call {
  /** With its query. */
  path: string;
  body: Body | undefined;
  /** Of the address, if it names one. */
  institutionId: string | undefined;
}

/** Names that a command's options may have, beside the general ones. */
export const optionNames = ({ pathParameters, query, body }: Command): string[] => [
  ...pathParameters,
  ...query.map(({ name }) => name),
  ...body.map(({ name }) => name),
];

/**
 * Makes the call that a line asks for; secrets may still be missing.
 * @throws {CommandFailure} all faults at once: nobody is asked for a password before the line is right
 */
export async function checkCall(
  command: Command,
  options: readonly Option[],
  { general, inputs, institutionId }: { general: General; inputs: Inputs; institutionId: string | undefined },
): Promise<Call> {
  const { route } = command;
  const { texts, faults } = readTexts(command, options, general);
  const parameters = readParameters(command, texts, institutionId, faults);
  const path = fillPath(route.path, parameters) + readQuery(command, texts, faults);
  const body = route.body && (await checkBody(command, route.body.schema, texts, { general, inputs, faults }));
  if (faults.length > 0) throw usageFailure(...faults);
  return { path, body, institutionId: parameters.get('institutionId') };
}

async function checkBody(
  command: Command,
  schema: z.ZodType,
  texts: Texts,
  { general, inputs, faults }: { general: General; inputs: Inputs; faults: string[] },
): Promise<Body> {
  // beside other faults a file that cannot be read is only one more of them
  const body = await assembleBody(command, texts, general, inputs).catch((failure: Error) => {
    throw usageFailure(...faults, failure.message);
  });
  const asked = new Set(missingSecrets(command.body, body).map(({ name }) => name));
  faults.push(
    ...faultsOf(schema, body)
      .filter(({ name }) => !asked.has(name))
      .map(faultLine),
  );
  return body;
}

/**
 * Adds the secrets that a checked call still lacks.
 * @throws {CommandFailure} there is nobody to ask, or what was given does not fit
 */
export async function completeCall(
  command: Command,
  call: Call,
  from: { general: General; inputs: Inputs; io: Io },
): Promise<Call> {
  const { route } = command;
  if (!route.body || !call.body) return call;
  const body = structuredClone(call.body);
  await addSecrets(command.body, body, from);
  const faults = faultsOf(route.body.schema, body).map(faultLine);
  if (faults.length > 0) throw usageFailure(...faults);
  return { ...call, body };
}

function readTexts(command: Command, options: readonly Option[], general: General) {
  const names = optionNames(command);
  const texts = new Map<string, string[]>();
  const faults: string[] = [];
  for (const { name, value } of options) {
    const field = command.body.find((candidate) => candidate.name === name);
    if (!names.includes(name))
      faults.push(`--${name} tidak dikenal.${didYouMean(name, [...names, ...Object.keys(generalOptions)], '--')}`);
    else if (field && isSecret(field)) faults.push(secretOnLine(name));
    else if (value === undefined && !field?.shape.types.has('boolean')) faults.push(`--${name} memerlukan nilai.`);
    else if (command.pathParameters.includes(name) && texts.has(name))
      faults.push(`--${name} ditulis lebih dari sekali.`);
    else texts.set(name, [...(texts.get(name) ?? []), value ?? 'true']);
  }
  const forBody = (['file', 'json', 'password-file'] as const).filter((name) => general[name] !== undefined);
  if (!command.route.body) faults.push(...forBody.map((name) => `--${name} tidak dipakai oleh perintah ini.`));
  else if (general['password-file'] !== undefined && !names.some((name) => /^(currentP|p)assword$/.test(name)))
    faults.push('--password-file tidak dipakai oleh perintah ini.');
  return { texts, faults };
}

function readParameters(
  { pathParameters }: Command,
  texts: Texts,
  institutionId: string | undefined,
  faults: string[],
) {
  const values = pathParameters.map((name): [string, string] => {
    const value = texts.get(name)?.[0] ?? (name === 'institutionId' ? institutionId : undefined) ?? '';
    // an address with a dot segment is another address (RFC 3986 5.2.4)
    if (value === '' || value === '.' || value === '..') faults.push(`--${name}: Wajib diisi.`);
    return [name, value];
  });
  return new Map(values);
}

const fillPath = (path: string, parameters: ReadonlyMap<string, string>): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters.get(name) ?? ''));

function readQuery({ route, query }: Command, texts: Texts, faults: string[]): string {
  if (!route.query) return '';
  const given = query.flatMap(({ name }) => (texts.get(name) ?? []).map((value): [string, string] => [name, value]));
  const values = query.flatMap(({ name }) => {
    const [first, ...more] = texts.get(name) ?? [];
    return first === undefined ? [] : [[name, more.length === 0 ? first : [first, ...more]]];
  });
  faults.push(...faultsOf(route.query, Object.fromEntries(values)).map(faultLine));
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
