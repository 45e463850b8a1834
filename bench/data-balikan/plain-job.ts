import type { ClientConfig } from 'pg';
import type { BalikanRow } from './rows.js';

/** What the process of the baselines is told to do. */
export type PlainJob =
  | { kind: 'copy'; database: ClientConfig; path: string; table: string }
  | {
      kind: 'send';
      url: string;
      token: string;
      idLembaga: string;
      namaLembaga: string;
      rows: BalikanRow[];
      parallel: number;
    };

export interface PlainResult {
  /** Rows that were committed, or requests that were answered with success. */
  done: number;
  seconds: number;
}

export type FromPlain = { result: PlainResult } | { failed: string };
