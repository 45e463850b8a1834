import { dayOf, dayText } from '#paper';
import { lastDay } from '../agreement-term.js';
import { links } from '../links.js';
import { defineRule, stateBy, worstOf } from '../rule.js';

const soonDays = 30;
const open = new Set(['PERSONALISED', 'ACTIVE', 'RETURNED']);

/** O-13: a SAM is used under an agreement in force only; with its end the configuration file goes back and the SAM is deactivated. */
export const samValidity = defineRule({
  name: 'sam-validity',
  clause: 'O-13',
  title: 'Masa pakai SAM dan pengembalian berkas konfigurasi',
  needs: ['register'],
  assess({ institutionId, register: { agreements, sams } }, now) {
    const today = dayOf(now);
    const evidence = [links.sams(institutionId)];
    if (sams.length === 0) return [{ state: 'NOT_APPLICABLE', facts: [['SAM', 'Belum ada']] }];
    const held = sams
      .filter(({ state }) => open.has(state))
      .map((sam) => {
        const agreement = agreements.find(({ id }) => id === sam.agreementId);
        // an agreement that is not on file any more is over
        return { ...sam, dueOn: (agreement && lastDay(agreement, today)) ?? '1970-01-01' };
      })
      .sort((one, other) => (one.dueOn < other.dueOn ? -1 : 1));
    const count = (state: string) => String(held.filter((sam) => sam.state === state).length);
    const facts = [
      ['SAM aktif', count('ACTIVE')],
      ['Dipersonalisasi, belum aktif', count('PERSONALISED')],
      ['Berkas konfigurasi dikembalikan, belum dinonaktifkan', count('RETURNED')],
    ] as const;
    const [first] = held;
    if (!first) return [{ state: 'IN_ORDER', facts: [...facts], evidence }];
    const { dueOn } = first;
    const state = worstOf(held.map((sam) => stateBy(today, sam.dueOn, soonDays)));
    return [
      {
        state,
        dueOn,
        facts: [...facts, ['Perjanjian berlaku sampai', dayText(dueOn)]],
        evidence,
        ...(state === 'IN_ORDER'
          ? {}
          : {
              nextStep:
                'Admin mengembalikan berkas konfigurasi SAM ke Disdukcapil dengan surat pengantar, lalu mencatat penonaktifannya, kecuali perjanjian diperpanjang.',
            }),
      },
    ];
  },
});
