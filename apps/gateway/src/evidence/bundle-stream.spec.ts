import { describe, expect, test } from '@jest/globals';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { finished, pipeline } from 'node:stream/promises';
import { BundleFault, BundleStream, SlowReader, type Bundle, type BundlePage } from './bundle-stream.js';

const bundle = (from: number, to: number): Bundle => ({
  origin: 'uji/019ab3c4-5d6e-7f80-9123-456789abcdef/1',
  institution: { id: '019ab3c4-5d6e-7f80-9123-456789abcdef', name: 'Kecamatan Uji' },
  keys: ['uji+00000000+AQ=='],
  from,
  to,
  before: [],
  exportedAt: '2026-11-23T02:20:00.000Z',
});

const leaf = (index: number) => `{"i":${index},"leaf":"${'x'.repeat(1_000)}"}`;

/** Pages of ten leaves and a checkpoint. */
function pages(to: number) {
  const asked: number[] = [];
  const readPage = async (next: number): Promise<BundlePage> => {
    asked.push(next);
    const end = Math.min(next + 10, to);
    const leaves = Array.from({ length: end - next }, (_, index) => leaf(next + index));
    return { lines: [...leaves, `{"checkpoint":"${end}"}`], checkpoints: 1, next: end };
  };
  return { asked, readPage };
}

describe('a bundle', () => {
  test('is its first line, every page once, and the last line', async () => {
    const { asked, readPage } = pages(35);
    const lines = (await text(new BundleStream(bundle(5, 35), readPage, 1_000))).split('\n');
    expect(asked).toEqual([5, 15, 25]);
    expect(JSON.parse(lines[0] ?? '')).toEqual({ format: 'gerbang-evidence/1', ...bundle(5, 35) });
    expect(lines.slice(1, 12)).toEqual([
      ...Array.from({ length: 10 }, (_, index) => leaf(5 + index)),
      '{"checkpoint":"15"}',
    ]);
    expect(lines.slice(-2)).toEqual(['{"end":true,"leaves":30,"checkpoints":3}', '']);
    expect(lines).toHaveLength(1 + 30 + 3 + 1 + 1);
  });

  test('is read as fast as it is taken: one page waits, no more', async () => {
    const { asked, readPage } = pages(200);
    const taken: (() => void)[] = [];
    let bytes = 0;
    const slow = new Writable({
      highWaterMark: 1,
      write: (chunk: Buffer, _encoding, done) => {
        bytes += chunk.length;
        taken.push(done);
      },
    });
    const done = pipeline(new BundleStream(bundle(0, 200), readPage, 10_000), slow);
    let chunks = 0;
    const settle = async () => {
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    };
    for (await settle(); taken.length > 0; await settle()) {
      // one is with the reader, the first of them the first line; one waits here
      expect(asked.length).toBeLessThanOrEqual(chunks + 1);
      expect(taken).toHaveLength(1);
      chunks += 1;
      taken.shift()?.();
    }
    await done;
    expect(asked).toHaveLength(20);
    expect(bytes).toBeGreaterThan(200_000);
  });
});

describe('what goes wrong on the way destroys it, without a last line:', () => {
  async function broken(readPage: (next: number) => Promise<BundlePage>, takeMs = 1_000): Promise<[unknown, string]> {
    const stream = new BundleStream(bundle(0, 30), readPage, takeMs);
    let got = '';
    stream.setEncoding('utf8').on('data', (part: string) => (got += part));
    const error: unknown = await finished(stream).catch((thrown: unknown) => thrown);
    return [error, got];
  }

  test('a page that does not come', async () => {
    const { readPage } = pages(30);
    const [error, got] = await broken((next) => (next === 20 ? Promise.reject(new Error('weg')) : readPage(next)));
    expect(error).toMatchObject({ message: 'weg' });
    expect(got).toContain('"i":19');
    expect(got).not.toMatch(/"i":20|"end"/);
  });

  test.each([0, 31])('a page that leads to %i', async (next) => {
    const [error, got] = await broken(async () => ({ lines: [], checkpoints: 0, next }));
    expect(error).toBeInstanceOf(BundleFault);
    expect(got).not.toContain('"end"');
  });

  test('a reader who does not read', async () => {
    const { asked, readPage } = pages(200);
    const stream = new BundleStream(bundle(0, 200), readPage, 30);
    const never = new Writable({ highWaterMark: 1, write: () => undefined });
    await expect(pipeline(stream, never)).rejects.toBeInstanceOf(SlowReader);
    expect(asked).toEqual([0]);
  });

  test('a reader who goes away: nothing more is asked for', async () => {
    const { asked, readPage } = pages(1_000);
    const stream = new BundleStream(bundle(0, 1_000), readPage, 1_000);
    stream.once('data', () => stream.destroy());
    await finished(stream).catch(() => undefined);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(asked.length).toBeLessThan(2);
  });
});
