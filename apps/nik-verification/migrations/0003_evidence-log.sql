-- Evidence that nobody can rewrite: one RFC 6962 log for each institution. docs/evidence-format.md is the specification.

-- A time as evidence writes it: UTC, microseconds.
CREATE FUNCTION verification.micros(at timestamptz) RETURNS text
  LANGUAGE sql IMMUTABLE AS $$ SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

-- RFC 6962: the hash of a leaf.
CREATE FUNCTION verification.leaf_hash(leaf text) RETURNS bytea
  LANGUAGE sql IMMUTABLE AS $$ SELECT sha256('\x00'::bytea || convert_to(leaf, 'UTF8')) $$;

-- HMAC of the case reference with the agreement's key: evidence names the case, and forgets it with the key.
ALTER TABLE verification.access_event ADD COLUMN reference_hmac bytea;
-- The trail of one person (O-24), while the agreement's key is there.
-- The second condition keeps it out of every plan that does not ask for a person: made while the table was small, such a
-- plan read all of this index to find one look-up.
CREATE INDEX access_event_person ON verification.access_event (institution_id, nik_hmac)
  WHERE kind = 'REQUESTED' AND nik_hmac IS NOT NULL;

-- The first 80 bits of the short code of a receipt.
CREATE FUNCTION verification.receipt_code(verification_id uuid) RETURNS bytea
  LANGUAGE sql IMMUTABLE AS $$ SELECT substring(sha256(convert_to(E'gerbang-receipt-code/1\n' || verification_id::text, 'UTF8')) FOR 10) $$;
CREATE INDEX access_event_receipt ON verification.access_event (verification.receipt_code(verification_id))
  WHERE kind = 'ANSWERED' AND hit_state = 'confirmed';

-- What other parts of the system did: they keep the particulars, the log has their hash.
CREATE TABLE verification.reported_event (
  id uuid PRIMARY KEY,
  at timestamptz NOT NULL,
  logged_at timestamptz NOT NULL,
  type text NOT NULL CHECK (type IN ('ADMINISTRATION', 'PERSON_TRAIL', 'DATA_BALIKAN', 'READER_READ')),
  institution_id uuid NOT NULL,
  act text NOT NULL,
  actor_id uuid,
  subject text,
  subject_hmac bytea,
  content_hash bytea CHECK (octet_length(content_hash) = 32),
  -- the particulars, where no other part of the system keeps them: content_hash is SHA-256(salt || content)
  salt bytea,
  content text
);
-- How often a person's trail was asked for lately.
CREATE INDEX reported_event_trails ON verification.reported_event (institution_id, logged_at) WHERE type = 'PERSON_TRAIL';

CREATE TABLE verification.log (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  institution_id uuid NOT NULL,
  generation integer NOT NULL CHECK (generation > 0),
  origin text NOT NULL UNIQUE,
  opened_at timestamptz NOT NULL,
  UNIQUE (institution_id, generation)
);

-- Committed events that have no index yet, with the hash that they had when they were committed.
CREATE TABLE verification.log_pending (
  institution_id uuid NOT NULL,
  position bigint GENERATED ALWAYS AS IDENTITY,
  event_id uuid NOT NULL,
  verification_id uuid,
  -- by the machine's clock: how long it has been waiting
  queued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  leaf_hash bytea NOT NULL,
  PRIMARY KEY (institution_id, position)
);

CREATE TABLE verification.log_leaf (
  log_id integer NOT NULL,
  index bigint NOT NULL CHECK (index >= 0),
  event_id uuid NOT NULL,
  -- of an access event
  verification_id uuid,
  leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
  PRIMARY KEY (log_id, index)
);
-- an event is in one log, once; whoever reports an event under the id of an access event stops nothing by it
CREATE UNIQUE INDEX log_leaf_event ON verification.log_leaf (event_id, verification_id) NULLS NOT DISTINCT;

-- Roots of the full subtrees of 2^4, 2^8, ... 2^32 leaves. What is below is hashed again when a proof needs it.
CREATE TABLE verification.log_node (
  log_id integer NOT NULL,
  level smallint NOT NULL CHECK (level BETWEEN 4 AND 32 AND level % 4 = 0),
  index bigint NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (log_id, level, index)
);

