import type { AgentStatus } from '#contracts/readers/agent';
import type { CardElements, ReadOutcome, ReadProgress, ReadResult } from '#contracts/readers/result';
import type { ElementName } from '#contracts/elements';

/** How the device stands: driver, reader, SAM, and what is wrong with them. */
export type ReaderState = Pick<AgentStatus, 'reader' | 'sam' | 'faults'>;

export type ReadStep = ReadProgress['step'];

export interface ReadRequest {
  /** What may leave the device; an adapter that can ask for less asks for less. */
  elements: readonly ElementName[];
  mostTries: number;
  /** Aborted when nobody wants the result any more; `reason` is the outcome that was told. */
  signal: AbortSignal;
  /** @param tries tries that failed so far */
  onProgress: (step: ReadStep, tries: number) => void;
}

/** A check that the device made on its own: an outcome, nobody's data. */
export type StandaloneCheck = Pick<ReadResult, 'outcome' | 'tries'>;

export type FailedOutcome = Exclude<ReadOutcome, 'MATCHED'>;

/** The only way a read may fail: every driver's and vendor's error becomes one of these. */
export class ReadFailure extends Error {
  override readonly name = 'ReadFailure';
  constructor(
    readonly outcome: FailedOutcome,
    readonly tries = 0,
    options?: { cause?: unknown },
  ) {
    super(outcome, options);
  }
}

/** One card reader, whatever is behind it. Fingerprints, photo and signature never come through here (DOMAIN 5). */
export interface CardReader {
  readonly adapter: AgentStatus['adapter'];
  state(): ReaderState;
  onChange(listener: () => void): void;
  onStandaloneCheck(listener: (check: StandaloneCheck) => void): void;
  /** Whether a device that can check by itself may do so now: only under a permit (O-13). */
  allowStandalone(allowed: boolean): void;
  /**
   * Card, finger, elements; one at a time, the caller sees to that.
   *
   * @throws {ReadFailure} and nothing else
   */
  read(request: ReadRequest): Promise<{ tries: number; elements: CardElements }>;
  close(): Promise<void>;
}
