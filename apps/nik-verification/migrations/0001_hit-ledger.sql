-- The hit ledger, the evidence of every look-up and the state of the way to the ministry.
-- Tables belong to `migrator`; the service role may do what is granted at the end and nothing else.

-- The ledger's clock. A function, so that tests can set it; production never replaces it.
CREATE FUNCTION verification.ledger_now() RETURNS timestamptz
  LANGUAGE sql VOLATILE AS $$ SELECT clock_timestamp() $$;

-- The day of a hit is the calendar day in Asia/Jakarta, whatever zone the database runs in.
CREATE FUNCTION verification.jakarta_day(at timestamptz) RETURNS date
  LANGUAGE sql IMMUTABLE AS $$ SELECT (at AT TIME ZONE 'Asia/Jakarta')::date $$;

CREATE FUNCTION verification.jakarta_midnight(day date) RETURNS timestamptz
  LANGUAGE sql IMMUTABLE AS $$ SELECT day::timestamp AT TIME ZONE 'Asia/Jakarta' $$;

-- Hits a day, from a day on; a rise (O-04) is a new row.
CREATE TABLE verification.quota_grant (
  institution_id uuid NOT NULL,
  effective_from date NOT NULL,
  daily_limit integer NOT NULL CHECK (daily_limit > 0),
  PRIMARY KEY (institution_id, effective_from)
);

-- The ministry's access right, sealed with a key that is not in the database (O-16).
CREATE TABLE verification.upstream_access (
  institution_id uuid PRIMARY KEY,
  agreement_id uuid NOT NULL,
  key_id text NOT NULL,
  sealed bytea NOT NULL,
  configured_at timestamptz NOT NULL
);

CREATE TABLE verification.hit_day (
  institution_id uuid NOT NULL,
  day date NOT NULL,
  used integer NOT NULL CHECK (used >= 0),
  -- hits of the day before that were on their way at midnight: the ministry may count them on either day
  carried integer NOT NULL CHECK (carried >= 0),
  PRIMARY KEY (institution_id, day)
);

CREATE TABLE verification.hit (
  verification_id uuid PRIMARY KEY,
  institution_id uuid NOT NULL,
  day date NOT NULL,
  carried_to date,
  state text NOT NULL CHECK (state IN ('reserved', 'confirmed', 'unknown', 'released')),
  -- the replica that holds the look-up, and when its reservation is given up as `unknown`
  holder text NOT NULL,
  expires_at timestamptz NOT NULL,
  flight_key bytea,
  reserved_at timestamptz NOT NULL,
  settled_at timestamptz
);
CREATE UNIQUE INDEX hit_flight ON verification.hit (institution_id, flight_key) WHERE state = 'reserved';
CREATE INDEX hit_reserved ON verification.hit (expires_at) WHERE state = 'reserved';
-- rows come in the order of their days: a few pages of index for millions of hits
CREATE INDEX hit_by_day ON verification.hit USING brin (day);

-- Evidence: append-only by permission. A look-up is two rows, REQUESTED (committed before the request leaves) and
-- ANSWERED; a refusal is one. `nik_hmac` is HMAC-SHA-256 with the agreement's key; refusals have none.
CREATE TABLE verification.access_event (
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  kind text NOT NULL CHECK (kind IN ('REQUESTED', 'ANSWERED', 'REFUSED')),
  verification_id uuid NOT NULL,
  institution_id uuid NOT NULL,
  agreement_version_id uuid,
  client_id text NOT NULL,
  operator_id uuid,
  service text,
  case_reference text,
  mode text CHECK (mode IN ('LOOKUP', 'MATCH')),
  fields text[] NOT NULL,
  nik_hmac bytea,
  hit_state text CHECK (hit_state IN ('reserved', 'confirmed', 'unknown', 'released')),
  outcome text,
  latency_ms integer,
  -- `id` is unique by itself (UUIDv7); what is looked for is the events of one look-up
  PRIMARY KEY (verification_id, id)
);
CREATE INDEX access_event_trail ON verification.access_event (institution_id, verification_id DESC) WHERE kind IN ('REQUESTED', 'REFUSED');

-- Idempotency keys, as HMAC: somebody may use a NIK for one. Kept for two days.
CREATE TABLE verification.idempotency (
  institution_id uuid NOT NULL,
  client_id text NOT NULL,
  key_hmac bytea NOT NULL,
  request_hmac bytea NOT NULL,
  verification_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (institution_id, client_id, key_hmac)
);
CREATE INDEX idempotency_age ON verification.idempotency (created_at);

