import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import type { JournalEntry } from '#contracts/readers/agent';
import { Journal } from './journal.js';
import { replaceFile } from './state-folder.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  path = join(folder, 'journal.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

const entry = (): JournalEntry => ({
  id: crypto.randomUUID(),
  at: '2026-11-23T08:00:00.000Z',
  outcome: 'MATCHED',
  tries: 1,
  permit: 'a.b.c',
});
const reopened = (): JournalEntry[] => {
  const journal = Journal.open(path);
  journal.close();
  return journal.oldest(100_000);
};

test('what was added is there again, what was taken is not', () => {
  const journal = Journal.open(path);
  const [a, b, c] = [entry(), entry(), entry()];
  for (const one of [a, b, c]) journal.add(one);
  journal.taken([b.id, crypto.randomUUID()]);
  journal.close();
  expect(reopened()).toEqual([a, c]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('cut off at any byte, the journal keeps every entry that was whole', () => {
  const journal = Journal.open(path);
  const ends = [entry(), entry(), entry()].map((one) => {
    journal.add(one);
    return statSync(path).size;
  });
  journal.close();
  const whole = readFileSync(path);
  for (let length = 0; length <= whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length));
    const kept = Journal.open(path);
    expect(kept.size).toBe(ends.filter((end) => end <= length).length);
    // and goes on after it
    kept.add(entry());
    kept.close();
    expect(reopened()).toHaveLength(kept.size);
  }
});

test('a line that the disk spoiled is left out and counted, the others stay', () => {
  const journal = Journal.open(path);
  const three = [entry(), entry(), entry()];
  three.forEach((one) => journal.add(one));
  journal.close();
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, [lines[0], (lines[1] ?? '').replace('MATCHED', 'MATCHEE'), ...lines.slice(2)].join('\n'));
  const again = Journal.open(path);
  expect(again.oldest(9)).toEqual([three[0], three[2]]);
  expect(again.damaged).toBe(1);
  again.close();
});

test('whatever stands in the file, it opens, and takes what comes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      writeFileSync(path, bytes);
      const journal = Journal.open(path);
      journal.add(entry());
      journal.close();
      return reopened().length === 1;
    }),
    { numRuns: 60 },
  );
});

test('full, it keeps the oldest and counts what found no room, also after a restart', () => {
  const journal = Journal.open(path, 3);
  const five = [entry(), entry(), entry(), entry(), entry()];
  expect(five.map((one) => journal.add(one))).toEqual([true, true, true, false, false]);
  journal.close();
  const again = Journal.open(path, 3);
  expect(again.oldest(9)).toEqual(five.slice(0, 3));
  expect(again.lost).toBe(2);
  again.taken([five[0]?.id ?? '']);
  expect(again.add(entry())).toBe(true);
  again.close();
});

/** A disk that can be full, and then takes half of what it is given. */
function fillableDisk() {
  const disk = { full: false };
  const refuse = () => {
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  };
  return Object.assign(disk, {
    write: ((file: number, bytes: Buffer, at: number) => {
      if (!disk.full) return writeSync(file, bytes, at);
      writeSync(file, bytes.subarray(at, at + 20));
      return refuse();
    }) as typeof writeSync,
    replace: (...given: Parameters<typeof replaceFile>) => (disk.full ? refuse() : replaceFile(...given)),
  });
}

test('a full disk: what it does not take is counted, and with room again the journal goes on, also after a restart', () => {
  const disk = fillableDisk();
  const journal = Journal.open(path, 10_000, disk);
  const [first, second] = [entry(), entry()];
  journal.add(first);
  disk.full = true;
  expect(() => journal.add(entry())).toThrow('no space');
  expect(() => journal.add(entry())).toThrow('no space');
  expect([journal.size, journal.lost]).toEqual([1, 2]);
  disk.full = false;
  expect(journal.add(second)).toBe(true);
  journal.close();
  const again = Journal.open(path);
  expect([again.oldest(9), again.lost, again.damaged]).toEqual([[first, second], 2, 0]);
  again.close();
});

test('a disk that is full just when the file is written anew: nothing of it is lost', () => {
  const disk = fillableDisk();
  const journal = Journal.open(path, 10_000, disk);
  const kept = entry();
  journal.add(kept);
  const takeOne = () => {
    const one = entry();
    journal.add(one);
    journal.taken([one.id]);
  };
  for (let n = 0; n < 199; n++) takeOne();
  const last = entry();
  journal.add(last);
  disk.full = true;
  expect(() => journal.taken([last.id])).toThrow('no space');
  disk.full = false;
  takeOne();
  journal.close();
  // the disk did not take that the last one was handed in: it is handed in once more
  const again = Journal.open(path);
  expect(again.oldest(9)[0]).toEqual(kept);
  expect(again.damaged).toBe(0);
  again.close();
});

test('years of entries that were handed in leave a small file', () => {
  const journal = Journal.open(path);
  for (let day = 0; day < 2_000; day++) {
    const one = entry();
    journal.add(one);
    journal.taken([one.id]);
  }
  journal.close();
  expect(statSync(path).size).toBeLessThan(100_000);
  expect(reopened()).toEqual([]);
});

test('killed in the middle of writing, twenty times: whatever was said to be kept is kept', async () => {
  // the compiled journal, in a process that writes as fast as it can and names each entry once it counts
  const program = `
    import { Journal } from ${JSON.stringify(join(process.cwd(), 'dist/apps/reader-agent/src/state/journal.js'))};
    const journal = Journal.open(${JSON.stringify(path)});
    for (;;) {
      const id = crypto.randomUUID();
      journal.add({ id, at: new Date().toISOString(), outcome: 'MATCHED', tries: 0, permit: 'a.b.c' });
      process.stdout.write(id + '\\n');
      await new Promise((next) => setImmediate(next));
    }`;
  const said = new Set<string>();
  for (let round = 0; round < 20; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    let seen = 0;
    lines.on('line', (id) => {
      said.add(id);
      if (++seen === 5 + round) child.kill('SIGKILL');
    });
    await Promise.all([once(child, 'exit'), once(lines, 'close')]);
  }
  const kept = new Set(reopened().map(({ id }) => id));
  expect([...said].filter((id) => !kept.has(id))).toEqual([]);
  expect(said.size).toBeGreaterThan(200);
  // what a cut leaves behind is no line
  appendFileSync(path, 'half a li');
  expect(reopened()).toHaveLength(kept.size);
}, 60_000);
