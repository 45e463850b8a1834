/**
 * The figures of docs/report-format.md as one plain SQL statement over the raw rows: what a developer would write first, and what the
 * roll-ups must agree with. $1 institution, $2 and $3 first and last day, $4 id of the log that is counted up to, $5 its size. One column:
 * `figures`, as `LookUpFigures`.
 */
export const plainFigures = `
  WITH leaf AS MATERIALIZED (
    SELECT event.*, log_leaf.log_id, log_leaf.index
    FROM verification.log_leaf
    JOIN verification.access_event AS event ON event.id = log_leaf.event_id AND event.verification_id = log_leaf.verification_id
    WHERE event.institution_id = $1 AND (log_leaf.log_id = $4 AND log_leaf.index < $5::bigint
      OR log_leaf.log_id < $4 AND log_leaf.index < (SELECT max(size) FROM verification.log_checkpoint WHERE log_id = log_leaf.log_id))
  ), look_up AS (
    SELECT min(at) FILTER (WHERE kind = 'REQUESTED') AS at, min(mode) AS mode, min(service) AS service,
      (array_agg(operator_id))[1] AS operator_id, min(client_id) AS client_id, bool_or(kind = 'ANSWERED') AS has_ended,
      (array_agg(hit_state ORDER BY log_id DESC, index DESC) FILTER (WHERE kind = 'ANSWERED'))[1] AS ended,
      (array_agg(outcome ORDER BY log_id DESC, index DESC) FILTER (WHERE kind = 'ANSWERED'))[1] AS outcome
    FROM leaf WHERE kind <> 'REFUSED' GROUP BY verification_id
  ), asked AS MATERIALIZED (
    SELECT (at AT TIME ZONE 'Asia/Jakarta')::date AS day, look_up.* FROM look_up
    WHERE (at AT TIME ZONE 'Asia/Jakarta')::date BETWEEN $2 AND $3
  ), refused AS MATERIALIZED (
    SELECT (at AT TIME ZONE 'Asia/Jakarta')::date AS day, service, operator_id, outcome FROM leaf
    WHERE kind = 'REFUSED' AND (at AT TIME ZONE 'Asia/Jakarta')::date BETWEEN $2 AND $3
  ), month AS (
    SELECT generate_series(date_trunc('month', $2::date::timestamp), date_trunc('month', $3::date::timestamp), interval '1 month')::date AS begins
  ), counts AS (
    SELECT to_char(begins, 'YYYY-MM') AS month, asked.*, refused.n AS refused
    FROM month
    CROSS JOIN LATERAL (
      SELECT count(*) AS requests, count(*) FILTER (WHERE ended IS DISTINCT FROM 'released') AS hits,
        count(*) FILTER (WHERE ended = 'confirmed') AS confirmed, count(*) FILTER (WHERE ended = 'unknown') AS unknown,
        count(*) FILTER (WHERE ended = 'released') AS released, count(*) FILTER (WHERE NOT has_ended) AS pending
      FROM asked WHERE day >= begins AND day < begins + interval '1 month'
    ) AS asked
    CROSS JOIN LATERAL (SELECT count(*) AS n FROM refused WHERE day >= begins AND day < begins + interval '1 month') AS refused
  ), hit AS (SELECT * FROM asked WHERE ended IS DISTINCT FROM 'released'
  ), by_day AS (
    SELECT day, coalesce(hits.n, 0) AS hits, coalesce(quota.n, 0) AS refused
    FROM (SELECT day, count(*) AS n FROM hit GROUP BY day) AS hits
    FULL JOIN (SELECT day, count(*) AS n FROM refused WHERE outcome = 'QUOTA_EXHAUSTED' GROUP BY day) AS quota USING (day)
  ), by_service AS (
    SELECT service, sum(hits) AS hits, sum(refused) AS refused FROM (
      SELECT service, 1 AS hits, 0 AS refused FROM hit UNION ALL SELECT service, 0, 1 FROM refused) AS either GROUP BY service
  ), by_operator AS (
    SELECT operator_id, sum(hits) AS hits, sum(found) AS found, sum(refused) AS refused FROM (
      SELECT operator_id, 1 AS hits, (has_ended AND outcome IS NOT DISTINCT FROM 'FOUND')::int AS found, 0 AS refused FROM hit
      UNION ALL SELECT operator_id, 0, 0, 1 FROM refused) AS either GROUP BY operator_id
  )
  SELECT json_build_object(
    'total', (SELECT json_build_object('requests', sum(requests), 'hits', sum(hits), 'confirmed', sum(confirmed), 'unknown', sum(unknown),
      'released', sum(released), 'pending', sum(pending), 'refused', sum(refused)) FROM counts),
    'months', (SELECT json_agg(json_build_object('month', month, 'requests', requests, 'hits', hits, 'confirmed', confirmed,
      'unknown', unknown, 'released', released, 'pending', pending, 'refused', refused, 'peak', (
        SELECT json_build_object('day', day, 'hits', hits) FROM by_day
        WHERE to_char(day, 'YYYY-MM') = month AND hits > 0 ORDER BY hits DESC, day LIMIT 1)) ORDER BY month) FROM counts),
    'days', (SELECT coalesce(json_agg(json_build_object('day', day, 'hits', hits, 'refusedByQuota', refused) ORDER BY day), '[]') FROM by_day),
    'byMode', (SELECT coalesce(json_agg(json_build_object('mode', mode, 'hits', n) ORDER BY mode COLLATE "C"), '[]')
      FROM (SELECT mode, count(*) AS n FROM hit GROUP BY mode) AS one),
    'byService', (SELECT coalesce(json_agg(json_build_object('service', service, 'hits', hits, 'refused', refused)
      ORDER BY service COLLATE "C"), '[]') FROM by_service),
    'byOutcome', (SELECT coalesce(json_agg(json_build_object('outcome', outcome, 'count', n) ORDER BY outcome COLLATE "C"), '[]')
      FROM (SELECT outcome, count(*) AS n FROM asked WHERE has_ended GROUP BY outcome) AS one),
    'byOperator', (SELECT coalesce(json_agg(json_build_object('operatorId', operator_id, 'hits', hits, 'found', found, 'refused', refused)
      ORDER BY operator_id), '[]') FROM by_operator),
    'byClient', (SELECT coalesce(json_agg(json_build_object('clientId', client_id, 'hits', n) ORDER BY client_id COLLATE "C"), '[]')
      FROM (SELECT client_id, count(*) AS n FROM hit GROUP BY client_id) AS one),
    'refusals', (SELECT coalesce(json_agg(json_build_object('code', outcome, 'count', n) ORDER BY outcome COLLATE "C"), '[]')
      FROM (SELECT outcome, count(*) AS n FROM refused GROUP BY outcome) AS one)
  ) AS figures`;
