import type { Report as EvidenceReport } from '#evidence';
import type { ReportContent } from '#contracts';
import type { KitFinding, KitFindingName } from './findings.js';

/**
 * What a table of the report rests on. LOG: signed leaves alone; LOG_AND_PARTICULARS: leaves, and particulars that they commit to;
 * LOG_AND_REGISTER: hits of the log against what the office declares; DECLARED: what the office declares, added up.
 */
export type Basis = 'LOG' | 'LOG_AND_PARTICULARS' | 'LOG_AND_REGISTER' | 'DECLARED';

export interface KitTable {
  /** Path in report.json. */
  path: string;
  basis: Basis;
  /** Values that were counted anew and compared, and those that differ. */
  compared: number;
  differing: number;
}

/** What was found in a kit. */
export interface KitReport {
  /** Nothing was found. Without a pinned key it says only that the kit agrees with itself: see KEY_NOT_PINNED. */
  ok: boolean;
  report:
    | (Pick<ReportContent, 'id' | 'type' | 'version' | 'institution' | 'period'> & {
        asOf: { at: string; origin: string; size: number };
        contentHash: string;
      })
    | null;
  /** The approval in the log. `by`: id of the person. */
  approval: { at: string; by: string | null } | null;
  tables: KitTable[];
  /** What was found in each bundle of the log. */
  bundles: { file: string; evidence: EvidenceReport }[];
  isKeyPinned: boolean;
  /** Particulars that were opened against their leaf. */
  opened: number;
  /** Look-ups that were drawn again, if that was asked for, and how many they were drawn from. */
  sample: { population: number; ids: string[] } | null;
  /** Rows of the register that an act must have put on file, and those for which there is one. */
  register: { rows: number; proven: number; notOpened: number };
  /** The first ones, at least one of each name; `findingCount` counts all. */
  findings: KitFinding[];
  findingCount: number;
  findingsByName: Partial<Record<KitFindingName, number>>;
  notices: KitFinding[];
}
