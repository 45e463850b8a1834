import { posix } from 'node:path';
import type { ZipPackage } from './zip-package.js';
import type { ZipPart } from '#service/zip-stream';

/** What becomes of the parts of a package; what is not spoken of passes through byte for byte. */
export class PackageChanges {
  private readonly replaced = new Map<string, ZipPart['data']>();
  /** Written behind all others: they depend on what the sheet needed, or are new. */
  private readonly last: ZipPart[] = [];
  private readonly dropped = new Set<string>();
  /** Of the parts that are put in. */
  readonly contentTypes = new Map<string, string>();

  /** @param workbook part in whose folder new ones go */
  constructor(
    private readonly zip: ZipPackage,
    private readonly workbook: string,
  ) {}

  parts(): ZipPart[] {
    const { zip, replaced, dropped, last } = this;
    const passing = zip
      .names()
      .filter((name) => !dropped.has(name.toLowerCase()) && !last.some((one) => sameName(one.name, name)));
    return [
      ...passing.map((name) => ({ name, data: replaced.get(name.toLowerCase()) ?? (() => zip.read(name)) })),
      ...last,
    ];
  }

  replace(part: string, data: ZipPart['data']): void {
    this.replaced.set(part.toLowerCase(), data);
  }

  put(part: string, text: string): void {
    if (this.zip.has(part)) this.replace(part, () => [text]);
    else this.putLast(part, () => [text]);
  }

  putLast(part: string, data: ZipPart['data']): void {
    this.last.push({ name: this.zip.names().find((name) => sameName(name, part)) ?? part, data });
  }

  drop(part: string): void {
    this.dropped.add(part.toLowerCase());
  }

  /** @throws {FileFault} as the package's own */
  async find(part: string | undefined): Promise<string | undefined> {
    return part !== undefined && this.zip.has(part) ? this.zip.readText(part) : undefined;
  }

  /** Numbered as other programs number them, because some go by the name. */
  freePart(stem: string, ending: string): string {
    const folder = posix.dirname(this.workbook);
    const taken = (part: string): boolean => this.zip.has(part) || this.last.some(({ name }) => sameName(name, part));
    for (let n = 1; ; n += 1) {
      const part = posix.join(folder, `${stem}${n}${ending}`);
      if (!taken(part)) return part;
    }
  }
}

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The id, or the first with a number behind it that is free. */
export function freeId(wanted: string, known: readonly { id: string }[]): string {
  const ids = new Set(known.map(({ id }) => id));
  let id = wanted;
  for (let n = 2; ids.has(id); n += 1) id = `${wanted}${n}`;
  return id;
}
