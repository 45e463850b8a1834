-- Agreements, people and clients as they are granted, seen and taken away. What is granted is never overwritten: versions,
-- NDAs, SPTJM and administrative events are append-only by permission.

-- The clock of every decision in this schema. A function, so that tests can set it; production never replaces it.
CREATE FUNCTION access.clock() RETURNS timestamptz
  LANGUAGE sql VOLATILE AS $$ SELECT clock_timestamp() $$;

CREATE OR REPLACE FUNCTION access.jakarta_today() RETURNS date
  LANGUAGE sql VOLATILE AS $$ SELECT (access.clock() AT TIME ZONE 'Asia/Jakarta')::date $$;

-- A Disdukcapil oversees the kecamatan whose region codes begin with its own.
ALTER TABLE access.institution
  ADD COLUMN kind text NOT NULL DEFAULT 'kecamatan' CHECK (kind IN ('kecamatan', 'disdukcapil')),
  ADD COLUMN address text;

ALTER TABLE access.agreement
  -- the number that the other party gave it
  ADD COLUMN counterpart_number text,
  ADD COLUMN signed_on date,
  ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
  -- ended before its time, on breach or by a change of institution (PKS 10(1), O-18, O-19)
  ADD COLUMN terminated_at timestamptz,
  ADD COLUMN termination_reason text,
  ADD COLUMN closing_at timestamptz,
  ADD COLUMN closed_at timestamptz;

-- A version is on file once it was approved; nobody may change it then. `configured_at`: quota and keys have reached the
-- look-up service.
ALTER TABLE access.agreement_version
  ADD COLUMN letter_number text,
  ADD COLUMN user_id_owner jsonb,
  ADD COLUMN contacts jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN data_balikan_recipient text NOT NULL DEFAULT 'DISDUKCAPIL'
    CHECK (data_balikan_recipient IN ('DISDUKCAPIL', 'DITJEN_DUKCAPIL')),
  ADD COLUMN approved_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN configured_at timestamptz;

-- Statements are kept, each new one beside the last.
ALTER TABLE access.sptjm
  ADD COLUMN id uuid NOT NULL DEFAULT uuidv7(),
  ADD COLUMN signed_by text,
  ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT now(),
  DROP CONSTRAINT sptjm_pkey,
  ADD PRIMARY KEY (id);
CREATE INDEX sptjm_agreement ON access.sptjm (agreement_id);

-- The fields of O-05. The NIK of an office-holder is sealed with a key outside the database. `assignment` counts how often
-- the person was appointed: an NDA ends with the assignment that it was signed for.
ALTER TABLE access.operator
  ADD COLUMN nik_sealed bytea,
  ADD COLUMN nip text,
  ADD COLUMN employment_status text,
  ADD COLUMN position text,
  ADD COLUMN work_unit text,
  ADD COLUMN office_name text,
  ADD COLUMN office_address text,
  ADD COLUMN office_region_code text,
  ADD COLUMN working_hours jsonb,
  ADD COLUMN assignment integer NOT NULL DEFAULT 1,
  ADD COLUMN revocation_reason text;

ALTER TABLE access.nda
  ADD COLUMN id uuid NOT NULL DEFAULT uuidv7(),
  ADD COLUMN assignment integer NOT NULL DEFAULT 1,
  ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT now(),
  DROP CONSTRAINT nda_pkey,
  ADD PRIMARY KEY (id);
CREATE INDEX nda_operator ON access.nda (operator_id, assignment);

ALTER TABLE access.client
  -- RFC 7517 key set of a client that signs its assertions (RFC 7523)
  ADD COLUMN jwks jsonb,
  -- only tokens that are bound to a certificate (RFC 8705) are given and taken
  ADD COLUMN certificate_required boolean NOT NULL DEFAULT false,
  ADD COLUMN revocation_reason text,
  ADD CONSTRAINT client_id_check CHECK (id <> 'portal');

-- While one secret takes over from another, both count.
CREATE TABLE access.client_secret (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  client_id text NOT NULL REFERENCES access.client,
  secret_sha256 text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  UNIQUE (client_id, secret_sha256)
);
INSERT INTO access.client_secret (client_id, secret_sha256) SELECT id, secret_sha256 FROM access.client;
ALTER TABLE access.client DROP COLUMN secret_sha256;

-- RFC 7523 3 (7): an assertion counts once.
CREATE TABLE access.used_assertion (
  client_id text NOT NULL,
  jti_sha256 bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (client_id, jti_sha256)
);
CREATE INDEX used_assertion_age ON access.used_assertion (expires_at);

-- The log-in of a person. The name is unique in the installation.
CREATE TABLE access.account (
  operator_id uuid PRIMARY KEY REFERENCES access.operator,
  username text NOT NULL UNIQUE CHECK (username = lower(username)),
  -- argon2id, PHC string
  password_hash text,
  password_changed_at timestamptz,
  -- RFC 6238, sealed; used steps do not count again
  totp_sealed bytea,
  totp_confirmed_at timestamptz,
  totp_last_step bigint,
  activation_sha256 bytea,
  activation_expires_at timestamptz
);

