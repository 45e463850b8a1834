import { askedInPeriod, type PatternRule } from './pattern.js';

/** Look-ups when no counter is open. `opensAt` is within the hours, `closesAt` is not. */
export const outOfHours: PatternRule = {
  name: 'OUT_OF_HOURS',
  uses: ['opensAt', 'closesAt'],
  explain: ({ opensAt, closesAt }) =>
    `Pemeriksaan sebelum pukul ${opensAt}, mulai pukul ${closesAt}, atau pada hari Sabtu dan Minggu (WIB). Loket tidak melayani pada ` +
    'waktu itu; tanyakan pelayanan apa yang berlangsung. Pelayanan keliling dan lembur adalah penjelasan yang wajar. Hari libur ' +
    'nasional tidak diperhitungkan.',
  sql: `
    SELECT operator_id, verification_id AS look_up, at
    FROM (${askedInPeriod}) AS asked
    CROSS JOIN LATERAL (SELECT at AT TIME ZONE 'Asia/Jakarta' AS local) AS clock
    WHERE local::time < $4::time OR local::time >= $5::time OR extract(isodow FROM local) IN (6, 7)`,
};
