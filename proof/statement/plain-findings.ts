import type { Finding } from '../search/finding.js';

const mostRows = 60;

/** For a table on paper: one row for each value and place, and no more of them than somebody reads. */
export function plainFindings(findings: readonly Finding[]): string[][] {
  const rows = findings.map(({ element, encoding, place, where, canary }) => [
    element,
    encoding,
    `${place}: ${where}`,
    canary,
  ]);
  const distinct = [...new Map(rows.map((row) => [row.join('\n'), row])).values()];
  if (distinct.length <= mostRows) return distinct;
  return [...distinct.slice(0, mostRows), ['...', '', `dan ${distinct.length - mostRows} lainnya, lihat JSON`, '']];
}
