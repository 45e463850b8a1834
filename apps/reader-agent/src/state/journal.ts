import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { JournalEntry } from '#contracts/readers/agent';
import { readLine, writeLine, type JournalLine } from './journal-line.js';
import { replaceFile, syncFolder } from './state-folder.js';

/** Months of work without a line. */
const mostEntries = 10_000;
/** Lines that only say what was handed in or lost, before the file is written anew. */
const mostRemarks = 200;

/** Where it writes; a test gives one that is full. */
const realDisk = { write: writeSync, replace: replaceFile };

/**
 * Checks that the device made while the line was down: outcome, tries, permit, and never a person (O-15). Append-only, synced
 * before it counts. Full, it keeps the oldest and counts what found no room.
 */
export class Journal {
  private readonly entries = new Map<string, JournalEntry>();
  private lostCount = 0;
  private lostWritten = 0;
  /** Half a line may stand at the end of the file. */
  private torn = false;
  private remarks = 0;
  private file = -1;
  private length = 0;
  /** Lines that power loss or the disk made unreadable, found when it was opened. */
  damaged = 0;

  private constructor(
    private readonly path: string,
    private readonly most: number,
    private readonly disk: typeof realDisk,
  ) {}

  static open(path: string, most = mostEntries, disk = realDisk): Journal {
    const journal = new Journal(path, most, disk);
    journal.load();
    return journal;
  }

  get size(): number {
    return this.entries.size;
  }

  /** Checks that found no room, or that the disk did not take, since the journal began. */
  get lost(): number {
    return this.lostCount;
  }

  /**
   * @returns false when it found no room: then it is counted as lost
   * @throws when the disk does not take it: then, too
   */
  add(entry: JournalEntry): boolean {
    const room = this.entries.size < this.most;
    try {
      if (room) this.append({ entry });
    } catch (error) {
      this.lostCount++;
      throw error;
    }
    if (room) this.entries.set(entry.id, entry);
    else this.lostCount++;
    this.tellLost();
    return room;
  }

  /** The oldest ones from a place on; `skip` is for those that the gateway does not take. */
  oldest(count: number, skip = 0): JournalEntry[] {
    return [...this.entries.values()].slice(skip, skip + count);
  }

  /** Entries that need not be kept any more. */
  taken(ids: readonly string[]): void {
    const known = ids.filter((id) => this.entries.delete(id));
    if (known.length > 0) this.remark({ taken: known });
  }

  close(): void {
    if (this.file >= 0) closeSync(this.file);
    this.file = -1;
  }

  private load(): void {
    const existed = existsSync(this.path);
    const bytes = existed ? readFileSync(this.path) : Buffer.alloc(0);
    // a line without its end was being written when the power went: it never counted
    this.length = bytes.lastIndexOf('\n') + 1;
    const permits = new Map<string, string>();
    for (const text of bytes.subarray(0, this.length).toString('utf8').split('\n').slice(0, -1)) {
      const line = readLine(text);
      if (line) this.apply(line, permits);
      else this.damaged++;
    }
    this.file = openSync(this.path, 'a', 0o600);
    ftruncateSync(this.file, this.length);
    fsyncSync(this.file);
    if (!existed) syncFolder(dirname(this.path));
  }

  private apply(line: JournalLine, permits: Map<string, string>): void {
    if ('entry' in line) {
      // many entries share a permit: it is kept in memory once
      const permit = permits.get(line.entry.permit) ?? line.entry.permit;
      permits.set(permit, permit);
      this.entries.set(line.entry.id, { ...line.entry, permit });
    } else {
      this.remarks++;
      if ('lost' in line) this.lostCount = this.lostWritten = line.lost;
      else for (const id of line.taken) this.entries.delete(id);
    }
  }

  private append(line: JournalLine): void {
    const bytes = Buffer.from(writeLine(line));
    if (this.file < 0) this.reopen();
    // half a line must not spoil the next one
    if (this.torn) ftruncateSync(this.file, this.length);
    this.torn = true;
    for (let at = 0; at < bytes.length;) at += this.disk.write(this.file, bytes, at);
    fsyncSync(this.file);
    this.length += bytes.length;
    this.torn = false;
  }

  /** A count that the disk does not take is written with the next entry. */
  private tellLost(): void {
    if (this.lostWritten === this.lostCount) return;
    try {
      this.remark({ lost: this.lostCount });
      this.lostWritten = this.lostCount;
    } catch {
      // kept in memory until then, and reported
    }
  }

  private remark(line: JournalLine): void {
    if (++this.remarks < mostRemarks || !this.rewrite()) this.append(line);
  }

  /** @returns false when the disk does not take it: then the file is as it was */
  private rewrite(): boolean {
    const lines: JournalLine[] = [...this.entries.values()].map((entry) => ({ entry }));
    if (this.lostCount > 0) lines.push({ lost: this.lostCount });
    const content = lines.map(writeLine).join('');
    try {
      // Windows replaces no file that is open
      if (this.torn) ftruncateSync(this.file, this.length);
      this.torn = false;
      this.close();
      this.disk.replace(this.path, content);
      this.remarks = 0;
      return true;
    } catch {
      return false;
    } finally {
      this.reopen();
    }
  }

  private reopen(): void {
    this.close();
    this.file = openSync(this.path, 'a', 0o600);
    // behind half a line the length is what counted
    if (!this.torn) this.length = fstatSync(this.file).size;
  }
}
