import type { ReportContent, ReportState } from '#contracts';
import { dayText } from '#paper';

const semesters = { FIRST_SEMESTER: 'I', SECOND_SEMESTER: 'II' } as const;

/** "Semester I Tahun 2026", or "Periode 1 Maret 2026 s.d. 15 April 2026" */
export function periodText({ kind, from, until }: ReportContent['period']): string {
  if (kind === 'OTHER') return `Periode ${dayText(from)} s.d. ${dayText(until)}`;
  return `Semester ${semesters[kind]} Tahun ${from.slice(0, 4)}`;
}

export const titleOf = ({ type }: Pick<ReportContent, 'type'>): string =>
  `${type === 'SUPPLEMENT' ? 'Suplemen ' : ''}Laporan Pemanfaatan Data Kependudukan`;

/** "Perbaikan ke-1" is version 2; null: nothing was corrected. */
export const correctionText = ({ version }: Pick<ReportContent, 'version'>): string | null =>
  version > 1 ? `Perbaikan ke-${version - 1}` : null;

const marks: Record<ReportState, string | undefined> = {
  DRAFTED: 'DRAF',
  REVIEWED: 'DRAF',
  APPROVED: undefined,
  SUBMITTED: undefined,
  EVALUATED: undefined,
  DISCARDED: 'BATAL',
};

/** The word across every page of what is not approved; undefined: it is. */
export const markOf = (state: ReportState): string | undefined => marks[state];

/** `laporan-33.98.01-2026-1`: no blanks, nothing that a file system minds. */
export function fileStem({ institution, period, type, version }: ReportContent): string {
  const of = { FIRST_SEMESTER: '1', SECOND_SEMESTER: '2', OTHER: `${period.from}_${period.until}` }[period.kind];
  const when = period.kind === 'OTHER' ? of : `${period.from.slice(0, 4)}-${of}`;
  const kind = type === 'SUPPLEMENT' ? 'suplemen' : 'laporan';
  const corrected = version > 1 ? `-v${version}` : '';
  return `${kind}-${institution.regionCode.replace(/[^\w.-]/g, '_')}-${when}${corrected}`;
}
