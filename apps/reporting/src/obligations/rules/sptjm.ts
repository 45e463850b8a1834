import { dayOf, dayText } from '#paper';
import { firstDay, lastDay } from '../agreement-term.js';
import { links } from '../links.js';
import { defineRule, stateBy } from '../rule.js';

const soonDays = 30;

/** O-09: the Camat's statement of absolute responsibility is on file for each agreement. */
export const sptjm = defineRule({
  name: 'sptjm',
  clause: 'O-09',
  title: 'SPTJM yang ditandatangani Camat',
  needs: ['register'],
  assess({ institutionId, register: { agreements } }, now) {
    const today = dayOf(now);
    const present = agreements.filter((one) => one.state !== 'closed' && (lastDay(one, today) ?? '') >= today);
    const evidence = [links.agreements(institutionId)];
    if (present.length === 0) return [{ state: 'NOT_APPLICABLE', facts: [['Perjanjian', 'Tidak ada yang berlaku']] }];
    return present.map((agreement) => {
      const [signed] = agreement.sptjm
        .filter(({ signedOn }) => signedOn <= today)
        .sort((one, other) => (one.signedOn < other.signedOn ? 1 : -1));
      const named = ['Perjanjian', agreement.number] as const;
      if (signed) {
        const facts = [named, ['SPTJM', signed.number], ['Ditandatangani', dayText(signed.signedOn)]] as const;
        return { state: 'IN_ORDER', facts: [...facts], evidence };
      }
      const dueOn = firstDay(agreement) ?? today;
      return {
        state: stateBy(today, dueOn, soonDays),
        dueOn,
        facts: [named, ['SPTJM', 'Belum tercatat'] as const],
        evidence,
        nextStep:
          'Camat menandatangani SPTJM bermeterai, lalu admin mencatatnya pada perjanjian; sampai itu akses tertutup.',
        instance: agreement.id,
      };
    });
  },
});
