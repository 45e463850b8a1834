import { xmlHead } from './xml.js';

/** Numbers of the formats (cellXfs) of {@link stylesXml}. */
export const formats = {
  text: 0,
  count: 1,
  day: 2,
  month: 3,
  time: 4,
  share: 5,
  header: 6,
  title: 7,
  total: 8,
} as const;

const font = '<name val="Calibri"/><family val="2"/>';
const xf = (numFmt: number, more = '', fontId = 0, fillId = 0): string =>
  `<xf numFmtId="${numFmt}" fontId="${fontId}" fillId="${fillId}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"${more === '' ? '/>' : ` applyAlignment="1">${more}</xf>`}`;
const wrapped = '<alignment vertical="top" wrapText="1"/>';

export const stylesXml = (): string =>
  `${xmlHead}<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
  '<numFmts count="4"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="mmm\\ yyyy"/><numFmt numFmtId="166" formatCode="dd/mm/yyyy\\ hh:mm"/><numFmt numFmtId="167" formatCode="0.0\\ %"/></numFmts>' +
  `<fonts count="3"><font><sz val="11"/>${font}</font><font><b/><sz val="11"/>${font}</font><font><b/><sz val="14"/>${font}</font></fonts>` +
  '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE8EEF4"/><bgColor indexed="64"/></patternFill></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
  `<cellXfs count="9">${[xf(0, wrapped), xf(3), xf(164), xf(165), xf(166), xf(167), xf(0, '<alignment vertical="center" wrapText="1"/>', 1, 2), xf(0, '', 2), xf(3, '', 1, 2)].join('')}</cellXfs>` +
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';
