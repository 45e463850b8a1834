import { FileFault, type FileSource } from './table.js';

const oleMagic = Buffer.from('d0cf11e0a1b11ae1', 'hex');
/** Name of the stream that holds an encrypted workbook ([MS-OFFCRYPTO] 2.3.4.4), as a directory entry spells it. */
const encryptedPackage = Buffer.from('EncryptedPackage\0', 'utf16le');
/** Size of a directory entry of an OLE file; sectors are multiples of it ([MS-CFB] 2.6.1). */
const oleEntryBytes = 128;
const pieceBytes = 64 * 1024;
const headBytes = 4 * 1024;
const foreign = [/^%PDF/, /^\{\\rtf/, /^\s*<(\?xml|!doctype|html|table|meta|head|body|script)/i];
/** Big-endian; the other one begins as UTF-16 does. Reading it tells that no such text is read. */
const utf32Mark = '\0\0\xfe\xff';
const unprintable = /[\u0001-\u0008\u000e-\u001a\u001c-\u001f]/g;

/**
 * What an upload is, by its bytes and not by its name.
 *
 * @throws {FileFault} FILE_EMPTY, FILE_OLD_EXCEL, FILE_ENCRYPTED, FILE_TYPE
 */
export async function sniff(source: FileSource): Promise<'XLSX' | 'CSV'> {
  const head = await source.read(0, Math.min(headBytes, source.size));
  if (head.length === 0) throw new FileFault('FILE_EMPTY');
  if (head.subarray(0, oleMagic.length).equals(oleMagic)) {
    throw new FileFault((await holdsEncryptedPackage(source)) ? 'FILE_ENCRYPTED' : 'FILE_OLD_EXCEL');
  }
  if (isZip(head)) return 'XLSX';
  if (isText(head)) {
    if (source.size === head.length && isBlank(head)) throw new FileFault('FILE_EMPTY');
    return 'CSV';
  }
  throw new FileFault('FILE_TYPE');
}

const isZip = (head: Buffer): boolean =>
  head.length >= 4 && head.toString('latin1', 0, 2) === 'PK' && [0x0403, 0x0605].includes(head.readUInt16LE(2));

function isText(head: Buffer): boolean {
  if (looksLikeUtf16(head) || head.toString('latin1', 0, 4) === utf32Mark) return true;
  const text = head.toString('latin1').replace(/^\xef\xbb\xbf/, '');
  return !isBinary(text) && !foreign.some((pattern) => pattern.test(text));
}

/** A few unprintable signs are slips of a text, which its rows are told for; more are no text. */
const isBinary = (text: string): boolean =>
  text.includes('\0') || (text.match(unprintable)?.length ?? 0) > 2 + text.length / 100;

/** By its mark, or because every second byte of nearly all is zero. */
function looksLikeUtf16(head: Buffer): boolean {
  const mark = head.toString('latin1', 0, 2);
  if (mark === '\xff\xfe' || mark === '\xfe\xff') return true;
  const zeros = [0, 0];
  head.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2]! += 1;
  });
  const half = head.length / 2;
  return Math.max(zeros[0]!, zeros[1]!) > half * 0.7 && Math.min(zeros[0]!, zeros[1]!) < half * 0.05;
}

const isBlank = (head: Buffer): boolean =>
  head
    .toString('utf8')
    .replace(/[\u0000\ufeff\ufffd]/g, '')
    .trim() === '';

async function holdsEncryptedPackage(source: FileSource): Promise<boolean> {
  for (let at = 0; at < source.size; at += pieceBytes) {
    const piece = await source.read(at, Math.min(pieceBytes, source.size - at));
    for (let entry = 0; entry < piece.length; entry += oleEntryBytes) {
      if (piece.subarray(entry, entry + encryptedPackage.length).equals(encryptedPackage)) return true;
    }
  }
  return false;
}
