-- Data balikan (O-07, O-08, O-23): accepted means committed here, and what is accepted is delivered, handed over or visible.
-- A NIK is only here sealed, and only until its record is delivered.

-- The service's clock; tests replace it. Leases are by the machine's own clock.
CREATE FUNCTION balikan.clock() RETURNS timestamptz
  LANGUAGE sql VOLATILE AS $$ SELECT clock_timestamp() $$;

CREATE FUNCTION balikan.jakarta_day(at timestamptz) RETURNS date
  LANGUAGE sql IMMUTABLE AS $$ SELECT (at AT TIME ZONE 'Asia/Jakarta')::date $$;

-- Where the records of an institution go, and how; sealed with a key that is not in the database (O-16).
CREATE TABLE balikan.destination (
  institution_id uuid PRIMARY KEY,
  agreement_id uuid NOT NULL,
  key_id text NOT NULL,
  sealed bytea NOT NULL,
  configured_at timestamptz NOT NULL
);

CREATE TABLE balikan.record (
  id uuid PRIMARY KEY,
  institution_id uuid NOT NULL,
  agreement_id uuid NOT NULL,
  agreement_version_id uuid NOT NULL,
  -- HMAC-SHA-256 of the NIK with this service's key of the agreement: for duplicates, after the NIK is erased
  person_hmac bytea NOT NULL CHECK (octet_length(person_hmac) = 32),
  -- AES-256-GCM; null once it is delivered or handed over
  sealed_nik bytea,
  key_id text NOT NULL,
  register_number text NOT NULL,
  -- without blanks at the ends or in a row, in capitals: what makes two the same
  register_key text NOT NULL,
  register_date date NOT NULL,
  business_name text NOT NULL,
  business_type text NOT NULL,
  kbli_code text,
  kbli_version text CHECK (kbli_version IN ('2020', '2025')),
  -- the look-up by which the person's data was accessed (O-07)
  verification_id uuid NOT NULL,
  source text NOT NULL CHECK (source IN ('FORM', 'WEB_SERVICE', 'UPLOAD')),
  batch_id uuid,
  client_id text NOT NULL,
  operator_id uuid,
  accepted_at timestamptz NOT NULL,
  -- of what evidence says about it: content_hash is SHA-256(salt || content)
  salt bytea NOT NULL CHECK (octet_length(salt) = 32),
  state text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'DELIVERED', 'DEAD', 'PACKED', 'HANDED_OVER')),
  -- when it may be sent next, by balikan.clock()
  due_at timestamptz NOT NULL,
  -- a worker has it, by the machine's clock
  claimed_until timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  -- failures that are the record's own: it was refused, or others got through since it was tried last
  strikes integer NOT NULL DEFAULT 0,
  last_attempt_at timestamptz,
  failure text,
  delivered_at timestamptz,
  receipt text CHECK (receipt IN ('SUCCESS', 'ALREADY_SENT', 'MEDIA')),
  media_package_id uuid,
  CHECK ((state IN ('DELIVERED', 'HANDED_OVER')) = (sealed_nik IS NULL)),
  CHECK ((state IN ('DELIVERED', 'HANDED_OVER')) = (delivered_at IS NOT NULL AND receipt IS NOT NULL)),
  CHECK ((state IN ('PACKED', 'HANDED_OVER')) = (media_package_id IS NOT NULL) OR state = 'DELIVERED'),
  CHECK (claimed_until IS NULL OR state = 'WAITING'),
  -- the ministry's own key for what is the same record (DOMAIN 3)
  CONSTRAINT record_once UNIQUE (agreement_id, person_hmac, register_key)
);
-- the order of delivery: by register date
CREATE INDEX record_outbox ON balikan.record (institution_id, register_date, id) WHERE state = 'WAITING';
-- whether any is due: asked by every worker at every poll, also while thousands wait for their time
CREATE INDEX record_due ON balikan.record (institution_id, due_at) WHERE state = 'WAITING';
CREATE INDEX record_list ON balikan.record (institution_id, id DESC);
CREATE INDEX record_verification ON balikan.record (institution_id, verification_id);
CREATE INDEX record_batch ON balikan.record (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX record_package ON balikan.record (media_package_id) WHERE media_package_id IS NOT NULL;
CREATE INDEX record_dead ON balikan.record (institution_id, id) WHERE state = 'DEAD';
-- the list of what went on a medium; like the one before it costs an insertion nothing
CREATE INDEX record_media ON balikan.record (institution_id, state, id DESC) WHERE state IN ('PACKED', 'HANDED_OVER');

-- Idempotency keys, as HMAC: somebody may use a NIK for one. Kept for two days.
CREATE TABLE balikan.idempotency (
  institution_id uuid NOT NULL,
  client_id text NOT NULL,
  key_hmac bytea NOT NULL,
  request_hmac bytea NOT NULL,
  record_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (institution_id, client_id, key_hmac)
);
CREATE INDEX idempotency_age ON balikan.idempotency (created_at);

-- The way to the recipient, one for each institution: one worker at a time, so that records leave in their order.
CREATE TABLE balikan.lane (
  institution_id uuid PRIMARY KEY,
  -- by a person
  paused_at timestamptz,
  paused_by uuid,
  paused_reason text,
  -- the circuit breaker, shared by all workers; times by balikan.clock()
  gate text NOT NULL DEFAULT 'ready' CHECK (gate IN ('ready', 'open', 'trial', 'access-broken')),
  gate_since timestamptz,
  gate_until timestamptz,
  -- failures in a row
  streak integer NOT NULL DEFAULT 0,
  -- times that it opened again without a success between
  reopened integer NOT NULL DEFAULT 0,
  -- the record that was answered with "no access", where nothing was answered otherwise since: a second one has to agree
  refused_id uuid,
  last_delivered_at timestamptz,
  -- the worker that has it, by the machine's clock; `term` tells one holder from the next (fencing)
  holder text,
  -- without a holder: it rests until then
  held_until timestamptz,
  term bigint NOT NULL DEFAULT 0,
  -- when it had its last turn, by the machine's clock: the one that has waited longest is served next
  served_at timestamptz,
  -- records that a turn takes: what can be sent in its time
  portion integer NOT NULL DEFAULT 10
);

-- The kill switch of the installation.
CREATE TABLE balikan.switch (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  sending boolean NOT NULL,
  changed_at timestamptz NOT NULL,
  changed_by uuid,
  reason text NOT NULL
);
INSERT INTO balikan.switch (sending, changed_at, reason) VALUES (true, balikan.clock(), '');

-- One uploaded file.
CREATE TABLE balikan.batch (
  id uuid PRIMARY KEY,
  institution_id uuid NOT NULL,
  agreement_id uuid NOT NULL,
  -- the BalikanActor with whose rights its rows are taken
  actor jsonb NOT NULL,
  policy text NOT NULL CHECK (policy IN ('GOOD_ROWS', 'ALL_OR_NOTHING')),
  state text NOT NULL CHECK (state IN ('RECEIVING', 'QUEUED', 'CHECKING', 'HELD', 'DONE', 'REFUSED', 'CANCELLED', 'FAILED')),
  format text CHECK (format IN ('XLSX', 'CSV')),
  bytes bigint NOT NULL DEFAULT 0,
  -- HMAC of the file's SHA-256: the same file is seen to be the same, and nobody can try NIKs against it
  fingerprint text NOT NULL DEFAULT '',
  chunks integer NOT NULL DEFAULT 0,
  result_chunks integer NOT NULL DEFAULT 0,
  key_id text NOT NULL,
  created_at timestamptz NOT NULL,
  finished_at timestamptz,
  -- file and result are erased then
  expires_at timestamptz NOT NULL,
  -- the worker that checks it, by the machine's clock; `attempt` is the fence
  held_until timestamptz,
  attempt integer NOT NULL DEFAULT 0,
  -- attempts that ended badly; a part that is away does not count
  failures integer NOT NULL DEFAULT 0,
  cancel_asked boolean NOT NULL DEFAULT false,
  rows integer NOT NULL DEFAULT 0,
  percent integer NOT NULL DEFAULT 0,
  checked integer NOT NULL DEFAULT 0,
  accepted integer NOT NULL DEFAULT 0,
  already_there integer NOT NULL DEFAULT 0,
  refused integer NOT NULL DEFAULT 0,
  held_back integer NOT NULL DEFAULT 0,
  faults integer NOT NULL DEFAULT 0,
  file_fault text,
  file_fault_column text,
  notes text[] NOT NULL DEFAULT '{}',
  CHECK (checked = accepted + already_there + refused),
  CHECK (held_back <= refused)
);
CREATE INDEX batch_list ON balikan.batch (institution_id, id DESC);
CREATE INDEX batch_queue ON balikan.batch (id) WHERE state IN ('QUEUED', 'CHECKING');
CREATE INDEX batch_expiry ON balikan.batch (expires_at) WHERE chunks > 0 OR result_chunks > 0 OR state = 'RECEIVING';

-- The file as it came, and its marked-up copy: each piece sealed, because there are NIKs in it.
CREATE TABLE balikan.batch_chunk (
  batch_id uuid NOT NULL REFERENCES balikan.batch,
  part text NOT NULL CHECK (part IN ('FILE', 'RESULT')),
  n integer NOT NULL CHECK (n >= 0),
  sealed bytea NOT NULL,
  PRIMARY KEY (batch_id, part, n)
);

CREATE TABLE balikan.batch_fault (
  batch_id uuid NOT NULL REFERENCES balikan.batch,
  n integer NOT NULL,
  -- as the spreadsheet counts, both from 1
  row integer NOT NULL,
  cell_column integer,
  field text,
  code text NOT NULL,
  value_class text NOT NULL,
  PRIMARY KEY (batch_id, n)
);

-- Offline media (O-08): what is encrypted to the recipient's key, and so opens nowhere here.
CREATE TABLE balikan.media_package (
  id uuid PRIMARY KEY,
  institution_id uuid NOT NULL,
  agreement_id uuid NOT NULL,
  number integer NOT NULL,
  state text NOT NULL CHECK (state IN ('OPEN', 'RECEIPTED', 'CANCELLED')),
  created_at timestamptz NOT NULL,
  created_by uuid,
  records integer NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  chunks integer NOT NULL,
  -- what the berita acara says, without any person
  minutes jsonb NOT NULL,
  receipt_number text,
  receipt_date date,
  accepted integer,
  refused integer,
  closed_at timestamptz,
  UNIQUE (institution_id, number),
  CHECK ((state = 'RECEIPTED') = (receipt_number IS NOT NULL AND accepted + refused = records))
);
-- one at a time: a record is in one open package or in the outbox
CREATE UNIQUE INDEX media_package_open ON balikan.media_package (institution_id) WHERE state = 'OPEN';

CREATE TABLE balikan.media_chunk (
  package_id uuid NOT NULL REFERENCES balikan.media_package,
  n integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (package_id, n)
);

-- What the evidence log has not been told yet, in the order in which it happened.
CREATE TABLE balikan.evidence_outbox (
  id uuid PRIMARY KEY,
  at timestamptz NOT NULL,
  institution_id uuid NOT NULL,
  act text NOT NULL,
  actor_id uuid,
  subject uuid NOT NULL,
  content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32)
);

