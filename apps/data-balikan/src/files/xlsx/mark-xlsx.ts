import { FileFault, type ColumnNames, type FileSource, type Mark } from '../table.js';
import { limits } from './limits.js';
import { mergeComments, type Remark } from './mark-comments.js';
import { mergeDrawing } from './mark-drawing.js';
import { MarkList } from './mark-list.js';
import {
  addContentTypes,
  addRelationships,
  addSheet,
  namespacesOf,
  type Namespaces,
  type NewRelationship,
} from './mark-package.js';
import { refusedSheet } from './mark-refused.js';
import { markSheet } from './mark-sheet.js';
import { MarkStyles } from './mark-styles.js';
import { openXlsx, type XlsxTable } from './open-xlsx.js';
import { freeRefusedName } from './refused-sheet.js';
import { minimalStyles } from './write-styles.js';
import { readRelationships, relationshipId, relationshipsPart } from './workbook.js';
import { readXml } from './xml.js';
import { freeId, PackageChanges } from './package-changes.js';
import { zipStream, type ZipPart } from '#service/zip-stream';
import type { ZipPackage } from './zip-package.js';

const spreadsheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/**
 * The same workbook with its faulty cells coloured and commented and a sheet of the refused rows. What is not concerned passes
 * through as it is; marks of ours from an earlier time are taken away, and so is their sheet.
 *
 * @param marks in order of rows
 * @param names those that the table was opened with
 * @throws {FileFault} as {@link openXlsx}
 */
export async function* markXlsx(
  source: FileSource,
  marks: AsyncIterable<Mark>,
  names: ColumnNames,
): AsyncGenerator<Buffer> {
  const table = await openXlsx(source, names);
  const list = await MarkList.of(marks, Math.min(...table.columns.values()));
  yield* zipStream(await new Marking(table, list).parts());
}

const usualStyles = 'xl/styles.xml';

class Marking {
  private readonly zip: ZipPackage;
  private readonly changes: PackageChanges;
  private readonly ofWorkbook: NewRelationship[] = [];
  private readonly ofSheet: NewRelationship[] = [];
  private readonly namespaces: Namespaces;
  private vml = false;

  constructor(
    private readonly table: XlsxTable,
    private readonly marks: MarkList,
  ) {
    this.zip = table.zip;
    this.namespaces = namespacesOf(table.workbook.strict);
    this.changes = new PackageChanges(table.zip, table.workbook.part);
  }

  async parts(): Promise<ZipPart[]> {
    const { table, marks, zip, changes } = this;
    const styles = await this.planStyles();
    const drawing = await this.planCommentsIfPossible();
    const { part } = table.sheet;
    changes.replace(part, () => markSheet(zip.read(part), marks.byRow(), styles, drawing));
    await this.planRefusedSheet(styles.text());
    await this.planLists();
    return changes.parts();
  }

  private async planStyles(): Promise<MarkStyles> {
    const { changes } = this;
    const { workbook } = this.table;
    const known = workbook.relationships.find(({ kind }) => kind === 'styles')?.part;
    if (known && this.zip.has(known)) {
      const styles = new MarkStyles(await this.zip.readText(known));
      if (styles.usable) changes.putLast(known, () => [styles.write()]);
      return styles;
    }
    const styles = new MarkStyles(minimalStyles(this.namespaces.main));
    // some programs go by the usual name
    const part = known ?? (this.zip.has(usualStyles) ? changes.freePart('styles', '.xml') : usualStyles);
    if (!known) this.ofWorkbook.push(this.link('Styles', 'styles', part, workbook.relationships));
    changes.contentTypes.set(part, `${spreadsheetType}.styles+xml`);
    changes.putLast(part, () => [styles.write()]);
    return styles;
  }

  /** Comments of another program may be broken, or too large: then the sheet keeps them, and colours and reasons have to do. */
  private async planCommentsIfPossible(): Promise<{ id: string; namespace: string } | undefined> {
    try {
      return await this.planComments();
    } catch (error) {
      if (error instanceof FileFault) return undefined;
      throw error;
    }
  }

