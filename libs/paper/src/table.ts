import { colours, fonts, lineHeight, type Pen } from './pen.js';

export interface Column {
  title: string;
  /** Share of the width. */
  share: number;
  /** Numbers stand right, so that they can be compared. */
  align?: 'right';
}

interface Look {
  indent: number;
  size: number;
  rowHeight: number;
  regular: (typeof fonts)['regular' | 'figures'];
  bold: (typeof fonts)['bold' | 'boldFigures'];
  /** Head and last row on a pale ground. */
  shaded: boolean;
}

export const letterLook = (indent: number): Look => ({
  indent,
  size: 9.5,
  rowHeight: 12,
  regular: fonts.regular,
  bold: fonts.bold,
  shaded: false,
});
export const figuresLook: Look = {
  indent: 0,
  size: 8,
  rowHeight: 10.5,
  regular: fonts.figures,
  bold: fonts.boldFigures,
  shaded: true,
};

type Row = readonly string[];
type Cells = readonly (readonly string[])[];

const gap = 8;
/** A row of more lines may be torn. */
const mostWholeLines = 20;

/** Rows may be longer than a page; on every page the table begins with its head. `last` is a row of sums. */
export function drawTable(pen: Pen, columns: readonly Column[], rows: readonly Row[], look: Look, last?: Row): void {
  new TableDrawing(pen, columns, look).draw(rows, last);
}

/** Height of a table that no page break parts, points. */
export const tableHeight = (pen: Pen, columns: readonly Column[], rows: readonly Row[], look: Look): number =>
  new TableDrawing(pen, columns, look).height(rows);

class TableDrawing {
  private readonly widths: number[];
  private readonly starts: number[];

  constructor(
    private readonly pen: Pen,
    private readonly columns: readonly Column[],
    private readonly look: Look,
  ) {
    const whole = columns.reduce((sum, { share }) => sum + share, 0);
    this.widths = columns.map(({ share }) => ((pen.width - look.indent) * share) / whole);
    this.starts = this.widths.map((_, index) =>
      this.widths.slice(0, index).reduce((sum, width) => sum + width, pen.left + look.indent),
    );
  }

  draw(rows: readonly Row[], last?: Row): void {
    const { pen, look } = this;
    pen.need(3 * lineHeight);
    if (!look.shaded) pen.rule(look.indent);
    this.head();
    for (const row of rows) this.row(this.cellsOf(row, look.regular), look.regular, { body: true });
    if (last) this.row(this.cellsOf(last, look.bold), look.bold, { body: true, shaded: true });
    pen.space();
  }

  height(rows: readonly Row[]): number {
    const titles = this.columns.map(({ title }) => title);
    const lines = [titles, ...rows].map((row) =>
      Math.max(...this.cellsOf(row, this.look.bold).map(({ length }) => length)),
    );
    return lines.reduce((sum, count) => sum + count * this.look.rowHeight + 4, 0);
  }

  private head(): void {
    const { bold, shaded } = this.look;
    const titles = this.columns.map(({ title }) => title);
    this.row(this.cellsOf(titles, bold), bold, { body: false, shaded });
  }

  private cellsOf(row: Row, font: Look['regular'] | Look['bold']): Cells {
    const { pen, look, widths } = this;
    return row.map((text, index) => pen.wrap(text, (widths[index] ?? 0) - gap, { size: look.size, font }));
  }

  private row(
    cells: Cells,
    font: Look['regular'] | Look['bold'],
    { body, shaded = false }: { body: boolean; shaded?: boolean },
  ): void {
    const { pen, look } = this;
    const { size, rowHeight } = look;
    const count = Math.max(...cells.map((lines) => lines.length));
    // a row that is no page by itself stays in one piece
    if (body && count <= mostWholeLines && pen.y + count * rowHeight > pen.bottom) this.onNextPage(body);
    if (shaded && look.shaded) {
      pen.fillBox(pen.left + look.indent, pen.y - 3, pen.width - look.indent, count * rowHeight + 3, colours.pale);
    }
    for (let index = 0; index < count; index++) {
      if (pen.y + rowHeight > pen.bottom) this.onNextPage(body);
      cells.forEach((lines, column) => this.cell(lines[index] ?? '', column, { size, font }));
      pen.y += rowHeight;
    }
    pen.rule(look.indent, look.shaded ? { thickness: 0.4, gap: 4, colour: colours.grid } : {});
  }

  private cell(text: string, column: number, lettering: { size: number; font: Look['regular'] | Look['bold'] }): void {
    const { pen, starts, widths, look } = this;
    const inset = look.shaded ? 3 : 0;
    const start = starts[column] ?? 0;
    if (this.columns[column]?.align === 'right')
      pen.putBefore(text, start + (widths[column] ?? 0) - (gap - inset), lettering);
    else pen.put(text, start + inset, lettering);
  }

  private onNextPage(body: boolean): void {
    this.pen.nextPage();
    if (body) this.head();
  }
}
