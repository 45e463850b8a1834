import type { AgreementTerms } from '#contracts';
import type { Issue } from '../administration/act.js';
import { faultOfNetwork } from '../access/closed-network.js';
import { addDays, lastDay, type TermsInTime } from './agreement-state.js';

/**
 * What is wrong with new terms, all of it at once.
 *
 * @param before versions on file; none for the agreement itself
 * @param today null where the day is none of the matter: an institution is brought in with its history
 * @param waited for a second person: days that passed meanwhile are no fault, a gap that came about is
 */
export function faultsOfTerms(
  terms: AgreementTerms,
  before: readonly TermsInTime[],
  today: string | null,
  waited = false,
): Issue[] {
  const faults: Issue[] = [];
  const fault = (path: string, message: string) => faults.push({ path: `terms.${path}`, message });
  if (terms.validUntil < terms.validFrom)
    fault('validUntil', 'Tanggal berakhir tidak boleh sebelum tanggal mulai berlaku.');
  if (terms.effectiveFrom > terms.validUntil)
    fault('effectiveFrom', 'Ketentuan harus berlaku sebelum perjanjian berakhir.');
  const last = [...before].sort((a, b) => a.version - b.version).at(-1);
  if (last && terms.effectiveFrom < last.effectiveFrom)
    fault('effectiveFrom', `Tidak boleh sebelum versi ${last.version} yang berlaku mulai ${last.effectiveFrom}.`);
  if (today !== null) {
    if (!waited && terms.validUntil < today) fault('validUntil', 'Tanggal berakhir sudah lewat.');
    if (!waited && last && terms.effectiveFrom < today) fault('effectiveFrom', 'Addendum tidak boleh berlaku surut.');
    const until = lastDay(before, today);
    if (until !== undefined && terms.effectiveFrom > addDays(until, 1))
      fault(
        'effectiveFrom',
        `Harus bersambung: paling lambat sehari sesudah ${until}. Untuk yang terputus, buat perjanjian baru.`,
      );
  }
  terms.networks.forEach((network, index) => {
    const message = faultOfNetwork(network);
    if (message !== undefined) fault(`networks.${index}`, message);
  });
  return faults;
}
