import { parseVerifierKey, readCheckpointNotes, type BundleOptions } from '#evidence';
import { FileCheck, readKeys, readReceipts, type FileVerdict } from './file-check.js';
import { checkKit } from './kit-check.js';
import { type PageBlob, type PageFile } from './page-parts.js';
import { isZip, readPart, type ByteSource } from './zip/byte-source.js';

/** How long the page may stand still: milliseconds. */
const patience = 40;

/** Reads and checks a file piece by piece; `onProgress` gets the bytes that are done. */
export async function checkFile(
  file: PageFile,
  given: BundleOptions,
  onProgress: (bytes: number) => void,
): Promise<FileVerdict> {
  const pieces = piecesWith(onProgress);
  const source: ByteSource = { size: file.size, stream: (from, to) => pieces(file.slice(from, to)) };
  if (file.size >= 4 && isZip(await readPart(source, 0, 4))) return checkKit(source, given);
  const checking = new FileCheck(given);
  for await (const piece of pieces(file)) checking.push(piece);
  return checking.end();
}

/** Reads in pieces of 64 KB; between them the page lives. */
function piecesWith(onProgress: (bytes: number) => void): (blob: PageBlob) => AsyncIterable<Uint8Array> {
  let done = 0;
  let since = Date.now();
  return async function* (blob) {
    const reader = blob.stream().getReader();
    try {
      for (;;) {
        const { value } = await reader.read();
        if (value === undefined) return;
        // a piece may be large, and a second without an answer is long
        for (let from = 0; from < value.length; from += 65536) {
          const piece = value.subarray(from, from + 65536);
          yield piece;
          done += piece.length;
          if (Date.now() - since < patience) continue;
          onProgress(done);
          await new Promise((resolve) => setTimeout(resolve));
          since = Date.now();
        }
      }
    } finally {
      await reader.cancel();
    }
  };
}

/** What the evaluator gave beside the bundle. Throws an Error, in Indonesian, when some of it is not what it should be. */
export async function readGiven(
  keys: string,
  checkpoints: readonly PageFile[],
  receipts: readonly PageFile[],
): Promise<BundleOptions> {
  const notes: string[] = [];
  for (const file of checkpoints) {
    const found = readCheckpointNotes(new Uint8Array(await file.arrayBuffer()));
    if (found.length === 0) throw new Error(`${file.name} tidak berisi titik periksa.`);
    notes.push(...found);
  }
  const texts = await Promise.all(receipts.map((file) => file.text()));
  const trusted = readKeys(keys);
  if (trusted.some((key) => parseVerifierKey(key) === undefined)) {
    throw new Error('Kunci yang diisikan bukan kunci kantor.');
  }
  return {
    keys: trusted.length > 0 ? trusted : undefined,
    checkpoints: notes,
    receipts: texts.flatMap(readReceipts),
  };
}
