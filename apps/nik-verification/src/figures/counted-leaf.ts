import type { Counted } from './as-of.js';

/** SQL: what is counted as rows of `log_id` and `size`; $2 and $3 are {@link countedValues}. */
export const countedLogs = 'unnest($2::integer[], $3::bigint[]) AS counted (log_id, size)';

/** SQL: whether the leaf of an access event is counted. */
export const isCounted = (event: string): string => `EXISTS (
  SELECT 1 FROM verification.log_leaf AS leaf JOIN ${countedLogs} ON counted.log_id = leaf.log_id AND leaf.index < counted.size
  WHERE leaf.event_id = ${event}.id AND leaf.verification_id = ${event}.verification_id)`;

export const countedValues = ({ logs }: Counted): [number[], number[]] => [
  logs.map(({ id }) => id),
  logs.map(({ size }) => size),
];
