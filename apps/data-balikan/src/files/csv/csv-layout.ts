import { findHeader, headerRows, type Header } from '../header.js';
import { FileFault, type ColumnNames, type FileSource } from '../table.js';
import { RecordScanner, type CsvRecord } from './record-scanner.js';
import { readText, type TextPiece } from './text-decoder.js';

/** How a CSV file is written, and where its table begins. */
export interface CsvLayout {
  delimiter: string;
  lineBreak: string;
  header: Header;
  /** Excel's own first line `sep=;`, which is no record; '' when there is none. */
  separatorLine: string;
}

const separatorLine = /^"?sep=([^\r\n])"?[;,\t ]*(?:\r\n|\n|\r)/i;
/** In the order in which they are tried; in Indonesia Excel writes semicolons. */
const delimiters = [';', '\t', ','];

/** @throws {FileFault} FILE_EMPTY, HEADER_NOT_FOUND, COLUMN_MISSING, COLUMN_TWICE, TOO_MANY_COLUMNS, ENCODING_UNKNOWN */
export async function readLayout(source: FileSource, names: ColumnNames): Promise<CsvLayout> {
  for await (const piece of readText(source)) {
    if (piece.last && piece.text.trim() === '') throw new FileFault('FILE_EMPTY');
    return layoutOf(piece, names);
  }
  throw new FileFault('FILE_EMPTY');
}

/** The delimiter with which there is a header is the right one. */
function layoutOf(piece: TextPiece, names: ColumnNames): CsvLayout {
  const own = separatorLine.exec(piece.text);
  const text = piece.text.slice(own?.[0].length ?? 0);
  const lineBreak = /\r\n|\n|\r/.exec(piece.text)?.[0] ?? '\r\n';
  let fault = new FileFault('HEADER_NOT_FOUND');
  for (const delimiter of new Set([...(own?.[1] ? [own[1]] : []), ...delimiters])) {
    try {
      const header = findHeader(new RecordScanner(delimiter).push(text, piece.last).slice(0, headerRows), names);
      if (header) return { delimiter, lineBreak, header, separatorLine: own?.[0] ?? '' };
    } catch (error) {
      if (!(error instanceof FileFault)) throw error;
      // a header that is not whole says more than none at all
      if (fault.code === 'HEADER_NOT_FOUND') fault = error;
    }
  }
  throw fault;
}

/** All records of the file; to be used with the layout of the same file. */
export async function* readRecords(
  source: FileSource,
  layout: CsvLayout,
): AsyncGenerator<{ records: CsvRecord[]; bytes: number }, void, undefined> {
  const scanner = new RecordScanner(layout.delimiter);
  let skip = layout.separatorLine.length;
  for await (const { text, bytes, last } of readText(source)) {
    yield { records: scanner.push(text.slice(skip), last), bytes };
    skip = 0;
  }
}
