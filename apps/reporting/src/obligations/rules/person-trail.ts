import { dutyFindings } from '../duty-clock.js';
import { defineRule } from '../rule.js';

/** O-24 (UU 27/2022 art. 32): who asks for the trail of look-ups gets it within 3x24 hours. */
export const personTrail = defineRule({
  name: 'person-trail',
  clause: 'O-24',
  title: 'Permintaan jejak pemeriksaan oleh warga (3x24 jam)',
  needs: ['duties'],
  assess: ({ duties }, now) =>
    dutyFindings(
      duties,
      'PERSON_TRAIL',
      now,
      'Admin mencetak jejak pemeriksaan (gerbang person-trail print), menyerahkannya kepada pemohon, lalu mencatat surat jawabannya (gerbang duty done).',
    ),
});
