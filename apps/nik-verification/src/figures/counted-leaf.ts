import { businessServices } from '#contracts';
import type { Counted } from './as-of.js';

/** Services that data balikan are owed for, as SQL writes them. */
export const businessServiceList = businessServices.map((service) => `'${service}'`).join(', ');

/** SQL: what is counted as rows of `log_id` and `size`; $2 and $3 are {@link countedValues}. */
export const countedLogs = 'unnest($2::integer[], $3::bigint[]) AS counted (log_id, size)';

/** SQL: whether the leaf of an access event is counted. OFFSET 0: it is found by its event, not among all that are counted. */
export const isCounted = (event: string): string => `EXISTS (
  SELECT 1 FROM (SELECT log_id, index FROM verification.log_leaf
    WHERE event_id = ${event}.id AND verification_id = ${event}.verification_id OFFSET 0) AS leaf
  JOIN ${countedLogs} ON counted.log_id = leaf.log_id AND leaf.index < counted.size)`;

export const countedValues = ({ logs }: Counted): [number[], number[]] => [
  logs.map(({ id }) => id),
  logs.map(({ size }) => size),
];
