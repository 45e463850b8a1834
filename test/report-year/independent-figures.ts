import type { ReportFigures } from '#contracts';
import type { RunningStack } from '../support/running-stack.js';

/**
 * The figures of docs/report-format.md a second time: by SQL over the raw rows of all schemas, as nobody but a test may read them, and
 * without a line of the program that makes reports. Text is in the order of its bytes (C), which is that of UTF-16 for what is here.
 */
const counted = `
  WITH leaf AS (
    SELECT leaf.* FROM verification.log_leaf AS leaf JOIN verification.log ON log.id = leaf.log_id
    WHERE log.institution_id = $1 AND leaf.index < $4
  ), event AS (
    SELECT event.*, (event.at AT TIME ZONE 'Asia/Jakarta')::date AS day, leaf.index
    FROM leaf JOIN verification.access_event AS event ON event.id = leaf.event_id AND event.verification_id = leaf.verification_id
  ), ending AS (
    SELECT DISTINCT ON (verification_id) verification_id, hit_state, outcome
    FROM event WHERE kind = 'ANSWERED' ORDER BY verification_id, index DESC
  ), look_up AS (
    SELECT asked.*, ending.hit_state AS hit, ending.outcome AS ended,
      (ending.hit_state IS DISTINCT FROM 'released')::int AS is_hit
    FROM event AS asked LEFT JOIN ending USING (verification_id)
    WHERE asked.kind = 'REQUESTED' AND day BETWEEN $2 AND $3
  ), refusal AS (
    SELECT * FROM event WHERE kind = 'REFUSED' AND day BETWEEN $2 AND $3
  ), reported AS (
    SELECT event.*, (event.at AT TIME ZONE 'Asia/Jakarta')::date AS day, leaf.index
    FROM leaf JOIN verification.reported_event AS event ON event.id = leaf.event_id AND leaf.verification_id IS NULL
  ), month AS (
    SELECT to_char(first, 'YYYY-MM') AS month, first::date, (first + interval '1 month' - interval '1 day')::date AS last
    FROM generate_series(date_trunc('month', $2::date), $3::date, interval '1 month') AS first
  ), read AS (
    SELECT reported.id, subject, read.service, read.outcome, read.tries, read.verification_id
    FROM reported JOIN access.reader_read AS read USING (id) WHERE day BETWEEN $2 AND $3
  ), offline AS (
    SELECT reported.id, subject, offline.outcome, offline.tries
    FROM reported JOIN access.reader_offline AS offline USING (id) WHERE day BETWEEN $2 AND $3
  ), delivered AS (
    SELECT day, record.receipt, record.verification_id, record.id
    FROM reported JOIN balikan.record ON record.id::text = subject WHERE act = 'data-balikan.delivered'
  ), undelivered AS (
    SELECT record.* FROM balikan.record WHERE institution_id = $1 AND accepted_at <= $5
      AND NOT EXISTS (SELECT FROM delivered WHERE delivered.id = record.id)
  ), covered AS (
    SELECT look_up.day, look_up.verification_id, CASE
      WHEN EXISTS (SELECT FROM delivered JOIN event AS other USING (verification_id) WHERE other.kind = 'REQUESTED'
        AND (other.verification_id = look_up.verification_id
          OR (other.nik_hmac, other.reference_hmac) = (look_up.nik_hmac, look_up.reference_hmac))) THEN 'sent'
      WHEN EXISTS (SELECT FROM undelivered JOIN event AS other USING (verification_id) WHERE other.kind = 'REQUESTED'
        AND (other.verification_id = look_up.verification_id
          OR (other.nik_hmac, other.reference_hmac) = (look_up.nik_hmac, look_up.reference_hmac))) THEN 'accepted'
      WHEN ($5::timestamptz AT TIME ZONE 'Asia/Jakarta')::date - look_up.day > 14 THEN 'overdue' ELSE 'owed' END AS standing
    FROM look_up WHERE service IN ('SKU', 'NIB') AND hit = 'confirmed' AND ended = 'FOUND'
  ), granted AS (
    SELECT day::date, version.daily_quota AS daily
    FROM generate_series($2::date, least($3::date, ($5::timestamptz AT TIME ZONE 'Asia/Jakarta')::date), interval '1 day') AS day
    CROSS JOIN LATERAL (SELECT version.* FROM access.agreement_version AS version JOIN access.agreement ON agreement.id = agreement_id
      WHERE institution_id = $1 AND effective_from <= day ORDER BY version DESC LIMIT 1) AS version
    WHERE day BETWEEN version.valid_from AND version.valid_until
  ), day AS (
    SELECT granted.day, daily, coalesce(sum(is_hit), 0)::int AS hits FROM granted LEFT JOIN look_up USING (day) GROUP BY 1, 2
  )`;

