import type { PoolConfig } from 'pg';

/** What the sequencing process is told to do. */
export interface SequenceJob {
  database: PoolConfig;
  /** Holds the key of the log, and the last checkpoints. */
  keyDir: string;
  institutionId: string;
  /** All that waits, and into how many parts the measurement is cut. */
  events: number;
  slices: number;
  /** How often the full log is signed, and how long that takes, at the end. */
  signatures: number;
}

export interface SequenceResult {
  /** Events a second of each slice, in order. */
  perSecond: number[];
  seconds: number;
  /** Of the signed log. */
  size: number;
  root: string;
  /** For each signature, from the call to its return: on the disk and in the database. Milliseconds. */
  signMs: number[];
  /** MB (10^6 bytes): resident before the first event, at most since then, and of objects of JavaScript at most. */
  startMb: number | undefined;
  peakMb: number | undefined;
  peakHeapMb: number;
}

export type FromSequencer = { result: SequenceResult } | { failed: string };
