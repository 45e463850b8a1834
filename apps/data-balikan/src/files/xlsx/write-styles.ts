import { xmlHead } from './xml-writing.js';

/** Numbers of the formats (cellXfs) of {@link writtenStyles}. */
export const writtenFormats = { general: 0, text: 1, date: 2, header: 3, prose: 4 } as const;

const sheetOf = (namespace: string, formats: string): string =>
  `${xmlHead}<styleSheet xmlns="${namespace}">` +
  '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>' +
  '<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>' +
  '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFD9E7F5"/><bgColor indexed="64"/></patternFill></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
  `${formats}<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

const general = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>';

/** For a workbook that has none. */
export const minimalStyles = (namespace: string): string =>
  sheetOf(namespace, `<cellXfs count="1">${general}</cellXfs>`);

/** In the order of {@link writtenFormats}. */
export const writtenStyles = (namespace: string): string =>
  sheetOf(
    namespace,
    `<cellXfs count="5">${general}` +
      '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' +
      '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' +
      '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>' +
      '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>' +
      '</cellXfs>',
  );
