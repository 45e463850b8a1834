import { type CheckedReceiptProof } from '../receipt-proof.js';
import { printable } from '../verify/printable.js';
import { momentInWords, numberInWords, type Language } from './words.js';

const texts = {
  id: {
    good: 'HASIL: ASLI. Bukti ini ditandatangani kantor dan peristiwanya ada di catatan.',
    bad: 'HASIL: TIDAK TERBUKTI.',
    rows: ['Kode', 'Instansi', 'Waktu', 'Layanan', 'Hasil', 'Data', 'Titik periksa'],
    of: (size: string, at: string) => `${size} peristiwa, ditandatangani ${at}`,
  },
  en: {
    good: 'RESULT: GENUINE. The office signed this receipt, and its event is in the log.',
    bad: 'RESULT: NOT PROVEN.',
    rows: ['Code', 'Institution', 'Time', 'Service', 'Outcome', 'Data', 'Checkpoint'],
    of: (size: string, at: string) => `${size} events, signed ${at}`,
  },
};

/** What became of a receipt with its proof, as an official reads it. */
export function describeReceipt(checked: CheckedReceiptProof, language: Language = 'id'): string {
  const words = texts[language];
  if (!checked.ok) {
    const { name, detail, pesan } = checked.finding;
    return `${words.bad}\n\n${name}\n  - ${language === 'id' ? pesan : detail}\n`;
  }
  const { claims, checkpoint, time } = checked;
  const values = [
    claims.code,
    `${claims.institution.name ?? ''} (${claims.institution.id})`.trim(),
    momentInWords(claims.at, language),
    claims.service,
    `${claims.mode} ${claims.outcome}`,
    claims.elements.join(', ') || '-',
    words.of(numberInWords(checkpoint.size, language), momentInWords(time, language)),
  ];
  const rows = values.map((value, at) => `${words.rows[at]!.padEnd(14)}: ${printable(value, 300)}`);
  return `${rows.join('\n')}\n\n${words.good}\n`;
}
