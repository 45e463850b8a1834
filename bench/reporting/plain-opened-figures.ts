/**
 * Reads, deliveries and coverage of docs/report-format.md as one plain SQL statement over the raw rows; parameters as of `plainFigures`.
 * One column: `figures`, as the answer of `verification.get-opened-figures.v1`.
 */
export const plainOpenedFigures = `
  WITH counted AS MATERIALIZED (
    SELECT log_id, index, event_id, verification_id FROM verification.log_leaf
    WHERE log_id = $4 AND index < $5::bigint
      OR log_id IN (SELECT id FROM verification.log WHERE institution_id = $1 AND id < $4)
        AND index < (SELECT max(size) FROM verification.log_checkpoint WHERE log_id = log_leaf.log_id)
  ), opened AS MATERIALIZED (
    SELECT event.* FROM verification.opened_event AS event JOIN counted USING (log_id, index) WHERE event.institution_id = $1
  ), own_read AS (SELECT *, act = 'reader.read' AS is_read FROM opened WHERE type = 'READER_READ' AND day BETWEEN $2 AND $3
  ), delivery AS (SELECT * FROM opened WHERE type = 'DATA_BALIKAN' AND day BETWEEN $2 AND $3
  ), leaf AS MATERIALIZED (
    SELECT event.* FROM counted JOIN verification.access_event AS event
      ON event.id = counted.event_id AND event.verification_id = counted.verification_id
    WHERE event.institution_id = $1
  ), asked AS (
    SELECT verification_id, (at AT TIME ZONE 'Asia/Jakarta')::date AS day, service,
      coalesce(nik_hmac || reference_hmac, convert_to(verification_id::text, 'UTF8')) AS own_case
    FROM leaf WHERE kind = 'REQUESTED'
  ), found AS (
    SELECT DISTINCT verification_id FROM leaf WHERE kind = 'ANSWERED' AND hit_state = 'confirmed' AND outcome = 'FOUND'
  ), sent_case AS (
    SELECT DISTINCT own_case FROM asked JOIN opened USING (verification_id) WHERE opened.type = 'DATA_BALIKAN'
  ), covered AS (
    SELECT asked.day, count(*) AS look_ups, count(sent_case.own_case) AS sent
    FROM asked JOIN found USING (verification_id) LEFT JOIN sent_case USING (own_case)
    WHERE asked.service IN ('SKU', 'NIB') AND asked.day BETWEEN $2 AND $3 GROUP BY asked.day
  ), month AS (
    SELECT generate_series(date_trunc('month', $2::date::timestamp), date_trunc('month', $3::date::timestamp), interval '1 month')::date AS begins
  )
  SELECT json_build_object(
    'readers', json_build_object(
      'reads', (SELECT count(*) FROM own_read WHERE is_read),
      'offline', (SELECT count(*) FROM own_read WHERE NOT is_read),
      'withLookUp', (SELECT count(*) FROM own_read WHERE is_read AND verification_id IS NOT NULL),
      'byOutcome', (SELECT coalesce(json_agg(json_build_object('outcome', outcome, 'count', n) ORDER BY outcome COLLATE "C"), '[]')
        FROM (SELECT outcome, count(*) AS n FROM own_read GROUP BY outcome) AS one),
      'byTries', (SELECT coalesce(json_agg(json_build_object('tries', tries, 'count', n) ORDER BY tries), '[]')
        FROM (SELECT tries, count(*) AS n FROM own_read
          WHERE outcome IN ('MATCHED', 'NOT_MATCHED') AND tries IS NOT NULL GROUP BY tries) AS one),
      'byService', (SELECT coalesce(json_agg(json_build_object('service', service, 'reads', n) ORDER BY service COLLATE "C"), '[]')
        FROM (SELECT service, count(*) AS n FROM own_read WHERE is_read GROUP BY service) AS one),
      'byReader', (SELECT coalesce(json_agg(json_build_object('readerId', subject, 'reads', reads, 'matched', matched,
          'withLookUp', with_look_up, 'offline', offline) ORDER BY subject COLLATE "C"), '[]')
        FROM (SELECT subject, count(*) FILTER (WHERE is_read) AS reads, count(*) FILTER (WHERE is_read AND outcome = 'MATCHED') AS matched,
          count(*) FILTER (WHERE is_read AND verification_id IS NOT NULL) AS with_look_up, count(*) FILTER (WHERE NOT is_read) AS offline
          FROM own_read WHERE subject IS NOT NULL GROUP BY subject) AS one)
    ),
    'dataBalikan', json_build_object(
      'delivered', (SELECT count(*) FROM delivery),
      'byMethod', (SELECT coalesce(json_agg(json_build_object('method', method, 'receipt', receipt, 'count', n)
          ORDER BY method COLLATE "C", receipt COLLATE "C"), '[]')
        FROM (SELECT CASE receipt WHEN 'MEDIA' THEN 'MEDIA' ELSE 'WEB_SERVICE' END AS method, receipt, count(*) AS n
          FROM delivery GROUP BY receipt) AS one),
      'months', (SELECT json_agg(json_build_object('month', to_char(begins, 'YYYY-MM'), 'delivered',
          (SELECT count(*) FROM delivery WHERE day >= begins AND day < begins + interval '1 month')) ORDER BY begins) FROM month)
    ),
    'covered', (SELECT coalesce(json_agg(json_build_object('day', day, 'lookUps', look_ups, 'sent', sent) ORDER BY day), '[]') FROM covered)
  ) AS figures`;
