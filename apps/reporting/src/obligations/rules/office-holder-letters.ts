import { dayOf, dayText } from '#paper';
import { addDays, jakartaDay } from '#report';
import { links } from '../links.js';
import { defineRule, stateBy } from '../rule.js';

/** The agreement says "is notified" and no day. */
export const letterDays = 14;

/** O-22: a change of office-holder is notified by letter. */
export const officeHolderLetters = defineRule({
  name: 'office-holder-letters',
  clause: 'O-22',
  title: 'Surat pemberitahuan pergantian pejabat',
  needs: ['register'],
  assess({ institutionId, register: { officeHolderChanges: changes } }, now) {
    const today = dayOf(now);
    const evidence = [links.events(institutionId)];
    const open = changes.filter(({ letterNumber }) => letterNumber === null);
    if (open.length === 0) {
      const facts = [['Pergantian yang sudah disurati', String(changes.length)] as const];
      return [{ state: changes.length === 0 ? 'NOT_APPLICABLE' : 'IN_ORDER', facts, evidence }];
    }
    return open.map(({ id, at }) => {
      const changedOn = jakartaDay(at);
      const dueOn = addDays(changedOn, letterDays);
      return {
        state: stateBy(today, dueOn, letterDays),
        dueOn,
        facts: [['Pergantian tercatat', dayText(changedOn)] as const, ['Surat', 'Belum ada nomor'] as const],
        evidence,
        nextStep:
          'Admin membuat surat pemberitahuan (gerbang letter draft), lalu Camat menandatangani dan mengirimnya ke Disdukcapil.',
        instance: id,
      };
    });
  },
});
