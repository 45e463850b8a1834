import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { uploadLimits } from '#contracts';
import { AppError } from '#service';

/**
 * The bytes of the one file that a request brings, as they arrive: of a form the part `file`, else the body itself.
 *
 * @param most bytes
 * @throws {AppError} REQUEST_INVALID for another number of files or anything else in the form, REQUEST_MALFORMED for what breaks
 *   off or is no form, BODY_TOO_LARGE
 */
export async function* uploadedFile(
  request: FastifyRequest,
  most: number = uploadLimits.bytes,
): AsyncGenerator<Buffer, void, undefined> {
  if (!request.isMultipart()) {
    if (!request.body) throw invalid('Tidak ada berkas. Kirim satu berkas .xlsx atau .csv.');
    yield* within(most, request.body as Readable);
    return;
  }
  let files = 0;
  for await (const part of partsOf(request)) {
    if (part.type === 'field') throw invalid('Formulir hanya memuat berkas; policy ditulis pada alamat (?policy=...).');
    if (part.fieldname !== 'file') throw invalid('Nama isian berkas harus "file".');
    files += 1;
    if (files > 1) throw invalid('Kirim satu berkas saja.');
    yield* within(most, part.file);
    if (part.file.truncated) throw new AppError('BODY_TOO_LARGE');
  }
  if (files === 0) throw invalid('Tidak ada berkas. Kirim satu berkas .xlsx atau .csv.');
}

async function* within(most: number, source: Readable): AsyncGenerator<Buffer, void, undefined> {
  let bytes = 0;
  for await (const chunk of told(source as AsyncIterable<Buffer>)) {
    bytes += chunk.length;
    if (bytes > most) throw new AppError('BODY_TOO_LARGE');
    yield chunk;
  }
}

async function* partsOf(request: FastifyRequest) {
  yield* told(request.parts());
}

/** What the form's reader or the socket throw, in our words; theirs may quote the form. */
async function* told<T>(source: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  try {
    for await (const one of source) yield one;
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if (/^FST_(PARTS|FILES|FIELDS)_LIMIT$/.test(code)) throw invalid('Kirim satu berkas saja.');
    throw new AppError('REQUEST_MALFORMED', {}, { cause: error });
  }
}

const invalid = (message: string): AppError => new AppError('REQUEST_INVALID', { issues: [{ path: 'file', message }] });

/** Cuts a stream into pieces of the same size; the last one may be shorter. Never more than one of them waits here. */
export async function* inPieces(source: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer, void, undefined> {
  let piece = Buffer.allocUnsafe(bytes);
  let filled = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length;) {
      const copied = chunk.copy(piece, filled, at);
      at += copied;
      filled += copied;
      if (filled < bytes) continue;
      yield piece;
      piece = Buffer.allocUnsafe(bytes);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
