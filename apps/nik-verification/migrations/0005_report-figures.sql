-- What a report is counted from (docs/report-format.md): the state of the way to the ministry as leaves, roll-ups of the log, and
-- marks of look-ups in a row.

ALTER TABLE verification.reported_event DROP CONSTRAINT reported_event_type_check,
  ADD CONSTRAINT reported_event_type_check
  CHECK (type IN ('ADMINISTRATION', 'PERSON_TRAIL', 'DATA_BALIKAN', 'READER_READ', 'REPORT', 'UPSTREAM'));

-- How the way to the ministry stood: few leaves of a long log.
CREATE INDEX reported_event_upstream ON verification.reported_event (institution_id, at) WHERE type = 'UPSTREAM';
-- Leaves of reported events in their order, without reading past the look-ups between them.
CREATE INDEX log_leaf_reported ON verification.log_leaf (log_id, index) WHERE verification_id IS NULL;
-- Look-ups of a period. The second condition, true of each, keeps it out of every plan that does not ask for it: see
-- access_event_person.
CREATE INDEX access_event_asked ON verification.access_event (institution_id, at, verification_id)
  WHERE kind = 'REQUESTED' AND hit_state = 'reserved';

-- A way that is tried is not open again yet.
CREATE FUNCTION verification.upstream_act(state text) RETURNS text
  LANGUAGE sql IMMUTABLE AS $$ SELECT 'upstream.' || CASE state WHEN 'trial' THEN 'open' ELSE state END $$;

-- Writes the leaf in the transaction that sets the gate, so that neither is there without the other. The gate's row is locked by
-- then: leaves of one institution stand in the order of its states.
CREATE FUNCTION verification.record_upstream() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  moment timestamptz := verification.ledger_now();
BEGIN
  INSERT INTO verification.reported_event (id, at, logged_at, type, institution_id, act)
  VALUES (uuidv7(), moment, moment, 'UPSTREAM', NEW.institution_id, verification.upstream_act(NEW.state));
  RETURN NULL;
END $$;
-- a way that begins ready is nothing to tell
CREATE TRIGGER record_first_state AFTER INSERT ON verification.upstream_gate
  FOR EACH ROW WHEN (NEW.state <> 'ready') EXECUTE FUNCTION verification.record_upstream();
CREATE TRIGGER record_state AFTER UPDATE OF state ON verification.upstream_gate
  FOR EACH ROW WHEN (verification.upstream_act(OLD.state) <> verification.upstream_act(NEW.state))
  EXECUTE FUNCTION verification.record_upstream();

-- A way that is not ready while this is installed: the log tells of it from now on.
INSERT INTO verification.reported_event (id, at, logged_at, type, institution_id, act)
SELECT uuidv7(), now(), now(), 'UPSTREAM', institution_id, verification.upstream_act(state)
FROM verification.upstream_gate WHERE state <> 'ready';

-- Roll-ups. A chunk is `width` leaves from `first` on; its cells never change, because leaves do not.
CREATE TABLE verification.tally_chunk (
  log_id integer NOT NULL,
  first bigint NOT NULL CHECK (first >= 0),
  width integer NOT NULL CHECK (width > 0),
  tallied_at timestamptz NOT NULL,
  -- day in Asia/Jakarta on which it was last counted anew
  checked_on date NOT NULL,
  -- its cells were found to differ from the rows: from then on the rows are counted
  faulty_since timestamptz,
  PRIMARY KEY (log_id, first)
);

CREATE TABLE verification.tally_cell (
  log_id integer NOT NULL,
  first bigint NOT NULL,
  cell integer NOT NULL,
  day date NOT NULL,
  kind text NOT NULL,
  agreement_version_id uuid,
  client_id text,
  operator_id uuid,
  service text,
  mode text,
  hit_state text,
  outcome text,
  -- below 0 where an earlier end of a look-up is taken back
  events bigint NOT NULL,
  PRIMARY KEY (log_id, first, cell)
);
CREATE INDEX tally_cell_day ON verification.tally_cell (log_id, day);

-- Below this index the leaves of a generation that another one follows are counted: what its last checkpoint covers, and without one what
-- the statement of the gap after it quotes.
CREATE FUNCTION verification.covered_size(log integer) RETURNS bigint
  LANGUAGE sql STABLE AS $$
  SELECT coalesce(
    (SELECT max(size) FROM verification.log_checkpoint WHERE log_id = covered_size.log),
    (SELECT split_part(gap.last_checkpoint, E'\n', 2)::bigint
     FROM verification.log AS before JOIN verification.log_gap AS gap ON gap.previous_origin = before.origin
     WHERE before.id = covered_size.log))
$$;

