import type { AsOf, ReportContent, ReportedLeafRow } from '#contracts';
import { deliveredAct } from '#report';

/** Data balikan count whenever they were delivered. */
export const whenever = { from: '2000-01-01', until: '2200-12-31' };

const readActs = ['reader.read', 'reader.offline-check'];
/** Whether the particulars of a leaf are counted (docs/report-format.md). */
export const isCounted = ({ type, act }: ReportedLeafRow): boolean =>
  (type === 'READER_READ' && readActs.includes(act)) || (type === 'DATA_BALIKAN' && act === deliveredAct);

/** The checkpoint that is counted up to. */
export const pointOf = ({ at, checkpoints }: ReportContent['asOf']): AsOf & { at: string } => {
  const { origin, size } = checkpoints.at(-1)!;
  return { origin, size, at };
};
