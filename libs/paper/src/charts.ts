import { colours, fonts, lineHeight, type Pen } from './pen.js';
import { numberText, percentText } from './numbers.js';

/** Columns over an axis: months, or days where they are many. */
export interface ColumnChart {
  title: string;
  columns: readonly { label: string; value: number; alarming?: boolean }[];
  /** Of each column: drawn as a stepped line. null: none there. */
  limits?: readonly (number | null)[];
  /** What the colours mean. */
  legend?: { limit?: string; alarming?: string };
}

export interface BarChart {
  title: string;
  bars: readonly { label: string; value: number }[];
}

const small = { size: 7.5, font: fonts.figures, colour: colours.grey };
const titleLettering = { size: 9.5, font: fonts.boldFigures };
/** More columns have no number above them. */
const mostWithNumbers = 16;
const plotHeight = 120;

/** Ends of an axis that people can read: 1, 2 or 5 times a power of ten; the number of steps is at most five. */
export function axisOf(most: number): { top: number; step: number } {
  if (most <= 0) return { top: 1, step: 1 };
  const rough = Math.max(1, most / 5);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? 10 * power;
  return { top: Math.ceil(most / step) * step, step };
}

/** Drawn as vectors; the whole of it stands on one page. */
export function drawColumnChart(pen: Pen, chart: ColumnChart): void {
  const { columns, limits = [] } = chart;
  pen.need(plotHeight + 4 * lineHeight);
  pen.line(chart.title, titleLettering);
  drawLegend(pen, chart);
  const numbers = columns.length <= mostWithNumbers;
  const { top, step } = axisOf(Math.max(0, ...columns.map(({ value }) => value), ...limits.map((limit) => limit ?? 0)));
  const left = pen.left + Math.max(24, pen.widthOf(numberText(top), small) + 6);
  const width = pen.left + pen.width - left;
  const upper = pen.y + (numbers ? 12 : 4);
  const heightOf = (value: number): number => (value / top) * plotHeight;
  const floor = upper + plotHeight;
  for (let value = 0; value <= top; value += step) {
    const y = floor - heightOf(value);
    pen.document
      .moveTo(left, y)
      .lineTo(left + width, y)
      .lineWidth(0.4)
      .strokeColor(colours.grid)
      .stroke();
    pen.putBefore(numberText(value), left - 4, { ...small, y: y - 4 });
  }
  const slot = width / Math.max(1, columns.length);
  const bar = slot * (numbers ? 0.6 : 0.8);
  columns.forEach(({ value, alarming }, n) => {
    if (value === 0) return;
    const x = left + n * slot + (slot - bar) / 2;
    pen.fillBox(x, floor - heightOf(value), bar, heightOf(value), alarming ? colours.alarm : colours.bar);
    if (numbers) putMiddle(pen, numberText(value), x + bar / 2, floor - heightOf(value) - 10);
  });
  drawLimits(pen, limits, { left, slot, yOf: (value) => floor - heightOf(value) });
  pen.document
    .moveTo(left, floor)
    .lineTo(left + width, floor)
    .lineWidth(0.8)
    .strokeColor(colours.ink)
    .stroke();
  let free = left - slot;
  columns.forEach(({ label }, n) => {
    const half = pen.widthOf(label, small) / 2;
    const middle = numbers ? left + (n + 0.5) * slot : left + n * slot + half;
    // one that would touch the label before it is left out
    if (label === '' || middle - half < free) return;
    putMiddle(pen, label, middle, floor + 4);
    free = middle + half + 3;
  });
  pen.y = floor + 22;
}

function drawLimits(
  pen: Pen,
  limits: readonly (number | null)[],
  { left, slot, yOf }: { left: number; slot: number; yOf: (value: number) => number },
): void {
  let before: number | null = null;
  limits.forEach((limit, n) => {
    if (limit !== null) {
      if (before === null) pen.document.moveTo(left + n * slot, yOf(limit));
      else pen.document.lineTo(left + n * slot, yOf(limit));
      pen.document.lineTo(left + (n + 1) * slot, yOf(limit));
    }
    before = limit;
  });
  if (limits.some((limit) => limit !== null))
    pen.document.lineWidth(1).strokeColor(colours.alarm).dash(4, { space: 2 }).stroke().undash();
}

function drawLegend(pen: Pen, { legend }: ColumnChart): void {
  if (!legend) return;
  let x = pen.left;
  if (legend.limit !== undefined) {
    const y = pen.y + 4;
    pen.document
      .moveTo(x, y)
      .lineTo(x + 16, y)
      .lineWidth(1)
      .strokeColor(colours.alarm)
      .dash(4, { space: 2 })
      .stroke()
      .undash();
    pen.put(legend.limit, x + 20, small);
    x += 34 + pen.widthOf(legend.limit, small);
  }
  if (legend.alarming !== undefined) {
    pen.fillBox(x, pen.y, 7, 7, colours.alarm);
    pen.put(legend.alarming, x + 11, small);
  }
  pen.y += 12;
}

/** Horizontal bars, each with its number and its share of the sum; the whole of it stands on one page if it can. */
export function drawBarChart(pen: Pen, { title, bars }: BarChart): void {
  const rowHeight = 15;
  pen.need(Math.min(bars.length * rowHeight + 2 * lineHeight, pen.bottom / 2));
  pen.line(title, titleLettering);
  pen.space(2);
  const sum = bars.reduce((total, { value }) => total + value, 0);
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const labelWidth = pen.width * 0.38;
  const left = pen.left + labelWidth + 6;
  const room = pen.width - labelWidth - 6 - 92;
  for (const { label, value } of bars) {
    pen.need(rowHeight);
    const [line = ''] = pen.wrap(label, labelWidth, { size: 8, font: fonts.figures });
    pen.putBefore(line, left - 6, { size: 8, font: fonts.figures, y: pen.y + 2 });
    const length = Math.max(value > 0 ? 0.6 : 0, (value / most) * room);
    if (length > 0) pen.fillBox(left, pen.y, length, 10, colours.bar);
    pen.put(`${numberText(value)}  (${percentText(value, sum)})`, left + length + 4, {
      size: 8,
      font: fonts.figures,
      y: pen.y + 2,
    });
    pen.y += rowHeight;
  }
  pen.space();
}

function putMiddle(pen: Pen, text: string, x: number, y: number): void {
  pen.put(text, x - pen.widthOf(text, small) / 2, { ...small, y });
}