CREATE TABLE verification.log_checkpoint (
  log_id integer NOT NULL,
  size bigint NOT NULL,
  signed_at timestamptz NOT NULL,
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  note text NOT NULL,
  PRIMARY KEY (log_id, size, signed_at)
);

-- A database that was set back behind a signed checkpoint. Nothing is signed until an administrator acknowledges it.
CREATE TABLE verification.log_gap (
  -- the leaf 0 of the generation that it opens
  id uuid PRIMARY KEY,
  log_id integer NOT NULL UNIQUE,
  at timestamptz NOT NULL,
  institution_id uuid NOT NULL,
  previous_origin text NOT NULL,
  last_checkpoint text NOT NULL,
  kept_size bigint NOT NULL,
  kept_root bytea NOT NULL,
  acknowledged_by uuid,
  reason text NOT NULL
);

-- Whoever holds this row's lock leads; `term` tells one leader from the next.
CREATE TABLE verification.log_leader (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  term bigint NOT NULL,
  holder text NOT NULL,
  seen_at timestamptz NOT NULL
);
INSERT INTO verification.log_leader (term, holder, seen_at) VALUES (0, '', '-infinity');

-- The leaves, as the specification has them: RFC 8785, keys in alphabetical order.
CREATE FUNCTION verification.json_or_null(value text) RETURNS text
  LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce(to_json(value)::text, 'null') $$;

CREATE FUNCTION verification.access_leaf(event verification.access_event) RETURNS text
  LANGUAGE sql STABLE AS $$
  SELECT concat(
    '{"agreementVersion":', verification.json_or_null(event.agreement_version_id::text),
    ',"at":"', verification.micros(event.at),
    '","client":', to_json(event.client_id),
    ',"fields":', array_to_json(event.fields),
    ',"hit":', verification.json_or_null(event.hit_state),
    ',"id":"', event.id,
    '","institution":"', event.institution_id,
    '","latencyMs":', coalesce(event.latency_ms::text, 'null'),
    ',"mode":', verification.json_or_null(event.mode),
    ',"nikHmac":', verification.json_or_null(encode(event.nik_hmac, 'hex')),
    ',"operator":', verification.json_or_null(event.operator_id::text),
    ',"outcome":', verification.json_or_null(event.outcome),
    ',"referenceHmac":', verification.json_or_null(encode(event.reference_hmac, 'hex')),
    ',"service":', verification.json_or_null(event.service),
    ',"type":"', event.kind,
    '","v":1,"verification":"', event.verification_id, '"}')
$$;

CREATE FUNCTION verification.reported_leaf(event verification.reported_event) RETURNS text
  LANGUAGE sql STABLE AS $$
  SELECT concat(
    '{"act":', to_json(event.act),
    ',"actor":', verification.json_or_null(event.actor_id::text),
    ',"at":"', verification.micros(event.at),
    '","contentHash":', verification.json_or_null(encode(event.content_hash, 'hex')),
    ',"id":"', event.id,
    '","institution":"', event.institution_id,
    '","loggedAt":"', verification.micros(event.logged_at),
    '","subject":', verification.json_or_null(event.subject),
    ',"subjectHmac":', verification.json_or_null(encode(event.subject_hmac, 'hex')),
    ',"type":"', event.type,
    '","v":1}')
$$;

CREATE FUNCTION verification.gap_leaf(event verification.log_gap) RETURNS text
  LANGUAGE sql STABLE AS $$
  SELECT concat(
    '{"acknowledgedBy":', verification.json_or_null(event.acknowledged_by::text),
    ',"at":"', verification.micros(event.at),
    '","id":"', event.id,
    '","institution":"', event.institution_id,
    '","keptRoot":"', encode(event.kept_root, 'hex'),
    '","keptSize":', event.kept_size,
    ',"lastCheckpoint":', to_json(event.last_checkpoint),
    ',"previousOrigin":', to_json(event.previous_origin),
    ',"reason":', to_json(event.reason),
    ',"type":"GAP","v":1}')
$$;

-- An event is queued for the log by the statement that writes it: none can be forgotten.
CREATE FUNCTION verification.queue_access_events() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO verification.log_pending (institution_id, event_id, verification_id, leaf_hash)
  SELECT institution_id, id, verification_id, verification.leaf_hash(verification.access_leaf(event::verification.access_event))
  FROM written AS event ORDER BY at, id;
  RETURN NULL;
END $$;
CREATE TRIGGER queue_for_log AFTER INSERT ON verification.access_event
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION verification.queue_access_events();

