import { type Finding, type FindingName } from './findings.js';

/** What was found in a bundle. */
export interface Report {
  /** Nothing was found. Without a pinned key it says only that the bundle agrees with itself: see KEY_NOT_PINNED. */
  ok: boolean;
  origin: string | null;
  institution: { id: string; name: string | null } | null;
  exportedAt: string | null;
  /** The leaves `from` ≤ index < `to`, as the bundle says. */
  from: number;
  to: number;
  /** Size of the tree up to which it fits what was signed. */
  size: number;
  /** Events that were read. */
  leaves: number;
  byType: Record<string, number>;
  /** Logged time of the first event, and the latest one. */
  firstAt: string | null;
  lastAt: string | null;
  /** Checkpoints whose signatures are good. */
  checkpoints: number;
  /** `root` in base64, `time` in seconds since 1970. */
  lastCheckpoint: { size: number; root: string; time: number } | null;
  /** Whether the evaluator brought the key, or it was taken from the bundle. */
  isKeyPinned: boolean;
  /** Key ids of the keys of the log that were trusted. */
  keyIds: string[];
  /** The first ones, at least one of each name; `findingCount` counts all. */
  findings: Finding[];
  findingCount: number;
  findingsByName: Partial<Record<FindingName, number>>;
  notices: Finding[];
}
