-- The ministry's own form (JT 5d), as an office uploaded it, and which figure goes into which of its named cells.
CREATE TABLE reporting.report_template (
  institution_id uuid PRIMARY KEY,
  uploaded_at timestamptz NOT NULL,
  uploaded_by uuid,
  file bytea NOT NULL CHECK (octet_length(file) <= 153600),
  -- named cells of the file that can be filled in, in its order
  names text[] NOT NULL,
  -- name -> path of a figure (docs/report-format.md)
  cells jsonb NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON reporting.report_template TO reporting;