GRANT SELECT, INSERT, UPDATE ON balikan.destination, balikan.record, balikan.lane, balikan.batch, balikan.media_package TO data_balikan;
GRANT SELECT, UPDATE ON balikan.switch TO data_balikan;
GRANT SELECT, INSERT, UPDATE, DELETE ON balikan.idempotency, balikan.batch_chunk, balikan.batch_fault, balikan.media_chunk, balikan.evidence_outbox TO data_balikan;
GRANT DELETE ON balikan.destination TO data_balikan;

-- delivery ---------------------------------------------------------------------------------------------------------------

-- an institution has its lane with its first record
CREATE FUNCTION balikan.open_lanes() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO balikan.lane (institution_id) SELECT DISTINCT institution_id FROM added ORDER BY 1 ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER open_lanes AFTER INSERT ON balikan.record REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION balikan.open_lanes();

-- Whoever brings in another destination has mended the old one: one record tries it, and what waited for the way alone is due.
-- What a worker learns from the old one after that is void, and the lane rests until nobody has the old one in memory any more.
CREATE FUNCTION balikan.try_again() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  UPDATE balikan.lane SET gate = CASE gate WHEN 'ready' THEN gate ELSE 'trial' END, gate_until = NULL, refused_id = NULL,
    holder = NULL, term = term + 1, held_until = clock_timestamp() + interval '1 second'
  WHERE institution_id = NEW.institution_id;
  UPDATE balikan.record SET due_at = balikan.clock()
  WHERE institution_id = NEW.institution_id AND state = 'WAITING' AND strikes = 0 AND due_at > balikan.clock();
  RETURN NULL;
