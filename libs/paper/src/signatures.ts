import { lineHeight, type Pen } from './pen.js';

export interface SignatureBlock {
  office: readonly string[];
  name: readonly string[];
}

const linesForPen = 4;

/** Blocks beside one another, as lines of equal number. */
export function signatureColumns(pen: Pen, blocks: readonly SignatureBlock[]): { width: number; columns: string[][] } {
  const width = pen.width / blocks.length - 12;
  const wrapped = (lines: readonly string[]) => lines.flatMap((line) => pen.wrap(line, width));
  const most = Math.max(...blocks.map(({ office }) => wrapped(office).length));
  const room = Array<string>(linesForPen).fill('');
  const columns = blocks.map(({ office, name }) => {
    const above = wrapped(office);
    return [...above, ...Array<string>(most - above.length).fill(''), ...room, ...wrapped(name)];
  });
  return { width, columns };
}

export function drawSignatures(pen: Pen, { width, columns }: ReturnType<typeof signatureColumns>): void {
  columns.forEach((lines, block) => {
    const middle = pen.left + block * (width + 24) + width / 2;
    lines.forEach((line, index) => {
      pen.put(line, middle - pen.widthOf(line) / 2, { y: pen.y + index * lineHeight });
    });
  });
}
