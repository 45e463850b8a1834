import { dayText } from '#paper';
import { versionOn } from '#report';
import type { Signature } from '../paper/paper.js';
import { agreementOn, type LetterFacts } from '../facts.js';

/** Words that more than one kind of letter needs. */

export const disdukcapil = 'Dinas Kependudukan dan Pencatatan Sipil';

export const recipientOf = ({ letterhead }: LetterFacts): string => letterhead.recipient ?? `Kepala ${disdukcapil}`;

/** `Jumantono` of `Kecamatan Jumantono`. */
export const placeOf = ({ letterhead, register }: Pick<LetterFacts, 'letterhead' | 'register'>): string =>
  letterhead.place ?? register.institution.name.replace(/^kecamatan\s+/i, '');

/** `Camat Jumantono` */
export const camatTitle = ({ register }: Pick<LetterFacts, 'register'>): string =>
  `Camat ${register.institution.name.replace(/^kecamatan\s+/i, '')}`;

export const camatSignature = (facts: LetterFacts, more: Partial<Signature> = {}): Signature => ({
  office: [camatTitle(facts)],
  name: facts.camat?.name ?? null,
  nip: facts.camat?.nip ?? null,
  ...more,
});

/** `Perjanjian Kerja Sama Nomor … yang berlaku sampai dengan …`; without one on file, in general words. */
export function agreementWords({ register, on }: LetterFacts): string {
  const about =
    'Perjanjian Kerja Sama tentang Pemanfaatan Nomor Induk Kependudukan, Data Kependudukan, dan Kartu Tanda Penduduk Elektronik';
  const agreement = agreementOn(register.agreements, on);
  if (!agreement) return about;
  const version = versionOn(agreement.versions, on) ?? agreement.versions.at(-1);
  const until = version ? `, berlaku sampai dengan ${dayText(version.validUntil)}` : '';
  return `${about} Nomor ${agreement.number}${until}`;
}

/** `Kecamatan Jumantono (kode wilayah 33.13.04), beralamat di …` */
export function officeWords({ register: { institution } }: Pick<LetterFacts, 'register'>): string {
  const address = institution.address === null ? '' : `, beralamat di ${institution.address}`;
  return `${institution.name} (kode wilayah ${institution.regionCode})${address}`;
}

/** Who declares, at the head of a statement. */
export const declarant = (facts: LetterFacts, blank: string): [string, string][] => [
  ['Nama', facts.camat?.name ?? blank],
  ['NIP', facts.camat?.nip ?? blank],
  ['Jabatan', camatTitle(facts)],
  ['Kantor', officeWords(facts)],
];

export const closing = 'Demikian disampaikan, atas perhatian dan kerja sama Saudara diucapkan terima kasih.';