END $$;
CREATE TRIGGER try_again AFTER INSERT OR UPDATE ON balikan.destination
  FOR EACH ROW EXECUTE FUNCTION balikan.try_again();

-- The functions of the outbox find a record by its id alone: IS NOT DISTINCT FROM is a condition that no other index serves. A plan
-- that was made while the table was small must not read all records of an institution later, for each one that is delivered.

-- Takes the lane that has waited longest of those that may send, and its due records in the order of delivery. After an
-- interruption (`open`, and the wait is over) one record tries the way: the one that was tried longest ago, so that a record
-- which the way does not take for its own sake does not keep the others. No row: there is nothing to do.
CREATE FUNCTION balikan.claim(by_holder text, lease_ms integer)
  RETURNS TABLE (institution_id uuid, term bigint, trial boolean, id uuid, sealed_nik bytea, key_id text, register_number text,
    register_date text, business_name text, business_type text, kbli_code text, kbli_version text, verification_id uuid,
    salt bytea, attempts integer)
  LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  AS $$
#variable_conflict use_column
DECLARE
  moment timestamptz := balikan.clock();
  held timestamptz := clock_timestamp() + make_interval(secs => lease_ms / 1000.0);
  taken balikan.lane;
  due uuid[];
BEGIN
  IF NOT (SELECT sending FROM balikan.switch) THEN
    RETURN;
  END IF;
  FOR lanes_looked_at IN 1..20 LOOP
    SELECT lane.* INTO taken FROM balikan.lane
    WHERE lane.paused_at IS NULL
      AND (lane.held_until IS NULL OR lane.held_until <= clock_timestamp())
      AND (lane.gate IN ('ready', 'trial') OR lane.gate = 'open' AND lane.gate_until <= moment)
      AND EXISTS (SELECT FROM balikan.record WHERE record.institution_id = lane.institution_id AND record.state = 'WAITING'
        AND record.due_at <= moment AND (record.claimed_until IS NULL OR record.claimed_until <= clock_timestamp()))
    ORDER BY lane.served_at NULLS FIRST, lane.institution_id
    LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
      RETURN;
    END IF;
    -- two statements: each has the plan that suits its order
    IF taken.gate = 'ready' THEN
      SELECT array_agg(one.id) INTO due FROM (
        SELECT record.id FROM balikan.record
        WHERE record.institution_id = taken.institution_id AND record.state = 'WAITING' AND record.due_at <= moment
          AND (record.claimed_until IS NULL OR record.claimed_until <= clock_timestamp())
        ORDER BY record.register_date, record.id LIMIT taken.portion FOR UPDATE SKIP LOCKED) AS one;
    ELSE
      SELECT array_agg(one.id) INTO due FROM (
        SELECT record.id FROM balikan.record
        WHERE record.institution_id = taken.institution_id AND record.state = 'WAITING' AND record.due_at <= moment
          AND (record.claimed_until IS NULL OR record.claimed_until <= clock_timestamp())
        ORDER BY record.last_attempt_at NULLS FIRST, record.register_date, record.id LIMIT 1 FOR UPDATE SKIP LOCKED) AS one;
    END IF;
    EXIT WHEN due IS NOT NULL;
    -- somebody else has its rows: they go on a medium. It rests, and the next lane has its turn
    UPDATE balikan.lane SET held_until = clock_timestamp() + interval '1 second', served_at = clock_timestamp()
    WHERE lane.institution_id = taken.institution_id;
  END LOOP;
  IF due IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY
  WITH claimed AS (
    UPDATE balikan.record SET claimed_until = held WHERE record.id = ANY (due) RETURNING record.*
  )
  SELECT claimed.institution_id, taken.term + 1, taken.gate <> 'ready', claimed.id, claimed.sealed_nik, claimed.key_id,
    claimed.register_number, claimed.register_date::text, claimed.business_name, claimed.business_type, claimed.kbli_code,
    claimed.kbli_version, claimed.verification_id, claimed.salt, claimed.attempts
  FROM claimed ORDER BY claimed.register_date, claimed.id;
  UPDATE balikan.lane SET holder = by_holder, held_until = held, term = lane.term + 1, served_at = clock_timestamp(),
    gate = CASE lane.gate WHEN 'open' THEN 'trial' ELSE lane.gate END
  WHERE lane.institution_id = taken.institution_id;
