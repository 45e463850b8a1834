import { isObject } from './body.js';
import { printable } from './io.js';

/** Names that say nothing to a person at a terminal. */
const hidden = new Set(['csrfToken']);

/** An answer for the eye: names and values in two columns, lists as tables where they fit into the width. */
export function readable(value: unknown, width: number): string {
  return linesOf(value, width).join('\n');
}

function linesOf(value: unknown, width: number): string[] {
  if (Array.isArray(value)) return listLines(value, width);
  if (isObject(value)) return objectLines(value, width);
  return textOf(value).split('\n');
}

function objectLines(object: Record<string, unknown>, width: number): string[] {
  const entries = Object.entries(object).filter(([name]) => !hidden.has(name));
  const column = Math.max(0, ...entries.filter(([, value]) => isShort(value)).map(([name]) => name.length)) + 2;
  return entries.flatMap(([name, value]) => {
    if (!isShort(value)) return [printable(name), ...linesOf(value, width - 2).map((line) => `  ${line}`)];
    const [first = '', ...more] = textOf(value).split('\n');
    return [`${printable(name).padEnd(column)}${first}`, ...more.map((line) => ' '.repeat(column) + line)];
  });
}

function listLines(list: readonly unknown[], width: number): string[] {
  if (list.every(isShort)) return [textOf(list)];
  const table = list.every(isObject) ? tableLines(list) : undefined;
  if (table?.every((line) => line.length <= width)) return table;
  return list.flatMap((item, index) => [`[${index + 1}]`, ...linesOf(item, width - 2).map((line) => `  ${line}`)]);
}

/** undefined: something in it has parts of its own or several lines. */
function tableLines(list: readonly Record<string, unknown>[]): string[] | undefined {
  const names = [...new Set(list.flatMap(Object.keys))].filter((name) => !hidden.has(name));
  const values = list.flatMap((item) => names.map((name) => item[name]));
  if (!values.every((value) => isShort(value) && !textOf(value).includes('\n'))) return undefined;
  const rows = [names.map(printable), ...list.map((item) => names.map((name) => textOf(item[name])))];
  const widths = names.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** What stands beside its name: a text, a number, nothing, or a list of such. */
function isShort(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => typeof item !== 'object' || item === null);
  return typeof value !== 'object' || value === null;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(textOf).join(', ');
  if (value === null || value === undefined || value === '') return '-';
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}
