import type pg from 'pg';

export const semester = { from: '2026-01-01', until: '2026-06-30' };
const semesterDays = 181;

/** Look-ups of one statement. */
const batch = 100_000;

/** Nothing that is counted here reads them; written one by one they would be most of the time. */
const unused = ['trail', 'receipt', 'business', 'asked'].map((name) => `verification.access_event_${name}`);
const tables = ['access_event', 'reported_event', 'opened_event', 'log_leaf'].map((name) => `verification.${name}`);

/** Before the first events: tables that are filled fast, and indexes that are made afterwards. */
export async function prepareTables(admin: pg.Client): Promise<void> {
  await admin.query(`DROP INDEX ${unused.join(', ')}`);
  for (const table of tables) await admin.query(`ALTER TABLE ${table} SET UNLOGGED`);
}

/**
 * A log of `events` events of one office, all of one semester: 20 operators, 8 services, 3 applications, two modes; of a hundred
 * look-ups two are refused, one was given up and confirmed all the same, one is pending, two never left. Every tenth begins with a card
 * that was read; of the third that a data balikan is owed for, four of five are delivered, and one in eight is of the case of the one
 * before. Past triggers and sequencer: the hashes of the leaves are none. Returns the id of the log.
 */
export async function writeSemester(admin: pg.Client, institutionId: string, events: number): Promise<number> {
  await admin.query("SET session_replication_role = 'replica'");
  await setKeys(admin, false);
  const origin = `bench/${institutionId}/1`;
  const { rows } = await admin.query<{ id: number }>(
    'INSERT INTO verification.log (institution_id, generation, origin, opened_at) VALUES ($1, 1, $2, now()) RETURNING id',
    [institutionId, origin],
  );
  const logId = rows[0]!.id;
  for (let from = 0, size = 0; size < events; from += batch) {
    const values = [institutionId, logId, from, batch, events, size, events - size];
    const { rows } = await admin.query<{ leaves: number }>(insertion, values);
    size += rows[0]?.leaves ?? 0;
  }
  await setKeys(admin, true);
  await admin.query(
    "INSERT INTO verification.log_checkpoint (log_id, size, signed_at, root, note) VALUES ($1, $2, '2026-07-01', sha256(''), '')",
    [logId, events],
  );
  await admin.query('INSERT INTO verification.opened_until (log_id, index) VALUES ($1, $2)', [logId, events]);
  for (const table of tables) await admin.query(`VACUUM (ANALYZE) ${table}`);
  await admin.query('CHECKPOINT');
  return logId;
}

async function setKeys(admin: pg.Client, wanted: boolean): Promise<void> {
  const statements = wanted
    ? [
        'ALTER TABLE verification.access_event ADD PRIMARY KEY (verification_id, id)',
        'ALTER TABLE verification.log_leaf ADD PRIMARY KEY (log_id, index)',
        'CREATE UNIQUE INDEX log_leaf_event ON verification.log_leaf (event_id, verification_id) NULLS NOT DISTINCT',
        `CREATE INDEX access_event_person ON verification.access_event (institution_id, nik_hmac, reference_hmac)
           WHERE kind = 'REQUESTED' AND nik_hmac IS NOT NULL`,
      ]
    : [
        'ALTER TABLE verification.access_event DROP CONSTRAINT access_event_pkey',
        'ALTER TABLE verification.log_leaf DROP CONSTRAINT log_leaf_pkey',
        'DROP INDEX verification.log_leaf_event',
        'DROP INDEX verification.access_event_person',
      ];
  for (const statement of statements) await admin.query(statement);
}

