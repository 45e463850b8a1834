import { type ReceiptFault } from '../receipt.js';
import { type Finding } from './findings.js';

/** `what` is how the receipt is called: its short code, or its number when it cannot be read. */
export function receiptForged(what: string, fault: ReceiptFault): Finding {
  const [why, sebab] = {
    MALFORMED: ['it is not a receipt', 'bentuknya bukan bukti pemeriksaan'],
    WRONG_KEY: ['it is not signed with the key of this log', 'tidak ditandatangani dengan kunci catatan ini'],
    SIGNATURE_INVALID: ['its signature does not fit what it says', 'tanda tangannya tidak cocok dengan isinya'],
  }[fault];
  return {
    name: 'RECEIPT_FORGED',
    detail: `Receipt ${what}: not genuine, ${why}.`,
    pesan: `Bukti ${what}: tidak asli, ${sebab}.`,
  };
}

export function receiptUnproven(what: string): Finding {
  return {
    name: 'RECEIPT_NOT_IN_LOG',
    detail: `The proof does not lead from the event of receipt ${what} to the signed checkpoint.`,
    pesan: `Rangkaian sidik tidak menghubungkan peristiwa pada bukti ${what} dengan titik periksa bertanda tangan.`,
  };
}

export function receiptNotInLog(what: string, at: string): Finding {
  return {
    name: 'RECEIPT_NOT_IN_LOG',
    detail: `The log does not hold what receipt ${what} of ${at} confirms.`,
    pesan: `Catatan tidak memuat peristiwa yang dibuktikan oleh bukti ${what} (${at}).`,
  };
}

export function receiptOtherEvent(what: string, index: number): Finding {
  return {
    name: 'RECEIPT_NOT_IN_LOG',
    index,
    detail: `Event ${index} is about the look-up of receipt ${what}, but not the event that the receipt confirms.`,
    pesan: `Peristiwa nomor ${index} tentang pemeriksaan pada bukti ${what}, tetapi bukan peristiwa yang dibuktikannya.`,
  };
}

export function receiptContradicts(what: string, index: number): Finding {
  return {
    name: 'RECEIPT_CONTRADICTS_LOG',
    index,
    detail: `Receipt ${what} says something else than event ${index}, which it confirms.`,
    pesan: `Isi bukti ${what} bertentangan dengan peristiwa nomor ${index} yang dibuktikannya.`,
  };
}

export function receiptOutside(what: string, at: string): Finding {
  return {
    name: 'RECEIPT_OUTSIDE_BUNDLE',
    detail: `Receipt ${what} of ${at} is genuine, but of a time or a log that this bundle does not hold.`,
    pesan: `Bukti ${what} (${at}) bertanda tangan benar, tetapi waktunya atau catatannya di luar berkas ini.`,
  };
}
