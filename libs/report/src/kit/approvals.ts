import type { ReportedLeaf } from '#evidence';
import type { Content, Opened } from './particulars.js';

interface Approval {
  leaf: ReportedLeaf;
  content: Content | undefined;
}

export type ApprovalVerdict = 'APPROVED' | 'NOT_APPROVED' | 'NOT_OPENED' | 'OTHER_CONTENT' | 'SUPERSEDED';

/** Leaves `report.approve` of a log, in its order. */
export class Approvals {
  private readonly ofReport = new Map<string, Approval[]>();
  /** Approvals of other reports since the last one of a report. */
  private readonly order: Approval[] = [];

  add(leaf: ReportedLeaf, opened: Opened): void {
    if (leaf.type !== 'REPORT' || leaf.act !== 'report.approve' || leaf.subject === null) return;
    const approval = { leaf, content: opened.state === 'OPENED' ? opened.content : undefined };
    this.order.push(approval);
    this.ofReport.set(leaf.subject, [...(this.ofReport.get(leaf.subject) ?? []), approval]);
  }

  lastOf(id: string): ReportedLeaf | undefined {
    return this.ofReport.get(id)?.at(-1)?.leaf;
  }

  /** Of the approvals of a report only the last one counts; one of another report may say that it corrects it. */
  judge(id: string, hash: string, version: number): ApprovalVerdict {
    const own = this.ofReport.get(id) ?? [];
    const last = own.at(-1);
    if (last === undefined) return 'NOT_APPROVED';
    if (this.order.some(({ content }) => content?.corrects === id)) return 'SUPERSEDED';
    if (last.content === undefined) return 'NOT_OPENED';
    const fits = ({ content }: Approval) => content?.contentHash === hash && content.version === version;
    if (fits(last)) return 'APPROVED';
    return own.some(fits) ? 'SUPERSEDED' : 'OTHER_CONTENT';
  }

  /** How many other reports were approved later and do not say what they correct: one of them may be a new version. */
  laterThan(id: string): number {
    const last = this.ofReport.get(id)?.at(-1);
    const later = last === undefined ? [] : this.order.slice(this.order.indexOf(last) + 1);
    return later.filter(({ leaf, content }) => leaf.subject !== id && content === undefined).length;
  }
}
