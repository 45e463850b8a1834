import { createHash, randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { finished, pipeline } from 'node:stream/promises';
import { expect, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import { readManifest } from '#report';
import { SlowReader } from '../evidence/bundle-stream.js';
import { kitStream } from './kit-stream.js';

const file = (name: string, data: () => AsyncIterable<string> | Iterable<string>) => ({ name, data });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('every file, and last the manifest with its hash', async () => {
  const kit = await buffer(
    kitStream([file('report.json', () => ['{', '}\n']), file('BACA-SAYA.txt', () => ['Baca ½'])], 1_000),
  );
  const files = unzipSync(kit);
  expect(Object.keys(files)).toEqual(['report.json', 'BACA-SAYA.txt', 'manifest.json']);
  expect(readManifest(Buffer.from(files['manifest.json'] ?? []).toString())).toEqual([
    { name: 'BACA-SAYA.txt', bytes: 7, sha256: sha256('Baca ½') },
    { name: 'report.json', bytes: 3, sha256: sha256('{}\n') },
  ]);
});

test('a file that fails on its way leaves what nobody can open', async () => {
  const fails = async function* () {
    yield 'x'.repeat(100_000);
    throw new Error('weg');
  };
  const stream = kitStream([file('report.json', () => ['{}']), file('particulars.jsonl', fails)], 1_000);
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  await expect(finished(stream)).rejects.toThrow('weg');
  const got = Buffer.concat(pieces);
  expect(got.toString('latin1')).toContain('report.json');
  expect(() => unzipSync(got)).toThrow();
});

test('no file is asked for before its turn, and no faster than it is taken', async () => {
  let made = 0;
  const endless = function* () {
    for (;;) {
      made += 1;
      yield randomBytes(6_400).toString('hex');
    }
  };
  let later = false;
  const stream = kitStream(
    [
      file('particulars.jsonl', endless),
      file('undelivered.jsonl', () => {
        later = true;
        return [];
      }),
    ],
    60,
  );
  const never = new Writable({ highWaterMark: 1, write: () => undefined });
  await expect(pipeline(stream, never)).rejects.toBeInstanceOf(SlowReader);
  expect(made).toBeLessThan(100);
  expect(later).toBe(false);
});
