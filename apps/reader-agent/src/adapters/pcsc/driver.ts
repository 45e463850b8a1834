/** What is used of the optional package `smartcard`; written here, because the agent has to compile where it could not be built. */
export interface Reader {
  readonly name: string;
  readonly state: number;
  readonly atr: Buffer | null;
  connect(shareMode: number, protocol: number): Promise<Card>;
}

export interface Card {
  transmit(command: number[]): Promise<Buffer>;
  getStatus(): { protocol: number; atr: Buffer };
  disconnect(disposition: number): void;
}

export interface Context {
  listReaders(): Reader[];
  waitForChange(known: { name: string; state: number }[], timeoutMs: number): Promise<unknown>;
  cancel(): void;
  close(): void;
}

interface Smartcard {
  Context: new () => Context;
  SCARD_SHARE_EXCLUSIVE: number;
  SCARD_PROTOCOL_T0: number;
  SCARD_PROTOCOL_T1: number;
  SCARD_LEAVE_CARD: number;
  SCARD_STATE_PRESENT: number;
  SCARD_STATE_MUTE: number;
  SCARD_STATE_UNKNOWN: number;
  SCARD_STATE_UNAVAILABLE: number;
}

export interface Driver {
  Context: new () => Context;
  exclusive: number;
  anyProtocol: number;
  leaveCard: number;
  present: number;
  mute: number;
  gone: number;
}

/** `undefined` where the package could not be built or installed: then the agent says so, and runs. */
export async function loadDriver(name = 'smartcard'): Promise<Driver | undefined> {
  try {
    const smartcard = ((await import(name)) as { default: Smartcard }).default;
    return {
      Context: smartcard.Context,
      exclusive: smartcard.SCARD_SHARE_EXCLUSIVE,
      anyProtocol: smartcard.SCARD_PROTOCOL_T0 | smartcard.SCARD_PROTOCOL_T1,
      leaveCard: smartcard.SCARD_LEAVE_CARD,
      present: smartcard.SCARD_STATE_PRESENT,
      mute: smartcard.SCARD_STATE_MUTE,
      gone: smartcard.SCARD_STATE_UNKNOWN | smartcard.SCARD_STATE_UNAVAILABLE,
    };
  } catch {
    return undefined;
  }
}
