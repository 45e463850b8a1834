import { isAscii, isUtf8 } from 'node:buffer';
import { FileFault, type FileSource } from '../table.js';

/** Bytes read at once. */
const pieceBytes = 256 * 1024;

export interface TextPiece {
  text: string;
  /** Bytes of the file read so far. */
  bytes: number;
  last: boolean;
}

/**
 * The file as text, in pieces; a byte order mark is no part of it.
 *
 * @throws {FileFault} ENCODING_UNKNOWN, also in the middle
 */
export async function* readText(source: FileSource): AsyncGenerator<TextPiece, void, undefined> {
  const decoder = new Decoder();
  let offset = 0;
  let last = false;
  while (!last) {
    const bytes = await source.read(offset, pieceBytes);
    offset += bytes.length;
    last = offset >= source.size || bytes.length === 0;
    yield { text: decoder.decode(bytes, last), bytes: offset, last };
  }
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Which encoding it is, the first byte beyond ASCII decides; until then all of them are the same. */
class Decoder {
  private encoding: Encoding | undefined;
  private begun = false;
  /** Bytes of a character whose rest is in the next piece. */
  private rest: Buffer = Buffer.alloc(0);

  decode(piece: Buffer, last: boolean): string {
    let bytes = this.rest.length > 0 ? Buffer.concat([this.rest, piece]) : piece;
    if (!this.begun) bytes = this.begin(bytes);
    if (this.encoding === 'utf-16le' || this.encoding === 'utf-16be') return this.decodeUtf16(bytes, last);
    if (this.encoding === 'windows-1252') return windows1252(bytes);
    return this.decodeUtf8(bytes, last);
  }

  private begin(bytes: Buffer): Buffer {
    this.begun = true;
    // its mark begins with that of UTF-16
    if (/^(\xff\xfe\0\0|\0\0\xfe\xff)/.test(bytes.toString('latin1', 0, 4))) throw new FileFault('ENCODING_UNKNOWN');
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
      this.encoding = 'utf-8';
      return bytes.subarray(3);
    }
    if (bytes[0] === 0xff && bytes[1] === 0xfe) {
      this.encoding = 'utf-16le';
      return bytes.subarray(2);
    }
    if (bytes[0] === 0xfe && bytes[1] === 0xff) {
      this.encoding = 'utf-16be';
      return bytes.subarray(2);
    }
    this.encoding = unmarkedUtf16(bytes);
    return bytes;
  }

  private decodeUtf8(bytes: Buffer, last: boolean): string {
    const whole = last ? bytes.length : bytes.length - unfinished(bytes);
    const part = bytes.subarray(0, whole);
    if (!isAscii(part)) {
      if (isUtf8(part)) this.encoding = 'utf-8';
      else if (this.encoding === 'utf-8') throw new FileFault('ENCODING_UNKNOWN');
      else {
        this.encoding = 'windows-1252';
        return windows1252(bytes);
      }
    }
    this.rest = Buffer.from(bytes.subarray(whole));
    return part.toString('utf8');
  }

  private decodeUtf16(bytes: Buffer, last: boolean): string {
    const odd = bytes.length % 2;
    if (odd > 0 && last) throw new FileFault('ENCODING_UNKNOWN');
    const whole = bytes.subarray(0, bytes.length - odd);
    this.rest = Buffer.from(bytes.subarray(whole.length));
    // a surrogate pair that a piece cuts in two is whole again when the texts are joined
    return (this.encoding === 'utf-16be' ? Buffer.from(whole).swap16() : whole).toString('utf16le');
  }
}

/** What stands at 0x80 to 0x9f; five of them are nothing, and only found where it is no text at all. */
const highControls = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const highControl = /[\u0080-\u009f]/g;
const noText = new RegExp('[\\u0000\\u0081\\u008d\\u008f\\u0090\\u009d]');

function windows1252(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  if (noText.test(text)) throw new FileFault('ENCODING_UNKNOWN');
  return text.replace(highControl, (sign) => highControls.charAt(sign.charCodeAt(0) - 0x80));
}

/** Text with Latin letters has a zero in every second byte; from their side one sees which half comes first. */
function unmarkedUtf16(bytes: Buffer): Encoding | undefined {
  const sample = bytes.subarray(0, 2_000);
  const zeros = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2]! += 1;
  });
  const [even, odd] = zeros as [number, number];
  const pairs = sample.length / 2;
  if (odd > pairs * 0.5 && even < pairs * 0.05) return 'utf-16le';
  if (even > pairs * 0.5 && odd < pairs * 0.05) return 'utf-16be';
  return undefined;
}

/** Bytes at the end that begin a UTF-8 character without finishing it. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}