-- How the way to the ministry stands, shared by all replicas.
CREATE TABLE verification.upstream_gate (
  institution_id uuid PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('ready', 'open', 'trial', 'access-broken', 'quota-used-up', 'outside-hours')),
  since timestamptz NOT NULL,
  until timestamptz,
  -- failures in a row, over all replicas
  streak integer NOT NULL DEFAULT 0,
  -- times that the breaker opened again without a success between
  reopened integer NOT NULL DEFAULT 0,
  -- the one look-up that is let through to try the way
  trial_id uuid,
  probing_until timestamptz
);

-- The quota of an institution on a day: the latest grant that is in effect, or null.
CREATE FUNCTION verification.daily_limit(institution uuid, on_day date) RETURNS integer
  LANGUAGE sql STABLE AS $$
  SELECT daily_limit FROM verification.quota_grant
  WHERE institution_id = institution AND effective_from <= on_day
  ORDER BY effective_from DESC LIMIT 1
$$;

-- Locks the institution's row of today, and makes it on the first hit of the day. Hits of yesterday that were on their
-- way at midnight are counted on today as well, because nobody knows on which day the ministry counts them.
CREATE FUNCTION verification.lock_today(institution uuid) RETURNS verification.hit_day
  LANGUAGE plpgsql AS $$
DECLARE
  today date;
  row verification.hit_day;
  on_their_way integer;
BEGIN
  LOOP
    today := verification.jakarta_day(verification.ledger_now());
    INSERT INTO verification.hit_day VALUES (institution, today, 0, 0) ON CONFLICT DO NOTHING;
    IF FOUND THEN
      UPDATE verification.hit SET carried_to = today
      WHERE institution_id = institution AND day = today - 1 AND carried_to IS NULL
        AND (state = 'reserved' OR (state <> 'released' AND settled_at >= verification.jakarta_midnight(today)));
      GET DIAGNOSTICS on_their_way = ROW_COUNT;
      UPDATE verification.hit_day SET used = on_their_way, carried = on_their_way
      WHERE institution_id = institution AND day = today;
    END IF;
    SELECT * INTO row FROM verification.hit_day WHERE institution_id = institution AND day = today FOR UPDATE;
    -- midnight may have passed while the lock was waited for
    EXIT WHEN verification.jakarta_day(verification.ledger_now()) = today;
  END LOOP;
  RETURN row;
END $$;

-- Decides on look-ups in the order given: each is reserved, with its evidence, or told why not. One result for each.
CREATE FUNCTION verification.reserve(requests jsonb, by_holder text, lease_ms integer) RETURNS jsonb
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
    operator_id, service, case_reference, mode, fields, nik_hmac, hit_state, outcome)
  SELECT (value->>'eventId')::uuid, (value->>'at')::timestamptz,
    CASE value->>'verdict' WHEN 'reserved' THEN 'REQUESTED' ELSE 'REFUSED' END,
    (value->>'id')::uuid, (value->>'institutionId')::uuid, (value->>'agreementVersionId')::uuid, value->>'clientId',
    (value->>'operatorId')::uuid, value->>'service', value->>'reference', value->>'mode',
    ARRAY(SELECT jsonb_array_elements_text(value->'fields')),
    CASE value->>'verdict' WHEN 'reserved' THEN decode(value->>'nikHmac', 'hex') END,
    CASE value->>'verdict' WHEN 'reserved' THEN 'reserved' END,
    CASE value->>'verdict' WHEN 'reserved' THEN NULL ELSE value->>'verdict' END
  FROM jsonb_array_elements(events);
  RETURN results;
END $$;

-- Writes how look-ups ended: the hit's state, the evidence, what it says of the way to the ministry. True for each that
-- was taken. A hit that was given up as `unknown` may still be confirmed; it is never released any more.
CREATE FUNCTION verification.settle(settlements jsonb, open_after integer, open_ms integer, open_most_ms integer) RETURNS jsonb
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
    results := results || to_jsonb(taken);
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
    operator_id, service, case_reference, mode, fields, nik_hmac, hit_state, outcome, latency_ms)
  SELECT (value->>'eventId')::uuid, moment, 'ANSWERED', verification_id, institution_id, agreement_version_id, client_id,
    operator_id, service, case_reference, mode, fields, nik_hmac, value->>'state', value->>'outcome', (value->>'latencyMs')::integer
  FROM jsonb_array_elements(answered)
  CROSS JOIN LATERAL (SELECT * FROM verification.access_event
    WHERE verification_id = (value->>'id')::uuid AND kind = 'REQUESTED' LIMIT 1) AS asked;
  RETURN results;
