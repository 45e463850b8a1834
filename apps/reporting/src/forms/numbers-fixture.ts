import type { ReportContent } from '#contracts';
import { makeReportContent } from './report-content-fixture.js';

/** Numbers so far apart that none of them is another by accident. */
const first = 10_007;

/** A report in which no two figures are the same number. */
export function makeDistinctContent(overrides: Partial<ReportContent> = {}): {
  content: ReportContent;
  numbers: number[];
} {
  const numbers: number[] = [];
  const distinct = (value: unknown): unknown => {
    if (typeof value === 'number') {
      numbers.push(first + numbers.length * 13);
      return numbers.at(-1);
    }
    if (Array.isArray(value)) return value.map(distinct);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, distinct(one)]));
  };
  const content = makeReportContent(overrides);
  return { content: { ...content, figures: distinct(content.figures) as ReportContent['figures'] }, numbers };
}
