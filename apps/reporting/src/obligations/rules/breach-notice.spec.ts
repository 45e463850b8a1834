import { expect, test } from '@jest/globals';
import { findingsOf, makeDuty } from '../facts-fixture.js';
import { breachNotice as rule } from './breach-notice.js';

const duty = makeDuty({ kind: 'BREACH_NOTICE' });

test.each([
  ['2026-03-04T02:00:00Z', 'IN_ORDER'],
  ['2026-03-04T02:00:01Z', 'DUE_SOON'],
  ['2026-03-05T02:00:01Z', 'OVERDUE'],
  ['2026-03-08T02:00:01Z', 'BREACHED'],
])('at %s: %s', (now, state) =>
  expect(findingsOf(rule, { duties: [duty, makeDuty()] }, new Date(now)).map((one) => one.state)).toEqual([state]),
);

test('its number is shown in the cockpit, and is no part of the next step, which goes into reminders', () => {
  const [finding] = findingsOf(
    rule,
    { duties: [makeDuty({ kind: 'BREACH_NOTICE', number: 'INSIDEN/7' })] },
    new Date('2026-03-04T02:00:00Z'),
  );
  expect(finding?.facts).toContainEqual(['Nomor', 'INSIDEN/7']);
  expect(finding?.nextStep).not.toContain('INSIDEN');
});