const listOf = (columns: string, from: string, order: string) =>
  `coalesce((SELECT json_agg(json_build_object(${columns}) ORDER BY ${order}) FROM ${from}), '[]')`;

const counts = (over: string, refused: string) => `
  'requests', (SELECT count(*) FROM look_up ${over}), 'hits', (SELECT coalesce(sum(is_hit), 0) FROM look_up ${over}),
  'confirmed', (SELECT count(*) FROM look_up ${over} AND hit = 'confirmed'),
  'unknown', (SELECT count(*) FROM look_up ${over} AND hit = 'unknown'),
  'released', (SELECT count(*) FROM look_up ${over} AND hit = 'released'),
  'pending', (SELECT count(*) FROM look_up ${over} AND hit IS NULL),
  'refused', (SELECT count(*) FROM refusal ${refused})`;

const inMonth = 'WHERE day BETWEEN month.first AND month.last';

const lookUps = `json_build_object(
  'total', json_build_object(${counts('WHERE true', 'WHERE true')}),
  'months', ${listOf(
    `'month', month, ${counts(inMonth, inMonth)}, 'peak', (
      SELECT json_build_object('day', day, 'hits', sum(is_hit)) FROM look_up ${inMonth} GROUP BY day HAVING sum(is_hit) > 0
      ORDER BY sum(is_hit) DESC, day LIMIT 1)`,
    'month',
    'month',
  )},
  'days', ${listOf(
    `'day', day, 'hits', hits, 'refusedByQuota', refused`,
    `(SELECT day, sum(hits) AS hits, sum(refused) AS refused FROM (
        SELECT day, is_hit AS hits, 0 AS refused FROM look_up
        UNION ALL SELECT day, 0, (outcome = 'QUOTA_EXHAUSTED')::int FROM refusal) AS both_of GROUP BY day) AS per_day WHERE hits + refused > 0`,
    'day',
  )},
  'byMode', ${listOf(`'mode', mode, 'hits', hits`, '(SELECT mode, sum(is_hit) AS hits FROM look_up GROUP BY 1) AS x WHERE hits > 0', 'mode COLLATE "C"')},
  'byService', ${listOf(
    `'service', service, 'hits', hits, 'refused', refused`,
    `(SELECT service, sum(hits) AS hits, sum(refused) AS refused FROM (
        SELECT service, is_hit AS hits, 0 AS refused FROM look_up UNION ALL SELECT service, 0, 1 FROM refusal) AS b GROUP BY 1) AS x
     WHERE hits + refused > 0`,
    'service COLLATE "C"',
  )},
  'byOutcome', ${listOf(`'outcome', ended, 'count', n`, '(SELECT ended, count(*) AS n FROM look_up WHERE hit IS NOT NULL GROUP BY 1) AS x', 'ended COLLATE "C"')},
  'byOperator', ${listOf(
    `'operatorId', operator_id, 'hits', hits, 'found', found, 'refused', refused`,
    `(SELECT operator_id::text, sum(hits) AS hits, sum(found) AS found, sum(refused) AS refused FROM (
        SELECT operator_id, is_hit AS hits, (is_hit = 1 AND ended = 'FOUND')::int AS found, 0 AS refused FROM look_up
        UNION ALL SELECT operator_id, 0, 0, 1 FROM refusal) AS b GROUP BY 1) AS x WHERE hits + refused > 0`,
    'operator_id COLLATE "C" NULLS LAST',
  )},
  'byClient', ${listOf(`'clientId', client_id, 'hits', hits`, '(SELECT client_id, sum(is_hit) AS hits FROM look_up GROUP BY 1) AS x WHERE hits > 0', 'client_id COLLATE "C"')},
  'refusals', ${listOf(`'code', outcome, 'count', n`, '(SELECT outcome, count(*) AS n FROM refusal GROUP BY 1) AS x', 'outcome COLLATE "C"')})`;

