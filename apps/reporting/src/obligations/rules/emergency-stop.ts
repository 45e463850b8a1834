import { timeText } from '#paper';
import { links } from '../links.js';
import { defineRule } from '../rule.js';

/** O-19: access that was stopped at once stays so until somebody lifts it. */
export const emergencyStop = defineRule({
  name: 'emergency-stop',
  clause: 'O-19',
  title: 'Penghentian darurat akses',
  needs: ['register'],
  assess({ institutionId, register: { stops } }, now) {
    const evidence = [links.events(institutionId)];
    const inForce = stops.find(
      ({ stoppedAt, liftedAt }) =>
        Date.parse(stoppedAt) <= now.getTime() && (liftedAt === null || Date.parse(liftedAt) > now.getTime()),
    );
    if (!inForce) return [{ state: 'IN_ORDER', facts: [['Penghentian', 'Tidak ada']], evidence }];
    return [
      {
        state: 'OVERDUE',
        facts: [['Dihentikan sejak', timeText(new Date(inForce.stoppedAt))]],
        evidence,
        nextStep:
          'Camat dan Disdukcapil memastikan penyebabnya ditangani, lalu penghentian dicabut (gerbang institution lift-stop).',
        instance: inForce.stoppedAt,
      },
    ];
  },
});
