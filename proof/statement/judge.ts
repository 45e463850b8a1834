import { routes } from '#contracts';
import type { DrivenRoute } from '../drive/path-log.js';
import type { Planted } from '../planting/plant.js';
import type { Finding } from '../search/finding.js';
import type { SearchedPlace } from '../search/place-search.js';
import type { UndrivenRoute, Verdict } from './statement.js';

/** Routes that are not driven in this kind of proof, and why nobody's data can be behind them. None is left out at present. */
export const withoutPerson: Readonly<Record<string, string>> = {};

/** Every route of the contract has to be driven, and answered by something. */
export function undrivenRoutes(driven: readonly DrivenRoute[]): { undriven: UndrivenRoute[]; reasons: string[] } {
  const undriven: UndrivenRoute[] = [];
  const reasons: string[] = [];
  for (const { operationId } of routes) {
    const { requests = 0, statuses = {} } = driven.find((one) => one.operationId === operationId) ?? {};
    const reason = withoutPerson[operationId];
    const served = requests > (statuses.ROUTE_NOT_FOUND ?? 0) + (statuses.RATE_LIMITED ?? 0);
    if (served) continue;
    undriven.push({ operationId, why: reason ?? (requests === 0 ? 'not driven' : 'not served') });
    if (reason === undefined)
      reasons.push(
        `The route ${operationId} is in the contract and was ${requests === 0 ? 'not driven' : 'not served'}.`,
      );
  }
  return { undriven, reasons };
}

export interface Plantings {
  expected: number;
  found: number;
  missing: string[];
}

export function findPlanted(planted: readonly Planted[], findings: readonly Finding[]): Plantings {
  const missing = planted.filter(({ isFound }) => !findings.some(isFound)).map(({ what }) => what);
  return { expected: planted.length, found: planted.length - missing.length, missing };
}

/** What could not be searched, by place. */
export const unreadReasons = (places: readonly SearchedPlace[]): string[] =>
  places.flatMap(({ name, unread }) => unread.map(({ where, why }) => `Not searched: ${name}, ${where} (${why}).`));

/** A service that may dump core is not as shipped. */
export const limitReasons = (limits: readonly { process: string; limit: string }[]): string[] =>
  limits
    .filter(({ limit }) => limit !== '0 0')
    .map(({ process, limit }) => `${process} may dump core (limit ${limit}).`);

export function judge(findings: readonly Finding[], reasons: readonly string[]): Verdict {
  if (findings.length > 0) return 'found';
  return reasons.length > 0 ? 'not-proven' : 'nothing-found';
}

const mostNamed = 8;

/** One line for each value: what it is, through which path it came, and where it lies. */
export function findingReasons(findings: readonly Finding[]): string[] {
  const wheres = new Map<string, Set<string>>();
  for (const { canary, element, encoding, place, where } of findings) {
    const value = `Found: ${element} of the canary "${canary}"`;
    const known = wheres.get(value) ?? new Set();
    wheres.set(value, known.add(`${place}, ${where} (${encoding})`));
  }
  return [...wheres].map(([value, all]) => {
    const named = [...all].slice(0, mostNamed).join('; ');
    return `${value}, in ${named}${all.size > mostNamed ? `; and ${all.size - mostNamed} more` : ''}.`;
  });
}
