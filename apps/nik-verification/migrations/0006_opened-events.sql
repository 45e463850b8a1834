-- What is counted of particulars that other parts of the system keep (docs/report-format.md): reads of cards and deliveries, as whoever opened
-- them against their leaves handed it in. The place in the log and the day are those of the leaf.
CREATE TABLE verification.opened_event (
  log_id integer NOT NULL,
  index bigint NOT NULL,
  event_id uuid NOT NULL,
  institution_id uuid NOT NULL,
  type text NOT NULL CHECK (type IN ('READER_READ', 'DATA_BALIKAN')),
  act text NOT NULL,
  subject text,
  -- in Asia/Jakarta
  day date NOT NULL,
  outcome text,
  tries integer,
  service text,
  receipt text,
  -- the look-up that a read led to, or that a delivered record names
  verification_id uuid,
  PRIMARY KEY (log_id, index)
);
-- The condition, true of each, keeps it out of every plan that does not ask for days: see access_event_person.
CREATE INDEX opened_event_day ON verification.opened_event (log_id, type, day) WHERE day IS NOT NULL;
-- Deliveries that name a look-up.
CREATE INDEX opened_event_named ON verification.opened_event (verification_id) WHERE type = 'DATA_BALIKAN';

-- Below this index every leaf of the log whose particulars are counted is opened.
CREATE TABLE verification.opened_until (
  log_id integer PRIMARY KEY,
  index bigint NOT NULL CHECK (index >= 0)
);

-- Leaves of which particulars are counted.
CREATE FUNCTION verification.has_counted_content(type text, act text) RETURNS boolean
  LANGUAGE sql IMMUTABLE AS $$
  SELECT (type = 'READER_READ' AND act IN ('reader.read', 'reader.offline-check'))
    OR (type = 'DATA_BALIKAN' AND act = 'data-balikan.delivered')
$$;

-- The first `most` of them with `from_index` <= index < `to_index` that are not opened.
CREATE FUNCTION verification.list_unopened(log integer, from_index bigint, to_index bigint, most integer)
  RETURNS TABLE (index bigint, event_id uuid)
  LANGUAGE plpgsql STABLE
  -- every look into a table here is by key, and stops at the last one: see count_leaves
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off SET enable_material = off
  SET jit = off
  AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT leaf.index, leaf.event_id FROM verification.log_leaf AS leaf
  CROSS JOIN LATERAL (
    SELECT type, act FROM verification.reported_event WHERE id = leaf.event_id OFFSET 0
  ) AS event
  WHERE leaf.log_id = list_unopened.log AND leaf.verification_id IS NULL AND leaf.index >= from_index AND leaf.index < to_index
    AND verification.has_counted_content(event.type, event.act)
    -- OFFSET 0: looked up for each, and not joined with all of the log
    AND NOT EXISTS (
      SELECT FROM verification.opened_event AS opened WHERE opened.log_id = leaf.log_id AND opened.index = leaf.index OFFSET 0)
  ORDER BY leaf.index LIMIT most;
END $$;

-- The first one below `size`, which a checkpoint covers; null: all are opened. Remembers up to where they are.
CREATE FUNCTION verification.first_unopened(log integer, size bigint) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  before bigint := coalesce((SELECT index FROM verification.opened_until WHERE log_id = first_unopened.log), 0);
  -- of a generation that was set back there may be fewer leaves; what is sequenced later is not passed over
  reach bigint := least(first_unopened.size,
    (SELECT coalesce(max(index) + 1, 0) FROM verification.log_leaf WHERE log_id = first_unopened.log));
  found bigint;
BEGIN
  IF before >= reach THEN RETURN NULL; END IF;
  SELECT index INTO found FROM verification.list_unopened(first_unopened.log, before, reach, 1);
  IF coalesce(found, reach) > before THEN
    INSERT INTO verification.opened_until AS known (log_id, index) VALUES (first_unopened.log, coalesce(found, reach))
    ON CONFLICT (log_id) DO UPDATE SET index = EXCLUDED.index WHERE known.index < EXCLUDED.index;
  END IF;
  RETURN found;
END $$;

-- Keeps what opened particulars said; place, day, act and subject are those of the leaf. `kept`: how many of them are leaves of this
-- institution that are counted; `differing`: of how many something else, or wrongly nothing, was on file.
CREATE FUNCTION verification.keep_opened(institution uuid, events jsonb) RETURNS TABLE (kept integer, differing integer)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off SET jit = off
  AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH said AS MATERIALIZED (
    -- of one that is told twice the last
    SELECT DISTINCT ON (id) * FROM ROWS FROM (jsonb_to_recordset(events)
      AS (id uuid, outcome text, tries integer, service text, receipt text, "verificationId" uuid)) WITH ORDINALITY
      AS told (id, outcome, tries, service, receipt, verification_id, place)
    ORDER BY id, place DESC
  ), leaf AS MATERIALIZED (
    SELECT own.log_id, own.index, said.id, event.type, event.act, event.subject, verification.jakarta_day(event.at) AS day,
      said.outcome, said.tries, said.service, said.receipt, said.verification_id
    FROM said
    CROSS JOIN LATERAL (SELECT * FROM verification.reported_event WHERE id = said.id OFFSET 0) AS event
    CROSS JOIN LATERAL (
      SELECT log_id, index FROM verification.log_leaf WHERE event_id = said.id AND verification_id IS NULL OFFSET 0
    ) AS own
    WHERE event.institution_id = institution AND verification.has_counted_content(event.type, event.act)
  ), written AS (
    INSERT INTO verification.opened_event AS opened (log_id, index, event_id, institution_id, type, act, subject, day, outcome, tries,
      service, receipt, verification_id)
    SELECT log_id, index, id, institution, type, act, subject, day, outcome, tries, service, receipt, verification_id
    -- in one order, so that two that keep the same do not wait for each other
    FROM leaf ORDER BY log_id, index
    ON CONFLICT (log_id, index) DO UPDATE SET event_id = EXCLUDED.event_id, institution_id = EXCLUDED.institution_id,
      type = EXCLUDED.type, act = EXCLUDED.act, subject = EXCLUDED.subject, day = EXCLUDED.day, outcome = EXCLUDED.outcome,
      tries = EXCLUDED.tries, service = EXCLUDED.service, receipt = EXCLUDED.receipt, verification_id = EXCLUDED.verification_id
    WHERE opened IS DISTINCT FROM EXCLUDED
    RETURNING old.log_id IS NOT NULL
      OR new.index < (SELECT known.index FROM verification.opened_until AS known WHERE known.log_id = new.log_id) AS differs
  )
  SELECT (SELECT count(*) FROM leaf)::integer, (SELECT count(*) FROM written WHERE differs)::integer;
END $$;

GRANT SELECT ON verification.opened_event, verification.opened_until TO nik_verification;