END $$;

-- Whether this holder may send one more, and if it still has the lane, for longer: its lease and its claims are renewed.
CREATE FUNCTION balikan.may_send(of_institution uuid, by_holder text, of_term bigint, ids uuid[], lease_ms integer) RETURNS boolean
  LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  AS $$
DECLARE
  held timestamptz := clock_timestamp() + make_interval(secs => lease_ms / 1000.0);
  free boolean;
BEGIN
  UPDATE balikan.lane SET held_until = held
  WHERE institution_id = of_institution AND holder = by_holder AND term = of_term
  RETURNING paused_at IS NULL AND gate IN ('ready', 'trial') INTO free;
  IF free IS NULL THEN
    RETURN false;
  END IF;
  UPDATE balikan.record SET claimed_until = held
  WHERE id = ANY (ids) AND state IS NOT DISTINCT FROM 'WAITING' AND claimed_until IS NOT NULL;
  RETURN free AND (SELECT sending FROM balikan.switch);
END $$;

-- Writes what became of records that were claimed, and what it says about the way. `outcomes` in the order in which they came:
-- [{ id, receipt, contentHash } | { id, failure, delayMs } | { id, delayMs } | { id }], the last two put back as they were, due
-- later or not.
-- Whoever lost the lane changes nothing, but what the ministry confirmed counts all the same, late as it is.
-- `rest_ms`, where given, ends the turn: the lane rests so long, and is free then.
--
-- "No access" (401, 403) may be said to the token or to one record, by a firewall that does not like its text. The lane is
-- `access-broken`, and waits for a person, only when a second, different record is answered so and nothing else was answered
-- between the two. Whoever is answered so although others got through since it was tried last is refused itself: a strike, and
-- it tells nothing of the token. Neither is a failure of the way: the breaker does not count it.
CREATE FUNCTION balikan.settle(of_institution uuid, by_holder text, of_term bigint, outcomes jsonb, rest_ms integer,
    next_portion integer, most_strikes integer, breaker_failures integer, breaker_wait_ms integer, breaker_most_wait_ms integer)
  RETURNS TABLE (mine boolean, delivered integer, dead integer, goes_on boolean)
  LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  AS $$