const quota = `json_build_object(
  'days', (SELECT count(*) FROM day), 'granted', (SELECT coalesce(sum(daily), 0) FROM day),
  'used', (SELECT coalesce(sum(hits), 0) FROM day),
  'peak', (SELECT json_build_object('day', day, 'hits', hits, 'limit', daily) FROM day WHERE hits > 0 ORDER BY hits DESC, day LIMIT 1),
  'p95', coalesce((SELECT percentile_disc(0.95) WITHIN GROUP (ORDER BY hits) FROM day), 0),
  'exhaustedDays', (SELECT count(DISTINCT day) FROM refusal WHERE outcome = 'QUOTA_EXHAUSTED'),
  'refused', (SELECT count(*) FROM refusal WHERE outcome = 'QUOTA_EXHAUSTED'))`;

const readers = `json_build_object(
  'reads', (SELECT count(*) FROM read), 'offline', (SELECT count(*) FROM offline),
  'withLookUp', (SELECT count(*) FROM read WHERE verification_id IS NOT NULL),
  'byOutcome', ${listOf(`'outcome', outcome, 'count', n`, '(SELECT outcome, count(*) AS n FROM (SELECT outcome FROM read UNION ALL SELECT outcome FROM offline) AS b GROUP BY 1) AS x', 'outcome COLLATE "C"')},
  'byTries', ${listOf(
    `'tries', tries, 'count', n`,
    `(SELECT tries, count(*) AS n FROM (SELECT outcome, tries FROM read UNION ALL SELECT outcome, tries FROM offline) AS b
      WHERE outcome IN ('MATCHED', 'NOT_MATCHED') GROUP BY 1) AS x`,
    'tries',
  )},
  'byService', ${listOf(`'service', service, 'reads', n`, '(SELECT service, count(*) AS n FROM read GROUP BY 1) AS x', 'service COLLATE "C"')},
  'byReader', ${listOf(
    `'readerId', subject, 'reads', reads, 'matched', matched, 'withLookUp', asked, 'offline', offline`,
    `(SELECT subject, sum(r) AS reads, sum(m) AS matched, sum(l) AS asked, sum(o) AS offline FROM (
        SELECT subject, 1 AS r, (outcome = 'MATCHED')::int AS m, (verification_id IS NOT NULL)::int AS l, 0 AS o FROM read
        UNION ALL SELECT subject, 0, 0, 0, 1 FROM offline) AS b GROUP BY 1) AS x`,
    'subject COLLATE "C"',
  )})`;

const standings = (over: string) => `
  'lookUps', (SELECT count(*) FROM covered ${over}), 'sent', (SELECT count(*) FROM covered ${over} AND standing = 'sent'),
  'accepted', (SELECT count(*) FROM covered ${over} AND standing = 'accepted'),
  'owed', (SELECT count(*) FROM covered ${over} AND standing = 'owed'),
  'overdue', (SELECT count(*) FROM covered ${over} AND standing = 'overdue')`;

