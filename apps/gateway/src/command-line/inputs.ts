import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { usageFailure } from './exit-status.js';
import type { Io } from './io.js';

/** The files and the standard input that a line names. */
export class Inputs {
  private stdinTaken = false;

  constructor(private readonly io: Io) {}

  /** @param option who asked, for the message */
  async readText(path: string, option: string): Promise<string> {
    if (path === '-') {
      if (this.stdinTaken) return this.fail(`${option}: stdin hanya dapat dibaca satu kali.`);
      this.stdinTaken = true;
      return text(this.io.stdin);
    }
    try {
      return await readFile(path, 'utf8');
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? '';
      return this.fail(`${option}: berkas "${path}" tidak dapat dibaca (${code}).`);
    }
  }

  async readJson(path: string, option: string): Promise<unknown> {
    // Windows editors like to begin a file with a byte order mark
    const content = (await this.readText(path, option)).replace(/^\ufeff/, '');
    try {
      return JSON.parse(content) as unknown;
    } catch {
      return this.fail(`${option}: isi ${path === '-' ? 'stdin' : `"${path}"`} bukan JSON yang benar.`);
    }
  }

  /** @throws {CommandFailure} always; typed so that it can be returned */
  fail(fault: string): never {
    throw usageFailure(fault);
  }
}
