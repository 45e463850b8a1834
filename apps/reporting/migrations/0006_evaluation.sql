-- Samples of look-ups that an evaluator asks the office about (O-21): from what they were drawn, never what came of it.

CREATE TABLE reporting.sample (
  id uuid PRIMARY KEY,
  institution_id uuid NOT NULL,
  period_from date NOT NULL,
  period_until date NOT NULL,
  size int NOT NULL,
  seed text NOT NULL,
  log_origin text NOT NULL,
  log_size bigint NOT NULL,
  population int NOT NULL,
  drawn_at timestamptz NOT NULL,
  drawn_by uuid
);
CREATE INDEX sample_list ON reporting.sample (institution_id, id);
GRANT SELECT, INSERT ON reporting.sample TO reporting;