END $$;

-- What one call tells about the way: `success`, `failure`, `trip` (a failure by which a replica's breaker opened), or a
-- latch. `none` tells nothing.
CREATE FUNCTION verification.learn(institution uuid, look_up uuid, effect text, moment timestamptz,
  open_after integer, open_ms integer, open_most_ms integer) RETURNS void
  LANGUAGE plpgsql AS $$
BEGIN
  IF effect = 'success' THEN
    UPDATE verification.upstream_gate SET state = 'ready', since = moment, until = NULL, streak = 0, reopened = 0, trial_id = NULL
    WHERE institution_id = institution AND (trial_id = look_up OR (state = 'ready' AND streak > 0)
      OR (state = 'quota-used-up' AND moment >= until));
  ELSIF effect IN ('failure', 'trip') THEN
    INSERT INTO verification.upstream_gate AS gate (institution_id, state, since, streak) VALUES (institution, 'ready', moment, 1)
    ON CONFLICT (institution_id) DO UPDATE SET streak = gate.streak + 1;
    UPDATE verification.upstream_gate SET state = 'open', since = moment, trial_id = NULL, reopened = reopened + 1,
      until = moment + make_interval(secs => least(open_ms * power(2, reopened), open_most_ms) / 1000.0)
    WHERE institution_id = institution AND (trial_id = look_up OR (state = 'ready' AND (streak >= open_after OR effect = 'trip')));
  ELSIF effect IN ('access-broken', 'quota-used-up', 'outside-hours') THEN
    INSERT INTO verification.upstream_gate AS gate (institution_id, state, since, until)
    VALUES (institution, effect, moment, CASE effect
      WHEN 'quota-used-up' THEN verification.jakarta_midnight(verification.jakarta_day(moment) + 1)
      WHEN 'outside-hours' THEN moment + interval '10 minutes' END)
    ON CONFLICT (institution_id) DO UPDATE SET state = excluded.state, since = excluded.since, until = excluded.until,
      streak = 0, trial_id = NULL
    WHERE gate.state <> 'access-broken';
  END IF;
END $$;

-- Group commit: everything that waits in one replica becomes one transaction.
CREATE FUNCTION verification.commit_batch(settlements jsonb, requests jsonb, refusals jsonb, by_holder text, lease_ms integer,
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
    operator_id, service, case_reference, mode, fields, outcome)
  SELECT (value->>'eventId')::uuid, verification.ledger_now(), 'REFUSED', (value->>'id')::uuid, (value->>'institutionId')::uuid,
    (value->>'agreementVersionId')::uuid, value->>'clientId', (value->>'operatorId')::uuid, value->>'service',
    value->>'reference', value->>'mode', ARRAY(SELECT jsonb_array_elements_text(value->'fields')), value->>'code'
  FROM jsonb_array_elements(refusals);
  RETURN jsonb_build_object('settled', settled, 'reserved', reserved);
END $$;

-- Reservations whose replica is gone: they may have left, so they stay counted (O-03). Returns how many.
CREATE FUNCTION verification.give_up_expired() RETURNS integer
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
    operator_id, service, case_reference, mode, fields, nik_hmac, hit_state, outcome)
  SELECT uuidv7(), verification.ledger_now(), 'ANSWERED', verification_id, institution_id, agreement_version_id, client_id,
    operator_id, service, case_reference, mode, fields, nik_hmac, 'unknown', 'SERVICE_UNAVAILABLE'
  FROM verification.access_event JOIN expired USING (verification_id) WHERE kind = 'REQUESTED';
  GET DIAGNOSTICS given_up = ROW_COUNT;
  RETURN given_up;
END $$;

GRANT SELECT ON verification.migration TO nik_verification;
GRANT SELECT, INSERT, UPDATE ON verification.quota_grant, verification.upstream_access, verification.hit_day, verification.hit,
  verification.upstream_gate TO nik_verification;
GRANT SELECT, INSERT, UPDATE, DELETE ON verification.idempotency TO nik_verification;
GRANT SELECT, INSERT ON verification.access_event TO nik_verification;
