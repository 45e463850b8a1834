import type { AgreementState, ErrorCode } from '#contracts';

export interface TermsInTime {
  version: number;
  effectiveFrom: string;
  validFrom: string;
  validUntil: string;
}

interface Course {
  terminatedAt: Date | null;
  closingAt: Date | null;
  closedAt: Date | null;
}

/** The version whose terms count on a day: the latest that is in effect, or else the first that will be. */
export function versionOn<V extends TermsInTime>(versions: readonly V[], today: string): V | undefined {
  const begun = versions.filter(({ effectiveFrom }) => effectiveFrom <= today);
  return (
    begun.reduce<V | undefined>((last, one) => (!last || one.version > last.version ? one : last), undefined) ??
    versions.reduce<V | undefined>((first, one) => (!first || one.version < first.version ? one : first), undefined)
  );
}

/** The last day on which the agreement holds, extensions that follow on without a gap included (PKS 10(2)). */
export function lastDay(versions: readonly TermsInTime[], today: string): string | undefined {
  const present = versionOn(versions, today);
  if (!present) return undefined;
  let until = present.validUntil;
  for (const next of [...versions].sort((a, b) => a.version - b.version))
    if (next.effectiveFrom > today && next.effectiveFrom <= addDays(until, 1)) until = next.validUntil;
  return until;
}

/** @returns the state, and what keeps a draft from being in force: no version, no SPTJM (O-09), its first day to come */
export function agreementState(
  course: Course,
  versions: readonly TermsInTime[],
  sptjmSignedOn: readonly string[],
  today: string,
): { state: AgreementState; missing: ErrorCode[] } {
  if (course.closedAt) return { state: 'closed', missing: [] };
  if (course.closingAt) return { state: 'closing', missing: [] };
  const present = versionOn(versions, today);
  const until = lastDay(versions, today);
  if (course.terminatedAt || (until !== undefined && until < today)) return { state: 'ended', missing: [] };
  const missing: ErrorCode[] = [];
  if (!present) missing.push('AGREEMENT_MISSING');
  else if (today < present.validFrom || today < present.effectiveFrom) missing.push('AGREEMENT_NOT_STARTED');
  if (!sptjmSignedOn.some((day) => day <= today)) missing.push('SPTJM_MISSING');
  return { state: missing.length === 0 ? 'in-force' : 'draft', missing };
}

/** Days before the end on which is warned (O-18). */
export const warningDays = [180, 90, 30, 7] as const;

/** The closest threshold that was reached, or null. */
export function warningAt(daysLeft: number): (typeof warningDays)[number] | null {
  return daysLeft < 0 ? null : ([...warningDays].reverse().find((days) => daysLeft <= days) ?? null);
}

/** @param day `YYYY-MM-DD` */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}
