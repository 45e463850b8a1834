import { readLines, readText, readThrough, scriptHasher, type MakeHasher, type ReadFile } from './file-reading.js';
import type { KitFindings } from './findings.js';
import { UnreadableFile, type KitSource } from './kit-source.js';
import { isKitName, manifestName, readManifest, type KitFile } from './manifest.js';
import * as says from './says.js';

const mostManifest = 1024 * 1024;

/** Reads the files of a kit, each at least once, and compares them with the manifest. */
export class KitFiles {
  private readonly read = new Map<string, ReadFile>();
  private readonly missing = new Set<string>();

  constructor(
    private readonly source: KitSource,
    private readonly findings: KitFindings,
    private readonly makeHasher: MakeHasher = scriptHasher,
  ) {}

  has(name: string): boolean {
    return this.source.names.includes(name);
  }

  get names(): readonly string[] {
    return this.source.names;
  }

  /** Whether it could be read to its end; what is wrong with it is told. */
  lines(name: string, take: (line: string) => void): Promise<boolean> {
    return this.take(name, () => readLines(this.source, name, this.makeHasher, take));
  }

  /** @param most bytes */
  async text(name: string, most: number): Promise<string | undefined> {
    let text: string | undefined;
    await this.take(name, async () => {
      const file = await readText(this.source, name, this.makeHasher, most);
      text = file.text;
      return file;
    });
    return text;
  }

  /** Reads whatever nobody has read, and compares everything with the manifest. */
  async compare(): Promise<void> {
    const text = await this.text(manifestName, mostManifest);
    const manifest = text === undefined ? undefined : readManifest(text);
    if (text !== undefined && manifest === undefined) this.findings.add(says.manifestInvalid());
    const rest = this.source.names.filter((name) => isKitName(name) && !this.read.has(name));
    for (const name of new Set(rest)) await this.take(name, () => readThrough(this.source, name, this.makeHasher));
    this.judge(manifest);
  }

  private judge(manifest: readonly KitFile[] | undefined): void {
    const { findings } = this;
    const { names } = this.source;
    const listed = new Map(manifest?.map((file) => [file.name, file]));
    if (manifest && manifest.length !== listed.size) findings.add(says.manifestInvalid());
    for (const name of new Set(names)) {
      if (names.indexOf(name) !== names.lastIndexOf(name)) findings.add(says.fileTwice(name));
      const isUnlisted = manifest !== undefined && name !== manifestName && !listed.has(name);
      if (!isKitName(name) || isUnlisted) findings.add(says.fileUnknown(name));
      const [told, found] = [listed.get(name), this.read.get(name)];
      if (told && found && (told.sha256 !== found.sha256 || told.bytes !== found.bytes)) {
        findings.add(says.fileChanged(name));
      }
    }
    for (const name of listed.keys()) if (!names.includes(name)) this.tellMissing(name);
  }

  private async take(name: string, reading: () => Promise<ReadFile>): Promise<boolean> {
    if (!this.has(name)) {
      this.tellMissing(name);
      return false;
    }
    try {
      this.read.set(name, await reading());
      return true;
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      this.findings.add(says.fileUnreadable(name, error.message));
      return false;
    }
  }

  private tellMissing(name: string): void {
    if (!this.missing.has(name)) this.findings.add(says.fileMissing(name));
    this.missing.add(name);
  }
}
