import type pg from 'pg';
import type { OpenedEvent, readKitPart, ReportActor, ReportContent, ReportedLeafRow, RpcOutput } from '#contracts';
import { toBase64 } from '#evidence';
import { isIn, jakartaDay, particularsLine, registerActs } from '#report';
import { AppError, takeFitting } from '#service';
import { isCounted, pointOf, whenever } from '../facts/counted-leaves.js';
import { Deadline } from '../facts/deadline.js';
import type { Facts } from '../facts/facts.js';
import type { OpenedEvents } from '../facts/opened-events.js';
import { findUndeliveredLines } from './counted.repository.js';
import * as db from './report.repository.js';
import { seen } from './reports.js';

type Part = RpcOutput<typeof readKitPart>;

const linesAtOnce = 1_000;
const leavesAtOnce = 100;
/** The steps of the report come after all that is counted, as they do in the log. */
const stepsCursor = 'steps';
const pageMs = 20_000;

/** What the kit holds besides the log itself (docs/report-format.md). Nothing is judged here: the verifier names what does not fit. */
export class KitParts {
  constructor(
    private readonly pool: pg.Pool,
    private readonly facts: Facts,
    private readonly events: OpenedEvents,
  ) {}

  /** @throws {AppError} RESOURCE_NOT_FOUND; EVIDENCE_UNAVAILABLE */
  async undelivered(actor: ReportActor, id: string, after: string | null): Promise<Part> {
    const { countedId } = seen(actor, await db.findReport(this.pool, actor.institutionId, id));
    const begin = numberOf(after ?? '0');
    const rows = await findUndeliveredLines(this.pool, countedId, begin, linesAtOnce + 1);
    const fitting = takeFitting(rows.slice(0, linesAtOnce));
    return {
      lines: fitting.map(({ line }) => line),
      next: fitting.length < rows.length ? String(fitting.at(-1)!.n) : null,
    };
  }

  /** @throws {AppError} RESOURCE_NOT_FOUND; EVIDENCE_UNAVAILABLE */
  async particulars(actor: ReportActor, id: string, after: string | null): Promise<Part> {
    seen(actor, await db.findReport(this.pool, actor.institutionId, id));
    if (after?.startsWith(stepsCursor)) return this.steps(id, numberOf(after.slice(stepsCursor.length)));
    if (after === null) await this.refuseWhileUntold(id);
    const content = await db.getContent(this.pool, id);
    return this.counted(content, after).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'NOT_IN_CHECKPOINT') throw error;
      throw new AppError('EVIDENCE_UNAVAILABLE', { retryAfter: 60 }, { cause: error });
    });
  }

  /** A kit that begins before the log has the last step would look like a report that nobody approved. */
  private async refuseWhileUntold(id: string): Promise<void> {
    const { rowCount } = await this.pool.query(
      `SELECT 1 FROM reporting.report_step JOIN reporting.evidence_outbox USING (id) WHERE report_id = $1 LIMIT 1`,
      [id],
    );
    if (rowCount) throw new AppError('EVIDENCE_UNAVAILABLE', { retryAfter: 2 });
  }

  /** Of everything that is counted, and of what put the register on file, as far as the gateway still has it. */
  private async counted(content: ReportContent, after: string | null): Promise<Part> {
    const institutionId = content.institution.id;
    const deadline = new Deadline(pageMs);
    const types: ReportedLeafRow['type'][] = ['READER_READ', 'DATA_BALIKAN', 'ADMINISTRATION'];
    const of = { institutionId, ...whenever, asOf: pointOf(content.asOf), types, after, limit: leavesAtOnce };
    const page = await this.facts.reportedPage(of, deadline);
    const leaves = page.events.filter((leaf) => belongs(leaf, content.period));
    const opened = await this.events.find(institutionId, leaves, deadline);
    const found = leaves.flatMap(({ id }) => opened.get(id) ?? []);
    const lines = takeFitting(found.map(particularsLine));
    const next = lines.length < found.length ? found[lines.length - 1]!.id : (page.next ?? `${stepsCursor}0`);
    return { lines, next };
  }

  /** Those that the log has been told of, and the approval of the version that replaces it: its holder has to learn of that. */
  private async steps(id: string, after: number): Promise<Part> {
    const { rows } = await this.pool.query<{ id: string; salt: Buffer; particulars: string }>(
      `SELECT step.id, salt, particulars FROM reporting.report_step AS step JOIN reporting.report ON report.id = report_id
       WHERE (report.id = $1 OR (report.corrects = $1 AND act = 'report.approve'))
         AND NOT EXISTS (SELECT 1 FROM reporting.evidence_outbox AS waiting WHERE waiting.id = step.id)
       ORDER BY at, report.version, n OFFSET $2 LIMIT $3`,
      [id, after, leavesAtOnce + 1],
    );
    const page = rows.slice(0, leavesAtOnce);
    return {
      lines: page.map((row) => particularsLine(openedStep(row))),
      next: page.length < rows.length ? `${stepsCursor}${after + page.length}` : null,
    };
  }
}

const openedStep = (row: { id: string; salt: Buffer; particulars: string }): OpenedEvent => ({
  id: row.id,
  salt: toBase64(row.salt),
  content: JSON.parse(row.particulars) as OpenedEvent['content'],
});

/** A read counts on its day alone; a delivery whenever it was; what an act of administration says leaves only where it proves the register. */
function belongs(leaf: ReportedLeafRow, period: ReportContent['period']): boolean {
  if (leaf.type === 'ADMINISTRATION') return leaf.contentHash !== null && registerActs.includes(leaf.act);
  return isCounted(leaf) && (leaf.type === 'DATA_BALIKAN' || isIn(period, jakartaDay(leaf.at)));
}

/** @throws {AppError} RESOURCE_NOT_FOUND when there is no such page */
function numberOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new AppError('RESOURCE_NOT_FOUND');
  return Number(text);
}
