import type { AccessRights } from '#contracts';
import type { AccessFacts } from './access-facts.js';
import { findAgreement } from './decide-access.js';

type Warning = AccessRights['warnings'][number];

/** From how many days before its end on each thing is told of. */
const ahead = { AGREEMENT_ENDS_SOON: 180, CLIENT_EXPIRES_SOON: 30, OPERATOR_ENDS_SOON: 30 } as const;

const details = {
  AGREEMENT_ENDS_SOON: (days: number) =>
    `Perjanjian kerja sama (PKS) berakhir ${days} hari lagi. Ajukan perpanjangan sebelum berakhir.`,
  CLIENT_EXPIRES_SOON: (days: number) => `Akses aplikasi ini berakhir ${days} hari lagi. Minta admin memperpanjangnya.`,
  OPERATOR_ENDS_SOON: (days: number) => `Masa tugas Anda berakhir ${days} hari lagi. Hubungi admin bila diperpanjang.`,
} as const;

/** What will take access away soon (O-18), so that nobody is taken by surprise at the counter. */
export function warningsOf(facts: AccessFacts): Warning[] {
  const agreement = findAgreement(facts);
  const ends = {
    AGREEMENT_ENDS_SOON: agreement && !agreement.over ? agreement.validUntil : null,
    CLIENT_EXPIRES_SOON: facts.client.revoked ? null : facts.client.expiresOn,
    OPERATOR_ENDS_SOON: facts.operator?.activeUntil ?? null,
  };
  return Object.entries(ends).flatMap(([name, on]) => {
    const code = name as Warning['code'];
    const days = on === null ? -1 : daysBetween(facts.today, on);
    return on !== null && days >= 0 && days <= ahead[code] ? [{ code, on, days, detail: details[code](days) }] : [];
  });
}

/** Calendar days from one day to the other, `YYYY-MM-DD`. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
