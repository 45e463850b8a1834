import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { usageFailure } from './exit-status.js';

/** A form (RFC 7578) with one file. */
export interface FileForm {
  contentType: string;
  /** Bytes of the whole body. */
  length: number;
  body: AsyncIterable<Uint8Array>;
}

/**
 * Reads the file only as fast as it is sent.
 * @throws {CommandFailure} it is not there, or is no file
 */
export async function fileForm(path: string): Promise<FileForm> {
  const size = await sizeOf(path);
  const boundary = `gerbang-${randomUUID()}`;
  const name = basename(path)
    .replaceAll('"', '%22')
    .replace(/[\r\n]/g, ' ');
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: head.length + size + tail.length,
    body: (async function* () {
      yield head;
      // one that grows meanwhile would not fit the length that was announced
      if (size > 0) for await (const chunk of createReadStream(path, { end: size - 1 })) yield chunk as Buffer;
      yield tail;
    })(),
  };
}

async function sizeOf(path: string): Promise<number> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw Object.assign(new Error(), { code: 'EISDIR' });
    return found.size;
  } catch (cause) {
    throw usageFailure(`--file: berkas "${path}" tidak dapat dibaca (${(cause as NodeJS.ErrnoException).code}).`);
  }
}
