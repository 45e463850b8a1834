import { addDays, jakartaDay, versionInForce, versionOn } from '#report';
import type { OfficeRegister } from './facts.js';

type Agreement = OfficeRegister['agreements'][number];

/** Agreements that are in force on a day, by their dates: what the SPTJM says is an obligation of its own. */
export const inForceOn = (agreements: readonly Agreement[], day: string): Agreement[] =>
  agreements.filter(({ closedAt, ...terms }) => closedAt === null && versionInForce(terms, day) !== undefined);

/** First day of the agreement itself, whatever an addendum says. */
export const firstDay = ({ versions }: Pick<Agreement, 'versions'>): string | undefined =>
  versions.map(({ validFrom }) => validFrom).sort()[0];

/** Last day on which it holds: extensions that follow on without a gap included (PKS 10(2)), the day of a termination not. */
export function lastDay({ versions, terminatedAt }: Pick<Agreement, 'versions' | 'terminatedAt'>, today: string) {
  const inOrder = [...versions].sort((one, other) => one.version - other.version);
  const present = versionOn(inOrder, today) ?? inOrder[0];
  if (!present) return undefined;
  let until = present.validUntil;
  for (const next of inOrder)
    if (next.effectiveFrom > today && next.effectiveFrom <= addDays(until, 1)) until = next.validUntil;
  if (terminatedAt === null) return until;
  const cut = addDays(jakartaDay(terminatedAt), -1);
  return cut < until ? cut : until;
}
