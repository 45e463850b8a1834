import type { BalikanActor, OwingAgreement } from '#contracts';
import { AppError } from '#service';
import type { AccessedPeople, AskedPerson } from '../people/accessed-people.js';
import type { OpenVault, PersonVault } from '../people/person-vault.js';

/** An agreement whose keys are there. */
export interface OpenAgreement extends OwingAgreement {
  vault: OpenVault;
}

/** Under which agreement a person's data was accessed, and the look-ups that prove it, best first. */
export interface Access {
  agreement: OpenAgreement;
  candidates: readonly [string, ...string[]];
}

export interface SoughtPerson extends AskedPerson {
  /** Of the register, `YYYY-MM-DD`: a record belongs to an agreement that had begun. */
  tanggal: string;
}

/**
 * The actor's agreements, the one in force first; those whose keys are destroyed are passed over.
 *
 * @throws {AppError} AGREEMENT_CLOSED where none is left
 */
export const openAgreements = (vault: PersonVault, { otherAgreements = [], ...first }: BalikanActor) =>
  unlessClosed([first, ...otherAgreements], async ({ agreementId, agreementVersionId, validFrom }) => ({
    agreementId,
    agreementVersionId,
    validFrom,
    vault: await vault.open(agreementId),
  }));

/** `YYYY-MM-DD`: no record of any of them is earlier. */
export const firstDayOf = (agreements: readonly OwingAgreement[]): string =>
  agreements.map(({ validFrom }) => validFrom).reduce((first, day) => (day < first ? day : first));

/**
 * For each person, in the order given: the first of the agreements under which the data was accessed (O-07).
 *
 * @throws {AppError} AGREEMENT_CLOSED where evidence recognises nobody under any of them; what {@link AccessedPeople.find} throws
 */
export async function findAccess(
  accessed: Pick<AccessedPeople, 'find'>,
  { institutionId, agreements }: { institutionId: string; agreements: readonly OpenAgreement[] },
  people: readonly SoughtPerson[],
  deadlineAt: number,
): Promise<(Access | 'PERSON_NOT_ACCESSED' | 'DATE_TOO_EARLY')[]> {
  const found: (Access | 'PERSON_NOT_ACCESSED' | 'DATE_TOO_EARLY')[] = people.map(() => 'PERSON_NOT_ACCESSED');
  await unlessClosed(agreements, async (agreement) => {
    const sought = people.flatMap((person, index) => (typeof found[index] === 'string' ? [{ person, index }] : []));
    if (sought.length === 0) return;
    const asked = sought.map(({ person: { nik, verificationId, reference } }) => ({ nik, verificationId, reference }));
    const lookUps = await accessed.find({ institutionId, agreementId: agreement.agreementId }, asked, deadlineAt);
    sought.forEach(({ person, index }, at) => {
      const [best, ...others] = lookUps[at] ?? [];
      if (best === undefined) return;
      found[index] =
        person.tanggal < agreement.validFrom ? 'DATE_TOO_EARLY' : { agreement, candidates: [best, ...others] };
    });
  });
  return found;
}

/** One after the other. @throws {AppError} AGREEMENT_CLOSED where all of them are */
async function unlessClosed<T, R>(agreements: readonly T[], work: (agreement: T) => Promise<R>): Promise<[R, ...R[]]> {
  const done: R[] = [];
  for (const agreement of agreements) {
    try {
      done.push(await work(agreement));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'AGREEMENT_CLOSED') throw error;
    }
  }
  if (done.length === 0) throw new AppError('AGREEMENT_CLOSED');
  return done as [R, ...R[]];
}
