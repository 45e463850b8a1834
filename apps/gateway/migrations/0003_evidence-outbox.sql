-- Every administrative act goes to the evidence log of its institution (docs/evidence-format.md, "Reported event").

-- 32 bytes of which 244 bits are random, by PostgreSQL's own generator for secrets.
CREATE FUNCTION access.new_salt() RETURNS bytea
  LANGUAGE sql VOLATILE AS $$ SELECT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) $$;

-- The log has SHA-256(salt || particulars): without the salt nobody finds by trial what was written. Old events get theirs now.
ALTER TABLE access.admin_event
  ADD COLUMN salt bytea NOT NULL DEFAULT access.new_salt() CHECK (octet_length(salt) = 32),
  -- a log belongs to an institution, so every act does, too; none was ever written without one
  ADD CONSTRAINT admin_event_institution_id_check CHECK (institution_id IS NOT NULL) NOT VALID;

-- Events that have not reached the log. The gateway takes away what has arrived, and can put nothing in.
CREATE TABLE access.evidence_outbox (admin_event_id uuid PRIMARY KEY);

-- An act is queued by the statement that puts it on record: none can be forgotten.
CREATE FUNCTION access.queue_for_evidence() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO access.evidence_outbox SELECT id FROM written;
  RETURN NULL;
END $$;
CREATE TRIGGER queue_for_evidence AFTER INSERT ON access.admin_event
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION access.queue_for_evidence();

-- The oldest that no other gateway is about to report, kept for the caller's transaction. A function, because FOR UPDATE asks for
-- the permission to change rows, which the gateway does not have.
CREATE FUNCTION access.claim_for_evidence(most integer, but_not uuid[]) RETURNS SETOF uuid
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT admin_event_id FROM access.evidence_outbox WHERE admin_event_id <> ALL (but_not)
  ORDER BY admin_event_id LIMIT most FOR UPDATE SKIP LOCKED
$$;

-- What was done before there was a log goes there, too.
INSERT INTO access.evidence_outbox SELECT id FROM access.admin_event WHERE institution_id IS NOT NULL;

GRANT SELECT, DELETE ON access.evidence_outbox TO gateway;
REVOKE ALL ON FUNCTION access.claim_for_evidence FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.claim_for_evidence TO gateway;
