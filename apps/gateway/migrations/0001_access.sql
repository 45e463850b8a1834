-- Who may ask, for what, until when, on which clause. Tables belong to `migrator`.

CREATE FUNCTION access.jakarta_today() RETURNS date
  LANGUAGE sql STABLE AS $$ SELECT (clock_timestamp() AT TIME ZONE 'Asia/Jakarta')::date $$;

CREATE TABLE access.institution (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  name text NOT NULL,
  region_code text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE access.agreement (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  institution_id uuid NOT NULL REFERENCES access.institution,
  number text NOT NULL,
  UNIQUE (institution_id, number)
);

-- The agreement and its addenda (PKS 10(2)): each in force from its effective date; nothing is overwritten.
CREATE TABLE access.agreement_version (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  agreement_id uuid NOT NULL REFERENCES access.agreement,
  version integer NOT NULL,
  effective_from date NOT NULL,
  valid_from date NOT NULL,
  valid_until date NOT NULL CHECK (valid_until >= valid_from),
  elements text[] NOT NULL,
  modes text[] NOT NULL,
  daily_quota integer NOT NULL CHECK (daily_quota > 0),
  networks cidr[] NOT NULL,
  UNIQUE (agreement_id, version)
);

-- The Camat's statement of absolute responsibility (O-09).
CREATE TABLE access.sptjm (
  agreement_id uuid PRIMARY KEY REFERENCES access.agreement,
  number text NOT NULL,
  signed_on date NOT NULL,
  document_sha256 text NOT NULL
);

CREATE TABLE access.operator (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  institution_id uuid NOT NULL REFERENCES access.institution,
  user_id_lokal text NOT NULL,
  full_name text NOT NULL,
  role text NOT NULL CHECK (role IN ('operator', 'camat', 'admin', 'evaluator')),
  active_from date NOT NULL,
  active_until date,
  revoked_at timestamptz,
  UNIQUE (institution_id, user_id_lokal)
);

-- Each operator signs before using the access (O-17).
CREATE TABLE access.nda (
  operator_id uuid PRIMARY KEY REFERENCES access.operator,
  number text NOT NULL,
  signed_on date NOT NULL,
  document_sha256 text NOT NULL
);

CREATE TABLE access.client (
  id text PRIMARY KEY,
  institution_id uuid NOT NULL REFERENCES access.institution,
  name text NOT NULL,
  secret_sha256 text NOT NULL,
  scopes text[] NOT NULL,
  elements text[],
  purposes text[],
  networks cidr[],
  expires_at timestamptz,
  revoked_at timestamptz,
  default_operator_id uuid REFERENCES access.operator,
  burst_per_second double precision,
  burst_size integer
);

GRANT SELECT ON access.migration TO gateway;
GRANT SELECT, INSERT, UPDATE ON access.institution, access.agreement, access.agreement_version, access.sptjm, access.operator,
  access.nda, access.client TO gateway;
