import { FileFault } from '../table.js';
import { limits } from './limits.js';
import { shownBy, shownByBuiltIn, type NumberShown } from './number-formats.js';
import { readXml } from './xml.js';
import type { ZipPackage } from './zip-package.js';

/** How the cell styles show a number, by the number of the style (cellXfs). */
export async function readNumberStyles(zip: ZipPackage, part: string | undefined): Promise<readonly NumberShown[]> {
  const styles: NumberShown[] = [];
  if (!part || !zip.has(part)) return styles;
  const custom = new Map<number, NumberShown>();
  let inCellXfs = false;
  await readXml(zip.read(part), {
    open: ({ local, attributes }, depth) => {
      if (depth === 2) inCellXfs = local === 'cellXfs';
      if (depth !== 3) return;
      if (local === 'numFmt') {
        if (custom.size >= limits.styles) throw new FileFault('FILE_EXPANDS_TOO_MUCH');
        custom.set(Number(attributes['numFmtId']), shownBy(attributes['formatCode'] ?? ''));
      } else if (inCellXfs && local === 'xf') {
        if (styles.length >= limits.styles) throw new FileFault('FILE_EXPANDS_TOO_MUCH');
        const id = Number(attributes['numFmtId'] ?? 0);
        styles.push(custom.get(id) ?? shownByBuiltIn(id));
      }
    },
  });
  return styles;
}
