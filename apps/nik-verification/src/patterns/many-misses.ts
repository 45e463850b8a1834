import { askedInPeriod, type PatternRule } from './pattern.js';

/** Days on which an operator missed unusually often: typing blindly, or guessing. Counted are the days. */
export const manyMisses: PatternRule = {
  name: 'MANY_MISSES',
  uses: ['missesPerDay', 'missShare'],
  explain: ({ missesPerDay, missShare }) =>
    `Hari kerja seorang operator dengan paling sedikit ${missesPerDay} pemeriksaan yang hasilnya tidak ditemukan atau tidak dapat ` +
    `diproses, dan itu paling sedikit ${missShare}% dari pemeriksaannya pada hari itu. Yang dihitung adalah harinya. Pemohon yang datang ` +
    'membawa KTP-el hampir selalu ditemukan; tanyakan dari mana NIK yang diperiksa pada hari itu. Contoh yang disebut adalah ' +
    'pemeriksaan pertama yang meleset pada tiap hari tersebut.',
  sql: `
    WITH asked AS (${askedInPeriod}), ended AS (
      SELECT asked.operator_id, asked.verification_id, asked.at, verification.jakarta_day(asked.at) AS day,
        EXISTS (
          SELECT 1 FROM (SELECT * FROM verification.access_event WHERE verification_id = asked.verification_id OFFSET 0) AS answered
          WHERE answered.kind = 'ANSWERED' AND answered.hit_state = 'confirmed'
            AND answered.outcome IN ('NOT_FOUND', 'UNPROCESSABLE')
        ) AS missed
      FROM asked
    )
    SELECT operator_id, (array_agg(verification_id ORDER BY at, verification_id) FILTER (WHERE missed))[1] AS look_up,
      min(at) FILTER (WHERE missed) AS at
    FROM ended GROUP BY operator_id, day
    HAVING count(*) FILTER (WHERE missed) >= $4::int AND count(*) FILTER (WHERE missed) * 100 >= count(*) * $5::int`,
};
