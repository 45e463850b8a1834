import { dayOf } from '#paper';
import { addDays, jakartaDay } from '#report';
import { links } from '../links.js';
import { defineRule, instanceOf, numberText, stateBy } from '../rule.js';

const soonDays = 3;

/** O-07: after a look-up for a business a data balikan is owed, within the days of the destination. */
export const balikanCoverage = defineRule({
  name: 'balikan-coverage',
  clause: 'O-07',
  title: 'Data balikan untuk setiap pemeriksaan usaha',
  needs: ['coverage'],
  assess({ coverage }, now) {
    const today = dayOf(now);
    const { total, overdueAfterDays, months, open } = coverage;
    const facts = [
      ['Pemeriksaan layanan usaha', numberText(total.lookUps)],
      ['Sudah terkirim', numberText(total.sent)],
      ['Diterima, belum terkirim', numberText(total.accepted)],
      ['Belum dibuat, masih dalam waktu', numberText(total.owed)],
      ['Belum dibuat, lewat waktu', numberText(total.overdue)],
      ['Batas waktu', `${overdueAfterDays} hari setelah pemeriksaan`],
    ] as const;
    const span = { from: months[0]?.month ?? today.slice(0, 7), to: months.at(-1)?.month ?? today.slice(0, 7) };
    const evidence = [links.coverage(span.from, span.to)];
    const [oldest] = open;
    if (!oldest) return [{ state: 'IN_ORDER', facts: [...facts], evidence }];
    const dueOn = addDays(jakartaDay(oldest.at), overdueAfterDays);
    const state = stateBy(today, dueOn, soonDays);
    return [
      {
        state,
        dueOn,
        facts: [...facts],
        evidence,
        nextStep:
          'Operator mengisi data balikan yang belum dibuat (gerbang data-balikan send atau upload), mulai dari yang paling lama.',
        // the oldest changes with each that is done: not one reminder for each record
        instance: instanceOf(state, today),
      },
    ];
  },
});