  /**
   * @returns the legacyDrawing that the sheet needs, if it has none
   * @throws {FileFault} before anything is planned
   */
  private async planComments(): Promise<{ id: string; namespace: string } | undefined> {
    const { zip, table, changes, namespaces } = this;
    const relationships = await readRelationships(zip, table.sheet.part);
    const oldComments = relationships.find(({ kind }) => kind === 'comments')?.part;
    const drawingId = await findLegacyDrawing(zip, table.sheet.part);
    const oldDrawing = relationships.find(({ id }) => id === drawingId)?.part;
    if (drawingId !== undefined && !oldDrawing) return undefined;
    const comments = mergeComments(await changes.find(oldComments), this.remarks(), namespaces.main);
    const drawing = mergeDrawing(await changes.find(oldDrawing), comments.cells);
    if (drawing === undefined || comments.cells.length === 0) return undefined;

    const commentsPart = oldComments ?? changes.freePart('comments', '.xml');
    if (!oldComments) this.ofSheet.push(this.link('Comments', 'comments', commentsPart, relationships));
    changes.contentTypes.set(commentsPart, `${spreadsheetType}.comments+xml`);
    changes.put(commentsPart, comments.xml);
    this.vml = true;
    const drawingPart = oldDrawing ?? changes.freePart('drawings/vmlDrawing', '.vml');
    changes.put(drawingPart, drawing);
    if (oldDrawing) return undefined;
    const added = this.link('Drawing', 'vmlDrawing', drawingPart, relationships);
    this.ofSheet.push(added);
    return { id: added.id, namespace: namespaces.relationships };
  }

  private async planRefusedSheet(textStyle: number): Promise<void> {
    const { table, zip, changes, namespaces } = this;
    const { workbook, refused } = table;
    const text = await zip.readText(workbook.part);
    const rows = () => refusedSheet(table, this.marks, textStyle, namespaces.main, text.includes('bookViews'));
    if (refused) {
      changes.replace(refused.part, rows);
      // comments and the like that somebody put there belong to rows that are no more
      changes.drop(relationshipsPart(refused.part));
      return;
    }
    const part = changes.freePart('worksheets/sheet', '.xml');
    const link = this.link('Refused', 'worksheet', part, workbook.relationships);
    this.ofWorkbook.push(link);
    changes.contentTypes.set(part, `${spreadsheetType}.worksheet+xml`);
    const name = freeRefusedName(await allSheetNames(zip, workbook.part));
    changes.replace(workbook.part, () => [addSheet(text, { name, relationship: link.id }, namespaces.relationships)]);
    changes.putLast(part, rows);
  }

  private async planLists(): Promise<void> {
    const { zip, table, changes } = this;
    const types = addContentTypes(await zip.readText('[Content_Types].xml'), changes.contentTypes, this.vml);
    changes.replace('[Content_Types].xml', () => [types]);
    for (const [from, added] of [
      [table.workbook.part, this.ofWorkbook],
      [table.sheet.part, this.ofSheet],
    ] as const) {
      if (added.length === 0) continue;
      const list = relationshipsPart(from);
      changes.put(list, addRelationships(zip.has(list) ? await zip.readText(list) : undefined, from, added));
    }
  }

  private link(name: string, kind: string, part: string, known: readonly { id: string }[]): NewRelationship {
    return { id: freeId(`gerbang${name}`, known), type: `${this.namespaces.relationships}/${kind}`, part };
  }

  /** What is said about cells, as far as comments go. */
  private remarks(): Remark[] {
    const remarks: Remark[] = [];
    for (const { row, cells } of this.marks.byRow()) {
      for (const cell of cells) {
        if (remarks.length >= limits.comments) return remarks;
        remarks.push({ row, ...cell });
      }
    }
    return remarks;
  }
}

async function findLegacyDrawing(zip: ZipPackage, part: string): Promise<string | undefined> {
  if (!(await zip.mentions(part, 'legacyDrawing'))) return undefined;
  let found: string | undefined;
  await readXml(zip.read(part), {
    open: (tag, depth) => {
      if (depth === 2 && tag.local === 'legacyDrawing') found = relationshipId(tag);
    },
  });
  return found;
}

async function allSheetNames(zip: ZipPackage, workbook: string): Promise<string[]> {
  const names: string[] = [];
  await readXml(zip.read(workbook), {
    open: ({ local, attributes }, depth) => {
      if (depth === 3 && local === 'sheet') names.push(attributes['name'] ?? '');
    },
  });
  return names;
}
