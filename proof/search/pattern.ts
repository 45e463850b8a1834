import type { Secret } from '../canaries/canary.js';

/** Bytes to look for; at the places in `any` every byte will do. */
export interface ByteForm {
  bytes: Buffer;
  any?: readonly number[];
}

/** One secret in one encoding. */
export interface Pattern extends ByteForm {
  secret: Secret;
  encoding: string;
}

/** So many bytes without a wildcard every pattern has; fewer could be found by chance. */
export const leastRun = 8;
