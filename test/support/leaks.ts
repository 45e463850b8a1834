import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** A NIK or nomor KK, however it got there; and the word that every synthetic name carries. */
const personal = [/(?<![0-9a-f-])\d{16}(?![0-9a-f-])/i, /\bCONTOH\b/];
const tokens = /eyJ[\w-]{10,}\.[\w-]{10,}/;

/** Log lines of a stack that tell what they must not: a NIK, a name, a secret, a token. */
export async function findLeaksInLogs(folder: string, secrets: readonly string[]): Promise<string[]> {
  const logs = join(folder, 'logs');
  const own = await ownSecrets(folder);
  const leaks: string[] = [];
  for (const name of await readdir(logs)) {
    for (const line of (await readFile(join(logs, name), 'utf8')).split('\n')) {
      const why = whatItTells(line, [...own, ...secrets]);
      if (why) leaks.push(`${name}: ${why}: ${line.slice(0, 300)}`);
    }
  }
  return leaks;
}

/** What the installation made for itself: random digits and letters, in which sooner or later a NIK can be read. */
const ownSecrets = async (folder: string): Promise<string[]> =>
  Object.values(JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8')) as Record<string, string>);

/** Serials of fixtures are 9900 and above, so this is a NIK that a test used, and nothing else on disk looks like it. */
const fixtureNik = /(?<!\d)\d{6}[0-7]\d[01]\d{3}99\d\d(?!\d)/;

/**
 * Files of a stopped stack (database, WAL, broker, logs, keys) that hold a person. The names of all synthetic people carry
 * the word CONTOH, and nothing else in these installations does.
 */
export async function findLeaksAtRest(folder: string): Promise<string[]> {
  const leaks: string[] = [];
  const own = await ownSecrets(folder);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    const text = bytes.toString('latin1');
    if (text.includes('CONTOH') || bytes.includes(Buffer.from('CONTOH', 'utf16le')))
      leaks.push(`${relative(folder, path)}: a name at rest`);
    else if (fixtureNik.test(text) && fixtureNik.test(own.reduce((rest, secret) => rest.replaceAll(secret, ' '), text)))
      leaks.push(`${relative(folder, path)}: a NIK at rest`);
  }
  return leaks;
}

/** Errors tell nothing of a person or a secret, in body and headers; headers of other answers neither. */
export function findLeaksInAnswer(
  what: string,
  response: Response,
  text: string,
  secrets: readonly string[],
): string[] {
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
  const why = whatItTells(headers, secrets) ?? (response.status >= 400 ? whatItTells(text, secrets) : undefined);
  return why ? [`${what}: ${why}: ${text.slice(0, 300)}`] : [];
}

function whatItTells(text: string, secrets: readonly string[]): string | undefined {
  if (personal.some((pattern) => pattern.test(text))) return 'a person';
  if (tokens.test(text)) return 'a token';
  return secrets.some((secret) => text.includes(secret)) ? 'a secret' : undefined;
}
