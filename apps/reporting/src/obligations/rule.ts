import type { Obligation, ObligationState } from '#contracts';
import { addDays } from '#report';
import type { FactName, Facts } from './facts.js';

/** What a rule finds: one obligation without what is always the same of it. */
export interface Finding {
  state: ObligationState;
  /** Last day on which it is in time, Asia/Jakarta. */
  dueOn?: string;
  /** Where a clock of hours runs. */
  dueAt?: string;
  /** Label and value, Indonesian. */
  facts?: (readonly [label: string, value: string])[];
  evidence?: Obligation['evidence'];
  /** Indonesian: who does what where, one sentence; it goes into reminders, so never a name, a number or a place of a network. */
  nextStep?: string;
  /** Tells this obligation from the next one of its kind, so that each is reminded of once; default: when it is due. */
  instance?: string;
}

/** One obligation of the agreement, computed from facts (issue: cockpit). Pure; the same facts and time give the same findings. */
export interface Rule<N extends FactName = FactName> {
  name: string;
  clause: string;
  title: string;
  needs: readonly N[];
  /**
   * @returns at least one finding, so that what is in order is seen as well
   * @throws {FactMissing} when the facts do not say it
   */
  assess(facts: Pick<Facts, N> & { institutionId: string }, now: Date): Finding[];
}

export const defineRule = <const N extends FactName>(rule: Rule<N>): Rule<N> => rule;

/** Days after which what is overdue counts as a breach. */
export const graceDays = 30;

/** By its last day: due soon from `soonDays` before it on, then overdue, and breached after {@link graceDays} more. */
export function stateBy(today: string, dueOn: string, soonDays: number): ObligationState {
  if (today > addDays(dueOn, graceDays)) return 'BREACHED';
  if (today > dueOn) return 'OVERDUE';
  return dueOn <= addDays(today, soonDays) ? 'DUE_SOON' : 'IN_ORDER';
}

/**
 * Instance of what goes on and on while its due date moves: one reminder a month while it is due soon; from then on its weeks are
 * counted, whatever month they lie in.
 */
export const instanceOf = (state: ObligationState, today: string): string =>
  state === 'DUE_SOON' ? today.slice(0, 7) : '';

/** From bad to good. */
export const severity: readonly ObligationState[] = ['BREACHED', 'OVERDUE', 'DUE_SOON', 'IN_ORDER', 'NOT_APPLICABLE'];

export const worstOf = (states: readonly ObligationState[]): ObligationState =>
  severity.find((state) => states.includes(state)) ?? 'NOT_APPLICABLE';

/** "12.500": thousands as Indonesian writes them. */
export const numberText = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, '.');