#variable_conflict use_column
DECLARE
  moment timestamptz := balikan.clock();
  way balikan.lane;
  is_mine boolean;
  delivered_now integer;
  dead_now integer := 0;
  last_good integer;
  failed_since integer;
  -- those that were answered "no access" and may blame the token for it
  doubtful uuid[];
BEGIN
  SELECT * INTO way FROM balikan.lane WHERE institution_id = of_institution FOR UPDATE;
  is_mine := FOUND AND way.holder IS NOT DISTINCT FROM by_holder AND way.term = of_term;

  WITH given AS (
    -- said so that the planner expects few of them, and looks for each by its id
    SELECT id, receipt, "contentHash" FROM jsonb_to_recordset(outcomes) AS one (id uuid, receipt text, "contentHash" text)
    WHERE receipt IN ('SUCCESS', 'ALREADY_SENT')
  ), arrived AS (
    UPDATE balikan.record SET state = 'DELIVERED', sealed_nik = NULL, delivered_at = moment, receipt = given.receipt, failure = NULL,
      attempts = attempts + 1, last_attempt_at = moment, claimed_until = NULL
    FROM given
    WHERE record.id = given.id AND record.institution_id IS NOT DISTINCT FROM of_institution AND record.state IN ('WAITING', 'DEAD')
    RETURNING record.id, given."contentHash"
  ), told AS (
    INSERT INTO balikan.evidence_outbox (id, at, institution_id, act, actor_id, subject, content_hash)
    SELECT uuidv7(), moment, of_institution, 'data-balikan.delivered', NULL, id, decode("contentHash", 'hex') FROM arrived
    RETURNING 1
  )
  SELECT count(*)::integer INTO delivered_now FROM told;
  IF delivered_now > 0 THEN
    way.last_delivered_at := moment;
    UPDATE balikan.lane SET last_delivered_at = moment WHERE institution_id = of_institution;
  END IF;
  IF NOT is_mine THEN
    RETURN QUERY SELECT false, delivered_now, 0, false;
    RETURN;
  END IF;

  WITH given AS (
    SELECT * FROM jsonb_to_recordset(outcomes) AS one (id uuid, receipt text, failure text, "delayMs" double precision)
    WHERE receipt IS NULL
  ), judged AS (
    SELECT given.*, record.strikes + CASE
        WHEN given.failure = 'REFUSED' THEN 3
        WHEN given.failure = 'KEY_DESTROYED' THEN 0
        -- others got through since this one was tried last
        WHEN way.last_delivered_at > record.last_attempt_at THEN 1
        ELSE 0 END AS strikes_now,
      CASE WHEN given.failure = 'ACCESS_BROKEN' AND way.last_delivered_at > record.last_attempt_at THEN 'REFUSED'
        ELSE given.failure END AS failure_now
    FROM given JOIN balikan.record USING (id)
  ), written AS (
    UPDATE balikan.record SET
      claimed_until = NULL,
      attempts = attempts + (judged.failure <> 'KEY_DESTROYED')::integer,
      strikes = strikes_now,
      last_attempt_at = CASE judged.failure WHEN 'KEY_DESTROYED' THEN last_attempt_at ELSE moment END,
      failure = failure_now,
      due_at = moment + make_interval(secs => coalesce("delayMs", 0) / 1000.0),
      state = CASE WHEN judged.failure = 'KEY_DESTROYED' OR strikes_now >= most_strikes THEN 'DEAD' ELSE 'WAITING' END
    FROM judged
    WHERE record.id = judged.id AND record.institution_id IS NOT DISTINCT FROM of_institution
      AND record.state IS NOT DISTINCT FROM 'WAITING'
      AND record.claimed_until IS NOT NULL AND judged.failure IS NOT NULL
    RETURNING record.id, record.state, record.failure
  )
  SELECT count(*) FILTER (WHERE state = 'DEAD')::integer, array_agg(id) FILTER (WHERE failure = 'ACCESS_BROKEN')
  INTO dead_now, doubtful FROM written;
  UPDATE balikan.record SET claimed_until = NULL, due_at = coalesce(moment + make_interval(secs => "delayMs" / 1000.0), due_at)
  FROM jsonb_to_recordset(outcomes) AS one (id uuid, receipt text, failure text, "delayMs" double precision)
  WHERE record.id = one.id AND one.receipt IS NULL AND one.failure IS NULL
    AND record.institution_id IS NOT DISTINCT FROM of_institution AND record.state IS NOT DISTINCT FROM 'WAITING'
    AND record.claimed_until IS NOT NULL;

  -- what it says about the way: an answer about the record, a refusal too, says that it is there
  WITH given AS (
    SELECT n, (outcome->>'id')::uuid AS id, outcome->>'failure' AS failure,
      coalesce(outcome->>'receipt' IS NOT NULL OR outcome->>'failure' = 'REFUSED', false) AS good
    FROM jsonb_array_elements(outcomes) WITH ORDINALITY AS one (outcome, n)
    WHERE outcome ? 'receipt' OR outcome ? 'failure' AND outcome->>'failure' <> 'KEY_DESTROYED'
  ), since AS (
    SELECT * FROM given WHERE n > coalesce((SELECT max(n) FROM given WHERE good), 0)
  )
  SELECT (SELECT max(n) FROM given WHERE good), count(*) FILTER (WHERE failure <> 'ACCESS_BROKEN'),
    array_agg(id ORDER BY n) FILTER (WHERE id = ANY (doubtful))
  INTO last_good, failed_since, doubtful FROM since;

  IF last_good IS NOT NULL AND way.gate IN ('ready', 'trial') THEN
    IF way.gate = 'trial' THEN
      -- what had to wait for the way alone goes first again
      UPDATE balikan.record SET due_at = moment
      WHERE institution_id = of_institution AND state = 'WAITING' AND strikes = 0 AND due_at > moment;
    END IF;
    way.gate := 'ready';
    way.gate_since := NULL;
    way.streak := 0;
    way.reopened := 0;
    way.refused_id := NULL;
  END IF;
  way.streak := way.streak + failed_since;
  way.refused_id := coalesce(way.refused_id, doubtful[1]);
  IF way.refused_id <> ANY (doubtful) THEN
    way.gate := 'access-broken';
    way.gate_since := moment;
    way.gate_until := NULL;
  ELSIF failed_since > 0 AND (way.gate = 'trial' OR way.gate = 'ready' AND way.streak >= breaker_failures) THEN
    IF way.gate = 'trial' THEN
      way.reopened := way.reopened + 1;
    END IF;
    way.gate_since := coalesce(way.gate_since, moment);
    way.gate_until := moment + make_interval(secs => least(breaker_wait_ms * power(2, least(way.reopened, 30)), breaker_most_wait_ms) / 1000.0);
    way.gate := 'open';
  END IF;
  UPDATE balikan.lane SET gate = way.gate, gate_since = way.gate_since,
    gate_until = CASE way.gate WHEN 'open' THEN way.gate_until END, streak = way.streak, reopened = way.reopened,
    refused_id = way.refused_id, holder = CASE WHEN rest_ms IS NULL THEN by_holder END,
    held_until = CASE WHEN rest_ms IS NULL THEN held_until ELSE clock_timestamp() + make_interval(secs => rest_ms / 1000.0) END,
    portion = coalesce(next_portion, portion)
  WHERE institution_id = of_institution;
  RETURN QUERY SELECT true, delivered_now, dead_now,
    way.paused_at IS NULL AND way.gate = 'ready' AND (SELECT sending FROM balikan.switch);
END $$;
