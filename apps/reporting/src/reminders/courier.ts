import type { Reminder } from '#contracts';

/** What a reminder says: nothing of a person, no figure of one, no secret. */
export interface Message {
  /** Stays the same however often it is tried: whoever receives it can tell a repetition. */
  id: string;
  institutionId: string;
  rule: string;
  clause: string;
  obligationState: Reminder['obligationState'];
  recipient: string;
  office: string;
  title: string;
  dueOn: string | null;
  dueAt: Date | null;
  nextStep: string | null;
  createdAt: Date;
}

/**
 * What became of one delivery. `refused`: it is certain that the other side does not have it, so it may be tried again. `uncertain`: it had
 * everything and gave no answer that can be read, so it may have it.
 */
export type Delivered = { sent: true } | { refused: string } | { uncertain: string };

export interface Courier {
  /**
   * Delivers once, within its deadline. Never throws: what goes wrong is an outcome.
   *
   * @param handOver to be waited for before the last byte leaves; when it throws, that byte must not leave
   */
  deliver(message: Message, handOver: () => Promise<void>): Promise<Delivered>;
}