-- Counts the leaves `from_index` <= index < `to_index` of a log, so that the sum over the parts of any prefix is right: a look-up
-- and its end belong to the day on which it was asked; a later end takes the earlier one back. Of reported events the act is the outcome.
CREATE FUNCTION verification.count_leaves(log integer, from_index bigint, to_index bigint)
  RETURNS TABLE (day date, kind text, agreement_version_id uuid, client_id text, operator_id uuid, service text, mode text,
    hit_state text, outcome text, events bigint)
  LANGUAGE plpgsql STABLE
  -- every look into a table here is by key; a plan that was made while the tables were small must not scan them later
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
  -- compiling it takes longer than counting a chunk
  SET jit = off
  AS $$
#variable_conflict use_column
DECLARE
  follows boolean := EXISTS (SELECT FROM verification.log_gap WHERE log_id = count_leaves.log);
BEGIN
  RETURN QUERY
  WITH leaf AS MATERIALIZED (
    SELECT index, event_id, verification_id FROM verification.log_leaf
    WHERE log_id = count_leaves.log AND index >= from_index AND index < to_index
  ), access AS MATERIALIZED (
    SELECT leaf.index, event.* FROM leaf JOIN verification.access_event AS event
      ON event.verification_id = leaf.verification_id AND event.id = leaf.event_id
  ), ended AS MATERIALIZED (
    SELECT asked.*, access.id AS end_id, access.index, access.hit_state AS end_state, access.outcome AS end_outcome
    FROM access
    -- OFFSET 0: the condition stays outside, so that no partial index but the primary key finds the events
    CROSS JOIN LATERAL (
      SELECT event.*, count(*) FILTER (WHERE event.kind = 'ANSWERED') OVER () AS answers
      FROM (SELECT * FROM verification.access_event WHERE verification_id = access.verification_id OFFSET 0) AS event
    ) AS asked
    WHERE access.kind = 'ANSWERED' AND asked.kind = 'REQUESTED'
      -- a look-up that no checkpoint of the generation before covers is none
      AND (NOT follows OR EXISTS (
        SELECT FROM (SELECT log_id, index FROM verification.log_leaf
          WHERE event_id = asked.id AND verification_id = asked.verification_id OFFSET 0) AS own
        WHERE own.log_id = count_leaves.log OR own.index < verification.covered_size(own.log_id)))
  ), counted AS (
    SELECT verification.jakarta_day(at) AS day, kind, agreement_version_id, client_id, operator_id, service, mode, hit_state,
      outcome, 1 AS events
    FROM access WHERE kind <> 'ANSWERED'
    UNION ALL
    SELECT verification.jakarta_day(at), 'ANSWERED', agreement_version_id, client_id, operator_id, service, mode, end_state,
      end_outcome, 1
    FROM ended
    UNION ALL
    SELECT verification.jakarta_day(at), 'ANSWERED', agreement_version_id, client_id, operator_id, service, mode,
      earlier.hit_state, earlier.outcome, -1
    FROM ended
    CROSS JOIN LATERAL (
      SELECT event.hit_state, event.outcome
      FROM (SELECT * FROM verification.access_event WHERE verification_id = ended.verification_id OFFSET 0) AS event
      CROSS JOIN LATERAL (SELECT log_id, index FROM verification.log_leaf
        WHERE event_id = event.id AND verification_id = event.verification_id OFFSET 0) AS other
      WHERE event.kind = 'ANSWERED' AND event.id <> ended.end_id
        -- logs of one institution have their ids in the order of their generations
        AND (other.log_id, other.index) < (count_leaves.log, ended.index)
        AND (other.log_id = count_leaves.log OR other.index < verification.covered_size(other.log_id))
      ORDER BY other.log_id DESC, other.index DESC LIMIT 1
    ) AS earlier
    WHERE ended.answers > 1
    UNION ALL
    SELECT verification.jakarta_day(at), type, NULL, NULL, NULL, NULL, NULL, NULL, act, 1
    FROM leaf JOIN verification.reported_event AS reported ON reported.id = leaf.event_id
    WHERE leaf.verification_id IS NULL
  )
  SELECT day, kind, agreement_version_id, client_id, operator_id, service, mode, hit_state, outcome, sum(events)::bigint
  FROM counted GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 HAVING sum(events) <> 0;
END $$;

