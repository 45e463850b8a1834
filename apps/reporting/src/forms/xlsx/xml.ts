const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

export const xmlHead = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

export const escapeXml = (text: string): string => text.replace(/[&<>"\t\n\r]/g, (sign) => escapes[sign]!);

/** A cell's text as Excel spells it: what XML cannot hold is written _xHHHH_ (ECMA-376 22.9.2.19, ST_Xstring). */
export const excelText = (text: string): string =>
  text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\p{Cs}/gu, escapeUnit)
    .replace(/[&<>\r]/g, (sign) => escapes[sign]!);

const escapeUnit = (sign: string): string => `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;

/** 1: A, 27: AA */
export const columnLetters = (column: number): string =>
  column <= 26
    ? String.fromCharCode(64 + column)
    : `${columnLetters(Math.floor((column - 1) / 26))}${columnLetters(((column - 1) % 26) + 1)}`;

/** Days since 1899-12-30, as workbooks count them from 1 March 1900 on. */
export const daySerial = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000 + 25_569;

/** The same with the time of day, in WIB (UTC+7). */
export const timeSerial = (at: string): number => (Date.parse(at) + 7 * 3_600_000) / 86_400_000 + 25_569;
