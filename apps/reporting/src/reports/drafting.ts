import type pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { ReportContent, type NewReport, type Narrative } from '#contracts';
import { jakartaDay, reportHash } from '#report';
import { AppError, inTransaction } from '#service';
import { type Deadline } from '../facts/deadline.js';
import type { ReportEvidence } from '../evidence-report/report-evidence.js';
import { keepCounted, type Count, type KeptCount } from './counted.repository.js';
import type { EarlierFigures } from './earlier-figures.js';
import * as db from './report.repository.js';
import type { Due } from './occasions.repository.js';
import type { ReportCounting } from './report-counting.js';
import { addStep, type Doer } from './report-steps.js';
import { periodOf, semesterOf, type ReportPeriod } from './semesters.js';
import { approvedStates, conflict, notIn } from './state-rules.js';

interface Plan extends Pick<ReportContent, 'type' | 'version' | 'corrects' | 'supplements'> {
  institutionId: string;
  period: ReportPeriod;
  scheduled: boolean;
  narrative: Narrative;
}

const nobody: Doer = { operatorId: null, name: null };
const unwritten: Narrative = { obstacles: '', followUp: '' };
const first = { version: 1, corrects: null, supplements: null, scheduled: false, narrative: unwritten };

/** Drafts reports: by hand, and for the calendar. */
export class Drafting {
  constructor(
    private readonly pool: pg.Pool,
    private readonly counting: ReportCounting,
    private readonly earlier: EarlierFigures,
    private readonly evidence: Pick<ReportEvidence, 'wake'>,
  ) {}

  /**
   * @returns its id
   * @throws {AppError} RESOURCE_NOT_FOUND; STATE_CONFLICT when it would stand beside another, or on one that is not approved; what
   *   counting throws
   */
  async draft(institutionId: string, by: Doer, report: NewReport, deadline: Deadline): Promise<string> {
    return this.make(await this.planOf(institutionId, report), by, deadline);
  }

  /** What the calendar asks for. @throws as {@link draft} */
  async draftScheduled(due: Due, deadline: Deadline): Promise<string> {
    const { institutionId, type, period } = due;
    const plan =
      type === 'REPORT'
        ? { ...first, institutionId, type, period }
        : await this.planOf(institutionId, { supplements: due.supplements });
    return this.make({ ...plan, scheduled: true }, nobody, deadline);
  }

  private async planOf(institutionId: string, report: NewReport): Promise<Plan> {
    if ('year' in report)
      return { ...first, institutionId, type: 'REPORT', period: semesterOf(report.year, report.semester) };
    if ('from' in report)
      return { ...first, institutionId, type: 'REPORT', period: periodOf(report.from, report.until) };
    const old = await this.getApproved(institutionId, 'corrects' in report ? report.corrects : report.supplements);
    const period = { kind: old.kind, from: old.from, until: old.until };
    if ('corrects' in report) {
      const { narrative } = await db.getContent(this.pool, old.id);
      const { type, supplements } = old;
      return {
        ...first,
        institutionId,
        type,
        supplements,
        period,
        narrative,
        version: old.version + 1,
        corrects: old.id,
      };
    }
    if (old.type !== 'REPORT') throw conflict('supplements', 'Itu sudah lampiran. Pilih laporannya.');
    if (await db.isReplaced(this.pool, old.id))
      throw conflict('supplements', 'Laporan itu sudah diganti versi koreksi. Pilih versi yang terbaru.');
    return { ...first, institutionId, type: 'SUPPLEMENT', supplements: old.id, period };
  }

  private async getApproved(institutionId: string, id: string): Promise<db.ReportRow> {
    const old = await db.findReport(this.pool, institutionId, id);
    if (!old) throw new AppError('RESOURCE_NOT_FOUND');
    if (!approvedStates.includes(old.state)) throw notIn(old.state);
    return old;
  }

  private async make(plan: Plan, by: Doer, deadline: Deadline): Promise<string> {
    const rival = await db.findRival(this.pool, plan.institutionId, plan);
    if (rival) throw standsAlready();
    const of = { institutionId: plan.institutionId, from: plan.period.from, until: plan.period.until };
    const count = await this.counting.count(of, await db.today(this.pool), deadline);
    const reported =
      plan.supplements === null ? null : await this.earlier.find(plan.institutionId, plan.supplements, deadline);
    const id = await inTransaction(this.pool, async (client) => {
      const kept = 'undelivered' in count ? await keepCounted(client, of, count) : count;
      const content = contentOf(plan, kept, reported);
      const contentHash = reportHash(content);
      const closing = jakartaDay(kept.asOf.at) > plan.period.until;
      const row = { content, contentHash, countedId: kept.id, scheduled: plan.scheduled, closing };
      if (!(await db.insertReport(client, row))) throw standsAlready();
      const { corrects, version } = plan;
      const particulars = { contentHash, corrects, note: null, state: 'DRAFTED' as const, version };
      const step = { reportId: content.id, institutionId: plan.institutionId, act: 'report.draft', by, said: {} };
      await addStep(client, { ...step, particulars });
      return content.id;
    });
    this.evidence.wake();
    return id;
  }
}

const standsAlready = (): AppError =>
  conflict(
    'period',
    'Laporan untuk ini sudah ada. Lanjutkan yang ada, buang drafnya, atau koreksi yang sudah disetujui.',
  );

function contentOf(plan: Plan, count: Count | KeptCount, reported: ReportContent['reported']): ReportContent {
  const { asOf, figures, register } = count;
  if (register.institution.id !== plan.institutionId) throw new Error('register of another institution');
  const { type, version, corrects, supplements, period, narrative } = plan;
  const id = uuidv7();
  const head = { format: 'gerbang-report/1' as const, id, type, version, corrects, supplements };
  const { institution } = register;
  // a number that is none, or a key too many, is found before it is hashed
  return ReportContent.parse({ ...head, institution, period, asOf, figures, reported, register, narrative });
}
