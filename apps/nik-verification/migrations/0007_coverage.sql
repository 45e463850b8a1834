-- Coverage (docs/report-format.md): look-ups for a business service that found somebody, and which of them have a delivered record in their
-- case. That a look-up is sent is an event of its own, with a place in the log: the later one of its confirming answer and of the first
-- delivery that names a look-up of its case. As of a checkpoint those are sent whose place it covers.
CREATE TABLE verification.sent_look_up (
  verification_id uuid NOT NULL,
  -- of several generations of a log one is counted at most: what is sent as of the end of one generation is so in all that follow
  log_id integer NOT NULL,
  index bigint NOT NULL CHECK (index >= 0),
  -- of the request, in Asia/Jakarta
  day date NOT NULL,
  PRIMARY KEY (verification_id, log_id)
);
CREATE INDEX sent_look_up_day ON verification.sent_look_up (log_id, day, index);
CREATE INDEX sent_look_up_place ON verification.sent_look_up (log_id, index);

-- Look-ups of one person in one case, without reading past those in all other cases.
DROP INDEX verification.access_event_person;
CREATE INDEX access_event_person ON verification.access_event (institution_id, nik_hmac, reference_hmac)
  WHERE kind = 'REQUESTED' AND nik_hmac IS NOT NULL;

-- Below `index` every look-up that is sent has its row; below `checked_to` the rows were worked out anew on the day `checked_on` (Asia/Jakarta)
-- or made since.
CREATE TABLE verification.covered_until (
  log_id integer PRIMARY KEY,
  index bigint NOT NULL CHECK (index >= 0),
  checked_on date NOT NULL,
  checked_to bigint NOT NULL
);

-- Look-ups whose place is `from_index` <= index < `to_index` of a log, from leaves and opened deliveries alone. All that stand before `to_index`,
-- and what is counted of the generations before, must be opened.
CREATE FUNCTION verification.find_sent(log integer, from_index bigint, to_index bigint)
  RETURNS TABLE (verification_id uuid, log_id integer, index bigint, day date)
  LANGUAGE plpgsql STABLE
  -- every look into a table here is by key; a plan that was made while the tables were small must not scan them later
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
  SET jit = off
  AS $$
#variable_conflict use_column
DECLARE
  institution uuid;
