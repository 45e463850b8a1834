import type { MediaReceipt } from '#contracts';
import { registerKey } from '../records/register-key.js';

export interface Issue {
  path: string;
  message: string;
}

/** More are not told: whoever has so many wrong has the wrong list. */
const mostIssues = 50;

/** Whoever refuses the whole package need not name what is in it. */
export const refusesAll = ({ refused, refusedRegisters }: MediaReceipt, records: number): boolean =>
  refusedRegisters.length === 0 && refused === records;

/** The registers that were refused, each once. */
export const refusedKeys = (receipt: MediaReceipt): string[] => [...new Set(receipt.refusedRegisters.map(registerKey))];

/**
 * What does not add up between a receipt and its package. A register number that several persons of the package share stands
 * for all of their records: nobody can tell them apart without a NIK. It may be named once, or once for each of them.
 *
 * @param named how many records of the package have each of the {@link refusedKeys}
 * @param days `YYYY-MM-DD` in Asia/Jakarta
 */
export function receiptIssues(
  receipt: MediaReceipt,
  records: number,
  named: ReadonlyMap<string, number>,
  days: { made: string; today: string },
): Issue[] {
  const issues: Issue[] = [];
  const { accepted, refused } = receipt;
  if (accepted + refused !== records)
    issues.push({
      path: 'accepted',
      message: `Diterima (${accepted}) ditambah ditolak (${refused}) harus sama dengan isi paket (${records}).`,
    });
  if (receipt.date < days.made)
    issues.push({ path: 'date', message: 'Tanggal tanda terima lebih awal dari pembuatan paket.' });
  if (receipt.date > days.today)
    issues.push({ path: 'date', message: 'Tanggal tanda terima lebih lambat dari hari ini.' });
  const before = issues.length;
  issues.push(...registerIssues(receipt, named));
  const sum = [...named.values()].reduce((total, count) => total + count, 0);
  if (issues.length === before && sum !== refused && !refusesAll(receipt, records))
    issues.push({
      path: 'refusedRegisters',
      message: `Nomor register yang disebut mencakup ${sum} data, sedangkan yang ditolak ${refused}. Sebutkan semua nomor register yang ditolak; nomor register yang dipakai beberapa warga ditolak untuk semuanya.`,
    });
  return issues.slice(0, mostIssues);
}

/** By position, never by text. */
function registerIssues({ refusedRegisters }: MediaReceipt, named: ReadonlyMap<string, number>): Issue[] {
  const mentions = new Map<string, number>();
  return refusedRegisters.flatMap((register, at) => {
    const key = registerKey(register);
    const path = `refusedRegisters.${at}`;
    const records = named.get(key) ?? 0;
    const mention = (mentions.get(key) ?? 0) + 1;
    mentions.set(key, mention);
    if (records === 0) return [{ path, message: 'Nomor register ini tidak ada di dalam paket.' }];
    if (mention > records) return [{ path, message: 'Nomor register ini sudah disebut.' }];
    return [];
  });
}
