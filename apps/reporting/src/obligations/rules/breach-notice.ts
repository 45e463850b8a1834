import { dutyFindings } from '../duty-clock.js';
import { defineRule } from '../rule.js';

/** O-24 (UU 27/2022 art. 46): a failure of protection is notified within 3x24 hours. */
export const breachNotice = defineRule({
  name: 'breach-notice',
  clause: 'O-24',
  title: 'Pemberitahuan kegagalan pelindungan data (3x24 jam)',
  needs: ['duties'],
  assess: ({ duties }, now) =>
    dutyFindings(
      duties,
      'BREACH_NOTICE',
      now,
      'Camat menandatangani surat pemberitahuan (gerbang letter draft) dan mengirimkannya, lalu admin mencatat nomor suratnya.',
    ),
});
