import { printable } from '#evidence';

export const kitFindingNames = [
  'FILE_MISSING',
  'FILE_UNKNOWN',
  'FILE_TWICE',
  'FILE_CHANGED',
  'FILE_UNREADABLE',
  'MANIFEST_INVALID',
  'REPORT_INVALID',
  'REPORT_NOT_APPROVED',
  'REPORT_NOT_AS_APPROVED',
  'REPORT_SUPERSEDED',
  'FIGURE_DIFFERS',
  'EVIDENCE_NOT_INTACT',
  'EVIDENCE_INCOMPLETE',
  'EVIDENCE_OF_ANOTHER_LOG',
  'CHECKPOINT_NOT_IN_LOG',
  'CHECKPOINT_MISMATCH',
  'PARTICULARS_CHANGED',
  'PARTICULARS_MISSING',
  'PARTICULARS_FOREIGN',
  'PARTICULARS_MALFORMED',
  'UNDELIVERED_MALFORMED',
  'UNDELIVERED_CONTRADICTS_LOG',
  'REGISTER_NOT_IN_LOG',
  'REGISTER_CONTRADICTS_LOG',
] as const;

/** What an evaluator has to know, and is not a fault. */
export const kitNoticeNames = [
  'KEY_NOT_PINNED',
  'REGISTER_NOT_OPENED',
  'LATER_APPROVALS',
  'PAPER_NOT_COMPARED',
] as const;

export type KitFindingName = (typeof kitFindingNames)[number] | (typeof kitNoticeNames)[number];

export interface KitFinding {
  name: KitFindingName;
  /** File of the kit that it concerns. */
  file?: string;
  /** Where in report.json, `figures.lookUps.months[2].hits`. */
  path?: string;
  /** English. */
  detail: string;
  /** Indonesian, for an official. */
  pesan: string;
}

/** Findings as they come: all are counted, not more than `limit` are held, and at least one of each name. Notices stand apart. */
export class KitFindings {
  readonly kept: KitFinding[] = [];
  readonly notices: KitFinding[] = [];
  readonly byName: Partial<Record<KitFindingName, number>> = {};
  total = 0;

  constructor(private readonly limit = 200) {}

  add(finding: KitFinding): void {
    const isNotice = (kitNoticeNames as readonly string[]).includes(finding.name);
    const list = isNotice ? this.notices : this.kept;
    const count = this.byName[finding.name] ?? 0;
    if (count === 0 || list.length < this.limit) {
      list.push({ ...finding, detail: printable(finding.detail), pesan: printable(finding.pesan) });
    }
    this.byName[finding.name] = count + 1;
    if (!isNotice) this.total += 1;
  }
}
