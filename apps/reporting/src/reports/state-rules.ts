import type { ReportActor, ReportState } from '#contracts';
import { AppError } from '#service';

export type MoveName = 'review' | 'approve' | 'submit' | 'evaluate' | 'discard';

interface Move {
  act: `report.${MoveName}`;
  from: readonly ReportState[];
  to: ReportState;
  /** The only role that may, whatever the gateway let through. */
  role?: ReportActor['role'];
}

/** DRAFTED -> REVIEWED -> APPROVED -> SUBMITTED -> EVALUATED; the same rules as `reporting.guard_report()`. */
export const moves: Record<MoveName, Move> = {
  review: { act: 'report.review', from: ['DRAFTED'], to: 'REVIEWED' },
  approve: { act: 'report.approve', from: ['REVIEWED'], to: 'APPROVED', role: 'camat' },
  submit: { act: 'report.submit', from: ['APPROVED'], to: 'SUBMITTED' },
  evaluate: { act: 'report.evaluate', from: ['SUBMITTED'], to: 'EVALUATED', role: 'evaluator' },
  discard: { act: 'report.discard', from: ['DRAFTED', 'REVIEWED'], to: 'DISCARDED' },
};

/** States in which the narrative may be written: it makes the report a draft again. */
export const openStates: readonly ReportState[] = ['DRAFTED', 'REVIEWED'];
/** States of a report that is fixed and was handed to, or is meant for, Disdukcapil; an evaluator sees no other (O-21). */
export const approvedStates: readonly ReportState[] = ['APPROVED', 'SUBMITTED', 'EVALUATED'];

/** What stands in the way is told by what can be done instead. */
const nextSteps: Record<ReportState, string> = {
  DRAFTED: 'Laporan ini masih draf. Periksa dahulu, lalu Camat menyetujuinya.',
  REVIEWED: 'Laporan ini sudah diperiksa dan menunggu persetujuan Camat.',
  APPROVED: 'Laporan ini sudah disetujui dan tidak dapat diubah. Serahkan ke Disdukcapil, atau buat versi koreksi.',
  SUBMITTED: 'Laporan ini sudah diserahkan dan menunggu evaluasi Disdukcapil. Bila ada yang salah, buat versi koreksi.',
  EVALUATED: 'Laporan ini sudah dievaluasi. Bila ada yang harus diperbaiki, buat versi koreksi.',
  DISCARDED: 'Draf ini sudah dibuang. Buat laporan baru.',
};

export const conflict = (path: string, message: string): AppError =>
  new AppError('STATE_CONFLICT', { issues: [{ path, message }] });

export const notIn = (state: ReportState): AppError => conflict('state', nextSteps[state]);

/** @throws {AppError} STATE_CONFLICT when it cannot be done in this state, or not by this role */
export function checkMove(move: Move, state: ReportState, role: ReportActor['role']): void {
  if (!move.from.includes(state)) throw notIn(state);
  if (move.role === undefined || move.role === role) return;
  const who =
    move.role === 'camat' ? 'Camat yang menyetujui laporan' : 'evaluator Disdukcapil yang mengevaluasi laporan';
  throw conflict('role', `Hanya ${who}. Masuk dengan akun itu.`);
}
