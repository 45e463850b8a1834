import type { Readable, Writable } from 'node:stream';

/** What a command touches outside of itself; the tests bring their own. */
export interface Io {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean; columns?: number };
  stderr: Writable;
  environment: Readonly<Record<string, string | undefined>>;
}

export function processIo(): Io {
  // `gerbang ... | head` closes our output early: that is no error of ours
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, environment: process.env };
}

const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text of somebody else, without what would command the terminal (ECMA-48). */
export const printable = (text: string): string => text.replace(control, '\u00b7');
