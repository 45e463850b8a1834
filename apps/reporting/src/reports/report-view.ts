import type { Report } from '#contracts';
import type { ReportRow, StepView } from './report.repository.js';

/** A report as it is told: who did what, of the draft that stands. */
export function reportOf(row: ReportRow): Report {
  const { kind, from, until, at, origin, size, countedId, closing, steps, ...told } = row;
  // a narrative that was written after a review made it a draft again
  const lastDraft = steps.findLastIndex(({ act }) => act === 'report.draft');
  const since = (act: string) => steps.slice(lastDraft).find((step) => step.act === act);
  const of = (act: string) => withWhat(since(act));
  return {
    ...told,
    period: { kind, from, until },
    asOf: { at, origin, size: Number(size) },
    drafted: who(steps[0]!),
    reviewed: of('report.review'),
    approved: of('report.approve'),
    submitted: of('report.submit') as Report['submitted'],
    evaluated: of('report.evaluate') as Report['evaluated'],
    discarded: of('report.discard') as Report['discarded'],
  };
}

const who = ({ at, by, name }: StepView) => ({ at, by, name });
const withWhat = (step: StepView | undefined) => (step === undefined ? null : { ...who(step), ...step.said });
