import type { ErrorCode, Obligation, ObligationList, ObligationState } from '#contracts';
import { FactMissing, type FactName, type Facts } from './facts.js';
import { severity, worstOf, type Finding, type Rule } from './rule.js';

/** Each fact, or why it is not there. */
export type Gathered = { institutionId: string } & {
  [N in FactName]?: { value: Facts[N] } | { missing: ErrorCode };
};

/** An obligation, and what tells it from the next one of its kind. */
export interface Assessed {
  obligation: Obligation;
  instance: string;
}

export interface Assessment {
  assessed: Assessed[];
  unknown: ObligationList['unknown'];
  worst: ObligationState | null;
}

/** Who has a fact, as the office knows that part. */
const owners: Record<FactName, string> = {
  register: 'Daftar perjanjian dan perangkat',
  people: 'Daftar operator',
  coverage: 'Cakupan data balikan',
  undelivered: 'Pengiriman data balikan',
  hits: 'Pencatatan pemeriksaan',
  standing: 'Akses Dukcapil',
  reports: 'Daftar laporan',
  duties: 'Daftar permintaan dan kejadian',
};

/** Applies every rule whose facts are there. The others are unknown, and so is what they would have found. */
export function assessAll(rules: readonly Rule[], gathered: Gathered, now: Date): Assessment {
  const assessed: Assessed[] = [];
  const unknown: ObligationList['unknown'] = [];
  for (const rule of rules) {
    const outcome = apply(rule, gathered, now);
    if ('reason' in outcome) unknown.push({ rule: rule.name, clause: rule.clause, reason: outcome.reason });
    else assessed.push(...outcome.findings.map((finding) => complete(rule, finding)));
  }
  assessed.sort(
    (one, other) =>
      severity.indexOf(one.obligation.state) - severity.indexOf(other.obligation.state) ||
      compare(dueOf(one.obligation), dueOf(other.obligation)),
  );
  const worst = worstOf(assessed.map(({ obligation }) => obligation.state));
  const isGood = worst === 'IN_ORDER' || worst === 'NOT_APPLICABLE';
  return { assessed, unknown, worst: isGood && unknown.length > 0 ? null : worst };
}

function apply(rule: Rule, gathered: Gathered, now: Date): { findings: Finding[] } | { reason: string } {
  const facts: Partial<Facts> = {};
  for (const name of rule.needs) {
    const fact = gathered[name] ?? { missing: 'SERVICE_UNAVAILABLE' };
    if ('missing' in fact) return { reason: `${owners[name]} tidak menjawab (${fact.missing}).` };
    Object.assign(facts, { [name]: fact.value });
  }
  try {
    return { findings: rule.assess({ ...(facts as Facts), institutionId: gathered.institutionId }, now) };
  } catch (error) {
    if (error instanceof FactMissing)
      return { reason: `${rule.needs.map((name) => owners[name]).join(', ')} belum lengkap.` };
    throw error;
  }
}

function complete({ name, clause, title }: Rule, finding: Finding): Assessed {
  const { state, dueOn = null, dueAt = null, facts = [], evidence = [], nextStep = null } = finding;
  const obligation: Obligation = {
    rule: name,
    clause,
    title,
    state,
    dueOn,
    dueAt,
    facts: facts.map(([label, value]) => ({ label, value })),
    evidence,
    nextStep,
  };
  return { obligation, instance: finding.instance ?? dueAt ?? dueOn ?? '' };
}

/** What has no due date comes last. */
const dueOf = ({ dueAt, dueOn }: Obligation): string => dueAt ?? dueOn ?? '9999';
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
