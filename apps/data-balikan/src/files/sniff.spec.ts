import { expect, it } from '@jest/globals';
import { sniff } from './sniff.js';
import type { FileSource } from './table.js';

const sourceOf = (bytes: Buffer): FileSource => ({
  size: bytes.length,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
});

/** An OLE file with a directory entry of this name. */
function ole(name: string): Buffer {
  const file = Buffer.alloc(512 * 200);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(file);
  file.write('Root Entry', 512 * 150, 'utf16le');
  file.write(name, 512 * 150 + 128, 'utf16le');
  return file;
}

const nik = 'NIK;Nama Usaha\r\n3313044107909901;Warung\r\n';

it.each([
  ['a zip', Buffer.from('PK\u0003\u0004xxxx'), 'XLSX'],
  ['UTF-8', Buffer.from(nik), 'CSV'],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${nik}`), 'CSV'],
  ['UTF-16 with a mark', Buffer.from(`\ufeff${nik}`, 'utf16le'), 'CSV'],
  ['UTF-16 without', Buffer.from(nik, 'utf16le'), 'CSV'],
  ['UTF-16 big-endian', Buffer.from(`\ufeff${nik}`, 'utf16le').swap16(), 'CSV'],
  ['UTF-32 big-endian, to be refused as a text', Buffer.from('0000feff0000004e', 'hex'), 'CSV'],
  ['Windows-1252', Buffer.from(`${nik}Caf\xe9`, 'latin1'), 'CSV'],
  ['a text with an unprintable sign', Buffer.from(`${nik}To\u0007ko`), 'CSV'],
  ['nothing', Buffer.alloc(0), 'FILE_EMPTY'],
  ['blanks', Buffer.from('\ufeff \r\n'), 'FILE_EMPTY'],
  ['an old workbook', ole('Workbook'), 'FILE_OLD_EXCEL'],
  ['an encrypted workbook', ole('EncryptedPackage'), 'FILE_ENCRYPTED'],
  ['a PDF', Buffer.from('%PDF-1.7\n'), 'FILE_TYPE'],
  ['HTML that calls itself xls', Buffer.from('<html><table>'), 'FILE_TYPE'],
  ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'FILE_TYPE'],
])('knows %s', async (_, bytes, expected) => {
  const answer = await sniff(sourceOf(bytes)).catch((error: { code: string }) => error.code);
  expect(answer).toBe(expected);
});