-- Tallies the next chunk of a log that is full. False: there is none, or another replica is at it. Chunk and cells commit together.
CREATE FUNCTION verification.tally_next(log integer, width integer) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
  start bigint;
  size bigint;
  moment timestamptz := verification.ledger_now();
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('verification.tally'), tally_next.log) THEN RETURN false; END IF;
  SELECT coalesce(max(chunk.first + chunk.width), 0) INTO start FROM verification.tally_chunk AS chunk WHERE log_id = tally_next.log;
  SELECT coalesce(max(index) + 1, 0) INTO size FROM verification.log_leaf WHERE log_id = tally_next.log;
  IF size < start + tally_next.width THEN RETURN false; END IF;
  INSERT INTO verification.tally_chunk (log_id, first, width, tallied_at, checked_on)
  VALUES (tally_next.log, start, tally_next.width, moment, verification.jakarta_day(moment));
  INSERT INTO verification.tally_cell (log_id, first, cell, day, kind, agreement_version_id, client_id, operator_id, service, mode,
    hit_state, outcome, events)
  SELECT tally_next.log, start, row_number() OVER (), counted.*
  FROM verification.count_leaves(tally_next.log, start, start + tally_next.width) AS counted;
  RETURN true;
END $$;

-- Counts one chunk anew that was not counted today, and marks it where its cells say something else. Null: there is none left that no
-- other replica is at.
CREATE FUNCTION verification.check_next() RETURNS verification.tally_chunk
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  moment timestamptz := verification.ledger_now();
  checked verification.tally_chunk;
  differs boolean;
BEGIN
  SELECT * INTO checked FROM verification.tally_chunk
  WHERE faulty_since IS NULL AND checked_on < verification.jakarta_day(moment)
  ORDER BY checked_on, log_id, first LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN NULL; END IF;
  WITH kept AS (
    SELECT day, kind, agreement_version_id, client_id, operator_id, service, mode, hit_state, outcome, events
    FROM verification.tally_cell AS cell WHERE cell.log_id = checked.log_id AND cell.first = checked.first
  ), counted AS MATERIALIZED (
    SELECT * FROM verification.count_leaves(checked.log_id, checked.first, checked.first + checked.width)
  )
  SELECT EXISTS (SELECT * FROM kept EXCEPT ALL SELECT * FROM counted) OR EXISTS (SELECT * FROM counted EXCEPT ALL SELECT * FROM kept)
  INTO differs;
  UPDATE verification.tally_chunk SET checked_on = verification.jakarta_day(moment),
    faulty_since = CASE WHEN differs THEN moment END
  WHERE log_id = checked.log_id AND first = checked.first
  RETURNING * INTO checked;
  RETURN checked;
END $$;

-- A look-up whose NIK stands close to one that the same office looked up in the 24 hours before: how close and how long before.
-- Which NIK is not kept.
CREATE TABLE verification.sequence_mark (
  verification_id uuid NOT NULL,
  distance smallint NOT NULL CHECK (distance BETWEEN 1 AND 9),
  -- whether the one before was by the same operator
  same_operator boolean NOT NULL,
  institution_id uuid NOT NULL,
  at timestamptz NOT NULL,
  operator_id uuid,
  minutes_before integer NOT NULL CHECK (minutes_before >= 0),
  PRIMARY KEY (verification_id, distance, same_operator)
);
CREATE INDEX sequence_mark_period ON verification.sequence_mark (institution_id, at);

-- Marks look-ups; `neighbours` are HMACs of NIKs `distances` away from the one of the look-up at the same place of `look_ups`.
CREATE FUNCTION verification.mark_sequences(look_ups uuid[], distances smallint[], neighbours bytea[]) RETURNS integer
  LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
  AS $$
DECLARE
  marked integer;
BEGIN
  INSERT INTO verification.sequence_mark (verification_id, distance, same_operator, institution_id, at, operator_id, minutes_before)
  SELECT asked.verification_id, near.distance, coalesce(earlier.operator_id = asked.operator_id, false), asked.institution_id, asked.at,
    asked.operator_id, floor(extract(epoch FROM asked.at - max(earlier.at)) / 60)
  FROM unnest(look_ups, distances, neighbours) AS near (look_up, distance, nik_hmac)
  CROSS JOIN LATERAL (SELECT * FROM verification.access_event WHERE verification_id = near.look_up OFFSET 0) AS asked
  JOIN verification.access_event AS earlier
    -- both conditions of the index access_event_person
    ON earlier.kind = 'REQUESTED' AND earlier.nik_hmac IS NOT NULL
    AND earlier.institution_id = asked.institution_id AND earlier.nik_hmac = near.nik_hmac
    AND earlier.at <= asked.at AND earlier.at >= asked.at - interval '24 hours'
  WHERE asked.kind = 'REQUESTED'
  GROUP BY asked.verification_id, near.distance, coalesce(earlier.operator_id = asked.operator_id, false), asked.institution_id,
    asked.at, asked.operator_id
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS marked = ROW_COUNT;
  RETURN marked;
END $$;

GRANT SELECT ON verification.tally_chunk, verification.tally_cell TO nik_verification;
GRANT SELECT, INSERT ON verification.sequence_mark TO nik_verification;
