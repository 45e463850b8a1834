import { strToU8 } from 'fflate';
import type { ReportContent } from '#contracts';
import { dayOf } from '#paper';
import { AppError } from '#service';
import { zipOf } from '../xlsx/zip.js';
import { edited, fillSheet, withoutResults } from './fill-sheet.js';
import { readTemplate, type NamedCell } from './read-template.js';
import { relationshipsOf, textOf, type TemplatePackage } from './template-package.js';
import type { TemplateValue } from './template-values.js';
import { findValue } from './value-path.js';
import { parseXml } from './xml-tags.js';

/**
 * The ministry's form with the figures in its named cells. Parts of the file in which nothing is filled in are the same bytes
 * as before; only where there are formulas, what they came to is taken out, so that they are reckoned anew.
 * @param cells name of a cell -> path of a value; names that the file does not have are passed over
 * @throws {AppError} TEMPLATE_INVALID; REQUEST_INVALID: a path that the report does not know, with the cell's name
 */
export function fillTemplate(
  bytes: Uint8Array,
  cells: Readonly<Record<string, string>>,
  source: { content: ReportContent; contentHash: string },
): Buffer {
  checkPaths(cells);
  const template = readTemplate(bytes);
  const { parts } = template;
  const filled = template.cells.filter(({ name }) => Object.hasOwn(cells, name));
  const changed: Record<string, Uint8Array> = {};
  for (const [sheet, named] of bySheet(filled)) {
    const values = new Map<string, TemplateValue>(
      named.map(({ name, cell }) => [cell, findValue(cells[name]!)!.read(source)]),
    );
    changed[sheet] = strToU8(fillSheet(textOf(parts[sheet]!), values));
  }
  const all = { ...parts, ...changed };
  return zipOf({ ...all, ...reckonedAnew({ ...template, parts: all }) }, dayOf(new Date(source.content.asOf.at)));
}

/** @throws {AppError} REQUEST_INVALID with an issue for each cell whose value the report does not have */
export function checkPaths(cells: Readonly<Record<string, string>>): void {
  const issues = Object.entries(cells)
    .filter(([, path]) => !findValue(path))
    .map(([name, path]) => ({
      path: `mapping.cells.${name}`,
      message: `Laporan tidak mempunyai angka bernama "${path}".`,
    }));
  if (issues.length > 0) throw new AppError('REQUEST_INVALID', { issues });
}

function bySheet(cells: readonly NamedCell[]): Map<string, NamedCell[]> {
  const sheets = new Map<string, NamedCell[]>();
  for (const cell of cells) sheets.set(cell.sheet, [...(sheets.get(cell.sheet) ?? []), cell]);
  return sheets;
}

/** Of a workbook with formulas: its sheets without their results, and a workbook that asks to be reckoned anew when opened. */
function reckonedAnew({ parts, workbook }: TemplatePackage): Record<string, Uint8Array> {
  const sheets = relationshipsOf(parts, workbook)
    .filter(({ type, part }) => type.endsWith('/worksheet') && parts[part])
    .map(({ part }) => [part, textOf(parts[part]!)] as const);
  const changed = sheets
    .map(([part, xml]) => [part, xml, withoutResults(xml)] as const)
    .filter(([, before, after]) => before !== after);
  if (changed.length === 0) return {};
  return {
    ...Object.fromEntries(changed.map(([part, , after]) => [part, strToU8(after)])),
    [workbook]: strToU8(reckoningOnLoad(textOf(parts[workbook]!))),
  };
}

/** Elements of a workbook that come behind calcPr (ECMA-376 18.2.27). */
const behindCalcPr = new Set([
  'oleSize',
  'customWorkbookViews',
  'pivotCaches',
  'smartTagPr',
  'smartTagTypes',
  'webPublishing',
  'fileRecoveryPr',
  'webPublishObjects',
  'extLst',
]);

function reckoningOnLoad(xml: string): string {
  const found: { existing?: { start: number; end: number; text: string }; before?: number; prefix: string } = {
    prefix: '',
  };
  parseXml(xml, {
    open: ({ name, local, start, end }, depth) => {
      if (depth === 1) found.prefix = name.slice(0, name.length - local.length);
      if (depth !== 2) return;
      if (local === 'calcPr') {
        const text = xml.slice(start, end).replace(/\s+fullCalcOnLoad\s*=\s*("[^"]*"|'[^']*')/, '');
        found.existing = { start, end, text: text.replace(`<${name}`, `<${name} fullCalcOnLoad="1"`) };
      }
      if (behindCalcPr.has(local)) found.before ??= start;
    },
    close: (_tag, depth, end) => {
      if (depth === 1) found.before ??= xml.lastIndexOf('</', end);
    },
  });
  if (found.existing) return edited(xml, [found.existing]);
  const at = found.before ?? xml.length;
  return edited(xml, [{ start: at, end: at, text: `<${found.prefix}calcPr fullCalcOnLoad="1"/>` }]);
}
