import {
  AlignmentType,
  BorderStyle,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  VerticalAlignTable,
  WidthType,
} from 'docx';
import { grouped, type Bar, type Column } from './paper.js';
import { run, runs, sizes } from './docx-text.js';

const none = { style: BorderStyle.NONE, size: 0, color: 'auto' } as const;
export const noBorders = { top: none, bottom: none, left: none, right: none };
const white = { style: BorderStyle.SINGLE, size: 24, color: 'FFFFFF' } as const;
const apart = { ...noBorders, top: white, bottom: white };
const thin = { style: BorderStyle.SINGLE, size: 4, color: '000000' } as const;
const borders = { top: thin, bottom: thin, left: thin, right: thin, insideHorizontal: thin, insideVertical: thin };
const withoutBorders = { ...noBorders, insideHorizontal: none, insideVertical: none };
const margins = { top: 40, bottom: 40, left: 80, right: 80 };
const grey = { heading: 'D9D9D9', bar: '7F7F7F', reference: 'BFBFBF' } as const;
/** More of them are written smaller. */
const manyColumns = 7;
/** Cells that a bar is made of: as fine as it is drawn. */
const barCells = 40;

/** A table without lines, of columns that are so wide. */
export function layoutTable(widths: number[], rows: Paragraph[][][]): Table {
  return new Table({
    layout: TableLayoutType.FIXED,
    columnWidths: widths,
    width: { size: sum(widths), type: WidthType.DXA },
    borders: withoutBorders,
    rows: rows.map(
      (cells) =>
        new TableRow({
          cantSplit: true,
          children: cells.map((children, n) => cell(widths[n] ?? 0, children, { borders: noBorders })),
        }),
    ),
  });
}

/** `Label : value`, one below the other. */
export const labelled = (width: number, all: [string, string][]): Table => {
  const widths = [Math.floor(width * 0.3), 240, width - Math.floor(width * 0.3) - 240];
  return layoutTable(
    widths,
    all.map((row) => [row[0], ':', row[1]].map((text) => [new Paragraph({ children: runs(text) })])),
  );
};

/** With lines, and a heading that is repeated on each page. */
export function dataTable(width: number, columns: Column[], rows: string[][]): Table {
  const shares = columns.reduce((total, { share }) => total + share, 0);
  const widths = columns.map(({ share }) => Math.floor((width * share) / shares));
  const size = columns.length > manyColumns ? sizes.small : sizes.table;
  const content = (text: string, n: number, heading: boolean) => {
    const alignment = heading ? AlignmentType.CENTER : columns[n]?.right ? AlignmentType.RIGHT : AlignmentType.LEFT;
    return [new Paragraph({ alignment, children: runs(text, { bold: heading, size }) })];
  };
  const heading = columns.map(({ title }, n) =>
    cell(widths[n] ?? 0, content(title, n, true), { shading: shaded(grey.heading) }),
  );
  return new Table({
    layout: TableLayoutType.FIXED,
    columnWidths: widths,
    width: { size: sum(widths), type: WidthType.DXA },
    borders,
    rows: [
      new TableRow({ tableHeader: true, cantSplit: true, children: heading }),
      ...rows.map(
        (row) =>
          new TableRow({
            cantSplit: true,
            children: row.map((text, n) => cell(widths[n] ?? 0, content(text, n, false))),
          }),
      ),
    ],
  });
}

/** A bar chart of shaded cells: every program shows it, and the office can change it. */
export function barTable(width: number, bars: Bar[]): Table {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const [label, unit] = [Math.floor(width * 0.24), Math.floor((width * 0.62) / barCells)];
  const widths = [label, ...Array.from({ length: barCells }, () => unit), width - label - unit * barCells];
  const row = ({ label: name, value, reference = false }: Bar, index: number) => {
    // on one page: each row keeps the next one with it
    const small = (text: string) => [
      new Paragraph({ keepNext: index < bars.length - 1, children: [run(text, { size: sizes.table })] }),
    ];
    const long = value === 0 ? 0 : Math.max(1, Math.round((value * barCells) / most));
    const spans: [count: number, fill: string | undefined][] = [
      [long, reference ? grey.reference : grey.bar],
      [barCells - long, undefined],
    ];
    return new TableRow({
      cantSplit: true,
      children: [
        cell(label, small(name), { borders: noBorders }),
        ...spans
          .filter(([count]) => count > 0)
          .map(([count, fill]) =>
            cell(unit * count, small(''), {
              borders: apart,
              columnSpan: count,
              ...(fill === undefined ? {} : { shading: shaded(fill) }),
            }),
          ),
        cell(widths.at(-1) ?? 0, small(grouped(value)), { borders: noBorders }),
      ],
    });
  };
  return new Table({
    layout: TableLayoutType.FIXED,
    columnWidths: widths,
    width: { size: sum(widths), type: WidthType.DXA },
    borders: withoutBorders,
    rows: bars.map(row),
  });
}

const shaded = (fill: string) => ({ type: ShadingType.CLEAR, color: 'auto', fill });
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

type CellOptions = Omit<ConstructorParameters<typeof TableCell>[0], 'children'>;
const cell = (width: number, children: Paragraph[], options: Partial<CellOptions> = {}): TableCell =>
  new TableCell({
    width: { size: width, type: WidthType.DXA },
    margins,
    verticalAlign: VerticalAlignTable.TOP,
    ...options,
    children,
  });