CREATE FUNCTION verification.queue_reported_events() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO verification.log_pending (institution_id, event_id, leaf_hash)
  SELECT institution_id, id, verification.leaf_hash(verification.reported_leaf(event::verification.reported_event))
  FROM written AS event ORDER BY at, id;
  RETURN NULL;
END $$;
CREATE TRIGGER queue_for_log AFTER INSERT ON verification.reported_event
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION verification.queue_reported_events();

-- Gives the oldest `most` committed events of a log's institution their index. Returns how many.
CREATE FUNCTION verification.sequence_log(log integer, most integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  institution uuid;
  next bigint;
  given integer;
BEGIN
  SELECT institution_id INTO STRICT institution FROM verification.log WHERE id = sequence_log.log;
  SELECT coalesce(max(index) + 1, 0) INTO next FROM verification.log_leaf WHERE log_id = sequence_log.log;
  WITH taken AS (
    DELETE FROM verification.log_pending WHERE institution_id = institution AND position = ANY (ARRAY(
      SELECT position FROM verification.log_pending WHERE institution_id = institution ORDER BY position LIMIT most))
    RETURNING position, event_id, verification_id, leaf_hash
  )
  INSERT INTO verification.log_leaf (log_id, index, event_id, verification_id, leaf_hash)
  SELECT sequence_log.log, next + row_number() OVER (ORDER BY position) - 1, event_id, verification_id, leaf_hash FROM taken;
  GET DIAGNOSTICS given = ROW_COUNT;
  RETURN given;
END $$;

-- Opens the next generation of an institution's log with the statement of what is missing as its first leaf.
CREATE FUNCTION verification.open_after_gap(gap jsonb, new_generation integer, new_origin text) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  opened verification.log;
  statement verification.log_gap;
BEGIN
  INSERT INTO verification.log (institution_id, generation, origin, opened_at)
  VALUES ((gap->>'institutionId')::uuid, new_generation, new_origin, verification.ledger_now())
  RETURNING * INTO opened;
  INSERT INTO verification.log_gap VALUES ((gap->>'id')::uuid, opened.id, verification.ledger_now(), opened.institution_id,
    gap->>'previousOrigin', gap->>'lastCheckpoint', (gap->>'keptSize')::bigint, decode(gap->>'keptRoot', 'hex'),
    (gap->>'acknowledgedBy')::uuid, gap->>'reason')
  RETURNING * INTO statement;
  INSERT INTO verification.log_leaf (log_id, index, event_id, leaf_hash)
  VALUES (opened.id, 0, statement.id, verification.leaf_hash(verification.gap_leaf(statement)));
  RETURN opened.id;
END $$;

-- The same functions as before, with the reference's HMAC; `settle` tells the event that it wrote, for the receipt.
CREATE OR REPLACE FUNCTION verification.reserve(requests jsonb, by_holder text, lease_ms integer) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  institution uuid;
  today verification.hit_day;
  day_limit integer;
  gate verification.upstream_gate;
  gate_open boolean;
  used_now integer;
  request jsonb;
  position integer;
  verdict text;
  known verification.idempotency;
  known_hit verification.hit;
  flight verification.hit;
  trial_busy boolean;
  inserted boolean;
  next_midnight timestamptz;
  results jsonb := '{}';
  events jsonb := '[]';
  moment timestamptz;
BEGIN
  FOR institution IN SELECT DISTINCT (value->>'institutionId')::uuid FROM jsonb_array_elements(requests) ORDER BY 1 LOOP
    today := verification.lock_today(institution);
    day_limit := verification.daily_limit(institution, today.day);
    used_now := today.used;
    moment := verification.ledger_now();
    next_midnight := verification.jakarta_midnight(today.day + 1);
    SELECT * INTO gate FROM verification.upstream_gate WHERE institution_id = institution;
    FOR request, position IN
      SELECT value, ordinality FROM jsonb_array_elements(requests) WITH ORDINALITY
      WHERE (value->>'institutionId')::uuid = institution ORDER BY ordinality
    LOOP
      verdict := NULL; known := NULL; known_hit := NULL; flight := NULL;
      gate_open := coalesce(gate.state, 'ready') = 'ready'
        OR (gate.state = 'quota-used-up' AND moment >= gate.until);

      -- 1. a repeat under an Idempotency-Key
      IF request->>'keyHmac' IS NOT NULL THEN
        INSERT INTO verification.idempotency VALUES (institution, request->>'clientId', decode(request->>'keyHmac', 'hex'),
          decode(request->>'flightKey', 'hex'), (request->>'id')::uuid, moment) ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
          SELECT * INTO known FROM verification.idempotency WHERE institution_id = institution
            AND client_id = request->>'clientId' AND key_hmac = decode(request->>'keyHmac', 'hex') FOR UPDATE;
          SELECT * INTO known_hit FROM verification.hit WHERE verification_id = known.verification_id;
          IF known.request_hmac <> decode(request->>'flightKey', 'hex') THEN verdict := 'IDEMPOTENCY_KEY_REUSED';
          ELSIF known_hit.state = 'confirmed' THEN verdict := 'ALREADY_ANSWERED';
          ELSIF known_hit.state = 'reserved' THEN verdict := 'joined'; flight := known_hit;
          ELSE -- never left, or its outcome is unknown: it was not answered, so it may be tried again
            UPDATE verification.idempotency SET verification_id = (request->>'id')::uuid, created_at = moment
            WHERE institution_id = institution AND client_id = known.client_id AND key_hmac = known.key_hmac;
          END IF;
        END IF;
      END IF;

      -- 2. the agreement's term, the grant, the way to the ministry, the quota
      IF verdict IS NULL THEN
        trial_busy := false;
        IF NOT gate_open THEN
          trial_busy := EXISTS (SELECT 1 FROM verification.hit WHERE verification_id = gate.trial_id AND state = 'reserved');
        END IF;
        verdict := CASE
          WHEN today.day < (request->>'validFrom')::date THEN 'AGREEMENT_NOT_STARTED'
          WHEN today.day > (request->>'validUntil')::date THEN 'AGREEMENT_ENDED'
          WHEN day_limit IS NULL THEN 'QUOTA_NOT_GRANTED'
          WHEN gate.state = 'access-broken' THEN 'UPSTREAM_ACCESS_BROKEN'
          WHEN used_now >= day_limit THEN 'QUOTA_EXHAUSTED'
          WHEN gate_open THEN 'reserved'
          WHEN gate.state = 'quota-used-up' THEN 'QUOTA_EXHAUSTED'
          WHEN gate.state = 'outside-hours' AND (moment < gate.until OR trial_busy) THEN 'UPSTREAM_CLOSED'
          -- a window that may have opened, or a way that answers again: one look-up at a time tries it
          WHEN gate.state = 'open' OR trial_busy THEN 'UPSTREAM_UNAVAILABLE'
          ELSE 'reserved' END;
      END IF;

      -- 3. one hit, one row; an identical look-up that is on its way serves this one too, and costs nothing
      inserted := false;
      WHILE NOT inserted AND verdict NOT IN ('joined', 'ALREADY_ANSWERED', 'IDEMPOTENCY_KEY_REUSED', 'AGREEMENT_NOT_STARTED', 'AGREEMENT_ENDED') LOOP
        IF verdict = 'reserved' THEN
          INSERT INTO verification.hit (verification_id, institution_id, day, state, holder, expires_at, flight_key, reserved_at)
          VALUES ((request->>'id')::uuid, institution, today.day, 'reserved', by_holder,
            clock_timestamp() + make_interval(secs => lease_ms / 1000.0), decode(request->>'flightKey', 'hex'), moment)
          ON CONFLICT (institution_id, flight_key) WHERE state = 'reserved' DO NOTHING;
          inserted := FOUND;
        END IF;
        IF NOT inserted THEN
          SELECT * INTO flight FROM verification.hit WHERE institution_id = institution AND state = 'reserved'
            AND flight_key = decode(request->>'flightKey', 'hex');
          IF FOUND THEN verdict := 'joined';
          -- refused, and nothing to join; else the other one was settled just now: once more
          ELSIF verdict <> 'reserved' THEN EXIT; END IF;
        END IF;
      END LOOP;
      IF inserted THEN
        used_now := used_now + 1;
        IF NOT gate_open THEN
          UPDATE verification.upstream_gate SET trial_id = (request->>'id')::uuid WHERE institution_id = institution
          RETURNING * INTO gate;
        END IF;
      ELSIF request->>'keyHmac' IS NOT NULL AND verdict = 'joined' THEN
        UPDATE verification.idempotency SET verification_id = flight.verification_id WHERE institution_id = institution
          AND client_id = request->>'clientId' AND key_hmac = decode(request->>'keyHmac', 'hex');
      ELSIF request->>'keyHmac' IS NOT NULL AND verdict NOT IN ('ALREADY_ANSWERED', 'IDEMPOTENCY_KEY_REUSED') THEN
        -- not attempted: the key stays free
        DELETE FROM verification.idempotency WHERE institution_id = institution AND client_id = request->>'clientId'
          AND key_hmac = decode(request->>'keyHmac', 'hex') AND verification_id = (request->>'id')::uuid;
      END IF;

      IF verdict <> 'joined' THEN
        events := events || jsonb_build_array(request || jsonb_build_object('verdict', verdict, 'at', moment));
      END IF;
      results := results || jsonb_build_object(position - 1, jsonb_build_object(
        'verdict', verdict, 'day', today.day, 'limit', coalesce(day_limit, 0), 'used', used_now,
        'msToMidnight', extract(epoch FROM next_midnight - moment) * 1000,
        'retryAfterMs', CASE WHEN gate.until > moment THEN extract(epoch FROM gate.until - moment) * 1000 END,
        'holder', flight.holder, 'verificationId', coalesce(known.verification_id, flight.verification_id)));
    END LOOP;
    UPDATE verification.hit_day SET used = used_now WHERE institution_id = institution AND day = today.day AND used <> used_now;
  END LOOP;

  INSERT INTO verification.access_event (id, at, kind, verification_id, institution_id, agreement_version_id, client_id,
    operator_id, service, case_reference, reference_hmac, mode, fields, nik_hmac, hit_state, outcome)
  SELECT (value->>'eventId')::uuid, (value->>'at')::timestamptz,
    CASE value->>'verdict' WHEN 'reserved' THEN 'REQUESTED' ELSE 'REFUSED' END,
    (value->>'id')::uuid, (value->>'institutionId')::uuid, (value->>'agreementVersionId')::uuid, value->>'clientId',
    (value->>'operatorId')::uuid, value->>'service', value->>'reference', decode(value->>'referenceHmac', 'hex'), value->>'mode',
    ARRAY(SELECT jsonb_array_elements_text(value->'fields')),
    CASE value->>'verdict' WHEN 'reserved' THEN decode(value->>'nikHmac', 'hex') END,
    CASE value->>'verdict' WHEN 'reserved' THEN 'reserved' END,
    CASE value->>'verdict' WHEN 'reserved' THEN NULL ELSE value->>'verdict' END
  FROM jsonb_array_elements(events);
  RETURN results;
END $$;

CREATE OR REPLACE FUNCTION verification.settle(settlements jsonb, open_after integer, open_ms integer, open_most_ms integer) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  item jsonb;
  position integer;
  settled verification.hit;
  taken boolean;
  results jsonb := '[]';
  answered jsonb := '[]';
  moment timestamptz := verification.ledger_now();
BEGIN
  FOR item, position IN SELECT value, ordinality FROM jsonb_array_elements(settlements) WITH ORDINALITY ORDER BY ordinality LOOP
    UPDATE verification.hit SET state = item->>'state', settled_at = moment
    WHERE verification_id = (item->>'id')::uuid
      AND (state = 'reserved' OR (state = 'unknown' AND item->>'state' = 'confirmed'))
    RETURNING * INTO settled;
    taken := FOUND;
    results := results || CASE WHEN taken THEN jsonb_build_object('eventId', item->>'eventId', 'at', verification.micros(moment)) ELSE 'null' END;
    CONTINUE WHEN NOT taken;
    IF item->>'state' = 'released' THEN
      UPDATE verification.hit_day SET used = used - 1
      WHERE institution_id = settled.institution_id AND day IN (settled.day, settled.carried_to);
    END IF;
    -- the usual case, a success on a way that is ready, teaches nothing
    IF item->>'effect' <> 'success' OR EXISTS (SELECT 1 FROM verification.upstream_gate
      WHERE institution_id = settled.institution_id AND (state <> 'ready' OR streak > 0)) THEN
      PERFORM verification.learn(settled.institution_id, settled.verification_id, item->>'effect', moment, open_after, open_ms, open_most_ms);
    END IF;
    answered := answered || jsonb_build_array(item);
  END LOOP;
  INSERT INTO verification.access_event (id, at, kind, verification_id, institution_id, agreement_version_id, client_id,
    operator_id, service, case_reference, reference_hmac, mode, fields, nik_hmac, hit_state, outcome, latency_ms)
  SELECT (value->>'eventId')::uuid, moment, 'ANSWERED', verification_id, institution_id, agreement_version_id, client_id,
    operator_id, service, case_reference, reference_hmac, mode, fields, nik_hmac, value->>'state', value->>'outcome', (value->>'latencyMs')::integer
  FROM jsonb_array_elements(answered)
  CROSS JOIN LATERAL (SELECT * FROM verification.access_event
    WHERE verification_id = (value->>'id')::uuid AND kind = 'REQUESTED' LIMIT 1) AS asked;
  RETURN results;
END $$;

CREATE OR REPLACE FUNCTION verification.commit_batch(settlements jsonb, requests jsonb, refusals jsonb, by_holder text, lease_ms integer,
  open_after integer, open_ms integer, open_most_ms integer) RETURNS jsonb
  LANGUAGE plpgsql
  -- every look into a table here is by key; a plan that was made while the tables were small must not scan them later
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  AS $$
DECLARE
  settled jsonb := '[]';
  reserved jsonb := '{}';
BEGIN
  IF settlements <> '[]' THEN settled := verification.settle(settlements, open_after, open_ms, open_most_ms); END IF;
  IF requests <> '[]' THEN reserved := verification.reserve(requests, by_holder, lease_ms); END IF;
  IF refusals = '[]' THEN RETURN jsonb_build_object('settled', settled, 'reserved', reserved); END IF;
  INSERT INTO verification.access_event (id, at, kind, verification_id, institution_id, agreement_version_id, client_id,
    operator_id, service, case_reference, reference_hmac, mode, fields, outcome)
  SELECT (value->>'eventId')::uuid, verification.ledger_now(), 'REFUSED', (value->>'id')::uuid, (value->>'institutionId')::uuid,
    (value->>'agreementVersionId')::uuid, value->>'clientId', (value->>'operatorId')::uuid, value->>'service',
    value->>'reference', decode(value->>'referenceHmac', 'hex'), value->>'mode', ARRAY(SELECT jsonb_array_elements_text(value->'fields')), value->>'code'
  FROM jsonb_array_elements(refusals);
  RETURN jsonb_build_object('settled', settled, 'reserved', reserved);
END $$;

CREATE OR REPLACE FUNCTION verification.give_up_expired() RETURNS integer
  LANGUAGE plpgsql AS $$
DECLARE
  given_up integer;
BEGIN
  WITH expired AS (
    UPDATE verification.hit SET state = 'unknown', settled_at = verification.ledger_now()
    WHERE verification_id IN (SELECT verification_id FROM verification.hit WHERE state = 'reserved'
      AND expires_at < clock_timestamp() ORDER BY expires_at LIMIT 500 FOR UPDATE SKIP LOCKED)
    RETURNING verification_id
  )
  INSERT INTO verification.access_event (id, at, kind, verification_id, institution_id, agreement_version_id, client_id,
    operator_id, service, case_reference, reference_hmac, mode, fields, nik_hmac, hit_state, outcome)
  SELECT uuidv7(), verification.ledger_now(), 'ANSWERED', verification_id, institution_id, agreement_version_id, client_id,
    operator_id, service, case_reference, reference_hmac, mode, fields, nik_hmac, 'unknown', 'SERVICE_UNAVAILABLE'
  FROM verification.access_event JOIN expired USING (verification_id) WHERE kind = 'REQUESTED';
  GET DIAGNOSTICS given_up = ROW_COUNT;
  RETURN given_up;
END $$;

-- What was written before there was a log is its beginning.
INSERT INTO verification.log_pending (institution_id, event_id, verification_id, leaf_hash)
SELECT institution_id, id, verification_id, verification.leaf_hash(verification.access_leaf(event))
FROM verification.access_event AS event ORDER BY at, id;

GRANT SELECT, INSERT ON verification.reported_event, verification.log, verification.log_node, verification.log_checkpoint TO nik_verification;
GRANT SELECT ON verification.log_pending, verification.log_leaf, verification.log_gap TO nik_verification;
GRANT SELECT, UPDATE ON verification.log_leader TO nik_verification;
