import { businessServices } from '#contracts';
import { askedInPeriod, type PatternRule } from './pattern.js';

const services = businessServices.map((service) => `'${service}'`).join(', ');

/** One person again and again, and nothing came of it. Counted are the look-ups of such a person beyond the first. */
export const repeatedWithoutService: PatternRule = {
  name: 'REPEATED_WITHOUT_SERVICE',
  uses: ['repeats', 'repeatDays'],
  explain: ({ repeats, repeatDays }) =>
    `Orang yang sama diperiksa paling sedikit ${repeats} kali dalam ${repeatDays} hari, tanpa satu pun pemeriksaan untuk layanan usaha ` +
    '(SKU, NIB) yang menemukan datanya dalam masa ini. Yang dihitung adalah pemeriksaan atas orang itu sesudah yang pertama. ' +
    'Satu pelayanan biasanya cukup dengan satu pemeriksaan; tanyakan keperluan setiap pemeriksaan. Orang yang sama dikenali ' +
    'tanpa membuka NIK-nya.',
  sql: `
    WITH asked AS (
      SELECT verification_id, operator_id, at, nik_hmac, service,
        row_number() OVER (PARTITION BY nik_hmac ORDER BY at, verification_id) AS place,
        lag(at, $4::int - 1) OVER (PARTITION BY nik_hmac ORDER BY at, verification_id) AS begun
      FROM (${askedInPeriod}) AS asked WHERE nik_hmac IS NOT NULL
    ), person AS (
      SELECT nik_hmac FROM asked GROUP BY nik_hmac
      HAVING bool_or(at - begun < $5::int * interval '1 day')
    ), served AS (
      SELECT DISTINCT nik_hmac FROM asked JOIN person USING (nik_hmac)
      CROSS JOIN LATERAL (SELECT kind, hit_state, outcome FROM verification.access_event
        WHERE verification_id = asked.verification_id OFFSET 0) AS answered
      WHERE asked.service IN (${services})
        AND answered.kind = 'ANSWERED' AND answered.hit_state = 'confirmed' AND answered.outcome = 'FOUND'
    )
    SELECT operator_id, verification_id AS look_up, at
    FROM asked JOIN person USING (nik_hmac) LEFT JOIN served USING (nik_hmac)
    WHERE place > 1 AND served.nik_hmac IS NULL`,
};
