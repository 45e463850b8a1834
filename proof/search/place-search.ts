import { lstatSync, readdirSync, readlinkSync, type Dirent, type Stats } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { searchFile } from './file-search.js';
import { findingsOf, type Finding } from './finding.js';
import type { Matcher } from './matcher.js';
import { StreamSearch } from './stream-search.js';
import { withoutSecrets } from './without-secrets.js';

/** A part of the disk that is searched. */
export interface Place {
  name: string;
  folder: string;
  /** Only what was written since: for folders that others use as well. */
  changedSince?: Date;
  /** Not the folders below. */
  topOnly?: boolean;
  /** Searched under another name, or none of the installation's. */
  except?: readonly string[];
  /** Folders at its top that are of somebody else; how many there were is told. */
  foreignNames?: RegExp;
  /** Others write here as well: a file may go away meanwhile, or be closed to us, and then it is not of the installation. */
  shared?: boolean;
}

export interface SearchedPlace {
  name: string;
  files: number;
  bytes: number;
  /** Names of files and folders, and where links point to. */
  names: number;
  /** Gone before they were read. */
  vanished: number;
  /** Of somebody else: by its name, or because it is closed to this user. */
  foreign: number;
  unread: { where: string; why: string }[];
  findings: Finding[];
}

/** Searches what the files of a place hold, and what they are called. Nothing is left out without being told. */
export class PlaceSearch {
  private readonly result: SearchedPlace;
  private readonly except: ReadonlySet<string>;

  constructor(
    private readonly place: Place,
    private readonly matcher: Matcher,
  ) {
    this.result = { name: place.name, files: 0, bytes: 0, names: 0, vanished: 0, foreign: 0, unread: [], findings: [] };
    this.except = new Set((place.except ?? []).map((path) => resolve(path)));
  }

  async run(): Promise<SearchedPlace> {
    await this.folder(this.place.folder);
    return this.result;
  }

  private async folder(path: string): Promise<void> {
    const entries = await this.attempt(path, () => readdirSync(path, { withFileTypes: true }));
    for (const entry of entries ?? []) await this.entry(join(path, entry.name), entry);
  }

  private async entry(path: string, entry: Dirent): Promise<void> {
    if (this.except.has(resolve(path))) return;
    if (this.place.foreignNames?.test(entry.name) && dirname(path) === this.place.folder) {
      this.result.foreign += 1;
      return;
    }
    const stat = await this.attempt(path, () => lstatSync(path));
    if (!stat) return;
    const isNew = this.isNew(stat);
    if (isNew) this.name(path, entry.name);
    // what is in an old folder may be new
    if (entry.isDirectory() && !this.place.topOnly) return this.folder(path);
    if (!isNew) return;
    if (entry.isSymbolicLink()) {
      const target = await this.attempt(path, () => readlinkSync(path));
      if (target !== undefined) this.name(path, target);
    }
    // sockets and pipes have a name and no bytes
    if (entry.isFile()) await this.file(path);
  }

  private async file(path: string): Promise<void> {
    const searched = await this.attempt(path, () => searchFile(path, this.matcher));
    if (!searched) return;
    this.result.files += 1;
    this.result.bytes += searched.bytes;
    this.take(searched.search, path);
    if (searched.unpacked) this.take(searched.unpacked, path, ' (unpacked)');
    if (searched.unread) this.result.unread.push({ where: this.nameOf(path), why: searched.unread });
  }

  private name(path: string, name: string): void {
    const search = new StreamSearch(this.matcher);
    search.push(Buffer.from(name));
    this.result.names += 1;
    this.take(search, path, ' (its name)');
  }

  private take({ finds }: StreamSearch, path: string, what = ''): void {
    if (finds.size === 0) return;
    this.result.findings.push(...findingsOf(finds, this.matcher.patterns, this.place.name, this.nameOf(path) + what));
  }

  private isNew({ mtime, ctime }: Stats): boolean {
    const { changedSince } = this.place;
    return changedSince === undefined || mtime >= changedSince || ctime >= changedSince;
  }

  /** As the statement may say it: a name can hold what must not be told. */
  private nameOf(path: string): string {
    return withoutSecrets(relative(this.place.folder, path) || '.', this.matcher);
  }

  private async attempt<T>(path: string, work: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
      if (code === 'ENOENT' && this.place.shared) this.result.vanished += 1;
      else if ((code === 'EACCES' || code === 'EPERM') && this.place.shared) this.result.foreign += 1;
      else this.result.unread.push({ where: this.nameOf(path), why: code });
      return undefined;
    }
  }
}
