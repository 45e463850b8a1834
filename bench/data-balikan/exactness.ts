import { differing } from '../exactness.js';

/** What became of one uploaded file, by its own counts and by what stands in the database. */
export interface FileCounts {
  rows: number;
  /** Of them, those that were spoilt on purpose. */
  spoilt: number;
  checked: number;
  accepted: number;
  refused: number;
  faults: number;
  records: number;
  distinct: number;
  /** Records whose look-up is in the evidence of this office, with outcome FOUND. */
  proven: number;
}

export function findFileFaults(name: string, counts: FileCounts): string[] {
  const right = counts.rows - counts.spoilt;
  return differing([
    [`${name}: rows checked`, counts.checked, counts.rows],
    [`${name}: rows accepted`, counts.accepted, right],
    [`${name}: rows refused`, counts.refused, counts.spoilt],
    [`${name}: faults`, counts.faults, counts.spoilt],
    [`${name}: records`, counts.records, right],
    [`${name}: distinct records`, counts.distinct, right],
    [`${name}: records whose look-up is in the evidence`, counts.proven, right],
  ]);
}

/** One turn of deliveries, as the sandbox saw it; of the service also what it says itself. */
export interface DeliveryCounts {
  sent: number;
  /** Requests that came to the sandbox, and those of them that brought something new. */
  requests: number;
  accepted: number;
  /** Register numbers of those that were sent, each stored once. */
  distinct: number;
  /** Records of the right person, of those that were looked for. */
  looked: { for: number; found: number };
  /** DELIVERED with the receipt SUCCESS, at the first attempt, and the NIK erased. */
  delivered?: number;
}

export function findDeliveryFaults(name: string, counts: DeliveryCounts): string[] {
  const { sent, requests, accepted, distinct, looked, delivered } = counts;
  return differing([
    [`${name}: requests at the sandbox`, requests, sent],
    [`${name}: records that the sandbox accepted`, accepted, sent],
    [`${name}: distinct records at the sandbox`, distinct, sent],
    [`${name}: records of the right person`, looked.found, looked.for],
    [`${name}: records delivered at the first attempt, without a NIK`, delivered ?? sent, sent],
  ]);
}