BEGIN
  SELECT institution_id INTO STRICT institution FROM verification.log WHERE id = find_sent.log;
  RETURN QUERY
  -- what is counted; a place in a generation before stands before every place in this one
  WITH counted AS MATERIALIZED (
    SELECT id AS log_id, CASE WHEN id = find_sent.log THEN to_index ELSE verification.covered_size(id) END AS size, id = find_sent.log AS own
    FROM verification.log WHERE institution_id = institution AND id <= find_sent.log
  ), leaf AS MATERIALIZED (
    SELECT event_id, verification_id FROM verification.log_leaf
    WHERE log_id = find_sent.log AND index >= from_index AND index < to_index AND verification_id IS NOT NULL
  ), touched AS MATERIALIZED (
    SELECT verification_id, false AS if_owing
    -- OFFSET 0, here and below: what is asked outside is no reason to take another index
    FROM (SELECT * FROM verification.opened_event
      WHERE log_id = find_sent.log AND index >= from_index AND index < to_index OFFSET 0) AS opened
    WHERE type = 'DATA_BALIKAN' AND act = 'data-balikan.delivered' AND verification_id IS NOT NULL
    UNION
    SELECT event.verification_id, event.kind = 'ANSWERED'
    FROM leaf JOIN verification.access_event AS event ON event.verification_id = leaf.verification_id AND event.id = leaf.event_id
    WHERE event.kind = 'ANSWERED' AND event.hit_state = 'confirmed' AND event.outcome = 'FOUND'
      -- whose delivery stands before it
      OR event.kind = 'REQUESTED' AND EXISTS (SELECT FROM verification.opened_event
        WHERE type = 'DATA_BALIKAN' AND verification_id = event.verification_id OFFSET 0)
  ), touched_case AS MATERIALIZED (
    SELECT row_number() OVER () AS n, either.* FROM (
      SELECT DISTINCT asked.nik_hmac, asked.reference_hmac,
        CASE WHEN asked.nik_hmac IS NULL OR asked.reference_hmac IS NULL THEN asked.verification_id END AS alone
      FROM touched
      CROSS JOIN LATERAL (SELECT * FROM verification.access_event WHERE verification_id = touched.verification_id OFFSET 0) AS asked
      WHERE asked.kind = 'REQUESTED' AND asked.institution_id = institution
        AND (NOT touched.if_owing OR asked.service IN ('SKU', 'NIB'))
    ) AS either
  ), asked AS MATERIALIZED (
    SELECT touched_case.n, event.verification_id, event.at, event.service IN ('SKU', 'NIB') AS owes,
      CASE WHEN counted.own THEN place.index ELSE -1 END AS index
    FROM touched_case
    CROSS JOIN LATERAL (
      SELECT other.id, other.verification_id, other.at, other.service
      FROM verification.access_event AS other
      -- both conditions of the index access_event_person
      WHERE other.kind = 'REQUESTED' AND other.nik_hmac IS NOT NULL AND touched_case.alone IS NULL
        AND other.institution_id = institution AND other.nik_hmac = touched_case.nik_hmac
        AND other.reference_hmac = touched_case.reference_hmac
      UNION ALL
      SELECT own.id, own.verification_id, own.at, own.service
      FROM (SELECT * FROM verification.access_event WHERE verification_id = touched_case.alone OFFSET 0) AS own
      WHERE own.kind = 'REQUESTED'
    ) AS event
    CROSS JOIN LATERAL (SELECT log_id, index FROM verification.log_leaf
      WHERE event_id = event.id AND verification_id = event.verification_id OFFSET 0) AS place
    JOIN counted ON counted.log_id = place.log_id AND place.index < counted.size
  ), delivered AS MATERIALIZED (
    SELECT asked.verification_id, asked.at, asked.owes, min(named.index) OVER (PARTITION BY asked.n) AS index
    FROM asked
    CROSS JOIN LATERAL (
      SELECT min(greatest(asked.index, CASE WHEN counted.own THEN opened.index ELSE -1 END)) AS index
      FROM (SELECT * FROM verification.opened_event WHERE type = 'DATA_BALIKAN' AND verification_id = asked.verification_id OFFSET 0) AS opened
      JOIN counted ON counted.log_id = opened.log_id AND opened.index < counted.size
      WHERE opened.act = 'data-balikan.delivered'
    ) AS named
  ), sent AS (
    SELECT delivered.verification_id, delivered.at, greatest(delivered.index, answered.index) AS index
    FROM delivered
    CROSS JOIN LATERAL (
      SELECT min(CASE WHEN counted.own THEN place.index ELSE -1 END) AS index
      FROM (SELECT * FROM verification.access_event WHERE verification_id = delivered.verification_id OFFSET 0) AS event
      CROSS JOIN LATERAL (SELECT log_id, index FROM verification.log_leaf
        WHERE event_id = event.id AND verification_id = event.verification_id OFFSET 0) AS place
      JOIN counted ON counted.log_id = place.log_id AND place.index < counted.size
      WHERE event.kind = 'ANSWERED' AND event.hit_state = 'confirmed' AND event.outcome = 'FOUND'
    ) AS answered
    WHERE delivered.owes AND delivered.index IS NOT NULL AND answered.index IS NOT NULL
  )
  SELECT sent.verification_id, find_sent.log, sent.index, verification.jakarta_day(sent.at) FROM sent WHERE sent.index >= from_index;
END $$;

-- Works out the next `width` places of a log, below `upto` and what is opened. Returns up to where it is worked out: nothing more can be done
-- when that is no further than before.
CREATE FUNCTION verification.cover_next(log integer, upto bigint, width integer) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  start bigint;
  stop bigint;
  today date := verification.jakarta_day(verification.ledger_now());
