import { expect, test } from '@jest/globals';
import { ReportContent } from '#contracts';
import { emptyFigures, makeReportContent } from './report-content-fixture.js';

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

test('the fixture is a report by the contract, and adds up', () => {
  const content = ReportContent.parse(makeReportContent());
  const { lookUps } = content.figures;
  for (const list of [lookUps.months, lookUps.days, lookUps.byMode, lookUps.byService, lookUps.byOperator])
    expect(sum(list.map(({ hits }) => hits))).toBe(lookUps.total.hits);
  expect(sum(lookUps.byOutcome.map(({ count }) => count))).toBe(lookUps.total.requests);
  expect(sum(lookUps.refusals.map(({ count }) => count))).toBe(lookUps.total.refused);
  expect(ReportContent.parse(makeReportContent({ figures: emptyFigures(content.period) }))).toBeDefined();
});
