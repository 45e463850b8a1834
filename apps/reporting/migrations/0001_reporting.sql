-- Reports, obligations, letters (O-04, O-20 to O-22, O-24). Tables belong to `migrator`. Never a person of the population.

-- The service's clock; tests replace it.
CREATE FUNCTION reporting.clock() RETURNS timestamptz
  LANGUAGE sql VOLATILE AS $$ SELECT clock_timestamp() $$;

CREATE FUNCTION reporting.jakarta_day(at timestamptz) RETURNS date
  LANGUAGE sql IMMUTABLE AS $$ SELECT (at AT TIME ZONE 'Asia/Jakarta')::date $$;

-- What the evidence log has not been told yet, in the order in which it happened (docs/evidence-format.md, REPORT).
CREATE TABLE reporting.evidence_outbox (
  id uuid PRIMARY KEY,
  at timestamptz NOT NULL,
  institution_id uuid NOT NULL,
  act text NOT NULL,
  actor_id uuid,
  subject uuid NOT NULL,
  content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32)
);
-- `FOR UPDATE SKIP LOCKED` asks for UPDATE
GRANT SELECT, INSERT, UPDATE, DELETE ON reporting.evidence_outbox TO reporting;
