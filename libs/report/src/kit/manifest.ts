import { hasRepeatedKey } from '#evidence';
import { sortedBy } from '../order.js';

export const kitFormat = 'gerbang-kit/1';
export const manifestName = 'manifest.json';

export interface KitFile {
  name: string;
  bytes: number;
  /** SHA-256, hex. */
  sha256: string;
}

/** Names of a kit's files besides the manifest and the bundles; those that have to be there, and those that may. */
export const neededFiles = ['report.json', 'particulars.jsonl', 'undelivered.jsonl'] as const;
export const otherFiles = [
  'report.pdf',
  'report.xlsx',
  'gerbang-verify.mjs',
  'gerbang-verify.html',
  'BACA-SAYA.txt',
] as const;

/** Name of the bundle of a generation of the log, from 1. */
export function bundleName(generation: number): string {
  return `evidence-${generation}.jsonl`;
}

/** Generation of the log whose bundle it is. */
export function generationOf(name: string): number | undefined {
  const [, digits] = /^evidence-([1-9][0-9]{0,8})\.jsonl$/.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Whether a kit may hold a file of this name. A name is never a path. */
export function isKitName(name: string): boolean {
  const fixed: readonly string[] = [manifestName, ...neededFiles, ...otherFiles];
  return fixed.includes(name) || generationOf(name) !== undefined;
}

/** The text of manifest.json. @throws RangeError on a name that no kit has, or has already */
export function kitManifest(files: readonly KitFile[]): string {
  const names = files.map(({ name }) => name);
  const odd = names.find((name, at) => !isKitName(name) || name === manifestName || names.indexOf(name) !== at);
  if (odd !== undefined) throw new RangeError(`Not a file of a kit: ${odd}`);
  const rows = sortedBy(files, ({ name }) => name).map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 }));
  return `${JSON.stringify({ format: kitFormat, files: rows }, null, 2)}\n`;
}

/** Nothing when it is no manifest. Whether the names are those of a kit is for the reader. */
export function readManifest(text: string): KitFile[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { format, files } = (value ?? {}) as { format?: unknown; files?: unknown };
  // two readers may take different ones of two equal keys
  if (format !== kitFormat || !Array.isArray(files) || !files.every(isKitFile) || hasRepeatedKey(text))
    return undefined;
  return files;
}

function isKitFile(value: unknown): value is KitFile {
  const { name, bytes, sha256 } = (value ?? {}) as Partial<KitFile>;
  return (
    typeof name === 'string' &&
    Number.isSafeInteger(bytes) &&
    (bytes as number) >= 0 &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256)
  );
}
