import { concat, fromBase64, fromHex, toBase64, toHex } from './bytes.js';
import { isKeyName } from './keys.js';

/** A C2SP signed-note: text, and who signed it. */
export interface Note {
  /** Ends with a newline. */
  text: string;
  signatures: NoteSignature[];
}

export interface NoteSignature {
  name: string;
  /** Key id: 8 lower case hex digits. */
  id: string;
  /** What follows the key id. */
  bytes: Uint8Array;
}

/** Control characters other than the newline, and what is not Unicode text. */
const forbidden = /[\x00-\x09\x0b-\x1f\p{Surrogate}]/u;
const maximumLength = 64 * 1024;
const maximumSignatures = 64;

export function formatNote({ text, signatures }: Note): string {
  const lines = signatures.map(({ name, id, bytes }) => `— ${name} ${toBase64(concat(fromHex(id)!, bytes))}\n`);
  return `${text}\n${lines.join('')}`;
}

/** Nothing when it is not a signed note. It says nothing of whether the signatures are good. */
export function parseNote(note: string): Note | undefined {
  if (note.length > maximumLength || forbidden.test(note)) return undefined;
  const separator = note.lastIndexOf('\n\n');
  if (separator < 0 || !note.endsWith('\n')) return undefined;
  const text = note.slice(0, separator + 1);
  const lines = note.slice(separator + 2).split('\n');
  lines.pop();
  if (lines.length === 0 || lines.length > maximumSignatures) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseSignature(line);
    if (signature === undefined) return undefined;
    signatures.push(signature);
  }
  return { text, signatures };
}

function parseSignature(line: string): NoteSignature | undefined {
  const [, name, encoded] = /^— (\S+) (\S+)$/u.exec(line) ?? [];
  if (name === undefined || encoded === undefined || !isKeyName(name)) return undefined;
  const bytes = fromBase64(encoded);
  if (bytes === undefined || bytes.length < 5) return undefined;
  return { name, id: toHex(bytes.subarray(0, 4)), bytes: bytes.subarray(4) };
}