/** Look-ups $3 to $3 + $4 - 1 of about $5 / 2; leaves from $6 on, at most $7. */
const insertion = `
  WITH look_up AS MATERIALIZED (
    SELECT n, id, at, operator, (hashint8extended(n, 1) & 1023)::int AS luck, n - (n % 8 = 7)::int AS of_case,
      (ARRAY['SKTM', 'SKU', 'SURAT_PINDAH', 'SKTM', 'NIB', 'DISPENSASI_NIKAH', 'SKU', 'AHLI_WARIS', 'SKTM', 'LEGALISASI', 'SKU', 'IZIN_KERAMAIAN']
      )[1 + abs(hashint8(n + 7)) % 12] AS service,
      CASE WHEN abs(hashint8(n + 11)) % 20 < 3 THEN 'MATCH' ELSE 'LOOKUP' END AS mode
    FROM generate_series($3::bigint, $3::bigint + $4 - 1) AS n
    CROSS JOIN LATERAL (SELECT timestamptz '2026-01-01 07:00+07'
      + floor(n * 2.0 / $5 * ${semesterDays}) % ${semesterDays} * interval '1 day'
      + (n * 2.0 / $5 * ${semesterDays}) % 1 * interval '10 hours' AS at) AS clock
    CROSS JOIN LATERAL (SELECT uuidv7(at - clock_timestamp()) AS id, abs(hashint8(n + 3)) % 20 AS operator) AS made
  ), event AS MATERIALIZED (
    SELECT $6::bigint + row_number() OVER (ORDER BY n, turn) - 1 AS index, uuidv7(at + after - clock_timestamp()) AS event_id,
      look_up.*, kind, hit, outcome, after
    FROM look_up
    CROSS JOIN LATERAL (VALUES
      (0, 'READER_READ', interval '-1 second', NULL, CASE WHEN luck % 7 = 0 THEN 'NOT_MATCHED' ELSE 'MATCHED' END, n % 10 = 0),
      (1, 'REQUESTED', interval '0', 'reserved', NULL, luck >= 20),
      (1, 'REFUSED', interval '0', NULL, CASE WHEN luck < 10 THEN 'QUOTA_EXHAUSTED' ELSE 'NDA_MISSING' END, luck < 20),
      (2, 'ANSWERED', interval '40 milliseconds', 'unknown', 'UPSTREAM_TIMEOUT', luck BETWEEN 20 AND 29),
      (3, 'ANSWERED', interval '50 milliseconds',
        CASE WHEN luck BETWEEN 40 AND 59 THEN 'released' ELSE 'confirmed' END,
        CASE WHEN luck BETWEEN 40 AND 59 THEN 'UPSTREAM_UNAVAILABLE' WHEN luck < 900 THEN 'FOUND' WHEN luck < 980 THEN 'NOT_FOUND'
          WHEN luck < 1000 THEN 'DECEASED' ELSE 'INACTIVE' END, luck BETWEEN 20 AND 29 OR luck >= 40),
      (4, 'DATA_BALIKAN', interval '2 seconds', NULL, CASE WHEN luck % 50 = 0 THEN 'ALREADY_SENT' ELSE 'SUCCESS' END,
        service IN ('SKU', 'NIB') AND luck BETWEEN 60 AND 899 AND luck % 5 > 0)
    ) AS turns (turn, kind, after, hit, outcome, happens)
    WHERE happens ORDER BY n, turn LIMIT $7
  ), leaves AS (
    INSERT INTO verification.log_leaf (log_id, index, event_id, verification_id, leaf_hash)
    SELECT $2, index, event_id, CASE WHEN kind NOT IN ('READER_READ', 'DATA_BALIKAN') THEN id END, sha256(int8send(index))
    FROM event ORDER BY index
  ), told AS (
    INSERT INTO verification.reported_event (id, at, logged_at, type, institution_id, act, subject, content_hash)
    SELECT event_id, at + after, at + after, kind, $1,
      CASE kind WHEN 'READER_READ' THEN 'reader.read' ELSE 'data-balikan.delivered' END,
      CASE kind WHEN 'READER_READ' THEN md5('alat ' || operator)::uuid ELSE md5('data balikan ' || n)::uuid END, sha256('')
    FROM event WHERE kind IN ('READER_READ', 'DATA_BALIKAN') ORDER BY index
  ), opened AS (
    INSERT INTO verification.opened_event (log_id, index, event_id, institution_id, type, act, subject, day, outcome, tries, service,
      receipt, verification_id)
    SELECT $2, index, event_id, $1, kind,
      CASE kind WHEN 'READER_READ' THEN 'reader.read' ELSE 'data-balikan.delivered' END,
      CASE kind WHEN 'READER_READ' THEN md5('alat ' || operator)::uuid ELSE md5('data balikan ' || n)::uuid END,
      verification.jakarta_day(at + after), CASE kind WHEN 'READER_READ' THEN outcome END,
      CASE kind WHEN 'READER_READ' THEN luck % 4 END, CASE kind WHEN 'READER_READ' THEN service END,
      CASE kind WHEN 'DATA_BALIKAN' THEN outcome END, id
    FROM event WHERE kind IN ('READER_READ', 'DATA_BALIKAN') ORDER BY index
  ), asked AS (
    INSERT INTO verification.access_event (id, at, kind, verification_id, institution_id, agreement_version_id, client_id, operator_id,
      service, case_reference, reference_hmac, mode, fields, nik_hmac, hit_state, outcome, latency_ms)
    SELECT event_id, at + after, kind, id, $1::uuid, md5($1::uuid::text || 'version')::uuid, 'aplikasi-' || operator % 3,
      md5($1::uuid::text || operator)::uuid, service, '500/' || of_case || '/2026', sha256(int8send(of_case)), mode,
      '{nik,namaLengkap,alamat}', CASE WHEN kind <> 'REFUSED' THEN sha256(int8send(of_case % 40000)) END, hit, outcome,
      CASE WHEN kind = 'ANSWERED' THEN 40 END
    FROM event WHERE kind NOT IN ('READER_READ', 'DATA_BALIKAN') ORDER BY index
  )
  SELECT count(*)::int AS leaves FROM event`;
