import { dayOf, dayText } from '#paper';
import { addDays, jakartaDay } from '#report';
import { links } from '../links.js';
import { defineRule, instanceOf, numberText, stateBy, worstOf } from '../rule.js';

const soonDays = 3;

/** O-07, O-08: what was accepted reaches the ministry; what it refused needs a person. */
export const balikanDelivery = defineRule({
  name: 'balikan-delivery',
  clause: 'O-08',
  title: 'Pengiriman data balikan',
  needs: ['undelivered'],
  assess({ undelivered: { records, more, overdueAfterDays } }, now) {
    const today = dayOf(now);
    const of = (state: string) => records.filter((record) => record.state === state).length;
    const dead = of('DEAD');
    const atLeast = more ? 'sedikitnya ' : '';
    const facts = [
      ['Ditolak', atLeast + numberText(dead)],
      ['Menunggu dikirim', atLeast + numberText(of('WAITING'))],
      ['Di media luring, belum diserahkan', atLeast + numberText(of('PACKED'))],
    ] as const;
    const evidence = [links.delivery()];
    const [oldest] = records.map(({ acceptedAt }) => jakartaDay(acceptedAt)).sort();
    if (oldest === undefined) return [{ state: 'IN_ORDER', facts: [...facts], evidence }];
    const dueOn = addDays(oldest, overdueAfterDays);
    const byTime = stateBy(today, dueOn, soonDays);
    // what is refused does not go by itself, however young it is
    const state = dead > 0 ? worstOf([byTime, 'DUE_SOON']) : byTime;
    return [
      {
        state,
        dueOn,
        facts: [...facts, ['Paling lama sejak', dayText(oldest)]],
        evidence,
        nextStep:
          dead > 0
            ? 'Admin memeriksa data balikan yang ditolak (gerbang data-balikan list --state DEAD), lalu mengirim ulang atau menyerahkannya dengan media luring.'
            : 'Admin memeriksa pengiriman (gerbang data-balikan delivery); bila layanan tetap terganggu, serahkan dengan media luring.',
        instance: instanceOf(state, today),
      },
    ];
  },
});