BEGIN
  INSERT INTO verification.covered_until (log_id, index, checked_on, checked_to) VALUES (cover_next.log, 0, today, 0)
  ON CONFLICT DO NOTHING;
  -- another replica that is at it is waited for
  SELECT index INTO STRICT start FROM verification.covered_until WHERE log_id = cover_next.log FOR UPDATE;
  IF EXISTS (
    SELECT FROM verification.log AS own JOIN verification.log AS earlier ON earlier.institution_id = own.institution_id AND earlier.id < own.id
    LEFT JOIN verification.opened_until AS opened ON opened.log_id = earlier.id
    WHERE own.id = cover_next.log AND coalesce(opened.index, 0) < least(verification.covered_size(earlier.id),
      -- of a generation that was set back there may be fewer leaves
      (SELECT coalesce(max(index) + 1, 0) FROM verification.log_leaf WHERE log_id = earlier.id))
  ) THEN RETURN start; END IF;
  SELECT least(index, upto, start + width) INTO stop FROM verification.opened_until WHERE log_id = cover_next.log;
  IF stop IS NULL OR stop <= start THEN RETURN start; END IF;
  INSERT INTO verification.sent_look_up (verification_id, log_id, index, day)
  SELECT found.verification_id, found.log_id, found.index, found.day FROM verification.find_sent(cover_next.log, start, stop) AS found
  ON CONFLICT DO NOTHING;
  -- what was just worked out is checked; what was not before stays so
  UPDATE verification.covered_until SET index = stop, checked_to = CASE WHEN checked_to = start THEN stop ELSE checked_to END
  WHERE log_id = cover_next.log;
  RETURN stop;
END $$;

-- Works out once more the next `width` places that were not checked today, and sets right what differs. No row: there are none left that no
-- other replica is at.
CREATE FUNCTION verification.check_covered(width integer) RETURNS TABLE (log_id integer, first bigint, differing integer)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  today date := verification.jakarta_day(verification.ledger_now());
  due verification.covered_until;
  start bigint;
  stop bigint;
  sent verification.sent_look_up[];
  changed integer;
  removed integer;
BEGIN
  SELECT * INTO due FROM verification.covered_until WHERE checked_on < today OR checked_to < index
  ORDER BY checked_on, log_id LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN; END IF;
  start := CASE WHEN due.checked_on < today THEN 0 ELSE due.checked_to END;
  stop := least(start + width, due.index);
  sent := ARRAY(SELECT found::verification.sent_look_up FROM (
    SELECT place.verification_id, place.log_id, place.index, place.day FROM verification.find_sent(due.log_id, start, stop) AS place) AS found);
  INSERT INTO verification.sent_look_up AS kept (verification_id, log_id, index, day) SELECT * FROM unnest(sent)
  ON CONFLICT (verification_id, log_id) DO UPDATE SET index = excluded.index, day = excluded.day
  WHERE (kept.index, kept.day) <> (excluded.index, excluded.day);
  GET DIAGNOSTICS changed = ROW_COUNT;
  -- with the last places also what stands behind them
  DELETE FROM verification.sent_look_up AS kept
  WHERE kept.log_id = due.log_id AND kept.index >= start AND (kept.index < stop OR stop = due.index)
    -- NOT IN: hashed, whatever a plan that was made for few rows expects
    AND kept.verification_id NOT IN (SELECT own.verification_id FROM unnest(sent) AS own);
  GET DIAGNOSTICS removed = ROW_COUNT;
  UPDATE verification.covered_until SET checked_on = today, checked_to = stop WHERE log_id = due.log_id;
  RETURN QUERY SELECT due.log_id, start, changed + removed;
END $$;

