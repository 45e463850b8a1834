import type { FailedOutcome } from '../../port.js';

/** Every error of PC/SC (pcsclite.h), as `smartcard` words it, and what it means for the read. */
export const outcomes: Record<string, FailedOutcome> = {
  'Card was removed': 'CARD_REMOVED',
  'No smart card present': 'CARD_REMOVED',
  'Unknown card type': 'CARD_UNKNOWN',
  'Card was reset': 'CARD_UNREADABLE',
  'Card is unpowered': 'CARD_UNREADABLE',
  'Card is unresponsive': 'CARD_UNREADABLE',
  'Card is not supported': 'CARD_UNREADABLE',
  'Card is not connected': 'CARD_UNREADABLE',
  'Invalid ATR': 'CARD_UNREADABLE',
  'Protocol mismatch': 'CARD_UNREADABLE',
  'Transaction failed': 'CARD_UNREADABLE',
  'Insufficient buffer': 'CARD_UNREADABLE',
  'Operation timed out': 'CARD_UNREADABLE',
  'Operation cancelled': 'CANCELLED',
  'System cancelled operation': 'READER_FAULT',
  'Cannot dispose handle': 'READER_FAULT',
  'Invalid handle': 'READER_FAULT',
  'Invalid parameter': 'READER_FAULT',
  'Invalid target': 'READER_FAULT',
  'Invalid value': 'READER_FAULT',
  'Not enough memory': 'READER_FAULT',
  'PC/SC service not running': 'READER_FAULT',
  'PC/SC service stopped': 'READER_FAULT',
  'Reader not ready': 'READER_FAULT',
  'PCI struct too small': 'READER_FAULT',
  'Reader unavailable': 'READER_FAULT',
  'Sharing violation': 'READER_FAULT',
  'Unknown reader': 'READER_FAULT',
  'No readers available': 'READER_FAULT',
  'Communication error': 'READER_FAULT',
  'Internal error': 'READER_FAULT',
  'Context is not valid': 'READER_FAULT',
};

/** What is not in the table is a fault of the reader, never of the citizen. */
export function outcomeOf(error: unknown): FailedOutcome {
  const text = error instanceof Error ? error.message : '';
  return Object.hasOwn(outcomes, text) ? (outcomes[text] as FailedOutcome) : 'READER_FAULT';
}
