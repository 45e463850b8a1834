import type pg from 'pg';
import type {
  Narrative,
  NewReport,
  ReportActor,
  ReportDetail,
  ReportDiscarding,
  ReportEvaluation,
  ReportPage,
  ReportState,
  ReportSubmission,
} from '#contracts';
import { jakartaDay, reportHash } from '#report';
import { AppError, inTransaction, takeFitting } from '#service';
import { Deadline } from '../facts/deadline.js';
import type { ReportEvidence } from '../evidence-report/report-evidence.js';
import type { Drafting } from './drafting.js';
import * as db from './report.repository.js';
import { addStep } from './report-steps.js';
import { reportOf } from './report-view.js';
import { approvedStates, checkMove, conflict, moves, notIn, openStates, type MoveName } from './state-rules.js';

interface Move {
  said?: Record<string, unknown>;
  /** What of it goes into the evidence. */
  note?: string;
  /** @throws {AppError} STATE_CONFLICT */
  check?: (report: ReturnType<typeof reportOf>, today: string) => void;
}

/** Reports and what is done with them (O-20, O-21). An evaluator sees those that are approved. */
export class Reports {
  constructor(
    private readonly pool: pg.Pool,
    private readonly drafting: Drafting,
    private readonly evidence: Pick<ReportEvidence, 'wake'>,
    /** How long counting may take, milliseconds. */
    private readonly countMs: number,
  ) {}

  /** @param deadlineMs when the caller stops waiting. @throws as {@link Drafting.draft} */
  async draft(actor: ReportActor, report: NewReport, deadlineMs: number): Promise<ReportDetail> {
    // a draft that nobody waits for any more would come as a surprise
    const deadline = new Deadline(Math.min(this.countMs, deadlineMs));
    return this.get(actor, await this.drafting.draft(actor.institutionId, actor, report, deadline));
  }

  async list(actor: ReportActor, limit: number, before: string | undefined): Promise<ReportPage> {
    const of = { institutionId: actor.institutionId, states: visibleTo(actor), before: before ?? null };
    const rows = await db.findReports(this.pool, { ...of, limit: limit + 1 });
    const reports = takeFitting(rows.slice(0, limit).map(reportOf));
    return { reports, next: reports.length < rows.length ? reports.at(-1)!.id : null };
  }

  /** @throws {AppError} RESOURCE_NOT_FOUND */
  async get(actor: ReportActor, id: string): Promise<ReportDetail> {
    const row = seen(actor, await db.findReport(this.pool, actor.institutionId, id));
    const { figures } = await db.getContent(this.pool, id);
    return { ...reportOf(row), figures };
  }

  /** Makes it a draft again, unless nothing changes. @throws {AppError} RESOURCE_NOT_FOUND, STATE_CONFLICT */
  async write(actor: ReportActor, id: string, narrative: Narrative): Promise<ReportDetail> {
    await this.change(actor, id, async (client, row) => {
      if (!openStates.includes(row.state)) throw notIn(row.state);
      const content = { ...(await db.getContent(client, id)), narrative };
      const contentHash = reportHash(content);
      if (contentHash === row.contentHash) return;
      await db.setContent(client, content, contentHash);
      const { corrects, version } = row;
      const particulars = { contentHash, corrects, note: null, state: 'DRAFTED' as const, version };
      await addStep(client, { ...stepOf(actor, id), act: 'report.draft', said: {}, particulars });
    });
    return this.get(actor, id);
  }

  review = (actor: ReportActor, id: string) => this.move(actor, id, 'review');

  /** @param read hash of what the Camat has read: it may have been written anew and reviewed again since */
  approve(actor: ReportActor, id: string, read?: string): Promise<ReportDetail> {
    return this.move(actor, id, 'approve', {
      check: ({ contentHash }) => {
        if (read !== undefined && read !== contentHash)
          throw conflict('contentHash', 'Isi laporan sudah berubah sejak dibaca. Baca lagi, lalu setujui.');
      },
    });
  }

  submit(actor: ReportActor, id: string, { method, on, receiptNumber }: ReportSubmission): Promise<ReportDetail> {
    return this.move(actor, id, 'submit', {
      said: { method, on, receiptNumber },
      note: `${method} ${on} ${receiptNumber}`,
      check: ({ approved }, today) => {
        if (on > today) throw conflict('on', 'Tanggal penyerahan belum tiba.');
        if (on < jakartaDay(approved!.at)) throw conflict('on', 'Tanggal penyerahan mendahului persetujuan Camat.');
      },
    });
  }

  evaluate(actor: ReportActor, id: string, { verdict, note }: ReportEvaluation): Promise<ReportDetail> {
    return this.move(actor, id, 'evaluate', {
      said: { verdict, note },
      note: note === '' ? verdict : `${verdict} ${note}`,
    });
  }

  discard(actor: ReportActor, id: string, { reason }: ReportDiscarding): Promise<ReportDetail> {
    return this.move(actor, id, 'discard', { said: { reason }, note: reason });
  }

  private async move(actor: ReportActor, id: string, name: MoveName, move: Move = {}): Promise<ReportDetail> {
    const { act, to } = moves[name];
    await this.change(actor, id, async (client, row) => {
      checkMove(moves[name], row.state, actor.role);
      move.check?.(reportOf(row), await db.today(client));
      await db.setState(client, id, to);
      const { contentHash, corrects, version } = row;
      const particulars = { contentHash, corrects, note: move.note ?? null, state: to, version };
      await addStep(client, { ...stepOf(actor, id), act, said: move.said ?? {}, particulars });
    });
    return this.get(actor, id);
  }

  private async change(
    actor: ReportActor,
    id: string,
    work: (client: pg.PoolClient, row: db.ReportRow) => Promise<void>,
  ): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await work(client, seen(actor, await db.lockReport(client, actor.institutionId, id)));
    });
    this.evidence.wake();
  }
}

const stepOf = (actor: ReportActor, reportId: string) => ({
  reportId,
  institutionId: actor.institutionId,
  by: { operatorId: actor.operatorId, name: actor.name },
});

const visibleTo = ({ role }: ReportActor): readonly ReportState[] | null =>
  role === 'evaluator' ? approvedStates : null;

/** @throws {AppError} RESOURCE_NOT_FOUND when it is not there, or not for these eyes */
export function seen(actor: ReportActor, row: db.ReportRow | undefined): db.ReportRow {
  if (!row || visibleTo(actor)?.includes(row.state) === false) throw new AppError('RESOURCE_NOT_FOUND');
  return row;
}
