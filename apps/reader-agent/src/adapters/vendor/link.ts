/** What a vendor's program may say, one JSON object each; the words are mapped by the settings. */
export interface VendorMessage {
  /** Of the read that it is about; none for news of the device itself. */
  id?: string | undefined;
  step?: string | undefined;
  tries?: number | undefined;
  /** The read matched: what the chip says. */
  data?: Record<string, unknown> | undefined;
  /** The read ended otherwise. */
  error?: string | undefined;
  /** How the device stands. */
  status?: { reader: string | null; sam: { present: boolean; serial: string | null; atr: string | null } } | undefined;
  /** The device checked by itself. */
  check?: { outcome: string; tries: number } | undefined;
}

/** To the program: one read, an end to it, how do you stand, may you check by yourself. */
export type VendorOrder =
  | { do: 'read'; id: string; mostTries: number }
  | { do: 'stop'; id: string }
  | { do: 'status' }
  | { do: 'standalone'; allowed: boolean };

/** A way to the program. It is alive or not; what it says is never trusted. */
export interface VendorLink {
  /** @returns false when the program is not there */
  send(order: VendorOrder): boolean;
  /** Begins anew: for a program that hangs or floods. */
  restart(why: string): void;
  close(): Promise<void>;
}

export interface VendorListener {
  message(message: VendorMessage): void;
  /** The program ended, or the address does not answer: a read under way is over. */
  gone(): void;
}
