import type { WatchedProcess } from './processes.js';

export type VariantName = 'full' | 'passThrough';

/** One of two ways from an HTTP request to the sandbox and back that are held against each other. */
export interface Variant {
  readonly url: string;
  readonly processes: readonly WatchedProcess[];
  /** The `Authorization` header for the next minutes. The pass-through is sent one too, so that both get the same bytes. */
  authorization(): Promise<string>;
  /** Hits that the sandbox counted for this variant. */
  hits(): Promise<number>;
  stop(): Promise<void>;
}
