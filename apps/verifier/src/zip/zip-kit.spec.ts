import { describe, expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import yazl from 'yazl';
import { isZip, type ByteSource } from './byte-source.js';
import { openZip } from './zip-kit.js';

const text = JSON.stringify(Array.from({ length: 5000 }, (_, number) => number));

function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    async *stream(from, to) {
      for (let at = from; at < to; at += 700) yield bytes.subarray(at, Math.min(to, at + 700));
    },
  };
}

async function read(bytes: Uint8Array, name: string): Promise<string> {
  const kit = await openZip(sourceOf(bytes));
  const pieces: Uint8Array[] = [];
  for await (const piece of kit.open(name)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

const plain = (files: Record<string, string>, level: 0 | 6 = 6): Buffer =>
  Buffer.from(
    zipSync(Object.fromEntries(Object.entries(files).map(([name, of]) => [name, Buffer.from(of)])), { level }),
  );

describe('a ZIP', () => {
  test.each([0, 6] as const)('is read, packed by level %d', async (level) => {
    const zip = plain({ 'report.json': text, 'report.pdf': '' }, level);
    expect(isZip(zip)).toBe(true);
    expect((await openZip(sourceOf(zip))).names).toEqual(['report.json', 'report.pdf']);
    expect(await read(zip, 'report.json')).toBe(text);
    expect(await read(zip, 'report.pdf')).toBe('');
  });

  test.each([true, false])('is read as it is streamed, with numbers for large files: %s', async (forceZip64Format) => {
    const zip = new yazl.ZipFile();
    const options = { forceZip64Format };
    zip.addReadStream(Readable.from([Buffer.from(text)]), 'evidence-1.jsonl', options);
    zip.addBuffer(Buffer.from(text), 'report.json', options);
    zip.end({ forceZip64Format, comment: '' });
    const bytes = await buffer(zip.outputStream);
    expect(await read(bytes, 'evidence-1.jsonl')).toBe(text);
    expect(await read(bytes, 'report.json')).toBe(text);
  });

  test('has names that nobody opens', async () => {
    const zip = plain({
      '../report.json': text,
      '\uFEFFreport.json': text,
      '/etc/passwd': text,
      'report.json/': '',
      'REPORT.JSON': text,
    });
    for (const name of (await openZip(sourceOf(zip))).names)
      await expect(read(zip, name)).rejects.toMatchObject({ name: 'UnreadableFile' });
  });
});

/** With a second name, as Info-ZIP writes it (APPNOTE 4.6.9): `unzip` unpacks by it. */
function withAlias(name: string, alias: string): Buffer {
  const body = Buffer.alloc(5);
  body.writeUInt8(1);
  body.writeUInt32LE(crc32(name), 1);
  return Buffer.from(
    zipSync({ [name]: [Buffer.from(text), { extra: { 0x7075: Buffer.concat([body, Buffer.from(alias)]) } }] }),
  );
}

describe('what is no ZIP of a kit', () => {
  const zip = () => plain({ 'report.json': text, 'report.pdf': 'PDF' });
  const directory = (bytes: Buffer) => bytes.readUInt32LE(bytes.length - 6);

  test.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1)],
    ['empty', () => Buffer.alloc(0)],
    ['with something behind it', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('x')])],
    ['with something before it', (bytes: Buffer) => Buffer.concat([Buffer.from('x'), bytes])],
    [
      'of more files than a kit has',
      () => plain(Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`${n}`, '']))),
    ],
    [
      'with a file that its directory does not name',
      (bytes: Buffer) => {
        const at = directory(bytes);
        const hidden = Buffer.concat([bytes.subarray(0, at), bytes.subarray(0, 60), bytes.subarray(at)]);
        hidden.writeUInt32LE(at + 60, hidden.length - 6);
        return hidden;
      },
    ],
    [
      'whose file has another name in front of it',
      (bytes: Buffer) => {
        bytes.write('REPORT', 30);
        return bytes;
      },
    ],
    ['whose name is another one for other programs (Unicode Path)', () => withAlias('report.json', 'BACA-SAYA.txt')],
    [
      'whose file is shorter for whoever reads from the beginning',
      (bytes: Buffer) => {
        bytes.writeUInt32LE(1, 18);
        return bytes;
      },
    ],
    [
      'whose file is packed in another way for whoever reads from the beginning',
      (bytes: Buffer) => {
        bytes.writeUInt16LE(0, 8);
        return bytes;
      },
    ],
    [
      'of two names for the same bytes',
      (bytes: Buffer) => {
        const second = bytes.indexOf(Buffer.from('PK\x01\x02', 'latin1'), directory(bytes) + 4);
        bytes.writeUInt32LE(0, second + 42);
        return bytes;
      },
    ],
    [
      'whose file reaches over its end',
      (bytes: Buffer) => {
        const second = bytes.indexOf(Buffer.from('PK\x01\x02', 'latin1'), directory(bytes) + 4);
        bytes.writeUInt32LE(bytes.length, second + 20);
        return bytes;
      },
    ],
  ] as [string, (bytes: Buffer) => Buffer][])('%s', async (_, change) => {
    await expect(openZip(sourceOf(change(zip())))).rejects.toMatchObject({ name: 'ZipFault' });
  });
});

describe('a file in it', () => {
  const changed = async (change: (bytes: Buffer, entry: number) => void) => {
    const bytes = plain({ 'report.json': text });
    change(bytes, bytes.readUInt32LE(bytes.length - 6));
    await expect(read(bytes, 'report.json')).rejects.toMatchObject({ name: 'UnreadableFile' });
  };

  test('is damaged', () => changed((bytes) => bytes.fill(0xff, 60, 90)));
  test('tells another length', () =>
    changed((bytes, entry) => [entry + 24, 22].forEach((at) => bytes.writeUInt32LE(text.length - 1, at))));
  test('is encrypted', () => changed((bytes, entry) => [entry + 8, 6].forEach((at) => bytes.writeUInt16LE(1, at))));
  test('is packed in another way', () =>
    changed((bytes, entry) => [entry + 10, 8].forEach((at) => bytes.writeUInt16LE(12, at))));

  test('is a bomb: told before it is unpacked, or stopped', async () => {
    const bomb = Buffer.from(zipSync({ 'report.json': new Uint8Array(8_000_000) }));
    await expect(read(bomb, 'report.json')).rejects.toThrow('larger than such a file is');
    const entry = bomb.readUInt32LE(bomb.length - 6);
    // in front of it and in the directory
    for (const at of [22, entry + 24]) bomb.writeUInt32LE(1_000_000, at);
    await expect(read(bomb, 'report.json')).rejects.toThrow('its length');
  });
});
