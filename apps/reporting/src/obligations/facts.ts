import type {
  Coverage,
  Duty,
  getRegister,
  getStanding,
  LookUpFigures,
  RegisterPerson,
  Report,
  RpcOutput,
  UndeliveredRecord,
} from '#contracts';

/** What a rule needs to know of a report. */
export type ReportStanding = Pick<Report, 'id' | 'type' | 'version' | 'period' | 'state'> & {
  /** Up to when it counts. */
  asOfAt: string;
  evaluated: { at: string; verdict: 'ACCEPTED' | 'TO_BE_CORRECTED' } | null;
};

export type OfficeRegister = RpcOutput<typeof getRegister>;

/** Everything that obligations are computed from; each has one owner, and may be missing when that one is silent. */
export interface Facts {
  /** access: agreements, readers, SAMs, stops, changes of office-holders. */
  register: OfficeRegister;
  people: RegisterPerson[];
  /** balikan: look-ups of the last twelve months that a record is owed for. */
  coverage: Coverage;
  undelivered: { records: UndeliveredRecord[]; more: boolean; overdueAfterDays: number };
  /** verification: hits of the last sixty days, days without any left out. */
  hits: { from: string; until: string; days: LookUpFigures['days'] };
  standing: RpcOutput<typeof getStanding>;
  reports: ReportStanding[];
  duties: Duty[];
}
export type FactName = keyof Facts;

/** A fact is there, but not the part of it that a rule needs: the rule is unknown, never in order. */
export class FactMissing extends Error {
  override readonly name = 'FactMissing';
}
