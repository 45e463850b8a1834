import type { Period, Register, RegisterFigures, RegisterPerson } from '#contracts';
import { instant, isIn, jakartaDay, spanOf, wholeMinutes } from '../calendar.js';
import { Counter, sortedBy } from '../order.js';
import { versionInForce } from './quota.js';

/** What the office declares of itself. @param asOfAt time of the checkpoint, UTC */
export function registerFigures(register: Register, period: Period, asOfAt: string): RegisterFigures {
  const day = jakartaDay(asOfAt);
  const begun = register.people.filter(({ role, activeFrom }) => isCounted(role) && activeFrom <= day);
  const active = begun.filter((person) => isActive(person, day, instant(asOfAt)));
  const withNda = active.filter(({ nda }) => nda !== null).length;
  return {
    operators: {
      active: active.length,
      withNda,
      withoutNda: active.length - withNda,
      ended: begun.length - active.length,
    },
    sptjm: register.agreements.some((one) => one.sptjm.length > 0 && versionInForce(one, day) !== undefined),
    readers: byState(register.readers),
    sams: byState(register.sams),
    workUnits: workUnits(register, active),
    exceptions: exceptions(register, period),
    stops: stops(register, period, asOfAt),
  };
}

function isCounted(role: RegisterPerson['role']): boolean {
  return role === 'operator' || role === 'camat';
}

/** `day` and `at`: of the checkpoint. */
function isActive({ activeUntil, revokedAt }: RegisterPerson, day: string, at: number): boolean {
  return (activeUntil === null || activeUntil >= day) && (revokedAt === null || instant(revokedAt) >= at);
}

function byState(rows: readonly { state: string }[]): { state: string; count: number }[] {
  const states = new Counter<string>();
  for (const { state } of rows) states.add(state);
  return states.rows().map(([state, count]) => ({ state, count }));
}

/** Work units of those who serve, and those of them with a reader that can be used (O-12). */
function workUnits({ readers, sams }: Register, active: readonly RegisterPerson[]): RegisterFigures['workUnits'] {
  const units = new Set(active.map(({ workUnit }) => workUnit).filter((unit) => unit !== null));
  const activeSams = new Set(sams.filter(({ state }) => state === 'ACTIVE').map(({ id }) => id));
  const usable = readers.filter(({ state, samId }) => state !== 'REVOKED' && samId !== null && activeSams.has(samId));
  const equipped = new Set(usable.map(({ workUnit }) => workUnit));
  return { total: units.size, withReader: [...units].filter((unit) => equipped.has(unit)).length };
}

function exceptions(register: Register, period: Period): RegisterFigures['exceptions'] {
  const counts = new Map<string, RegisterFigures['exceptions'][number]>();
  for (const { requestedAt, reason, decision } of register.exceptions) {
    if (!isIn(period, jakartaDay(requestedAt))) continue;
    const key = JSON.stringify([reason, decision]);
    const known = counts.get(key) ?? { reason, decision, count: 0 };
    counts.set(key, { ...known, count: known.count + 1 });
  }
  return sortedBy(
    counts.values(),
    ({ reason }) => reason,
    ({ decision }) => decision,
  );
}

/** Those that touch the period before the checkpoint; one that is not lifted lasts to it. */
function stops(register: Register, period: Period, asOfAt: string): RegisterFigures['stops'] {
  const span = spanOf(period);
  const to = Math.min(span.to, instant(asOfAt));
  let count = 0;
  let length = 0;
  for (const { stoppedAt, liftedAt } of register.stops) {
    const begins = instant(stoppedAt);
    const ends = liftedAt === null ? Infinity : instant(liftedAt);
    if (begins >= to || (begins < span.from && ends <= span.from)) continue;
    count += 1;
    length += Math.max(0, Math.min(ends, to) - Math.max(begins, span.from));
  }
  return { count, minutes: wholeMinutes(length) };
}
