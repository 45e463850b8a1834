import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateLock, StateLocked } from './lock.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A PC without /proc, booted at this time. */
const windows = (booted: number) => ({ bornAt: () => '', bootedAt: () => booted });
const hour = 3_600_000;

test('another process that is alive holds it, with /proc and without', () => {
  writeFileSync(path, `${process.ppid}  ${hour}`);
  expect(() => StateLock.take(path, windows(hour + 20))).toThrow(StateLocked);
});

test('without /proc, an id of before the PC was started again is nobody, whoever has it now', () => {
  writeFileSync(path, `${process.ppid}  ${hour}`);
  StateLock.take(path, windows(2 * hour)).release();
});

test('this process itself is not the other one', () => {
  writeFileSync(path, `${process.pid}  ${hour}`);
  StateLock.take(path, windows(hour)).release();
});
