const windows1252 = new TextDecoder('windows-1252');

/** The content of each page of an uncompressed file. */
export const streamsOf = (pdf: Buffer): string[] =>
  [...pdf.toString('latin1').matchAll(/stream\n([^]*?)\nendstream/g)]
    .map(([, content]) => content ?? '')
    .filter((content) => content.includes(' TJ'));

/** The pages of an uncompressed file, each as its lines of text; pdfkit writes them as kerned hexadecimal strings. */
export const pagesOf = (pdf: Buffer): string[][] =>
  streamsOf(pdf).map((content) =>
    [...content.matchAll(/\[((?:<[0-9a-f]*>|[\s\d.-])*)\] TJ/g)].map(([, parts = '']) =>
      windows1252.decode(Buffer.from([...parts.matchAll(/<([0-9a-f]*)>/g)].map(([, hex]) => hex).join(''), 'hex')),
    ),
  );
