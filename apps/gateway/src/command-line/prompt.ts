import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CommandFailure, exitStatus } from './exit-status.js';
import type { Io } from './io.js';

/** Asks on the terminal, one line each; what is typed is shown nowhere. */
export async function askSecrets(io: Io, questions: readonly string[]): Promise<string[]> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  // a terminal for readline: it takes the echo from the real one (raw mode) and draws its own, which goes nowhere
  const lines = createInterface({ input: io.stdin, output: nowhere, terminal: true, historySize: 0 });
  lines.once('SIGINT', () => lines.close());
  try {
    const answers = lines[Symbol.asyncIterator]();
    const given: string[] = [];
    for (const question of questions) {
      io.stderr.write(`${question}: `);
      const line = await answers.next();
      io.stderr.write('\n');
      if (line.done) throw new CommandFailure(exitStatus.cancelled, ['Dibatalkan.']);
      given.push(line.value);
    }
    return given;
  } finally {
    lines.close();
  }
}
