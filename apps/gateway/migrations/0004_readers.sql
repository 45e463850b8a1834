-- Card readers and their SAMs, who read with them, and what could not be read (O-10 to O-14). Never a person, a NIK, a
-- fingerprint or a photo: a read is on record with its purpose, its tries and its outcome alone.

CREATE TABLE access.reader (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  institution_id uuid NOT NULL REFERENCES access.institution,
  brand text NOT NULL,
  type text NOT NULL,
  serial text NOT NULL,
  work_unit text NOT NULL,
  registered_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revocation_reason text,
  -- Ed25519, `x` of the JWK; the private key is on the reader's PC alone
  agent_public_key text,
  agent_joined_at timestamptz,
  -- SHA-256 of the code
  join_code_sha256 bytea UNIQUE,
  join_code_expires_at timestamptz,
  -- the agent's connection: the broker's id, its number there, and which process it is
  connected_server text,
  connected_cid bigint,
  connected_instance uuid,
  status jsonb,
  seen_at timestamptz,
  second_agent_at timestamptz
);
-- a revoked device may be registered anew
CREATE UNIQUE INDEX reader_serial ON access.reader (institution_id, serial) WHERE revoked_at IS NULL;

-- A SAM belongs to the agreement that it was asked for under, and ends with it (O-13). Of its PCID only a fingerprint is here.
CREATE TABLE access.sam (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  institution_id uuid NOT NULL REFERENCES access.institution,
  agreement_id uuid NOT NULL REFERENCES access.agreement,
  sifilma_number text NOT NULL,
  letter_number text NOT NULL,
  letter_date date NOT NULL,
  requested_at timestamptz NOT NULL,
  serial text,
  pcid_fingerprint text,
  personalised_on date,
  activated_on date,
  returned_on date,
  return_receipt text,
  deactivated_on date,
  UNIQUE (institution_id, sifilma_number),
  UNIQUE (institution_id, serial),
  -- requested, personalised, activated, returned, deactivated: none is skipped
  CHECK ((personalised_on IS NULL) = (serial IS NULL) AND (serial IS NULL) = (pcid_fingerprint IS NULL)),
  CHECK (activated_on IS NULL OR personalised_on IS NOT NULL),
  CHECK ((returned_on IS NULL) = (return_receipt IS NULL) AND (returned_on IS NULL OR activated_on IS NOT NULL)),
  CHECK (deactivated_on IS NULL OR returned_on IS NOT NULL)
);

-- Which SAM was in which reader: one at a time, either way.
CREATE TABLE access.sam_assignment (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  sam_id uuid NOT NULL REFERENCES access.sam,
  reader_id uuid NOT NULL REFERENCES access.reader,
  assigned_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE UNIQUE INDEX sam_assignment_sam ON access.sam_assignment (sam_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX sam_assignment_reader ON access.sam_assignment (reader_id) WHERE ended_at IS NULL;

-- Committed before the order leaves for the reader: no evidence, no read.
CREATE TABLE access.reader_read (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  reader_id uuid NOT NULL REFERENCES access.reader,
  institution_id uuid NOT NULL REFERENCES access.institution,
  agreement_version_id uuid NOT NULL REFERENCES access.agreement_version,
  client_id text NOT NULL,
  operator_id uuid NOT NULL REFERENCES access.operator,
  service text NOT NULL,
  reference text NOT NULL,
  elements text[] NOT NULL,
  began_at timestamptz NOT NULL,
  -- the latest moment at which it is over, whatever happens
  deadline_at timestamptz NOT NULL,
  ended_at timestamptz,
  -- a ReadOutcome, or the code of the error
  outcome text,
  tries integer,
  level text CHECK (level IN ('card-verified', 'register-verified', 'pending')),
  verification_id uuid,
  salt bytea NOT NULL DEFAULT access.new_salt() CHECK (octet_length(salt) = 32),
  CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX reader_read_trail ON access.reader_read (institution_id, id DESC);
CREATE INDEX reader_read_open ON access.reader_read (deadline_at) WHERE ended_at IS NULL;

-- Permits that agents were given, for a year: what is handed in later is judged by them, when the key that signed is long gone.
CREATE TABLE access.reader_permit (
  reader_id uuid NOT NULL REFERENCES access.reader ON DELETE CASCADE,
  jti uuid NOT NULL,
  agreement_version_id uuid NOT NULL REFERENCES access.agreement_version,
  -- of the permit itself, so that no other text counts under its number
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (reader_id, jti)
);
CREATE INDEX reader_permit_age ON access.reader_permit (expires_at);

-- What a device checked while its line was down: a count and an outcome, under which permit. May be handed in twice.
CREATE TABLE access.reader_offline (
  id uuid PRIMARY KEY,
  reader_id uuid NOT NULL REFERENCES access.reader,
  institution_id uuid NOT NULL REFERENCES access.institution,
  agreement_version_id uuid,
  at timestamptz NOT NULL,
  outcome text NOT NULL,
  tries integer NOT NULL,
  -- whether the permit was one of ours, for this reader, and good at that time
  permitted boolean NOT NULL,
  taken_at timestamptz NOT NULL,
  salt bytea NOT NULL DEFAULT access.new_salt() CHECK (octet_length(salt) = 32)
);
CREATE INDEX reader_offline_reader ON access.reader_offline (reader_id, at);

-- A worn finger, a damaged card: somebody is served all the same, and the Camat says whether that was right.
CREATE TABLE access.reader_exception (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  reader_id uuid NOT NULL REFERENCES access.reader,
  institution_id uuid NOT NULL REFERENCES access.institution,
  read_id uuid REFERENCES access.reader_read,
  service text NOT NULL,
  reference text NOT NULL,
  reason text NOT NULL,
  note text NOT NULL,
  requested_by uuid NOT NULL REFERENCES access.operator,
  requested_at timestamptz NOT NULL,
  decision text CHECK (decision IN ('approved', 'rejected')),
  decided_by uuid REFERENCES access.operator CHECK (decided_by <> requested_by),
  decided_at timestamptz,
  decision_note text,
  CHECK ((decision IS NULL) = (decided_by IS NULL))
);
CREATE INDEX reader_exception_list ON access.reader_exception (institution_id, id DESC);

-- Reads and offline checks that the evidence log does not have yet: queued by the statement that ends them.
CREATE TABLE access.read_outbox (id uuid PRIMARY KEY);

CREATE FUNCTION access.queue_read_for_evidence() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO access.read_outbox VALUES (NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER queue_for_evidence AFTER UPDATE ON access.reader_read
  FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION access.queue_read_for_evidence();
CREATE TRIGGER queue_for_evidence AFTER INSERT ON access.reader_offline
  FOR EACH ROW EXECUTE FUNCTION access.queue_read_for_evidence();

-- What a read was about, and how it ended, is written once.
CREATE FUNCTION access.keep_ended_read() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION 'a read that has ended is not changed';
END $$;
CREATE TRIGGER keep_ended BEFORE UPDATE ON access.reader_read
  FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION access.keep_ended_read();

GRANT SELECT, INSERT, UPDATE ON access.reader, access.sam, access.reader_exception TO gateway;
GRANT SELECT, INSERT ON access.sam_assignment, access.reader_read, access.reader_offline TO gateway;
GRANT UPDATE (ended_at) ON access.sam_assignment TO gateway;
GRANT UPDATE (ended_at, outcome, tries, level, verification_id) ON access.reader_read TO gateway;
GRANT SELECT, INSERT, DELETE ON access.reader_permit TO gateway;
GRANT SELECT, UPDATE, DELETE ON access.read_outbox TO gateway;