-- People who were on file before get their log-in name; it opens with an activation code. Evaluators get one where they belong
-- now: at a Disdukcapil.
INSERT INTO access.account (operator_id, username)
SELECT operator.id, lower(CASE WHEN count(*) OVER (PARTITION BY lower(user_id_lokal)) = 1 THEN user_id_lokal
  ELSE user_id_lokal || '.' || region_code END)
FROM access.operator JOIN access.institution ON institution.id = institution_id
WHERE role <> 'evaluator'
ON CONFLICT DO NOTHING;

CREATE TABLE access.recovery_code (
  operator_id uuid NOT NULL REFERENCES access.account,
  code_sha256 bytea NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (operator_id, code_sha256)
);

CREATE TABLE access.session (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  token_sha256 bytea NOT NULL UNIQUE,
  operator_id uuid NOT NULL REFERENCES access.operator,
  address inet NOT NULL,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  end_reason text
);
CREATE INDEX session_operator ON access.session (operator_id);
CREATE INDEX session_age ON access.session (expires_at);

-- Failed attempts, by SHA-256 of name and source: names that nobody has take the same way as those that somebody has.
CREATE TABLE access.login_throttle (
  key_sha256 bytea PRIMARY KEY,
  failures integer NOT NULL,
  blocked_until timestamptz,
  updated_at timestamptz NOT NULL
);
CREATE INDEX login_throttle_age ON access.login_throttle (updated_at);

-- "Putus akses" (O-19): as long as one is not lifted, nothing is looked up.
CREATE TABLE access.emergency_stop (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  institution_id uuid NOT NULL REFERENCES access.institution,
  reason text NOT NULL,
  stopped_by_role text NOT NULL,
  stopped_at timestamptz NOT NULL,
  lifted_at timestamptz
);
CREATE UNIQUE INDEX emergency_stop_open ON access.emergency_stop (institution_id) WHERE lifted_at IS NULL;

-- What waits for a second person.
CREATE TABLE access.proposal (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  institution_id uuid NOT NULL REFERENCES access.institution,
  act text NOT NULL,
  input jsonb NOT NULL,
  reason text NOT NULL,
  approvers text[] NOT NULL,
  proposed_by uuid REFERENCES access.operator,
  proposed_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  decision text CHECK (decision IN ('approved', 'rejected', 'withdrawn', 'expired')),
  decided_by uuid REFERENCES access.operator,
  decided_at timestamptz,
  decision_reason text
);
CREATE INDEX proposal_open ON access.proposal (institution_id) WHERE decision IS NULL;

-- Who did what, when and why, with what was before and after. Never a secret, never a NIK.
CREATE TABLE access.admin_event (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  at timestamptz NOT NULL,
  institution_id uuid REFERENCES access.institution,
  act text NOT NULL,
  subject_type text NOT NULL,
  subject_id text NOT NULL,
  actor_kind text NOT NULL CHECK (actor_kind IN ('person', 'command-line', 'system')),
  actor_id uuid REFERENCES access.operator,
  actor_role text,
  proposal_id uuid REFERENCES access.proposal,
  before jsonb,
  after jsonb,
  reason text
);
CREATE INDEX admin_event_trail ON access.admin_event (institution_id, id DESC);

-- One row a step of an agreement's end, with its evidence; and one a warning ahead of it.
CREATE TABLE access.closing_step (
  agreement_id uuid NOT NULL REFERENCES access.agreement,
  step text NOT NULL CHECK (step IN ('DATA_BALIKAN_DELIVERED', 'SAM_RETURNED', 'FINAL_REPORT', 'KEYS_DESTROYED')),
  applicable boolean NOT NULL,
  receipt_number text,
  done_on date,
  note text,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (agreement_id, step)
);
CREATE TABLE access.end_warning (
  agreement_version_id uuid NOT NULL REFERENCES access.agreement_version,
  days integer NOT NULL,
  warned_at timestamptz NOT NULL,
  PRIMARY KEY (agreement_version_id, days)
);

REVOKE UPDATE ON access.agreement_version, access.sptjm, access.nda FROM gateway;
GRANT UPDATE (configured_at) ON access.agreement_version TO gateway;
GRANT SELECT, INSERT ON access.admin_event, access.end_warning TO gateway;
GRANT SELECT, INSERT, UPDATE ON access.client_secret, access.account, access.session, access.emergency_stop, access.proposal,
  access.closing_step TO gateway;
GRANT SELECT, INSERT, UPDATE, DELETE ON access.recovery_code, access.login_throttle, access.used_assertion TO gateway;
GRANT DELETE ON access.session, access.client_secret TO gateway;