const dataBalikan = `json_build_object(
  'delivered', (SELECT count(*) FROM delivered WHERE day BETWEEN $2 AND $3),
  'byMethod', ${listOf(
    `'method', CASE receipt WHEN 'MEDIA' THEN 'MEDIA' ELSE 'WEB_SERVICE' END, 'receipt', receipt, 'count', n`,
    '(SELECT receipt, count(*) AS n FROM delivered WHERE day BETWEEN $2 AND $3 GROUP BY 1) AS x',
    `CASE receipt WHEN 'MEDIA' THEN 'MEDIA' ELSE 'WEB_SERVICE' END COLLATE "C", receipt COLLATE "C"`,
  )},
  'months', ${listOf(`'month', month, 'delivered', (SELECT count(*) FROM delivered ${inMonth} AND day BETWEEN $2 AND $3)`, 'month', 'month')},
  'undelivered', json_build_object('waiting', (SELECT count(*) FROM undelivered WHERE state IN ('WAITING', 'DELIVERED')),
    'packed', (SELECT count(*) FROM undelivered WHERE state = 'PACKED'), 'refused', (SELECT count(*) FROM undelivered WHERE state = 'DEAD')),
  'coverage', json_build_object('overdueAfterDays', 14, 'total', json_build_object(${standings('WHERE true')}),
    'months', ${listOf(`'month', month, ${standings(inMonth)}`, 'month', 'month')}))`;

/** Times that the way was not ready: from a leaf to the next one, cut to the period and to the checkpoint's time. */
const incidents = `(SELECT json_agg(json_build_object('kind', kind, 'count', (
    SELECT count(*) FROM spell WHERE spell.act = kinds.act AND (began AT TIME ZONE 'Asia/Jakarta')::date BETWEEN $2 AND $3),
    'minutes', CASE WHEN lasts THEN (SELECT coalesce(floor(sum(extract(epoch FROM
      least(ended, $5::timestamptz, ($3::date + 1)::timestamp AT TIME ZONE 'Asia/Jakarta')
      - greatest(began, $2::date::timestamp AT TIME ZONE 'Asia/Jakarta'))) / 60), 0)::int FROM spell
      WHERE spell.act = kinds.act AND began < least($5::timestamptz, ($3::date + 1)::timestamp AT TIME ZONE 'Asia/Jakarta')
        AND ended > $2::date::timestamp AT TIME ZONE 'Asia/Jakarta') END) ORDER BY place)
  FROM (VALUES (1, 'BREAKER_OPEN', 'upstream.open', true), (2, 'ACCESS_BROKEN', 'upstream.access-broken', true),
    (3, 'QUOTA_USED_UP', 'upstream.quota-used-up', false), (4, 'OUTSIDE_HOURS', 'upstream.outside-hours', false)) AS kinds (place, kind, act, lasts))`;

const spells = `, turn AS (
    SELECT act, at, lag(act) OVER (ORDER BY index) AS before FROM reported WHERE type = 'UPSTREAM'
  ), spell AS (
    SELECT act, at AS began, coalesce(lead(at) OVER (ORDER BY at), 'infinity') AS ended FROM turn WHERE act IS DISTINCT FROM before
  )`;

export interface Asked {
  institutionId: string;
  from: string;
  until: string;
  /** Of the checkpoint: its leaves, and its time. */
  size: number;
  at: string;
}

/** All that is counted; what the register declares is compared with the rows by the test itself. */
export async function independentFigures(
  stack: RunningStack,
  { institutionId, from, until, size, at }: Asked,
): Promise<Omit<ReportFigures, 'register'>> {
  const [row] = await stack.sql<{ figures: Omit<ReportFigures, 'register'> }>(
    `${counted}${spells} SELECT json_build_object('lookUps', ${lookUps}, 'quota', ${quota}, 'readers', ${readers},
       'dataBalikan', ${dataBalikan}, 'incidents', ${incidents}) AS figures`,
    [institutionId, from, until, size, at],
  );
  if (!row) throw new Error('no figures');
  return row.figures;
}
