/** What the events of one day, counted together, have in common. */
export interface DayCount {
  /** Asia/Jakarta, YYYY-MM-DD */
  day: string;
  kind: string;
  hitState: string | null;
  outcome: string | null;
  events: number;
}

/** The same of a period, by everything but the day. */
export interface Count {
  kind: string;
  clientId: string | null;
  operatorId: string | null;
  service: string | null;
  mode: string | null;
  hitState: string | null;
  outcome: string | null;
  events: number;
}

/** Counts of the days of a period; the same ones may come in several parts, which add up. */
export interface Counts {
  days: DayCount[];
  all: Count[];
}
