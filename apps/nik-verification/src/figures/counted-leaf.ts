import type { Counted } from './as-of.js';

/**
 * SQL: whether the leaf of an access event is counted; `$log` and `$size` are parameters. Logs of one institution have their ids in the
 * order of their generations.
 */
export const isCounted = (event: string, { log, size }: { log: string; size: string }): string => `EXISTS (
  SELECT 1 FROM verification.log_leaf AS leaf
  WHERE leaf.event_id = ${event}.id AND leaf.verification_id = ${event}.verification_id
    AND (leaf.log_id < ${log} OR (leaf.log_id = ${log} AND leaf.index < ${size})))`;

export const countedValues = ({ log, size }: Counted): [number, number] => [log.id, size];
