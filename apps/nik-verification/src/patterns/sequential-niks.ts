import type { PatternRule } from './pattern.js';

/** Somebody may be trying NIKs one after the other. Marks are made when a look-up is admitted: an HMAC does not tell what is close. */
export const sequentialNiks: PatternRule = {
  name: 'SEQUENTIAL_NIKS',
  uses: ['serialDistance', 'sequenceMinutes'],
  explain: ({ serialDistance, sequenceMinutes }) =>
    `Pemeriksaan atas NIK yang nomor urutnya (empat angka terakhir) berselisih paling banyak ${serialDistance} dari NIK yang ` +
    `diperiksa operator yang sama paling lama ${sequenceMinutes} menit sebelumnya. Warga jarang datang berurutan menurut nomor NIK; ` +
    'tanyakan apakah NIK dicoba-coba tanpa pemohon. Anak kembar atau sekeluarga yang lahir pada hari yang sama adalah penjelasan yang wajar.',
  sql: `
    SELECT DISTINCT ON (verification_id) operator_id, verification_id AS look_up, at
    FROM verification.sequence_mark
    WHERE institution_id = $1 AND same_operator AND distance <= $4::int AND minutes_before <= $5::int
      AND at >= verification.jakarta_midnight($2) AND at < verification.jakarta_midnight($3::date + 1)`,
};
