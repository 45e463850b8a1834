import { printable } from './printable.js';

export const findingNames = [
  'EVENT_CHANGED',
  'HASH_CHANGED',
  'EVENT_REMOVED',
  'EVENT_INSERTED',
  'EVENTS_REORDERED',
  'EVENT_BACKDATED',
  'EVENT_POSTDATED',
  'EVENT_TWICE',
  'EVENT_OF_ANOTHER_INSTITUTION',
  'LEAF_UNKNOWN',
  'ANSWER_WITHOUT_REQUEST',
  'LOG_REWRITTEN',
  'LOG_ROLLED_BACK',
  'LOG_FORKED',
  'CHECKPOINT_CHANGED',
  'CHECKPOINT_MISSING',
  'CHECKPOINT_OF_ANOTHER_LOG',
  'WRONG_KEY',
  'BUNDLE_TRUNCATED',
  'BUNDLE_MALFORMED',
  'GAP_MISSING',
  'GAP_MISMATCH',
  'GAP_UNSIGNED',
  'RECEIPT_FORGED',
  'RECEIPT_NOT_IN_LOG',
  'RECEIPT_CONTRADICTS_LOG',
] as const;

/** What an evaluator has to know, and is not a fault. */
export const noticeNames = [
  'KEY_NOT_PINNED',
  'GAP_DECLARED',
  'HISTORY_NOT_COMPARED',
  'SEEN_CHECKPOINT_NOT_COMPARED',
  'RECEIPT_OUTSIDE_BUNDLE',
  'REQUESTS_UNANSWERED',
] as const;

export type FindingName = (typeof findingNames)[number] | (typeof noticeNames)[number];

export interface Finding {
  name: FindingName;
  /** Of the first event that it concerns. */
  index?: number;
  /** English. */
  detail: string;
  /** Indonesian, for an official. */
  pesan: string;
}

/** Findings as they come: all are counted, not more than `limit` are held, and at least one of each name. Notices stand apart. */
export class Findings {
  readonly kept: Finding[] = [];
  readonly notices: Finding[] = [];
  readonly byName: Partial<Record<FindingName, number>> = {};
  total = 0;

  constructor(private readonly limit = 100) {}

  add(finding: Finding): void {
    const isNotice = (noticeNames as readonly string[]).includes(finding.name);
    const list = isNotice ? this.notices : this.kept;
    const count = this.byName[finding.name] ?? 0;
    if (count === 0 || list.length < this.limit) {
      list.push({ ...finding, detail: printable(finding.detail), pesan: printable(finding.pesan) });
    }
    this.byName[finding.name] = count + 1;
    if (!isNotice) this.total += 1;
  }
}
