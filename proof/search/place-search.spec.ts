import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CanaryMaker } from '../canaries/canary.js';
import { patternsOf } from './encodings.js';
import { Matcher } from './matcher.js';
import { PlaceSearch, type Place } from './place-search.js';

const canary = new CanaryMaker().make('canary-1');
const matcher = new Matcher(patternsOf(canary.secrets));
const word = canary.secrets.find(({ kind }) => kind === 'word')?.value ?? '';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gerbang-proof-search-'));
});
afterEach(() => rm(folder, { recursive: true }));

const search = (place: Partial<Place> = {}) => new PlaceSearch({ name: 'uji', folder, ...place }, matcher).run();
const wheres = async (place?: Partial<Place>) => (await search(place)).findings.map(({ where }) => where).sort();

test('files are searched at any depth and across the pieces in which they are read, and counted', async () => {
  await mkdir(join(folder, 'a', 'b'), { recursive: true });
  const piece = 4 * 1_024 * 1_024;
  await writeFile(join(folder, 'a', 'b', 'large'), Buffer.concat([Buffer.alloc(piece - 7), Buffer.from(canary.nik)]));
  await writeFile(join(folder, 'small'), 'nothing');
  const { findings, ...counted } = await search();
  expect(findings).toEqual([
    {
      canary: 'canary-1',
      element: 'nik',
      encoding: 'utf-8',
      place: 'uji',
      where: 'a/b/large',
      count: 1,
      offset: piece - 7,
    },
  ]);
  expect(counted).toEqual({
    name: 'uji',
    files: 2,
    bytes: piece + 9 + 7,
    names: 4,
    vanished: 0,
    foreign: 0,
    unread: [],
  });
});

test('names of files and folders and targets of links are searched, and told without what they hold', async () => {
  await writeFile(join(folder, `nik-${canary.nik}.txt`), '');
  await mkdir(join(folder, word));
  await symlink(`/nowhere/${word.toLowerCase()}`, join(folder, 'link'));
  const { findings } = await search();
  expect(findings.map(({ where }) => where).sort()).toEqual([
    '# (its name)',
    'link (its name)',
    'nik-#.txt (its name)',
  ]);
  expect(JSON.stringify(findings)).not.toContain(word);
});

test('gzip is looked into', async () => {
  await writeFile(join(folder, 'log.gz'), gzipSync(`${'x'.repeat(5_000)}${word}`));
  expect(await wheres()).toEqual(['log.gz (unpacked)']);
});

test('what cannot be looked into is told', async () => {
  await writeFile(join(folder, 'one.zst'), Buffer.from('28b52ffd00', 'hex'));
  await writeFile(join(folder, 'two.gz'), Buffer.from('1f8b0800', 'hex'));
  expect((await search()).unread).toEqual([
    { where: 'one.zst', why: 'packed with zstd' },
    { where: 'two.gz', why: 'gzip: Z_BUF_ERROR' },
  ]);
  expect((await search({ folder: join(folder, 'missing') })).unread).toEqual([{ where: '.', why: 'ENOENT' }]);
  expect(await search({ folder: join(folder, 'missing'), shared: true })).toMatchObject({ vanished: 1, unread: [] });
});

test('of a shared folder only what is new is searched, of a working folder only its top, and exceptions not at all', async () => {
  for (const name of ['old', 'new', join('below', 'deep')]) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), word);
  }
  expect(await wheres({ topOnly: true, except: [join(folder, 'old')] })).toEqual(['new']);
  const soon = new Date(Date.now() + 60_000);
  await utimes(join(folder, 'new'), soon, soon);
  expect(await wheres({ changedSince: new Date(Date.now() + 30_000) })).toEqual(['new']);
});