-- Covered look-ups asked on the days `from_day` to `until_day`, in whose case one of `named` is and which have no row, as of the state of the logs
-- that is given: by id, after `after`, at most `most`.
CREATE FUNCTION verification.list_accepted(institution uuid, logs integer[], sizes bigint[], from_day date, until_day date, named uuid[],
  after uuid, most integer) RETURNS TABLE (verification_id uuid, day date)
  LANGUAGE plpgsql STABLE
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
  SET jit = off
  AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH counted AS MATERIALIZED (
    SELECT * FROM unnest(logs, sizes) AS counted (log_id, size)
  ), named_case AS MATERIALIZED (
    SELECT DISTINCT asked.nik_hmac, asked.reference_hmac,
      CASE WHEN asked.nik_hmac IS NULL OR asked.reference_hmac IS NULL THEN asked.verification_id END AS alone
    FROM unnest(named) AS record (look_up)
    CROSS JOIN LATERAL (SELECT * FROM verification.access_event WHERE verification_id = record.look_up OFFSET 0) AS asked
    CROSS JOIN LATERAL (SELECT log_id, index FROM verification.log_leaf
      WHERE event_id = asked.id AND verification_id = asked.verification_id OFFSET 0) AS place
    JOIN counted ON counted.log_id = place.log_id AND place.index < counted.size
    WHERE asked.kind = 'REQUESTED' AND asked.institution_id = institution
  )
  SELECT asked.verification_id, verification.jakarta_day(asked.at)
  FROM named_case
  CROSS JOIN LATERAL (
    SELECT other.id, other.verification_id, other.at, other.service
    FROM verification.access_event AS other
    -- both conditions of the index access_event_person
    WHERE other.kind = 'REQUESTED' AND other.nik_hmac IS NOT NULL AND named_case.alone IS NULL
      AND other.institution_id = institution AND other.nik_hmac = named_case.nik_hmac
      AND other.reference_hmac = named_case.reference_hmac
    UNION ALL
    SELECT own.id, own.verification_id, own.at, own.service
    FROM (SELECT * FROM verification.access_event WHERE verification_id = named_case.alone OFFSET 0) AS own
    WHERE own.kind = 'REQUESTED'
    -- the service and the period stay outside: the index of a period would read all of it for each case
    OFFSET 0
  ) AS asked
  CROSS JOIN LATERAL (SELECT log_id, index FROM verification.log_leaf
    WHERE event_id = asked.id AND verification_id = asked.verification_id OFFSET 0) AS place
  JOIN counted ON counted.log_id = place.log_id AND place.index < counted.size
  WHERE asked.service IN ('SKU', 'NIB') AND asked.at >= verification.jakarta_midnight(from_day)
    AND asked.at < verification.jakarta_midnight(until_day + 1) AND (after IS NULL OR asked.verification_id > after)
    -- OFFSET 0: looked up for each, and not joined
    AND NOT EXISTS (
      SELECT FROM (SELECT * FROM verification.sent_look_up WHERE verification_id = asked.verification_id OFFSET 0) AS sent
      JOIN counted ON counted.log_id = sent.log_id AND sent.index < counted.size OFFSET 0)
    AND EXISTS (
      SELECT FROM (SELECT * FROM verification.access_event WHERE verification_id = asked.verification_id OFFSET 0) AS answered
      CROSS JOIN LATERAL (SELECT log_id, index FROM verification.log_leaf
        WHERE event_id = answered.id AND verification_id = answered.verification_id OFFSET 0) AS place
      JOIN counted ON counted.log_id = place.log_id AND place.index < counted.size
      WHERE answered.kind = 'ANSWERED' AND answered.hit_state = 'confirmed' AND answered.outcome = 'FOUND' OFFSET 0)
  ORDER BY asked.verification_id LIMIT most;
END $$;

-- A delivery that says something else than before, or that was missing, is no new one: what was worked out with it is checked again.
CREATE FUNCTION verification.check_covered_again() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE verification.covered_until SET checked_to = 0 WHERE log_id IN (
    SELECT later.id FROM changed
    JOIN verification.log AS own ON own.id = changed.log_id
    JOIN verification.log AS later ON later.institution_id = own.institution_id AND later.id >= own.id
    WHERE changed.type = 'DATA_BALIKAN'
      AND (TG_OP = 'UPDATE' OR changed.index < (SELECT index FROM verification.opened_until WHERE log_id = changed.log_id)));
  RETURN NULL;
END $$;
CREATE TRIGGER check_again_added AFTER INSERT ON verification.opened_event
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION verification.check_covered_again();
CREATE TRIGGER check_again_changed AFTER UPDATE ON verification.opened_event
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION verification.check_covered_again();

GRANT SELECT ON verification.sent_look_up, verification.covered_until TO nik_verification;
