import { dayOf } from '#paper';
import { links } from '../links.js';
import { isActive, isServing } from '../people.js';
import { defineRule, stateBy } from '../rule.js';

const soonDays = 14;

/** O-17: every operator signs the confidentiality statement before using the access. */
export const operatorNda = defineRule({
  name: 'operator-nda',
  clause: 'O-17',
  title: 'Pernyataan kerahasiaan (NDA) setiap operator',
  needs: ['people'],
  assess({ institutionId, people }, now) {
    const today = dayOf(now);
    const serving = people.filter((one) => isServing(one, now));
    if (serving.length === 0) return [{ state: 'NOT_APPLICABLE', facts: [['Operator', 'Belum ada']] }];
    const without = serving
      .filter(({ nda }) => nda === null)
      .sort((one, other) => (one.activeFrom < other.activeFrom ? -1 : 1));
    const active = serving.filter((one) => isActive(one, now));
    const facts = [
      ['Operator dan pejabat aktif', String(active.length)],
      ['Tanpa NDA', String(without.length)],
    ] as const;
    const evidence = [links.operators(institutionId)];
    const [first] = without;
    if (!first) return [{ state: 'IN_ORDER', facts: [...facts], evidence }];
    return [
      {
        // on the first day of service it is signed
        state: stateBy(today, first.activeFrom, soonDays),
        dueOn: first.activeFrom,
        facts: [...facts, ['User ID lokal', namesOf(without.map(({ userIdLokal }) => userIdLokal))]],
        evidence,
        nextStep: 'Operator menandatangani NDA di hadapan Camat, lalu admin mencatatnya; sampai itu aksesnya tertutup.',
      },
    ];
  },
});

const mostNames = 5;

const namesOf = (names: readonly string[]): string =>
  names.length <= mostNames
    ? names.join(', ')
    : `${names.slice(0, mostNames).join(', ')} dan ${names.length - mostNames} lainnya`;
