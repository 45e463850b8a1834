import { dayOf } from '#paper';
import { inForceOn } from '../agreement-term.js';
import { FactMissing } from '../facts.js';
import { links } from '../links.js';
import { defineRule } from '../rule.js';

/** O-02: access comes from the closed network alone, so its ranges are on file. How many, never which (O-16). */
export const closedNetwork = defineRule({
  name: 'closed-network',
  clause: 'O-02',
  title: 'Jaringan tertutup',
  needs: ['register'],
  assess({ institutionId, register }, now) {
    const present = inForceOn(register.agreements, dayOf(now));
    if (present.length === 0) return [{ state: 'NOT_APPLICABLE', facts: [['Perjanjian', 'Tidak ada yang berlaku']] }];
    const counts = present.map(({ networks }) => {
      if (networks === undefined) throw new FactMissing('the register does not say how many networks');
      return networks;
    });
    const evidence = [links.agreements(institutionId)];
    const facts = [['Rentang jaringan tercatat', String(counts.reduce((sum, one) => sum + one, 0))] as const];
    if (counts.every((count) => count > 0)) return [{ state: 'IN_ORDER', facts, evidence }];
    return [
      {
        state: 'OVERDUE',
        facts,
        evidence,
        nextStep:
          'Admin mencatat rentang jaringan tertutup kantor pada perjanjian; tanpa itu tidak ada komputer yang dapat memeriksa NIK.',
      },
    ];
  },
});
