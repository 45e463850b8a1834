import { dayOf, dayText } from '#paper';
import { dayNumber } from '#report';
import { lastDay } from '../agreement-term.js';
import type { OfficeRegister } from '../facts.js';
import { links } from '../links.js';
import { defineRule, graceDays, type Finding } from '../rule.js';

/** Days before the end on which is warned (O-18). */
const warnings = [30, 90, 180] as const;

const stepTexts: Record<string, string> = {
  DATA_BALIKAN_DELIVERED: 'penyerahan data balikan',
  SAM_RETURNED: 'pengembalian SAM',
  FINAL_REPORT: 'laporan akhir',
  KEYS_DESTROYED: 'pemusnahan kunci',
};

/** O-18: access ends with the agreement; it is extended in time, or closed in order. */
export const agreementEnd = defineRule({
  name: 'agreement-end',
  clause: 'O-18',
  title: 'Masa berlaku perjanjian',
  needs: ['register'],
  assess({ institutionId, register: { agreements } }, now) {
    const today = dayOf(now);
    const begun = agreements.filter(({ state }) => state !== 'draft');
    const findings = begun
      .filter(({ state }) => state !== 'closed')
      .flatMap((agreement) => findingOf(agreement, today) ?? [])
      .map((finding) => ({ ...finding, evidence: [links.agreements(institutionId)] }));
    if (findings.length > 0) return findings;
    return [
      { state: 'NOT_APPLICABLE', facts: [['Perjanjian', begun.length === 0 ? 'Belum ada' : 'Semua sudah ditutup']] },
    ];
  },
});

function findingOf(agreement: OfficeRegister['agreements'][number], today: string): Finding | undefined {
  const until = lastDay(agreement, today);
  if (until === undefined) return undefined;
  const named = ['Perjanjian', agreement.number] as const;
  const daysLeft = dayNumber(until) - dayNumber(today);
  if (daysLeft < 0) return closing(agreement, until, -daysLeft);
  const level = warnings.find((days) => daysLeft <= days);
  return {
    state: level === undefined ? 'IN_ORDER' : 'DUE_SOON',
    dueOn: until,
    facts: [named, ['Berlaku sampai', dayText(until)], ['Sisa hari', String(daysLeft)]],
    ...(level === undefined
      ? {}
      : {
          nextStep: 'Camat mengajukan perpanjangan (adendum) kepada Disdukcapil sebelum perjanjian berakhir.',
          instance: `${until}/${level}`,
        }),
  };
}

function closing(
  { number, openClosingSteps }: OfficeRegister['agreements'][number],
  until: string,
  daysOver: number,
): Finding {
  const open = openClosingSteps.map((step) => stepTexts[step] ?? step);
  return {
    state: daysOver > graceDays ? 'BREACHED' : 'OVERDUE',
    dueOn: until,
    facts: [
      ['Perjanjian', number],
      ['Berakhir', dayText(until)],
      ['Langkah penutupan terbuka', open.length > 0 ? open.join(', ') : 'Tinggal penutupan'],
    ],
    nextStep:
      open.length > 0
        ? 'Admin menyelesaikan langkah penutupan pada perjanjian, lalu mengusulkan penutupan kepada Disdukcapil.'
        : 'Admin mengusulkan penutupan perjanjian kepada Disdukcapil.',
    instance: `${until}/end`,
  };
}
