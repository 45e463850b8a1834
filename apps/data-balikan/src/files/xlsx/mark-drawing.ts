import { xmlHead } from './xml-writing.js';

/** Where a comment is shown: Excel wants a shape of an old drawing language (VML) for each. */
interface At {
  row: number;
  column: number;
}

const namespaces =
  'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"';
// every element that is added declares its prefixes: another program's drawing may have others, or none at its root
const shapeType = `<v:shapetype ${namespaces} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>`;
const fresh = `<xml ${namespaces}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>`;

/**
 * A drawing with a shape for each comment: shapes of comments that are still there, and of whatever is no comment, stay as
 * they were. It is handled as text, because Excel's own drawings are not always XML.
 *
 * @param vml undefined: a new one
 * @returns undefined where the drawing is of no usual form and holds more than comments
 */
export function mergeDrawing(vml: string | undefined, cells: readonly At[]): string | undefined {
  // the text is written as UTF-8, whatever it was
  const old = vml?.replace(/^\s*<\?xml[^>]*\?>\s*/, '');
  const end = old === undefined ? undefined : findRootEnd(old);
  if (old === undefined || end === undefined)
    return old && holdsMore(old) ? undefined : merged(fresh, fresh.lastIndexOf('</'), cells);
  return merged(old, end, cells);
}

function merged(old: string, end: number, cells: readonly At[]): string {
  const wanted = new Set(cells.map(keyOf));
  const drawn = new Set<string>();
  let lastId = 1024;
  const kept = replaceShapes(old.slice(0, end), (shape) => {
    lastId = Math.max(lastId, Number(/id=["']_x0000_s(\d{1,9})["']/.exec(shape)?.[1] ?? 0));
    if (!isNote(shape)) return shape;
    const key = keyOf({ row: numberIn(shape, 'Row') + 1, column: numberIn(shape, 'Column') + 1 });
    if (!wanted.has(key) || drawn.has(key)) return '';
    drawn.add(key);
    return shape;
  });
  const type = /id=["']_x0000_t202["']/.test(old) ? '' : shapeType;
  const added = cells.filter((cell) => !drawn.has(keyOf(cell))).map((cell, n) => shapeOf(cell, lastId + 1 + n));
  return [xmlHead, kept, type, ...added, old.slice(end)].join('');
}

const keyOf = ({ row, column }: At): string => `${row}:${column}`;
const isNote = (shape: string): boolean => /ObjectType\s*=\s*(?:"Note"|'Note')/.test(shape);

const numbers = { Row: elementWithNumber('Row'), Column: elementWithNumber('Column') };
function elementWithNumber(name: string): RegExp {
  return new RegExp(`<(?:[\\w.-]+:)?${name}(?:\\s[^<>]*)?>\\s*(\\d{1,9})\\s*<`);
}
const numberIn = (shape: string, name: keyof typeof numbers): number => Number(numbers[name].exec(shape)?.[1] ?? NaN);

/** Where the end of the outermost element stands; undefined where it is not the last of the text. */
function findRootEnd(text: string): number | undefined {
  const root = /^\s*<([A-Za-z_][\w.:-]*)/.exec(text)?.[1];
  const end = text.lastIndexOf('</');
  return root !== undefined && end > 0 && text.slice(end).trim() === `</${root}>` ? end : undefined;
}

/** Shapes that are no comments: a text box, a button. */
function holdsMore(text: string): boolean {
  const rest = replaceShapes(text, (shape) => (isNote(shape) ? '' : shape));
  return /<(?:[\w.-]+:)?(?:shape|rect|roundrect|oval|line|polyline|arc|curve|image|group)[\s/>]/.test(rest);
}

/** Each shape replaced, in one pass whatever the text. */
function replaceShapes(text: string, replace: (shape: string) => string): string {
  const begin = /<((?:[\w.-]+:)?)shape(?=\s)[^<>]*>/g;
  const result: string[] = [];
  let at = 0;
  for (let found = begin.exec(text); found; found = begin.exec(text)) {
    if (found[0].endsWith('/>')) continue;
    const close = `</${found[1]}shape>`;
    const end = text.indexOf(close, begin.lastIndex);
    if (end < 0) break;
    result.push(text.slice(at, found.index), replace(text.slice(found.index, end + close.length)));
    at = begin.lastIndex = end + close.length;
  }
  return [...result, text.slice(at)].join('');
}

function shapeOf({ row, column }: At, id: number): string {
  const anchor = [column, 15, Math.max(0, row - 2), 2, column + 4, 15, row + 5, 4].join(', ');
  return (
    `<v:shape ${namespaces} id="_x0000_s${id}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;width:250pt;height:100pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">` +
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>' +
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>' +
    `<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>${anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>` +
    `<x:Row>${row - 1}</x:Row><x:Column>${column - 1}</x:Column></x:ClientData></v:shape>`
  );
}
